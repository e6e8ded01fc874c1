"""A machine's past as a plot takes it: every extreme, every gap, and nothing that was never told."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.domain.durations import DAY_MS
from console.store.face import MinerSeries
from console.ui.models.miners.page import believed, gridded
from console.ui.models.span import Span
from tests.ui.fakes import NOW_MS

MINUTE_MS = 60_000


@given(st.lists(st.integers(0, 400), unique=True, max_size=60), st.integers(0, 2**31))
def test_r18_a_past_keeps_every_extreme_and_invents_nothing(minutes: list[int], seed: int) -> None:
    at_ms = np.sort(np.array(minutes, dtype=np.int64)) * MINUTE_MS + NOW_MS // MINUTE_MS * MINUTE_MS
    values = np.random.default_rng(seed).uniform(0, 1e14, at_ms.size).astype(np.float32)
    for days in (1, 3):
        span = Span(NOW_MS - DAY_MS, NOW_MS + days * DAY_MS, live=False)
        series = gridded(MinerSeries(at_ms, values), "x", "hashrate_hs", span)
        assert np.all(np.diff(series.at_ms) > 0)
        assert np.count_nonzero(np.isfinite(series.mean)) <= at_ms.size
        if at_ms.size:
            assert np.nanmin(series.low) == values.min()
            assert np.nanmax(series.high) == values.max()
        else:
            assert not np.isfinite(series.mean).any()


def test_r18_five_minutes_keep_their_lowest_and_highest_whatever_comes_last() -> None:
    nan = float("nan")
    values = np.array([100, 140, 20, 100, 100, nan, nan, 90, 102, 99], dtype=np.float32)
    told = MinerSeries(np.arange(10, dtype=np.int64) * MINUTE_MS, values)
    series = gridded(told, "x", "power_w", Span(0, 3 * DAY_MS, live=False))
    assert series.step_ms == 5 * MINUTE_MS
    assert (series.low[:2].tolist(), series.high[:2].tolist()) == ([20, 90], [140, 102])
    assert series.mean[:2].tolist() == [92, 97]
    for edge in (series.mean, series.low, series.high):
        assert np.isnan(edge[2:]).all(), "no sample is no value"


def test_a_silence_is_a_gap_and_a_skipped_minute_is_none() -> None:
    minutes = np.array([0, 1, 2, 4, 5, 6, 30, 31], dtype=np.int64)
    told = MinerSeries(minutes * MINUTE_MS, np.full(minutes.size, 1e14, dtype=np.float32))
    series = gridded(told, "x", "hashrate_hs", Span(0, DAY_MS, live=False))
    assert (series.at_ms[~np.isfinite(series.mean)] // MINUTE_MS).tolist() == [7]


def test_a_sample_that_no_machine_can_have_is_left_out_and_a_breaker_keeps_its_power() -> None:
    told = MinerSeries(np.arange(4, dtype=np.int64) * MINUTE_MS, np.array([3e3, 9e4, -1, np.nan], dtype=np.float32))
    assert believed(told, "power_w", 3_172.0).values[:1].tolist() == [3e3]
    assert believed(told, "power_w", 3_172.0).at_ms.tolist() == [0, 3 * MINUTE_MS], "no value is none to doubt"
    assert believed(told, "power_w", None).at_ms.size == 2
    assert believed(told, "power_w", 60_000.0).values[:2].tolist() == [3e3, 9e4], "a container's breaker"
