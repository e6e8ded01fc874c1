"""Signing in: name and password for this desk; on an empty profile, the first administrator.

The password goes from the field to the link and is kept nowhere. Says what a desktop role can and cannot enforce.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.access import Role
from console.domain.account import why_not
from console.ui.dialogs.sheet import Sheet
from console.ui.fonts import Role as Type
from console.ui.fonts import px
from console.ui.keys import ENTER
from console.ui.models.desk import Desk
from console.ui.plain import PlainLabel
from console.ui.theme import Theme
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.secret_field import SecretField
from console.ui.widgets.text_fields import TextField

WIDTH_PX, LEAST_MARGIN = 520, 48
NOBODY_YET = "Nobody has an account here yet: make the first administrator."
HONEST = (
    "A role keeps people from mistakes, and the record names who did what. It does not stop whoever owns this "
    "machine: a right that must hold against anybody belongs in the site's own API."
)
SAME = "The two passwords are not the same"
VIEW_ONLY = "Without signing in everything is shown; alarms cannot be acknowledged and no machine commanded."


class SignInDialog(Sheet):
    """`signed_in` once the collector agreed. `first` makes the first account and signs in with it."""

    signed_in = Signal()

    def __init__(self, desk: Desk, first: bool, theme: Theme, parent: QWidget) -> None:
        super().__init__("Make the first administrator" if first else "Sign in", theme, parent)
        self._desk, self._first = desk, first
        self.name = TextField("name", "Name", theme)
        self.secret = SecretField("password", "Password", theme)
        self.again = SecretField("password again", "Password again", theme)
        self.words = PlainLabel("", Type.BODY, "t1", theme=theme)
        self.go = PressButton("Make and sign in" if first else "Sign in", Look.FILLED, theme=theme)
        self.cancel = PressButton("Cancel", hint="Esc", theme=theme)
        self.name.setMaxLength(64)
        self.name.setText("" if first else desk.last_name)
        self._lay_out(theme)
        for field in (self.name, self.secret, self.again):
            field.returnPressed.connect(self._next)
            field.left.connect(self.reject)
        self.go.clicked.connect(self._go)
        self.cancel.clicked.connect(self.reject)
        (self.secret if self.name.text() else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, theme: Theme) -> None:
        column = self.column
        column.setSpacing(10)
        lines = [NOBODY_YET] if self._first else [VIEW_ONLY]
        for text in lines:
            column.addWidget(_wrapped(text, "t1" if self._first else "t2", theme))
        fields = [("Name", self.name), ("Password", self.secret)]
        fields += [("Password again", self.again)] if self._first else []
        for label, field in fields:
            column.addWidget(PlainLabel(label, Type.CAPTION, "t2", theme=theme))
            column.addWidget(field)
        self.again.setVisible(self._first)
        column.addWidget(PlainLabel(f"Desk  {self._desk.name}", Type.CAPTION, "t2", theme=theme))
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.go)
        row.addWidget(self.cancel)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(_wrapped(HONEST, "t3", theme))
        self.words.hide()
        self._fit()

    def _next(self) -> None:
        """Enter goes to the next empty field, and signs in from the last one."""
        empty = [field for field in (self.name, self.secret, self.again) if field.isVisible() and not field.text()]
        if empty:
            empty[0].setFocus()
        else:
            self._go()

    def _go(self) -> None:
        if not self.go.isEnabled():
            return
        name, secret, again = self.name.text().strip(), self.secret.take(), self.again.take()
        if not name or not secret:
            self._say("Name and password, both")
            return
        if not self._first:
            self._wait("Asking the collector")
            self._desk.sign_in(name, secret, self._answered)
            return
        problem = why_not(name, secret) or ("" if secret == again else SAME)
        if problem:
            self._say(problem[0].upper() + problem[1:])
            return
        self._wait("Asking the collector")
        self._desk.put_account(name, Role.ADMINISTRATOR, partial(self._made, name, secret), secret)

    def _made(self, name: str, secret: str, refused: str) -> None:
        if refused:
            self._answered(refused)
        else:
            self._desk.sign_in(name, secret, self._answered)

    def _answered(self, refused: str) -> None:
        self.go.switch(True)
        if refused:
            self._say(refused[0].upper() + refused[1:])
            self.secret.setFocus()
            return
        self.signed_in.emit()
        self.accept()

    def _wait(self, word: str) -> None:
        self.go.switch(False, word)
        self._say(word)

    def _say(self, text: str) -> None:
        self.words.show_text(text)
        self.words.setAccessibleName(text)
        self.words.setVisible(bool(text))
        self._fit()

    def _fit(self) -> None:
        """As high as its words at its width."""
        width = min(px(WIDTH_PX), self.parentWidget().width() - LEAST_MARGIN)
        self.setFixedSize(width, self.layout().heightForWidth(width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses nothing by itself."""
        if event.key() not in ENTER:
            super().keyPressEvent(event)


def _wrapped(text: str, tone: str, theme: Theme) -> PlainLabel:
    label = PlainLabel(text, Type.CAPTION, tone, theme=theme)
    label.setWordWrap(True)
    return label
