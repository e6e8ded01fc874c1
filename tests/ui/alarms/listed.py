"""A desk with the alarm list over a fake store, for the tests of the view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.domain.access import Role
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.views.alarms.view import AlarmsView
from tests.ui.alarms.made import signed_in, store_of_a_day
from tests.ui.fakes import NOW_MS, FakeStore


class List:
    """The alarms view over a fake store, somebody at the desk."""

    def __init__(
        self, qtbot: QtBot, store: FakeStore, mode: Mode = Mode.LIVE, role: Role = Role.OPERATOR, width: int = 1888
    ) -> None:
        self.store, self.qtbot = store, qtbot
        self.live = LiveFleet(store, store, store.of, mode, clock=lambda: NOW_MS)
        self.live.load()
        self.alarms, self.engine = signed_in(self.live, role)
        self.view = AlarmsView(self.live, TimeBarModel(NOW_MS))
        qtbot.addWidget(self.view)
        self.view.resize(width, 900)
        self.view.show()
        self.view.activateWindow()
        qtbot.waitUntil(self.view.isActiveWindow)
        self.view.setFocus()
        qtbot.waitUntil(lambda: not self.live.reads.pending)

    def rows(self) -> list[str]:
        return [row.sentence() for row in self.view.table.first.model.rows]

    def press(self, key: Qt.Key | str) -> None:
        target = self.view.focusWidget() or self.view
        if isinstance(key, str):
            self.qtbot.keyClicks(target, key)
        else:
            self.qtbot.keyClick(target, key)

    def select(self, rule: str) -> None:
        key = next(one.key for one in self.store.alarm_list if one.rule == rule)
        self.view.show_place(key)


def lists(qtbot: QtBot) -> Iterator[Callable[..., List]]:
    """Makes lists and closes them; a test module makes its fixture of it."""
    made: list[List] = []

    def make(store: FakeStore | None = None, **more: object) -> List:
        made.append(List(qtbot, store or store_of_a_day(), **more))
        return made[-1]

    yield make
    for each in made:
        each.view.close()
        each.live.close()
