"""The table of one site's machines, and the page of one of them, over a made-up yard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.theme import DARK
from console.ui.views.miner.view import MinerView
from console.ui.views.miners.view import MinersView
from tests.ui.fakes import NOW_MS
from tests.ui.miners.yard import Yard

SITE = "north-america-1"


class Desk:
    """A miners' view and a clock that the test turns; no timer runs."""

    def __init__(self, qtbot: QtBot, store: Yard, place: str, size: tuple[int, int], folder: object) -> None:
        self.qtbot, self.store, self.now_ms = qtbot, store, NOW_MS
        self.live = LiveFleet(store, store, store.of, clock=lambda: self.now_ms)
        self.live.load()
        self.span = TimeBarModel(NOW_MS)
        self.view = MinersView(self.live, self.span, DARK)
        if folder is not None:
            self.view.keep_in(folder)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        self.view.show_place(place)
        self.view.show()
        self.view.activateWindow()
        self.view.setFocus()
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.view.pending and not self.live.reads.pending)

    def type(self, text: str) -> None:
        self.view.filter.edit.setFocus()
        self.view.filter.edit.clear()
        self.qtbot.keyClicks(self.view.filter.edit, text)
        self.view.filter._confirmed()
        self.settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.view.table, key, modifier)

    def names(self) -> list[str]:
        machines = self.view.rows.machines
        return [machines.name(int(row)) for row in self.view.rows.order]

    def cells(self, column: str) -> list[str]:
        rows = self.view.rows
        section = rows.columns.index(column)
        return [rows.text(place, section) for place in range(rows.rowCount())]

    @property
    def words(self) -> str:
        return self.view.foot.words.text()

    def pass_s(self, seconds: float) -> None:
        self.now_ms += round(seconds * 1000)
        self.live._judge()


@pytest.fixture
def desk(qtbot: QtBot):
    made = []

    def make(store: Yard | None = None, place: str = SITE, size=(1366, 620), folder=None) -> Desk:
        made.append(Desk(qtbot, store or Yard(), place, size, folder))
        return made[-1]

    yield make
    for each in made:
        each.view.close()
        each.live.close()


class Page:
    """A machine's page and a clock that the test turns."""

    def __init__(self, qtbot: QtBot, store: Yard, miner: str, size: tuple[int, int], mode: Mode) -> None:
        self.qtbot, self.store, self.now_ms = qtbot, store, NOW_MS
        self.live = LiveFleet(store, store, store.of, mode, clock=lambda: self.now_ms)
        self.live.load()
        self.span = TimeBarModel(NOW_MS)
        self.view = MinerView(self.live, self.span, DARK)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        self.view.show_place(f"{SITE}/{miner}")
        self.view.show()
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.view.pending and not self.live.reads.pending)

    @property
    def values(self) -> dict[str, str]:
        return {row.label: f"{row.value} {row.unit}" for row in self.view.values.rows}

    @property
    def contexts(self) -> dict[str, str]:
        return {row.label: row.context for row in self.view.values.rows}


@pytest.fixture
def page(qtbot: QtBot):
    made = []

    def make(
        store: Yard | None = None,
        miner: str = "C01-R01-05",
        size: tuple[int, int] = (1366, 620),
        mode: Mode = Mode.LIVE,
    ) -> Page:
        made.append(Page(qtbot, store or Yard(), miner, size, mode))
        return made[-1]

    yield make
    for each in made:
        each.view.close()
        each.live.close()
