"""Totals are a pure function of the sites' minutes: any order, any repetition, the same sums and coverage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

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
    assert line(reader, "held_w", count) == [0.0] + [5.0] * HOLD + [0.0] * 4
    assert line(reader, "sites_fresh", count) == [2.0] + [1.0] * (count - 1)
    assert line(reader, "deployed_hs", count) == pytest.approx([3e18] * count)
    assert line(reader, "sites", count, region_key("Kentucky")) == [2.0] * count
    assert line(reader, "power_w", count + 3)[-3:] == [None] * 3, "nothing after the newest sample"
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
