"""The strip of the time bar: what it draws belongs to the stretch that it names."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from console.domain.durations import DAY_S
from console.domain.series import Series
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.widgets.overview_strip import OverviewStrip
from tests.ui.fakes import NOW_MS, FakeStore

YEAR_S = 365 * DAY_S


class SlowYears(FakeStore):
    """A store whose answer to a long question comes when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()

    def series(self, place: str, signal: str, start_ms: int, end_ms: int, buckets: int = 2000) -> Series:
        if end_ms - start_ms > 30 * DAY_S * 1000:
            self.let.wait(5)
        return super().series(place, signal, start_ms, end_ms, buckets)


def test_a_year_that_is_read_slowly_is_not_drawn_over_the_day_asked_for_after_it(qtbot: QtBot) -> None:
    store = SlowYears()
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    span = TimeBarModel(NOW_MS)
    strip = OverviewStrip(live, span)
    qtbot.addWidget(strip)
    qtbot.waitUntil(lambda: not live.reads.pending)
    day = strip._series.at_ms.size
    span.set_preset(YEAR_S)
    span.set_preset(6 * 3600)
    store.let.set()
    qtbot.waitUntil(lambda: not live.reads.pending)
    assert strip.reach()[2] == "24 h"
    assert strip._series.at_ms.size == day
    assert strip._series.at_ms[0] >= strip.reach()[0]
    live.close()
