"""Ctrl+K: opens the dialog that finds anything, and keeps the names that were read for the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from console.ui.shell import Shell

if TYPE_CHECKING:
    from console.ui.models.find_names import FindNames


class Finder(QObject):
    """Imports what it needs when it is asked first: nobody waits for it at the start (P1)."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._names: FindNames | None = None
        shell.find_asked.connect(self.open)

    def open(self) -> None:
        """One dialog over the window."""
        from console.ui.dialogs.find import FindDialog
        from console.ui.models.find_names import FindNames

        shell = self._shell
        if self._names is None:
            self._names = FindNames(shell.live, shell.views, self)
        dialog = FindDialog(self._names, shell.site_id, shell.theme, shell)
        dialog.chosen.connect(shell.open_place)
        dialog.open()
