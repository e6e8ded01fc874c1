"""The pop-over that shelves alarms: how long, why, and when they come back by themselves (R24)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.ui.fonts import Role, px
from console.ui.numbers import utc_time
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarm_field import TextField
from console.ui.widgets.press_button import Look, PressButton

SPANS = (("15 min", 900), ("1 h", 3600), ("4 h", 14_400), ("8 h, shift", 28_800))
USUAL = 1
WIDTH_PX = 404
FREQUENT = "Frequent: known sensor fault · maintenance · grid operator work"
LIMITS = "Operator limit 8 h, supervisor 24 h. Critical cannot be shelved."
BACK = "When its time is over it comes back unacknowledged."


class ShelvePopover(QFrame):
    """`shelve_asked` carries (seconds, reason). Escape closes; Enter does nothing without a reason.

    It lies over its window as a part of it, so that a picture of the window shows it.
    """

    shelve_asked = Signal(int, str)

    def __init__(self, now_ms: int, what: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._now_ms = theme, now_ms
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("shelve")
        self.setPalette(theme.palette())
        self._spans = QButtonGroup(self)
        self._returns = PlainLabel("", Role.CAPTION, "t2", theme=theme)
        self.reason = TextField("reason", "Why it may wait", theme)
        self.shelve = PressButton("", name="shelve now", theme=theme)
        self.cancel = PressButton("Cancel", hint="Esc", name="cancel", theme=theme)
        self._lay_out(what)
        self._spans.idClicked.connect(lambda _number: self._say())
        self.reason.textChanged.connect(lambda _text: self._say())
        self.reason.returnPressed.connect(self.shelve.click)
        self.reason.left.connect(self.close)
        self.shelve.clicked.connect(self._done)
        self.cancel.clicked.connect(self.close)
        self._say()
        self.setFixedWidth(px(WIDTH_PX))

    def _lay_out(self, what: str) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(PlainLabel("Shelve", Role.BODY_BOLD, theme=theme))
        head.addWidget(PlainLabel(what, Role.CAPTION, "t2", elide=True, theme=theme), 1)
        column.addLayout(head)
        column.addWidget(PlainLabel("For", Role.CAPTION, "t2", theme=theme))
        spans = QHBoxLayout()
        for number, (label, _) in enumerate(SPANS):
            button = PressButton(label, Look.CHOICE, name=f"shelve for {label}", theme=theme)
            button.setChecked(number == USUAL)
            self._spans.addButton(button, number)
            spans.addWidget(button, 1)
        column.addLayout(spans)
        column.addWidget(self._returns)
        column.addWidget(PlainLabel("Reason, required", Role.CAPTION, "t2", theme=theme))
        column.addWidget(self.reason)
        for words, tone in ((FREQUENT, "t2"), (BACK, "t1"), (LIMITS, "t2")):
            column.addWidget(PlainLabel(words, Role.CAPTION, tone, theme=theme))
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.shelve)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        column.addLayout(buttons)

    @property
    def span_s(self) -> int:
        """How long is chosen."""
        return SPANS[self._spans.checkedId()][1]

    def _say(self) -> None:
        label = SPANS[self._spans.checkedId()][0]
        self._returns.show_text(
            f"Returns {utc_time(self._now_ms + self.span_s * 1000)[:5]} UTC by itself, also after a restart"
        )
        words = f"Shelve for {label}"
        self.shelve.set_face(words, "", "", words)
        self.shelve.switch(bool(self.reason.text().strip()), "Off: a reason is required")

    def _done(self) -> None:
        self.shelve_asked.emit(self.span_s, self.reason.text().strip())
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes, wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and edge."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.bg3)
            painter.setPen(QPen(self._theme.edge, 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
