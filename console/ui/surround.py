"""The bars round whatever a window shows: clock, modes, banners, time bar and the frame of a simulated fleet.

Every window has the same, so that no view can stand anywhere without its clock and its marks (R11, R15, R60). Knows
no view.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QVBoxLayout, QWidget

from console.ui.density import Density, density_at
from console.ui.fonts import load_fonts
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.plain import dress_tips
from console.ui.theme import DARK, Theme, apply_theme, slim_scroll_bars
from console.ui.widgets.alarms.banner import AlarmBanner
from console.ui.widgets.mode_frame import ModeFrame
from console.ui.widgets.offline_banner import OfflineBanner
from console.ui.widgets.time_bar import TimeBar
from console.ui.widgets.top_bar import Tab, TopBar

TICK_MS = 250  # four looks a second keep the clock's seconds even; nothing is repainted unless it changed
FRAME_MARGIN = {Density.COMPACT: (4, 4, 4, 8), Density.STANDARD: (4, 4, 4, 4), Density.WALL: (4, 4, 4, 4)}


class Surround(QWidget):
    """`body` is what stands between the bars; with a large font and a small window it scrolls, nothing is clipped."""

    def __init__(
        self,
        live: LiveFleet,
        span: TimeBarModel,
        body: QWidget,
        tabs: Sequence[Tab],
        who: str = "",
        theme: Theme = DARK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        load_fonts()
        self.live, self.span, self.theme = live, span, theme
        self.top_bar = TopBar(tabs, who, theme)
        self.alarm_banner = AlarmBanner(LiveAlarms.of(live), theme)
        self.banner = OfflineBanner(theme)
        self.time_bar = TimeBar(live, span, theme)
        self._scroll = QScrollArea()
        self._frame = ModeFrame(theme, self)
        self._lay_out(body)
        self.live.changed.connect(self._fleet_changed)
        self.span.changed.connect(self._show_modes)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self.setPalette(theme.palette())
        dress_tips(theme)
        self._fleet_changed()

    def _lay_out(self, body: QWidget) -> None:
        scroll = self._scroll
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        slim_scroll_bars(scroll, self.theme)
        scroll.setWidget(body)
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # bars wrap, they never widen the window
        for bar in (self.top_bar, self.alarm_banner, self.banner):
            column.addWidget(bar)
        column.addWidget(scroll, 1)
        column.addWidget(self.time_bar)

    def set_theme(self, theme: Theme) -> None:
        """Repaint everything in another theme."""
        self.theme = theme
        self.setPalette(theme.palette())
        dress_tips(theme)
        slim_scroll_bars(self._scroll, theme)
        apply_theme(self, theme)
        self._fit()

    def tick(self) -> None:
        """Time goes on in every mode (R15)."""
        now_ms = self.live.clock()
        self.top_bar.tick(now_ms)
        self.span.tick(now_ms)

    def _fleet_changed(self, _now: object = None) -> None:
        live, cutoff_ms = self.live, self.live.cutoff_ms
        asked, collecting = live.offline_asked, live.collecting
        self.span.set_cutoff(cutoff_ms if asked else None)
        self.banner.show_cutoff(cutoff_ms, live.clock(), asked=asked, collecting=collecting, trouble=live.trouble)
        backfill = live.backfill
        if backfill is not None:
            self.top_bar.notice.show_progress(backfill.done, backfill.total, running=backfill.running)
        self._show_modes()
        self.tick()

    def _show_modes(self, _span: object = None) -> None:
        mode = self.live.mode
        self.top_bar.show_mode(mode, live_span=self.span.span.live)
        self.banner.setVisible(Mode.OFFLINE in mode)
        simulated = Mode.SIMULATED in mode
        if simulated == self._frame.isHidden():
            self._frame.setVisible(simulated)
            self._fit()

    def bars_end(self) -> int:
        """The y where the bars above the body end."""
        return self._scroll.y()

    def beneath(self) -> list[QWidget]:
        """What stands beneath the bars: a dialog may darken it, never the clock, the modes and the alarms."""
        return [self._scroll, self.time_bar]

    def frame_on_top(self) -> None:
        """Whatever was laid over the body does not cover the marks of a simulated fleet (R60)."""
        self._frame.raise_()

    def refit(self) -> None:
        """A bar has other words now."""
        self._fit()

    def _fit(self) -> None:
        density = density_at(self.width())
        margins = FRAME_MARGIN[density] if not self._frame.isHidden() else (0, 0, 0, 0)
        self.layout().setContentsMargins(*margins)
        self.layout().setEnabled(False)  # each word that a bar shows or hides would lay the whole body out
        for bar in (self.top_bar, self.alarm_banner, self.banner, self.time_bar):
            bar.fit(density, self.width() - margins[0] - margins[2])
        self.layout().setEnabled(True)
        self.layout().activate()  # now, not after a paint: the body would be laid out and painted for bars of before
        self._frame.setGeometry(self.rect())
        self._frame.raise_()
        paint_together()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may be another layout."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space: freeze, or back to LIVE, where no control in focus wanted it for itself."""
        if event.key() == Qt.Key.Key_Space:
            self.time_bar.toggle()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Its clock stops."""
        self._timer.stop()
        super().closeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.theme.bg0)


def paint_together() -> None:
    """Parts shown a moment ago are painted with the rest.

    Each asks for it by an event that comes later than those of the plots, and a plot's has the whole window painted:
    nearly all of it would be painted twice.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateLater.value)
