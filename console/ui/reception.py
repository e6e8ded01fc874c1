"""Lets people sign in, lock and sign out at the window; administrators see to the accounts. Keeps no secret."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from console.domain.access import Right
from console.domain.account import Account
from console.ui.dialogs.operators import OperatorsDialog
from console.ui.dialogs.sign_in import SignInDialog
from console.ui.models.desk import Desk
from console.ui.shell import Shell
from console.ui.widgets.token_menu import token_menu


class Reception(QObject):
    """Ctrl+L signs in, or locks; the button in the bar opens what there is to choose."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell, self.desk = shell, Desk.of(shell.live)
        self.dialog: SignInDialog | None = None
        self.people: OperatorsDialog | None = None
        self._asking = False
        shell.person_asked.connect(self._pressed)
        shell.lock_asked.connect(self.lock_or_sign_in)
        shell.live.changed.connect(lambda _now: self._show())
        self.desk.changed.connect(self._show)
        self.desk.said.connect(shell.top_bar.notice.say)
        self._shown: tuple[str, ...] = ()
        self._show()

    def _show(self) -> None:
        desk = self.desk
        words = f"{desk.role_word} · {desk.name}" if desk.signed_in else desk.words
        shown = (words, desk.person.name if desk.signed_in else "", desk.role_word, desk.why_not_sign_in())
        if shown != self._shown:
            self._shown = shown
            self._shell.show_who(desk.words)
            self._shell.show_person(*shown)

    def lock_or_sign_in(self) -> None:
        """One key for both."""
        if self.desk.signed_in:
            self.desk.lock()
        else:
            self._ask()

    def _pressed(self) -> None:
        if not self.desk.signed_in:
            self._ask()
            return
        button = self._shell.top_bar.person
        self.menu().popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def menu(self) -> QMenu:
        """Lock, sign out, and the accounts for whoever may."""
        menu = token_menu(self._shell, "person", self._shell.theme)
        acts = (("Lock   Ctrl+L", self.desk.lock), ("Sign out", self.desk.sign_out), ("Operators…", self.open_people))
        for label, act in acts:
            action = QAction(label, menu)
            action.triggered.connect(lambda _checked=False, act=act: act())
            menu.addAction(action)
        reason = self.desk.why_not(Right.CONFIGURE)
        action.setEnabled(not reason)
        action.setText(f"Operators…   {reason}" if reason else "Operators…")
        return menu

    def _ask(self) -> None:
        """Whether there is anybody at all decides what is asked; that is in the store."""
        reason = self.desk.why_not_sign_in()
        if reason or self._asking or self.dialog is not None:
            self._shell.top_bar.notice.say(reason)
            return
        self._asking = True
        operations = self._shell.live.operations
        self._shell.live.reads.run(lambda: tuple(operations.accounts()), self._open, self._failed)

    def _failed(self, error: Exception) -> None:
        self._asking = False
        self._shell.top_bar.notice.say(f"The accounts cannot be read: {error}")

    def _open(self, accounts: Sequence[Account]) -> None:
        self._asking = False
        self.dialog = SignInDialog(self.desk, not accounts, self._shell.theme, self._shell)
        self.dialog.finished.connect(lambda _result: self._closed())
        self.dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def open_people(self) -> None:
        """The accounts, for an administrator."""
        operations = self._shell.live.operations
        self.people = OperatorsDialog(self.desk, operations.accounts, self._shell.theme, self._shell)
        self.people.open()
