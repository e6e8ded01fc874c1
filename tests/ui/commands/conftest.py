"""A window over the fake fleet with somebody at the desk, for tests of commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from console.domain.access import Role
from console.domain.command import Preview
from console.ui.commanding import Commanding
from console.ui.dialogs.command import CommandDialog
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.reception import Reception
from console.ui.shell import Shell, ViewSlot
from console.ui.startup import commands_view
from tests.ui.commands.made import Collector, at_a_desk, batches, keep
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.stand_in import SLOTS


class Room:
    """The window, its clock, and the collector at the other end."""

    def __init__(self, qtbot: QtBot, store: FakeStore, mode: Mode, role: Role | None, size: tuple[int, int]) -> None:
        self.qtbot, self.store, self.now_ms = qtbot, store, NOW_MS
        self.live = LiveFleet(store, store, store.of, mode, clock=lambda: self.now_ms)
        self.live.load()
        slots = (*SLOTS, ViewSlot("commands", "Commands", "F4", commands_view))
        self.shell = Shell(self.live, TimeBarModel(NOW_MS), slots)
        self.reception, self.commanding = Reception(self.shell), Commanding(self.shell)
        self.collector: Collector = at_a_desk(self.live, role)
        self.commands = self.commanding.commands
        qtbot.addWidget(self.shell)
        self.shell.resize(*size)
        self.shell.open_view("world")
        self.shell.show()
        self.shell.activateWindow()
        qtbot.waitUntil(self.shell.isActiveWindow)

    def opens(self, preview: Preview, needs_second: bool = False, **more: object) -> CommandDialog:
        """The dialog over a preview that the journal has."""
        keep(self.store, preview, batches(preview), needs_second, **more)
        self.commands.follow(preview.command.id)
        self.commands.load()
        self.commanding._open_dialog(self.commands.pages[preview.command.id])
        dialog = self.commanding.dialog
        self.qtbot.waitUntil(dialog.isVisible)
        self.commands.unfollow(preview.command.id)
        return dialog

    def passes(self, seconds: float) -> None:
        """Time goes on."""
        self.now_ms += round(seconds * 1000)


def hold(button: QWidget, seconds: float, press: Callable[[], object], release: Callable[[], object]) -> None:
    """A button held for so long by a clock of the test's own."""
    at = [100.0]
    button.clock = lambda: at[0]
    press()
    at[0] += seconds
    button.tick()
    release()


def button(of: QWidget, words: str) -> QAbstractButton:
    """The visible button that says so."""
    return next(one for one in of.findChildren(QAbstractButton) if one.isVisible() and one.text() == words)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Callable[..., Room]]:
    made: list[Room] = []

    def make(
        store: FakeStore | None = None,
        mode: Mode = Mode.LIVE,
        role: Role | None = Role.OPERATOR,
        size: tuple[int, int] = (1920, 1080),
    ) -> Room:
        made.append(Room(qtbot, store or FakeStore(), mode, role, size))
        return made[-1]

    yield make
    for each in made:
        if each.commanding.dialog is not None:
            each.commanding.dialog.reject()
        each.shell.close()
        each.live.close()
