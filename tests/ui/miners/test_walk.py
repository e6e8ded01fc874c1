"""World -> site -> miners -> one machine and back, by keys and clicks alone, with the views of the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.startup import VIEWS
from console.ui.theme import DARK
from console.ui.torn_off import TornOff
from tests.ui.fakes import NOW_MS
from tests.ui.miners.yard import Yard

SITE = "north-america-1"


class Desk:
    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.store = qtbot, Yard()
        self.live = LiveFleet(self.store, self.store, self.store.of, clock=lambda: NOW_MS)
        self.live.load()
        self.shell = Shell(self.live, TimeBarModel(NOW_MS), VIEWS, "operator", DARK)
        qtbot.addWidget(self.shell)
        self.shell.resize(1366, 768)
        self.shell.open_view("world")
        self.shell.show()
        self.shell.activateWindow()
        qtbot.waitUntil(self.shell.isActiveWindow)
        self.settle()

    def settle(self) -> None:
        view = self.shell.view_widget
        self.qtbot.waitUntil(lambda: not getattr(view, "pending", False) and not self.live.reads.pending)

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.shell.focusWidget() or self.shell, key)
        self.settle()


@pytest.fixture
def desk(qtbot: QtBot):
    made = Desk(qtbot)
    yield made
    made.shell.close()
    made.live.close()


def test_r2_r54_by_keys_from_a_site_to_a_machine_and_back(desk) -> None:
    shell = desk.shell
    shell.open_site(SITE)
    desk.settle()
    desk.press(Qt.Key.Key_Slash)
    assert shell.address == f"miners:{SITE}"
    desk.press(Qt.Key.Key_Escape)
    desk.press(Qt.Key.Key_Home)
    desk.press(Qt.Key.Key_Return)
    assert shell.address == f"miner:{SITE}/C01-R01-01"
    assert "off" in shell.view_widget.head.words[2]
    for address in (f"miners:{SITE}", f"site:{SITE}", "world"):
        desk.press(Qt.Key.Key_Escape)
        assert shell.address == address


def test_by_clicks_from_a_site_to_a_machine(desk, qtbot: QtBot) -> None:
    shell = desk.shell
    shell.open_site(SITE)
    desk.settle()
    shell.view_widget.place_asked.emit(f"miners:{SITE}")
    desk.settle()
    table = shell.view_widget.table
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(80, 26 + 13))
    desk.settle()
    assert shell.address == f"miner:{SITE}/C01-R02-01"
    qtbot.mouseClick(shell.view_widget.head._rack, Qt.MouseButton.LeftButton)
    desk.settle()
    assert shell.address == f"racks:{SITE}/C01"


def test_table_and_racks_share_one_selection(desk) -> None:
    shell = desk.shell
    shell.open_place(f"miners:{SITE}")
    desk.settle()
    table = shell.view_widget
    table.table.go_to(0)
    table.table.toggle(0)
    row = int(table.rows.order[0])
    shell.open_place(f"racks:{SITE}/C01")
    desk.settle()
    assert shell.view_widget.selection.chosen.rows.tolist() == [row]
    shell.go_back()
    desk.settle()
    assert table.foot.words.text() == "1 picked"


def test_the_way_back_brings_the_filter_back(desk) -> None:
    shell = desk.shell
    shell.open_place(f"miners:{SITE}?state:degraded")
    shell.open_place("world")
    shell.open_place("miners:canada-1")
    desk.settle()
    assert shell.view_widget.filter.edit.text() == ""
    shell.go_back()
    shell.go_back()
    desk.settle()
    assert shell.address == f"miners:{SITE}?state:degraded"
    assert shell.view_widget.rows.rowCount() == 12


def test_leak_a_hundred_walks_leave_nothing_behind(desk) -> None:
    shell, counts = desk.shell, []
    for turn in range(104):
        shell.open_place(f"miners:{SITE}")
        shell.open_place(f"miner:{SITE}/C01-R01-0{turn % 9 + 1}")
        if turn % 20 == 3:
            desk.settle()
        if turn in (3, 103):
            counts.append(len(shell.findChildren(QWidget)))
    desk.settle()
    assert counts[1] <= counts[0] * 1.01


def test_the_table_of_the_whole_fleet_comes_back_in_its_own_window_with_its_filter(desk, tmp_path: Path) -> None:
    shell = desk.shell
    shell.open_place("miners:*?state:degraded")
    desk.settle()
    before = TornOff(shell, tmp_path)
    before.tear_off("miners")
    before.end()
    shell.open_place(f"miners:{SITE}")
    after = TornOff(shell, tmp_path)
    after.restore()
    desk.settle()
    view = after.windows["miners"].view_widget
    assert view.place == "*?state:degraded"
    assert view.rows.rowCount() == 44 * 12
    after.end()
