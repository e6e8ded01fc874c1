"""Clocks that leap: nothing frozen stays fresh, and nothing is forgotten because of a wrong year (T34)."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.domain.place import site_key
from console.store import open_reader
from console.store.writer import StoreWriter
from tests.store.made import DAY, MINUTE, T0, make_frame, make_rollup, make_roster, make_site

HOUR = 60 * MINUTE


class Clock:
    """Our wall clock, as wrong as a test wants it."""

    def __init__(self) -> None:
        self.now_ms = T0

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


def poll(writer: StoreWriter, clock: Clock, minutes: int = 1, step_ms: int = MINUTE) -> None:
    """A source that stamps by our own clock, as a range of miners on the network is."""
    site, roster = make_site(), make_roster()
    for _ in range(minutes):
        clock.now_ms += step_ms
        frame = make_frame(roster, clock.now_ms)
        writer.put_reading(frame, roster, make_rollup(site, roster, frame))


@pytest.mark.parametrize("leap_ms", [HOUR, -HOUR, 365 * DAY], ids=["an hour ahead", "an hour behind", "a year ahead"])
def test_t34_after_a_leap_and_back_the_newest_is_what_was_polled_last(
    tmp_path: Path, clock: Clock, leap_ms: int
) -> None:
    writer = StoreWriter(tmp_path / "store.db", clock)
    reader = open_reader(writer.opened.path)
    poll(writer, clock, 3)
    clock.now_ms += leap_ms
    poll(writer, clock, 3)
    clock.now_ms -= leap_ms
    for _ in range(3):
        poll(writer, clock)
        column = reader.column("ky-1", "power_w")
        assert column is not None
        assert reader.rollups()["ky-1"].at_ms == column.at_ms == reader.newest_ms() == clock.now_ms
    reader.close()
    writer.close()


def test_an_older_sample_never_replaces_a_true_newer_one(tmp_path: Path, clock: Clock) -> None:
    writer = StoreWriter(tmp_path / "store.db", clock)
    poll(writer, clock, 3)
    newest_ms, site, roster = clock.now_ms, make_site(), make_roster()
    late = make_frame(roster, newest_ms - 2 * HOUR)
    assert writer.put_reading(late, roster, make_rollup(site, roster, late))
    reader = open_reader(writer.opened.path)
    assert reader.rollups()["ky-1"].at_ms == reader.newest_ms() == newest_ms
    reader.close()
    writer.close()


def test_t34_a_clock_years_ahead_forgets_little_and_closes_no_future(tmp_path: Path, clock: Clock) -> None:
    writer = StoreWriter(tmp_path / "store.db", clock)
    poll(writer, clock, 30)
    wrong_ms = clock.now_ms + 4000 * DAY
    writer.compact(wrong_ms)
    assert writer.retain(wrong_ms).frames < 30 * 5
    poll(writer, clock, 3)
    reader = open_reader(writer.opened.path)
    assert len(reader.miner_series("ky-1", "m3", "power_w", T0, T0 + DAY).at_ms) > 3
    found = reader.series(site_key("ky-1"), "power_w", T0, T0 + HOUR).newest()
    assert found is not None
    assert found[0] == clock.now_ms
    reader.close()
    writer.close()
