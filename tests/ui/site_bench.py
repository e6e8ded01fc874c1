"""A site view over a fake store, for the tests of L2."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytestqt.qtbot import QtBot

from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.theme import DARK
from console.ui.views.site.view import SiteView
from tests.ui.fakes import NOW_MS, FakeStore

SIZES = [(1366, 650), (1920, 940), (3840, 1980)]  # a view between its bars
HOUR_MS = 3_600_000


class Bench:
    """A site view over a fake store and a clock that the test turns; no timer runs."""

    def __init__(self, qtbot: QtBot, store: FakeStore, size: tuple[int, int], site: int, mode: Mode) -> None:
        self.now_ms, self.store, self.qtbot = NOW_MS, store, qtbot
        self.live = LiveFleet(store, store, store.of, mode, clock=lambda: self.now_ms)
        self.live.load()
        self.span = TimeBarModel(NOW_MS)
        self.view = SiteView(self.live, self.span, DARK)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        self.view.show()
        self.site = store.of.sites[site]
        self.view.show_site(self.site.id)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.view.pending and not self.live.reads.pending)

    def pass_s(self, seconds: float) -> None:
        """Time goes on and no message comes."""
        self.now_ms += round(seconds * 1000)
        self.live._judge()

    @property
    def tiles(self) -> list:
        return [tile.reading for tile in self.view.header._tiles]


def benches(qtbot: QtBot) -> Iterator[Callable[..., Bench]]:
    """Makes benches and closes them; a test module makes its fixture of it."""
    made: list[Bench] = []

    def make(
        store: FakeStore | None = None, size: tuple[int, int] = (1920, 940), site: int = 0, mode: Mode = Mode.LIVE
    ) -> Bench:
        made.append(Bench(qtbot, store or FakeStore(), size, site, mode))
        return made[-1]

    yield make
    for each in made:
        each.view.close()
        each.live.close()
