"""A comparison over the made-up fleet, whose first site is its own."""

from __future__ import annotations

import msgspec
from pytestqt.qtbot import QtBot

from console.domain.site import Fleet, Ownership
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.theme import DARK, Theme
from console.ui.views.compare.view import CompareView
from tests.ui.fakes import NOW_MS, FakeStore, fleet

OWN = "North America 1"


def owning_fleet(*, simulated: bool = False) -> Fleet:
    """The 44 sites, of which the first is the fleet's own."""
    of = fleet(simulated=simulated)
    first = msgspec.structs.replace(of.sites[0], ownership=Ownership.OWNED)
    return msgspec.structs.replace(of, sites=(first, *of.sites[1:]))


class Desk:
    def __init__(self, qtbot: QtBot, store: FakeStore | None = None, theme: Theme = DARK) -> None:
        self.store = store or FakeStore(owning_fleet())
        self.live = LiveFleet(self.store, self.store, self.store.of, clock=lambda: NOW_MS)
        self.live.load()
        self.span = TimeBarModel(NOW_MS)
        self.view = CompareView(self.live, self.span, theme)
        qtbot.addWidget(self.view)
        self.view.resize(1366, 640)
        self.view.show()
        self.view.load()

    def close(self) -> None:
        self.live.close()
