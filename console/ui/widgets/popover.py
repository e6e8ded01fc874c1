"""A small sheet that lies over its window as a part of it, so that a picture of the window shows it. Escape closes.

Also the one that asks for a reason. Knows no alarm.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.ui.fonts import Role, px
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme
from console.ui.widgets.press_button import PressButton
from console.ui.widgets.text_fields import TextField

EDGE_PX, GAP_PX = 16, 8


class Popover(QFrame):
    """`column` takes what stands in it, beneath its title."""

    def __init__(self, title: str, what: str, width_px: int, theme: Theme, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme, self._width_px = theme, width_px
        self._before: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title.lower())
        self.setPalette(theme.palette())
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 14, 16, 16)
        self.column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(title, Role.BODY_BOLD, theme=theme))
        head.addWidget(PlainLabel(what, Role.CAPTION, "t2", elide=True, theme=theme), 1)
        self.column.addLayout(head)

    def say(self, words: str, tone: str = "t2") -> PlainLabel:
        """One more line of text."""
        label = PlainLabel(words, Role.CAPTION, tone, theme=self._theme)
        label.setWordWrap(True)
        self.column.addWidget(label)
        return label

    def open_above(self, button: QWidget) -> None:
        """Show it over its window, above what opened it or beneath, where there is more room."""
        self.setFixedWidth(px(self._width_px))
        self.setFixedHeight(self.column.heightForWidth(px(self._width_px)))
        window = self.parentWidget()
        at = button.mapTo(window, QPoint(0, 0))
        above, beneath = at.y() - self.height() - GAP_PX, at.y() + button.height() + GAP_PX
        top = above if above >= GAP_PX else min(beneath, window.height() - self.height() - GAP_PX)
        left = min(at.x(), window.width() - self.width() - EDGE_PX)
        self.move(max(GAP_PX, left), max(GAP_PX, top))
        self._before = window.focusWidget()
        self.show()
        self.raise_()
        self.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The keyboard goes back to where it was: Qt would give it to the next widget, a tab of the window."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        super().closeEvent(event)

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


class ReasonPopover(Popover):
    """`given` carries the reason. Enter does nothing without one."""

    given = Signal(str)

    def __init__(
        self,
        title: str,
        what: str,
        action: str,
        words: Sequence[tuple[str, str]],
        width_px: int = 404,
        theme: Theme = DARK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, what, width_px, theme, parent)
        self.reason = TextField("reason", "Why it may wait", theme)
        self.go = PressButton(action, name=action.lower(), theme=theme)
        self.cancel = PressButton("Cancel", hint="Esc", name="cancel", theme=theme)
        self.fill()
        self.say("Reason, required")
        self.column.addWidget(self.reason)
        for line, tone in words:
            self.say(line, tone)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.go)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        self.column.addLayout(buttons)
        self.setFocusProxy(self.reason)
        self.reason.textChanged.connect(lambda _text: self._look())
        self.reason.returnPressed.connect(self.go.click)
        self.reason.left.connect(self.close)
        self.go.clicked.connect(self._done)
        self.cancel.clicked.connect(self.close)
        self._look()

    def fill(self) -> None:
        """What stands between title and reason."""

    def _look(self) -> None:
        self.go.switch(bool(self.reason.text().strip()), "Off: a reason is required")

    def _done(self) -> None:
        self.given.emit(self.reason.text().strip())
        self.close()
