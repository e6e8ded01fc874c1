"""Asks for a second person: their own name and password here, or their word from another console; shows the waiting.

The password goes out once by `agreed` and is kept nowhere. Knows names and times, no command.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.account import LONGEST_NAME, key_of
from console.ui.fonts import Role, px
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.gesture_button import GestureButton
from console.ui.widgets.secret_field import SecretField
from console.ui.widgets.text_fields import TextField

ITSELF = "The one who asked cannot be the second person"
HEIGHT_PX = 40
BOTH = "Their name and their own password, both"


class SecondPerson(QWidget):
    """`agreed` carries name and password; `said` a word about what is wrong with them."""

    agreed = Signal(str, str)
    said = Signal(str)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = ""
        self.name = TextField("name of the second person", "Their name", theme)
        self.name.setMaxLength(LONGEST_NAME)
        self.secret = SecretField("password of the second person", "Their password", theme)
        self.agree = GestureButton("Agree", name="agree as the second person", theme=theme)
        self.outcome = PlainLabel("", Role.BODY, "t1", elide=True, theme=theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(self.secret, 1)
        row.addWidget(self.agree)
        row.addWidget(self.outcome, 1)
        self.outcome.hide()
        self.agree.clicked.connect(lambda _checked=False: self._agree())
        self.setAccessibleName("second person")
        self._grow()

    def _grow(self) -> None:
        """As high as the other gestures."""
        for field in (self.name, self.secret):
            field.setFixedHeight(px(HEIGHT_PX))
        self.agree.set_height(HEIGHT_PX)

    def want(self, asker: str) -> None:
        """Somebody else than this one."""
        self._asker = asker
        self.name.clear()
        self.secret.clear()
        self._show_fields(shown=True)

    def switch(self, on: bool, reason: str = "") -> None:
        """Open, or closed and why."""
        for field in (self.name, self.secret):
            field.setEnabled(on)
        self.agree.switch(on, reason)

    def show_outcome(self, words: str) -> None:
        """Who agreed or refused, in place of the fields."""
        self.outcome.show_text(words)
        self.outcome.setAccessibleName(words)
        self._show_fields(shown=not words)

    def _show_fields(self, *, shown: bool) -> None:
        for part in (self.name, self.secret, self.agree):
            part.setVisible(shown)
        self.outcome.setVisible(not shown)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        apply_theme(self, theme)
        self._grow()

    def _agree(self) -> None:
        name, secret = self.name.text().strip(), self.secret.take()
        if not name or not secret:
            self.said.emit(BOTH)
        elif key_of(name) == key_of(self._asker):
            self.said.emit(ITSELF)
        else:
            self.agreed.emit(name, secret)
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)
