"""The live fleet: reads behind the screen's back, ages by itself."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from console.domain.fleet_state import SiteMark
from console.domain.freshness import Freshness
from console.ui.models.live import JUDGE_EVERY_MS, READ_AT_MOST_EVERY_MS, LiveFleet, Mode
from console.ui.views.world.readings import coverage_words
from console.ui.widgets.state_glyph import ValueState
from tests.ui.conftest import settle
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.miners.yard import Yard


class Clock:
    def __init__(self) -> None:
        self.at_ms = NOW_MS

    def __call__(self) -> int:
        return self.at_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(qtbot: QtBot, clock: Clock):
    store = FakeStore()
    fleet = LiveFleet(store, store, store.of, clock=clock)
    yield fleet
    fleet.close()


def test_it_reads_the_store_and_tells_what_it_found(live: LiveFleet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(live.changed) as caught:
        live.start()
    assert caught.args[0].total.fresh == 44


def test_t8_r8_silence_becomes_visible_without_any_message(live: LiveFleet, clock: Clock, qtbot: QtBot) -> None:
    with qtbot.waitSignal(live.changed):
        live.start()
    clock.at_ms += 80_000
    with qtbot.waitSignal(live.changed, check_params_cb=lambda now: now.total.freshness is Freshness.STALE):
        pass
    assert live.now.total.fresh == 0


def test_t8_r8_a_value_is_stale_a_second_after_its_limit_by_the_clock_alone(
    live: LiveFleet, clock: Clock, qtbot: QtBot
) -> None:
    """Nothing is read and nobody says a word: one second on, the next beat of the screen's own timer judges again."""
    live.load()
    youngest_ms = max(entry.at_ms for entry in live.now.sites)
    clock.at_ms = youngest_ms + 74_500
    live.load()
    assert live.now.total.fresh > 0
    live.start()
    qtbot.waitUntil(lambda: not live.reads.pending)
    reads, fetch = [], live.telemetry.rollups
    live.telemetry.rollups = lambda: (reads.append(1), fetch())[1]
    clock.at_ms += 1_000
    with qtbot.waitSignal(live.changed, timeout=READ_AT_MOST_EVERY_MS * 4) as caught:
        pass
    assert (caught.args[0].total.fresh, caught.args[0].total.freshness) == (0, Freshness.STALE)
    assert reads == []
    assert caught.args[0].total.held == 44, "what is held is called held, and counted"
    assert READ_AT_MOST_EVERY_MS < JUDGE_EVERY_MS == 1_000


def test_r11_a_fleet_without_one_fresh_site_is_offline_by_itself(live: LiveFleet, clock: Clock) -> None:
    live.load()
    assert live.mode is Mode.LIVE
    clock.at_ms += 80_000
    live.load()
    assert Mode.OFFLINE in live.mode
    assert live.cutoff_ms == live.telemetry.newest_ms()


def test_a_store_that_does_not_answer_leaves_the_last_truth(
    live: LiveFleet, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    live.load()

    def refuse() -> None:
        raise OSError("disk gone")

    live.telemetry.rollups = refuse
    live.start()
    qtbot.waitUntil(lambda: "a background read failed" in caplog.text)
    assert live.now.total.sites == 44


def test_r11_offline_all_pages_agree_that_nothing_is_live_however_young_it_is(window, qtbot: QtBot) -> None:
    shell = window(Yard(), mode=Mode.OFFLINE)
    world = shell.view_widget
    assert {reading.state for reading in world.strip._readings[:3]} == {ValueState.STALE}
    assert coverage_words(shell.live.now) == "0 of 44 sites fresh"
    assert len(world.attention.model.rows) == 44
    assert world.attention.model.rows[0].reason.endswith("held in total")
    assert not any(branch.region.live or branch.region.fresh for branch in world.regions.model.branches)
    assert {pin.mark for pin in world.map.pins} == {SiteMark.STALE}
    table = shell.open_place("miners:north-america-1")
    settle(qtbot, shell)
    assert {table.rows.freshness_of(row) for row in range(len(table.rows.machines))} == {Freshness.STALE}
    racks = shell.open_place("racks:north-america-1")
    settle(qtbot, shell)
    assert "last known" in racks.panel._note
    compare = shell.open_place("compare")
    settle(qtbot, shell)
    assert not any(curve.live for curve in compare.plot.curves)
