"""From a wish to a command under way: form, preview, gestures, and where one looks afterwards; one at a time a window.

Knows the dialogs and their order; knows no site and sends nothing itself.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from console.domain.command import Command
from console.ui.dialogs.approve import ApproveDialog
from console.ui.dialogs.command import CommandDialog
from console.ui.dialogs.command_form import CommandForm
from console.ui.dialogs.pick_sites import PickSites
from console.ui.models.commands.live import CommandPage, LiveCommands
from console.ui.models.commands.wish import CommandWish
from console.ui.shell import Shell
from console.ui.widgets.veil import Veil

VIEW = "commands"


class Commanding(QObject):
    """Listens to `shell.command_asked`: a CommandWish, the id of what waits for a second person, or None to choose."""

    def __init__(self, shell: Shell, folder: Path | None = None) -> None:
        super().__init__(shell)
        self._shell, self._folder = shell, folder
        self.commands = LiveCommands.of(shell.live)
        self.form: CommandForm | None = None
        self.dialog: QWidget | None = None
        self.picker: PickSites | None = None
        self._awaited = ""
        self._veil: Veil | None = None
        shell.command_asked.connect(self._asked)
        self.commands.page_changed.connect(self._page_came)
        self.commands.said.connect(shell.top_bar.notice.say)

    def _asked(self, wish: CommandWish | str | None) -> None:
        if self.form is not None or self.dialog is not None:
            return
        if wish is None:
            self._pick()
            return
        if isinstance(wish, str):
            self._open_approval(wish)
            return
        reason = self.commands.why_not(wish.selector.sites)
        if reason:
            self._shell.top_bar.notice.say(reason)
            return
        self.form = CommandForm(self.commands, wish, self._shell.theme, self._shell)
        self.form.asked.connect(self._prepare)
        self.form.finished.connect(lambda _result: self._form_closed())
        self.form.open()

    def _pick(self) -> None:
        """Whom it is for is chosen first."""
        reason = self.commands.why_not()
        if reason:
            self._shell.top_bar.notice.say(reason)
            return
        self.picker = PickSites(self._shell.live.now, self._shell.theme, self._shell)
        self.picker.wished.connect(self._asked)
        self.picker.open()

    def _form_closed(self) -> None:
        self.form = None
        self._forget()

    # from the form to the preview

    def _prepare(self, command: Command) -> None:
        self._forget()
        self._awaited = command.id
        self.commands.follow(command.id)
        self.commands.prepare(command, partial(self._prepared, command.id))

    def _prepared(self, command_id: str, reasons: tuple[str, ...]) -> None:
        if reasons and command_id == self._awaited:
            self._forget()
            if self.form is not None:
                self.form.answer(reasons)

    def _forget(self) -> None:
        if self._awaited:
            self.commands.unfollow(self._awaited)
            self._awaited = ""

    def _page_came(self, command_id: str) -> None:
        page = self.commands.pages.get(command_id)
        if command_id != self._awaited or page is None or page.preview is None:
            return
        form, self.form = self.form, None
        if isinstance(form, CommandForm):
            form.finished.disconnect()
            form.accept()
            self._open_dialog(page)
        else:
            self._open_page(page)
        self._forget()

    # the dialogs

    def _open_dialog(self, page: CommandPage) -> None:
        shell = self._shell
        dialog = CommandDialog(self.commands, page, shell.theme, shell, self._folder, shell.bars_end)
        dialog.executed.connect(self._look_at)
        self._show(dialog)

    def _open_approval(self, command_id: str) -> None:
        """The preview is read first."""
        self._forget()
        page = self.commands.pages.get(command_id)
        if page is not None and page.preview is not None:
            self._open_page(page)
            return
        self._awaited = command_id
        self.commands.follow(command_id)

    def _open_page(self, page: CommandPage) -> None:
        shell = self._shell
        self._show(ApproveDialog(self.commands, page, shell.theme, shell, shell.bars_end()))

    def _show(self, dialog: QWidget) -> None:
        self.dialog = dialog
        self._veil = Veil(self._shell.beneath(), self._shell.theme, self._shell)
        self._shell.frame_on_top()
        dialog.finished.connect(lambda _result: self._closed())
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None
        if self._veil is not None:
            self._veil.hide()
            self._veil.deleteLater()
            self._veil = None

    def _look_at(self, command_id: str) -> None:
        """What is under way is one press away from pause and abort."""
        if self._shell.has(VIEW):
            self._shell.open_place(f"{VIEW}:{command_id}")
