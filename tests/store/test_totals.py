"""Totals are a pure function of the sites' minutes: any order, any repetition, the same sums and coverage."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.domain.frame import HistoryChunk
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.place import FLEET, region_key, site_key
from console.domain.rollup import HOLD_MS, SiteRollup
from console.domain.site import Fleet
from console.store import open_reader, open_writer
from console.store.reader import StoreReader
from console.store.writer import StoreWriter
from tests.store.made import DAY, MINUTE, T0, bare_frame, make_fleet

HOLD = HOLD_MS // MINUTE


@pytest.fixture
def fleet() -> Fleet:
    return make_fleet(3)


def put(writer: StoreWriter, site_id: str, minute: int, power_w: float) -> None:
    values = np.full((1, len(SIGNALS)), np.nan)
    values[0, SIGNAL_INDEX["deployed_hs"]] = 1e18
    values[0, SIGNAL_INDEX["power_w"]] = power_w
    at_ms = T0 + minute * MINUTE
    writer.put_reading(bare_frame(site_id, at_ms), None, SiteRollup(site_id, at_ms, at_ms, (), values))


def line(reader: StoreReader, signal: str, minutes: int, place: str = FLEET) -> list[float]:
    found = reader.series(place, signal, T0, T0 + minutes * MINUTE).mean
    return [None if np.isnan(value) else float(value) for value in found]  # type: ignore[misc]  # a gap is None here


def test_r10_a_silent_site_is_held_then_missing_and_counted(tmp_path: Path, fleet: Fleet) -> None:
    writer = open_writer(tmp_path / "store.db")
    for minute in range(HOLD + 5):
        put(writer, "s-0", minute, 10.0)
    put(writer, "s-1", 0, 5.0)
    writer.refresh_totals(fleet, T0, T0 + DAY)
    reader = open_reader(writer.opened.path)
    count = HOLD + 5
    assert line(reader, "power_w", count) == [15.0] * (HOLD + 1) + [10.0] * 4
    assert line(reader, "held_w", count) == [0.0] * 2 + [5.0] * (HOLD - 1) + [0.0] * 4
    assert line(reader, "sites_fresh", count) == [2.0] * 2 + [1.0] * (count - 2)
    assert line(reader, "deployed_hs", count) == pytest.approx([3e18] * count)
    assert line(reader, "sites", count, region_key("Kentucky")) == [2.0] * count
    assert line(reader, "power_w", count + 3)[-3:] == [None] * 3, "nothing after the newest sample"
    reader.close()
    writer.close()


def test_a_site_whose_turn_comes_later_in_the_minute_is_not_missing_in_it(tmp_path: Path, fleet: Fleet) -> None:
    """The newest minute has hardly begun: its line must not dip, nor be drawn as held, once a minute."""
    writer = open_writer(tmp_path / "store.db")
    for minute in range(3):
        for site in fleet.sites:
            put(writer, site.id, minute, 10.0)
    put(writer, "s-0", 3, 10.0)
    writer.refresh_totals(fleet, T0, T0 + 4 * MINUTE)
    reader = open_reader(writer.opened.path)
    assert line(reader, "sites_fresh", 4) == [3.0] * 4
    assert line(reader, "held_w", 4) == [0.0] * 4
    reader.close()
    writer.close()


def test_a_site_that_is_polled_every_five_minutes_is_fresh_between_two_polls(tmp_path: Path, fleet: Fleet) -> None:
    slow = msgspec.structs.replace(fleet.sites[1], poll_period_s=300.0)
    fleet = msgspec.structs.replace(fleet, sites=(fleet.sites[0], slow))
    writer = open_writer(tmp_path / "store.db")
    for minute in range(30):
        put(writer, "s-0", minute, 10.0)
        if minute % 5 == 0 and minute < 10:
            put(writer, "s-1", minute, 5.0)
    writer.refresh_totals(fleet, T0, T0 + 30 * MINUTE)
    reader = open_reader(writer.opened.path)
    assert line(reader, "sites_fresh", 30) == [2.0] * 18 + [1.0] * 12, "stale 12 min after its last sample (R8)"
    assert line(reader, "held_w", 30) == [0.0] * 18 + [5.0] * 12
    reader.close()
    writer.close()


def test_minute_by_minute_equals_all_at_once(tmp_path: Path, fleet: Fleet) -> None:
    rng = np.random.default_rng(9)
    samples = [(site.id, int(minute)) for site in fleet.sites for minute in rng.choice(200, 60, replace=False)]
    whole, stepwise = open_writer(tmp_path / "whole.db"), open_writer(tmp_path / "step.db")
    for site_id, minute in samples:
        put(whole, site_id, minute, minute + 0.5)
    whole.refresh_totals(fleet, T0, T0 + DAY)
    for number in rng.permutation(len(samples)):
        site_id, minute = samples[number]
        put(stepwise, site_id, minute, minute + 0.5)
        stepwise.refresh_totals(fleet, T0 + minute * MINUTE, T0 + (minute + 1) * MINUTE)
    readers = [open_reader(writer.opened.path) for writer in (whole, stepwise)]
    for place in (FLEET, region_key("Texas"), region_key("Kentucky")):
        for signal in ("power_w", "held_w", "sites_fresh", "sites", "deployed_hs"):
            assert line(readers[0], signal, 200, place) == line(readers[1], signal, 200, place)
    for closing in (*readers, whole, stepwise):
        closing.close()


def test_backfill_adds_the_past_and_twice_is_once(tmp_path: Path, fleet: Fleet) -> None:
    writer = open_writer(tmp_path / "store.db")
    at_ms = T0 + MINUTE * np.arange(3 * 1440, dtype=np.int64)
    for number, site in enumerate(fleet.sites):
        told = HistoryChunk(site_key(site.id), 60, at_ms, {"power_w": np.full(at_ms.size, number + 1.0)})
        writer.put_history([told])
    put(writer, "s-0", 3 * 1440, 1.0)
    reader = open_reader(writer.opened.path)
    for _ in range(2):
        writer.refresh_totals(fleet, T0, T0 + 4 * DAY)
        found = reader.series(FLEET, "power_w", T0, T0 + 3 * DAY + MINUTE, 5000).mean
        assert (found == 6.0).all()
    coarse = reader.series(FLEET, "power_w", T0, T0 + 3 * DAY, 20)
    assert (coarse.low == 6.0).all()
    reader.close()
    writer.close()


EVENING = 1410  # half an hour before midnight


def late(writer: StoreWriter, fleet: Fleet, site_id: str, minute: int, power_w: float) -> None:
    put(writer, site_id, minute, power_w)
    writer.refresh_totals(fleet, T0 + minute * MINUTE, T0 + (minute + 1) * MINUTE)


@pytest.mark.parametrize("place", [FLEET, region_key("Kentucky")])
def test_a_late_sample_without_a_value_takes_a_held_one_out_of_the_total(tmp_path: Path, place: str) -> None:
    """Its day is closed by then, with the value that was held in that minute."""
    fleet, writer = make_fleet(1), open_writer(tmp_path / "store.db")
    late(writer, fleet, "s-0", EVENING, 50.0)
    late(writer, fleet, "s-0", EVENING + 2, 60.0)
    late(writer, fleet, "s-0", 1440 + 125, 70.0)
    writer.refresh_totals(fleet, T0 + EVENING * MINUTE, T0 + DAY)
    writer.compact(T0 + DAY + 125 * MINUTE)
    reader = open_reader(writer.opened.path)
    assert line(reader, "power_w", EVENING + 3, place)[-3:] == [50.0, 50.0, 60.0]
    late(writer, fleet, "s-0", EVENING + 1, np.nan)
    assert line(reader, "power_w", EVENING + 3, place)[-3:] == [50.0, None, 60.0]
    assert reader.series(place, "power_w", T0, T0 + 2 * DAY, 48).mean[23] == pytest.approx((50 + 60 * 28) / 29)
    writer.compact(T0 + DAY + 130 * MINUTE)
    assert line(reader, "power_w", EVENING + 3, place)[-3:] == [50.0, None, 60.0]
    reader.close()
    writer.close()


told = st.tuples(
    st.integers(0, 2), st.integers(EVENING, EVENING + 9), st.sampled_from([np.nan, 10.0, 20.0]), st.booleans()
)


@given(st.lists(told, max_size=12))
@example([(0, EVENING, 10.0, True), (0, EVENING + 2, np.nan, False)])
@example([(0, EVENING, 10.0, True), (0, EVENING + 2, np.nan, True)])
@settings(max_examples=25)  # each is a store of its own
def test_whatever_comes_late_a_total_is_what_its_sites_tell_together(
    samples: list[tuple[int, int, float, bool]],
) -> None:
    """Minute by minute, with days that are closed in between, as if all were computed at once at the end."""
    fleet = make_fleet(3)
    with TemporaryDirectory() as folder:
        writer = open_writer(Path(folder) / "store.db")
        reader = open_reader(writer.opened.path)
        late(writer, fleet, "s-0", 1440 + 125, 1.0)
        for site, minute, power_w, closes in samples:
            late(writer, fleet, f"s-{site}", minute, power_w)
            if closes:
                writer.compact(T0 + DAY + 125 * MINUTE)
        stepwise = [line(reader, signal, 1500) for signal in ("power_w", "held_w", "sites_fresh")]
        writer.refresh_totals(fleet, T0, T0 + 2 * DAY)
        assert stepwise == [line(reader, signal, 1500) for signal in ("power_w", "held_w", "sites_fresh")]
        reader.close()
        writer.close()
