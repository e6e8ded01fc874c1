"""The bar that rules all plots: jump, presets, range with zone, overview, axis zone, capture, freeze (R13-R15)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from console.ui.density import Density
from console.ui.fonts import Role
from console.ui.models.live import LiveFleet
from console.ui.models.span import PRESETS, TimeBarModel
from console.ui.numbers import range_text, utc_time
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.mode_chip import Chip, ModeChip
from console.ui.widgets.overview_strip import OverviewStrip
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.two_halves import TwoHalves

FRAME = 2
NO_LINK = "Off: nothing is live without a link"


class TimeBar(QWidget):
    """A view of the TimeBarModel; FIXED is a frame in the mode's colour, a lock and the way back."""

    capture_asked = Signal()

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._span, self._theme, self._density, self._width = span, theme, Density.STANDARD, 1920
        self._title = PlainLabel("Time bar", Role.CAPTION, "t3", theme=theme)
        self._lock = ModeChip(Chip.FIXED, theme)
        self._range = PlainLabel("", Role.BODY_BOLD, "t1", theme=theme)
        self._zone_name = PlainLabel("", Role.BODY, "t2", theme=theme)
        self._end = PlainLabel("", Role.CAPTION, "t2", theme=theme)
        self._strip = OverviewStrip(live, span, theme)
        self._earlier = self._action("", "back", "One span back", lambda: span.jump(-1))
        self._later = self._action("", "forward", "One span forward", lambda: span.jump(1))
        self._presets = self._make_presets()
        self._zone = self._action("", "", "Zone of the time axes", lambda: span.choose_zone(span.zone_choice.next()))
        self._capture = self._action("Capture", "", "Capture this view", self.capture_asked.emit, hint="F12")
        self._follow = self._action("Freeze", "freeze", "Freeze", self.toggle, hint="Space")
        self._lay_out()
        span.changed.connect(self._show)
        self._show()

    def _action(self, label: str, icon: str, name: str, act, hint: str = "") -> PressButton:
        button = PressButton(label, Look.OUTLINE, hint=hint, icon=icon, name=name, theme=self._theme)
        button.explain(name)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _make_presets(self) -> dict[int, PressButton]:
        group = QButtonGroup(self)
        group.setExclusive(False)  # a span of another length is none of them
        made = {}
        for label, seconds in PRESETS:
            button = PressButton(label, Look.CHOICE, name=f"Show the last {label}", theme=self._theme)
            button.clicked.connect(lambda _checked=False, length=seconds: self._choose(length))
            group.addButton(button)
            made[seconds] = button
        return made

    def _choose(self, seconds: int) -> None:
        self._span.set_preset(seconds)
        self._show()

    def _lay_out(self) -> None:
        self._halves = TwoHalves(self)
        row = self._halves.first
        for widget in (self._title, self._lock, self._earlier, self._later):
            row.addWidget(widget)
        presets = QHBoxLayout()
        presets.setSpacing(2)
        for button in self._presets.values():
            presets.addWidget(button)
        row.addLayout(presets)
        row.addSpacing(8)
        words = QHBoxLayout()
        words.setSpacing(5)
        for label in (self._range, self._zone_name):
            words.addWidget(label)
        row.addLayout(words)
        row.addWidget(self._end)
        row.addStretch(1)
        row = self._halves.second
        row.addWidget(self._strip, 1)
        for button in (self._zone, self._capture, self._follow):
            row.addWidget(button)

    def toggle(self) -> None:
        """Space: freeze, or back to LIVE."""
        if self._span.span.live:
            self._span.freeze()
        else:
            self._span.back_to_live()

    def _show(self, _span: object = None) -> None:
        span = self._span.span
        self._range.show_text(range_text(span.start_ms, span.end_ms, self._span.zone))
        self._zone_name.show_text(self._span.zone_label)
        self._zone.setText(f"Axis: {self._span.zone_choice.value}")
        self._zone.updateGeometry()
        for seconds, button in self._presets.items():
            button.setChecked(span.length_ms == seconds * 1000)
        self._lock.setVisible(not span.live)
        self._title.setVisible(span.live and self._density is not Density.COMPACT)
        self._show_follow()
        self._later.switch(not span.live, "This is the newest span")
        self._halves.fit(self._density, self._width, self._density.value.time_bar, 8)
        self.update()

    def _show_follow(self) -> None:
        span, cutoff_ms = self._span.span, self._span.cutoff_ms
        at_cutoff = cutoff_ms is not None and span.end_ms == cutoff_ms
        self._end.show_text(f"ends at the cut-off, {utc_time(cutoff_ms)} UTC" if at_cutoff else "")
        self._end.setVisible(at_cutoff and self._density is not Density.COMPACT)
        if span.live:
            self._follow.set_face("Freeze", "Space", "freeze", "Freeze all plots")
        else:
            self._follow.set_face("Back to LIVE", "Space", "live", "Back to LIVE")
        self._follow.switch(span.live or cutoff_ms is None, NO_LINK)

    def fit(self, density: Density, width: int) -> None:
        """Measures of the window's width."""
        self._density, self._width = density, width
        size = density.value
        buttons = (self._earlier, self._later, *self._presets.values(), self._zone, self._capture, self._follow)
        for button in buttons:
            button.set_height(size.button)
        self._strip.set_height(size.button)
        self._lock.set_room(size.button, with_hint=False)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        apply_theme(self, theme)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground and, when FIXED, the frame."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.bg1)
            if not self._span.span.live:
                painter.setPen(QPen(self._theme.mode, FRAME))
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
