"""Series at every zoom: spikes stay, gaps stay, and the seam between hot minutes and closed days is invisible."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.domain.errors import StoreError
from console.domain.frame import HistoryChunk
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.place import container_key, site_key
from console.domain.pyramid import LADDER_MINUTES
from console.domain.rollup import SiteRollup
from console.store import open_reader, open_writer
from console.store.writer import StoreWriter
from tests.store.made import DAY, MINUTE, T0, bare_frame

PLACE = site_key("ky-1")


def put_value(writer: StoreWriter, at_ms: int, value: float, containers: tuple[str, ...] = ()) -> bool:
    values = np.full((1 + len(containers), len(SIGNALS)), np.nan)
    values[0, SIGNAL_INDEX["deployed_hs"]] = 1e18
    values[:, SIGNAL_INDEX["power_w"]] = value + np.arange(1 + len(containers))
    values[1:, SIGNAL_INDEX["miners"]] = 7
    rollup = SiteRollup("ky-1", at_ms, at_ms, containers, values)
    return writer.put_reading(bare_frame("ky-1", at_ms), None, rollup)


def chunk(at_ms: np.ndarray, values: np.ndarray, place: str = PLACE, step_s: int = 60) -> HistoryChunk:
    return HistoryChunk(place, step_s, at_ms.astype(np.int64), {"power_w": values.astype(np.float64)})


@pytest.mark.parametrize("buckets", [200_000, 9_000, 3_000, 1_500, 720, 240, 120, 30])
def test_r18_a_one_sample_dip_stays_visible_at_every_zoom(tmp_path: Path, buckets: int) -> None:
    minutes = np.arange(30 * 1440)
    values = np.full(minutes.size, 100.0)
    values[17 * 1440 + 321] = 3.0
    values[4 * 1440 + 1439] = 900.0
    writer = open_writer(tmp_path / "store.db")
    writer.put_history([chunk(T0 + MINUTE * minutes, values)])
    reader = open_reader(tmp_path / "store.db")
    found = reader.series(PLACE, "power_w", T0, T0 + 30 * DAY, buckets)
    assert len(found.at_ms) <= buckets
    assert found.step_ms // MINUTE in LADDER_MINUTES
    assert np.nanmin(found.low) == 3.0
    assert np.nanmax(found.high) == 900.0
    dip = int(np.nanargmin(found.low))
    assert found.at_ms[dip] <= T0 + (17 * 1440 + 321) * MINUTE < found.at_ms[dip] + found.step_ms
    reader.close()
    writer.close()


def test_a_gap_stays_a_gap_at_every_zoom(tmp_path: Path) -> None:
    minutes = np.concatenate([np.arange(1440), np.arange(3 * 1440, 4 * 1440)])
    writer = open_writer(tmp_path / "store.db")
    writer.put_history([chunk(T0 + MINUTE * minutes, np.ones(minutes.size))])
    reader = open_reader(tmp_path / "store.db")
    for buckets in (6000, 1200, 400, 200, 100, 33, 16, 4):
        found = reader.series(PLACE, "power_w", T0, T0 + 4 * DAY, buckets)
        inside = (found.at_ms >= T0 + DAY) & (found.at_ms < T0 + 3 * DAY)
        for values in (found.mean, found.low, found.high):
            assert np.isnan(values[inside]).all()
            assert (values[~inside] == 1.0).all()
    reader.close()
    writer.close()


def test_a_coarse_sample_holds_for_its_own_step_only(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    place = container_key("ky-1", "C01")
    at_ms = T0 + MINUTE * np.array([0, 5, 20])
    assert writer.put_history([chunk(at_ms, np.array([1.0, 2.0, 3.0]), place, step_s=300)]) == 15
    reader = open_reader(tmp_path / "store.db")
    found = reader.series(place, "power_w", T0, T0 + 30 * MINUTE).mean
    expected = np.full(30, np.nan)
    expected[:5], expected[5:10], expected[20:25] = 1, 2, 3
    np.testing.assert_array_equal(found, expected)
    reader.close()
    writer.close()


@given(st.integers(60, 400), st.integers(1, 30), st.integers(0, 59))
@example(90, 6, 0)
@settings(max_examples=25)  # each is a store of its own
def test_a_step_that_is_no_whole_number_of_minutes_leaves_no_hole(step_s: int, count: int, begins_s: int) -> None:
    at_ms = T0 + 1000 * (begins_s + step_s * np.arange(count, dtype=np.int64))
    with TemporaryDirectory() as folder:
        writer = open_writer(Path(folder) / "store.db")
        writer.put_history([chunk(at_ms, np.arange(float(count)), step_s=step_s)])
        reader = open_reader(writer.opened.path)
        whole = (begins_s + step_s * count) // 60
        found = reader.series(PLACE, "power_w", T0, T0 + whole * MINUTE).mean
        for minute, value in enumerate(found):
            begun = np.flatnonzero(at_ms < T0 + (minute + 1) * MINUTE)
            assert value == begun[-1], "the sample that began last holds"
        reader.close()
        writer.close()


def test_history_that_does_not_fit_together_is_refused_whole(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    good = chunk(T0 + MINUTE * np.arange(3), np.ones(3))
    for bad in (chunk(T0 + MINUTE * np.arange(3), np.ones(2)), chunk(T0 + MINUTE * np.arange(3), np.ones(3), step_s=0)):
        with pytest.raises(StoreError, match="does not fit together"):
            writer.put_history([good, bad])
    reader = open_reader(tmp_path / "store.db")
    assert np.isnan(reader.series(PLACE, "power_w", T0, T0 + DAY).mean).all()
    reader.close()
    writer.close()


def test_the_seam_between_closed_days_and_hot_minutes_is_invisible(tmp_path: Path) -> None:
    """Two days, live by the minute, the first closed, with told history in a hole: one line at every level."""
    rng = np.random.default_rng(5)
    truth = rng.normal(100, 10, 2 * 1440).astype(np.float32)
    told = np.arange(1300, 1600)
    writer = open_writer(tmp_path / "store.db")
    for minute in range(1200, 1700):
        if minute not in told:
            put_value(writer, T0 + minute * MINUTE, truth[minute], ("C01", "C02"))
    assert writer.compact(T0 + DAY + 3 * 3_600_000) == 1
    assert writer.put_history([chunk(T0 + MINUTE * told, truth[told])]) == told.size
    reader = open_reader(tmp_path / "store.db")
    expected = np.full(2 * 1440, np.nan)
    expected[1200:1700] = truth[1200:1700]
    for buckets in (2880, 600, 200, 96, 50, 20, 9, 2):
        found = reader.series(PLACE, "power_w", T0, T0 + 2 * DAY, buckets)
        rows = expected.reshape(len(found.at_ms), -1)
        known = np.isfinite(rows).any(axis=1)
        np.testing.assert_array_equal(np.isfinite(found.mean), known)
        np.testing.assert_allclose(found.low[known], np.nanmin(rows[known], axis=1), rtol=1e-6)
        np.testing.assert_allclose(found.high[known], np.nanmax(rows[known], axis=1), rtol=1e-6)
        np.testing.assert_allclose(found.mean[known], np.nanmean(rows[known], axis=1), rtol=1e-5)
    inside = container_key("ky-1", "C02")
    coarse = reader.series(inside, "power_w", T0, T0 + 2 * DAY, 10)
    assert coarse.high[4] == pytest.approx(np.max(truth[1600:1700]) + 2)
    second = reader.series(inside, "power_w", T0, T0 + 2 * DAY, 2880).mean
    np.testing.assert_allclose(second[1650], truth[1650] + 2, rtol=1e-6)
    assert np.isnan(second[1400])
    reader.close()
    writer.close()


def test_a_live_sample_wins_over_told_history_in_any_order(tmp_path: Path) -> None:
    told = chunk(T0 + MINUTE * np.arange(10), np.full(10, 7.0))
    states = []
    for number, live_first in enumerate((True, False)):
        path = tmp_path / f"{number}.db"
        writer = open_writer(path)
        if live_first:
            put_value(writer, T0 + 3 * MINUTE, 42.0)
        writer.put_history([told])
        if not live_first:
            put_value(writer, T0 + 3 * MINUTE, 42.0)
        reader = open_reader(path)
        before = reader.series(PLACE, "power_w", T0, T0 + 10 * MINUTE).mean
        writer.compact(T0 + 2 * DAY)
        after = reader.series(PLACE, "power_w", T0, T0 + 10 * MINUTE).mean
        np.testing.assert_array_equal(before, after)
        states.append(after.tolist())
        reader.close()
        writer.close()
    assert states[0] == states[1] == [7, 7, 7, 42, 7, 7, 7, 7, 7, 7]


def test_a_live_sample_without_the_value_hides_no_told_one(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    writer.put_history([chunk(T0 + MINUTE * np.arange(4), np.full(4, 7.0))])
    put_value(writer, T0 + 2 * MINUTE, np.nan)
    reader = open_reader(tmp_path / "store.db")
    assert reader.series(PLACE, "power_w", T0, T0 + 4 * MINUTE).mean.tolist() == [7, 7, 7, 7]
    reader.close()
    writer.close()


def test_r16_a_bucket_is_the_same_wherever_the_span_begins_and_ends_in_it(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    for minute in range(120):
        put_value(writer, T0 + minute * MINUTE, 3.0 if minute in (2, 118) else 100.0)
    reader = open_reader(tmp_path / "store.db")
    whole = reader.series(PLACE, "power_w", T0, T0 + 120 * MINUTE, 9)
    cut = reader.series(PLACE, "power_w", T0 + 5 * MINUTE, T0 + 112 * MINUTE, 9)
    assert whole.step_ms == cut.step_ms == 15 * MINUTE
    for one, other in ((whole.low, cut.low), (whole.mean, cut.mean)):
        np.testing.assert_array_equal(one, other)
    reader.close()
    writer.close()


def test_a_sample_that_comes_after_its_day_was_closed_fills_what_is_missing(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    put_value(writer, T0, 1.0)
    writer.compact(T0 + 2 * DAY)
    assert put_value(writer, T0 + MINUTE, 2.0, ("C01",))
    assert not put_value(writer, T0 + MINUTE, 2.0, ("C01",))
    assert not put_value(writer, T0 + 1, 9.0)
    reader = open_reader(tmp_path / "store.db")
    assert reader.series(PLACE, "power_w", T0, T0 + 2 * MINUTE).mean.tolist() == [1.0, 2.0]
    assert reader.series(container_key("ky-1", "C01"), "power_w", T0 + MINUTE, T0 + 2 * MINUTE).mean[0] == 3.0
    reader.close()
    writer.close()


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=4, unique=True))
@example(['40" box', "C\\2", "C2", "a\tb"])
@settings(max_examples=25)  # each is a store of its own
def test_a_container_is_found_by_the_minute_whatever_it_is_called(names: list[str]) -> None:
    with TemporaryDirectory() as folder:
        writer = open_writer(Path(folder) / "store.db")
        put_value(writer, T0, 1.0, tuple(names))
        reader = open_reader(writer.opened.path)
        for number, name in enumerate(names):
            found = reader.series(container_key("ky-1", name), "power_w", T0, T0 + MINUTE).mean
            assert found.tolist() == [2.0 + number]
        reader.close()
        writer.close()
