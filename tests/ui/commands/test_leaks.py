"""T38: the dialog of a command opened again and again leaves nothing behind, nor does the veil beneath it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.commands.made import command, preview
from tests.ui.test_leaks import assert_leaves_nothing


def test_t38_the_dialog_of_a_command_and_the_veil_beneath_it(room, qtbot: QtBot) -> None:
    here = room()
    asked = preview(command("c1", here.store), here.store)

    def open_and_close() -> None:
        dialog = here.opens(asked)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: here.commanding.dialog is None)

    assert_leaves_nothing(here.shell, open_and_close, times=20)
