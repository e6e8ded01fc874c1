"""The pop-over that shelves alarms: how long, why, and when they come back by themselves (R24)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from console.ui.fonts import Role
from console.ui.numbers import utc_time
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme
from console.ui.widgets.popover import ReasonPopover
from console.ui.widgets.press_button import Look, PressButton

SPANS = (("15 min", 900), ("1 h", 3600), ("4 h", 14_400), ("8 h, shift", 28_800), ("24 h", 86_400))
USUAL = 1
WORDS = (
    ("Frequent: known sensor fault · maintenance · grid operator work", "t2"),
    ("If its priority rises it comes back at once. A worse alarm of the same place is not shelved with it.", "t1"),
    ("Operator limit 8 h, supervisor 24 h. Critical cannot be shelved.", "t2"),
)


class ShelvePopover(ReasonPopover):
    """`shelve_asked` carries (seconds, reason); only spans up to `most_s` are offered."""

    shelve_asked = Signal(int, str)

    def __init__(self, now_ms: int, what: str, most_s: int, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        self._now_ms, self._most_s = now_ms, most_s
        super().__init__("Shelve", what, "Shelve", WORDS, theme=theme, parent=parent)
        self.given.connect(lambda reason: self.shelve_asked.emit(self.span_s, reason))
        self._spans.idClicked.connect(lambda _number: self._say_span())
        self._say_span()

    def fill(self) -> None:
        """The spans, and when the chosen one ends."""
        self._spans = QButtonGroup(self)
        self.say("For")
        spans = QHBoxLayout()
        for number, (label, span_s) in enumerate(SPANS):
            if span_s > self._most_s:
                continue
            button = PressButton(label, Look.CHOICE, name=f"shelve for {label}", theme=self._theme)
            button.setChecked(number == USUAL)
            self._spans.addButton(button, number)
            spans.addWidget(button, 1)
        self.column.addLayout(spans)
        self._returns = PlainLabel("", Role.CAPTION, "t2", theme=self._theme)
        self.column.addWidget(self._returns)

    @property
    def span_s(self) -> int:
        """How long is chosen."""
        return SPANS[self._spans.checkedId()][1]

    def _say_span(self) -> None:
        label = SPANS[self._spans.checkedId()][0]
        back = utc_time(self._now_ms + self.span_s * 1000)[:5]
        self._returns.show_text(f"Returns {back} UTC by itself, also after a restart")
        self.go.set_face(f"Shelve for {label}", "", "", f"shelve for {label} now")
