"""The window: the same bars round every view, one span for all of them, the modes, and the keys (R13, R54).

Knows which views there are and how to go between them; must not know what any of them shows. An address is a view's
key with the place it shows: `world`, `site:us-ga-1`, `miners:us-ga-1`, `miner:us-ga-1/B17-R03-112`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from console.ui.density import Density, density_of
from console.ui.fonts import font_scale, load_fonts, set_font_scale
from console.ui.models.alarms import LiveAlarms
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.shortcuts import bind_keys
from console.ui.theme import DARK, Theme, apply_theme, slim_scroll_bars
from console.ui.widgets.alarm_banner import AlarmBanner
from console.ui.widgets.mode_frame import ModeFrame
from console.ui.widgets.offline_banner import OfflineBanner
from console.ui.widgets.time_bar import TimeBar
from console.ui.widgets.top_bar import Tab, TopBar

TICK_MS = 250  # four looks a second keep the clock's seconds even; nothing is repainted unless it changed
MOST_STEPS_BACK = 50
FRAME_MARGIN = {Density.COMPACT: (4, 4, 4, 8), Density.STANDARD: (4, 4, 4, 4), Density.WALL: (4, 4, 4, 4)}


@dataclass(frozen=True, slots=True)
class ViewSlot:
    """One view of the window: it is made when it is opened first, so that nobody waits for a view not looked at.

    A view `under` another has neither tab nor key of its own: the other's tab is lit while it is open. A view may
    offer `show_place(str)` and `place`, and emit `place_asked` with an address and `closed`.
    """

    view: str
    name: str
    key: str
    make: Callable[[LiveFleet, TimeBarModel, Theme], QWidget]
    under: str = ""


class Shell(QWidget):
    """`capture_asked` and `help_asked` belong to whoever can answer them; `closing` goes before the window does."""

    capture_asked = Signal(bool)  # True: at once, with the last choices
    help_asked = Signal()
    find_asked = Signal()
    csv_asked = Signal()
    closing = Signal()
    first_painted = Signal()

    def __init__(
        self, live: LiveFleet, span: TimeBarModel, slots: Sequence[ViewSlot], who: str = "", theme: Theme = DARK
    ) -> None:
        super().__init__()
        load_fonts()
        self.live, self.span, self.theme, self.who = live, span, theme, who
        self._slots = {slot.view: slot for slot in slots}
        self._views: dict[str, QWidget] = {}
        self._open, self._painted = "", False
        self._before: list[str] = []
        self.folder: Path | None = None  # of the profile, where views keep how they are liked
        self.top_bar = TopBar([Tab(slot.view, slot.name, slot.key) for slot in slots if not slot.under], who, theme)
        self.alarm_banner = AlarmBanner(LiveAlarms.of(live), theme)
        self.banner = OfflineBanner(theme)
        self.time_bar = TimeBar(live, span, theme)
        self._stack = QStackedWidget()
        self._frame = ModeFrame(theme, self)
        self._lay_out()
        self._connect()
        bind_keys(self, {slot.key: slot.view for slot in slots if slot.key})
        self.setPalette(theme.palette())
        self.setWindowTitle("Meridian")
        self._fleet_changed()

    def _lay_out(self) -> None:
        scroll = self._scroll = (
            QScrollArea()
        )  # a scroll bar instead of a clipped value when the font is large and the window is not
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        slim_scroll_bars(scroll, self.theme)
        scroll.setWidget(self._stack)
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # bars wrap, they never widen the window
        for bar in (self.top_bar, self.alarm_banner, self.banner):
            column.addWidget(bar)
        column.addWidget(scroll, 1)
        column.addWidget(self.time_bar)

    def _connect(self) -> None:
        self.top_bar.view_asked.connect(self.open_view)
        self.top_bar.help_asked.connect(self.help_asked)
        self.alarm_banner.display_asked.connect(self._open_asked)
        self.time_bar.capture_asked.connect(lambda: self.capture_asked.emit(False))
        self.live.changed.connect(self._fleet_changed)
        self.span.changed.connect(self._show_modes)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    def has(self, view: str) -> bool:
        """Whether there is such a view."""
        return view in self._slots

    @property
    def view(self) -> str:
        """The key of the open view."""
        return self._open

    @property
    def views(self) -> dict[str, str]:
        """The name of each view that has a tab, and the fleet's miners, by address."""
        tabs = {slot.view: slot.name for slot in self._slots.values() if not slot.under}
        return tabs | ({"miners:*": "Miners of the fleet"} if "miners" in self._slots else {})

    @property
    def view_widget(self) -> QWidget | None:
        """The open view itself."""
        return self._views.get(self._open)

    @property
    def address(self) -> str:
        """The open view and the place that it shows; empty before the first is open."""
        place = place_of(self.view_widget)
        return f"{self._open}:{place}" if place else self._open

    @property
    def site_id(self) -> str:
        """The site of the place on screen; empty where it is of no site."""
        site_id = place_of(self.view_widget).partition("?")[0].partition("/")[0]
        return site_id if any(entry.site.id == site_id for entry in self.live.now.sites) else ""

    def open_view(self, view: str) -> QWidget:
        """Show a view with what it showed last, making it at the first time."""
        return self.open_place(view)

    def open_site(self, site_id: str) -> None:
        """From anywhere to one site in one action (R2)."""
        self.open_place(f"site:{site_id}")

    def open_place(self, address: str) -> QWidget:
        """Show what an address names; KeyError for a view that there is not. The way back leads here."""
        here = self.address
        if here and here != address and self._before[-1:] != [here]:
            self._before = [*self._before[-MOST_STEPS_BACK:], here]
        return self._show(address)

    def go_back(self) -> None:
        """Escape and backspace: to the view and place before this one."""
        here = self.address
        while self._before:
            before = self._before.pop()
            if before != here:
                self._show(before)
                return
        self._show(next(iter(self._slots)))

    def _show(self, address: str) -> QWidget:
        view, _, place = address.partition(":")
        widget = self._views.get(view) or self._make(view)
        if place:
            show_place(widget, place)
        self._open = view
        self._stack.setCurrentWidget(widget)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)  # else Space would press the first tab
        self.top_bar.show_view(self._slots[view].under or view)
        self._show_site_zone()
        return widget

    def _make(self, view: str) -> QWidget:
        widget = self._slots[view].make(self.live, self.span, self.theme)
        self._views[view] = widget
        self._fit()
        self.layout().activate()  # a view that is made at its right size draws its map once and not thrice
        widget.resize(self._scroll.viewport().size())
        self._stack.addWidget(widget)
        if hasattr(widget, "site_opened"):
            widget.site_opened.connect(self.open_site)
        if self.folder is not None and hasattr(widget, "keep_in"):
            widget.keep_in(self.folder)
        if hasattr(widget, "place_asked"):
            widget.place_asked.connect(self._open_asked)
        if hasattr(widget, "closed"):
            widget.closed.connect(self.go_back)
        return widget

    def _open_asked(self, address: str) -> None:
        """A view may name a view that this window has not: then it stays."""
        if address.partition(":")[0] in self._slots:
            self.open_place(address)

    def _show_site_zone(self) -> None:
        site_id = self.site_id
        known = {entry.site.id: entry.site.time_zone for entry in self.live.now.sites}
        self.span.set_site_zone(known.get(site_id))

    def other_twin(self) -> None:
        """F7: the map's list twin, or back to the map, where the view has one."""
        toggle = getattr(self.view_widget, "toggle_twin", None)
        if toggle is not None:
            toggle()

    def scale_fonts(self, scale: float) -> None:
        """Larger or smaller text, 100 - 200 % (R57)."""
        set_font_scale(scale)
        self.set_theme(self.theme)

    def set_theme(self, theme: Theme) -> None:
        """Repaint everything in another theme."""
        self.theme = theme
        self.setPalette(theme.palette())
        slim_scroll_bars(self._scroll, theme)
        apply_theme(self, theme)
        self._fit()

    def tick(self) -> None:
        """Time goes on in every mode (R15)."""
        now_ms = self.live.clock()
        self.top_bar.tick(now_ms)
        self.span.tick(now_ms)

    def _fleet_changed(self, _now: object = None) -> None:
        offline_asked, cutoff_ms = self.live.offline_asked, self.live.cutoff_ms
        self.span.set_cutoff(cutoff_ms if offline_asked else None)
        self.banner.show_cutoff(cutoff_ms, self.live.clock(), asked=offline_asked, collecting=self.live.collecting)
        backfill = self.live.backfill
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

    def _fit(self) -> None:
        density = density_of(round(self.width() / font_scale()))
        margins = FRAME_MARGIN[density] if not self._frame.isHidden() else (0, 0, 0, 0)
        self.layout().setContentsMargins(*margins)
        for bar in (self.top_bar, self.alarm_banner, self.banner, self.time_bar):
            bar.fit(density, self.width() - margins[0] - margins[2])
        self._frame.setGeometry(self.rect())
        self._frame.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may be another layout."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no control in focus wanted for itself."""
        key = event.key()
        if key == Qt.Key.Key_Space:
            self.time_bar.toggle()
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.go_back()
        elif event.text() == "?":
            self.help_asked.emit()
        elif event.text() == "/" and "miners" in self._slots:
            self.open_place(f"miners:{self.site_id or '*'}").go_to_filter()
        elif event.text() == "c" and "compare" in self._slots:
            self.open_place(f"compare:{self.site_id}" if self.site_id else "compare")
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so first: the store must not be read after this."""
        self._timer.stop()
        self.closing.emit()
        super().closeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.theme.bg0)
        if not self._painted:
            self._painted = True
            self.first_painted.emit()


def show_place(view: QWidget, place: str) -> None:
    """Tell a view which place to show; a site's view calls its places sites."""
    (getattr(view, "show_place", None) or view.show_site)(place)


def place_of(view: QWidget | None) -> str:
    """The place that a view shows; empty where it shows none in particular."""
    return getattr(view, "place", "") or getattr(view, "site_id", "") or ""
