"""A racks view over a site that a test writes, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.theme import DARK, Theme
from console.ui.views.fleet_heat import FleetHeatView
from console.ui.views.racks.view import RacksView
from tests.ui.fakes import NOW_MS
from tests.ui.racks.made import RackStore

SIZE = (1920, 940)


class Desk:
    """One view of machines; `view` is shown and has read everything."""

    def __init__(self, qtbot: QtBot, store: RackStore, make: type, size: tuple[int, int], theme: Theme) -> None:
        self.qtbot, self.store, self.now_ms = qtbot, store, NOW_MS
        self.live = LiveFleet(store, store, store.of, clock=lambda: self.now_ms)
        self.live.load()
        self.view = make(self.live, TimeBarModel(NOW_MS), theme)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        if make is RacksView:
            self.view.show_container(store.site.id)
        self.view.show()
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.view.pending and not self.live.reads.pending)

    def open(self, container: str | None) -> None:
        self.view.show_container(self.store.site.id, container)

    def refresh(self) -> None:
        """A frame was stored."""
        self.live.load()
        self.settle()

    @property
    def map(self):
        return self.view.panel.heat_map


@pytest.fixture
def racks(qtbot: QtBot) -> Callable[..., Desk]:
    def make(store: RackStore, size: tuple[int, int] = SIZE, theme: Theme = DARK) -> Desk:
        return Desk(qtbot, store, RacksView, size, theme)

    return make


@pytest.fixture
def fleet(qtbot: QtBot) -> Callable[..., Desk]:
    def make(store: RackStore, size: tuple[int, int] = SIZE, theme: Theme = DARK) -> Desk:
        return Desk(qtbot, store, FleetHeatView, size, theme)

    return make
