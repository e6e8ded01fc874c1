"""No spike is lost at any level, no gap is filled, and the finest level that fits is chosen."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.durations import DAY_MINUTES, DAY_MS
from console.domain.pyramid import KEPT_BUCKETS, LADDER_MINUTES, fold, grid, summary

MINUTE = 60_000
VALUES = st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6, width=32))


def test_every_level_divides_the_next_and_a_day() -> None:
    steps = (*LADDER_MINUTES, DAY_MINUTES)
    assert all(wide % narrow == 0 for narrow, wide in pairwise(steps))


@given(st.integers(0, 10**13), st.integers(0, 400 * DAY_MS), st.integers(1, 3000))
def test_the_finest_level_that_fits_is_chosen(start_ms: int, span_ms: int, buckets: int) -> None:
    chosen = grid(start_ms, start_ms + span_ms, buckets)
    assert chosen.start_ms <= start_ms
    assert chosen.end_ms >= start_ms + span_ms or span_ms == 0
    assert chosen.start_ms % chosen.step_ms == 0
    assert chosen.end_ms - (start_ms + span_ms) < chosen.step_ms
    finer = [step for step in LADDER_MINUTES if step * MINUTE < chosen.step_ms]
    if chosen.count > buckets:
        assert chosen.step_ms == LADDER_MINUTES[-1] * MINUTE
    elif finer:
        step_ms = finer[-1] * MINUTE
        first = start_ms - start_ms % step_ms
        assert -((first - start_ms - span_ms) // step_ms) > buckets


@pytest.mark.parametrize(
    ("days", "buckets", "minutes"), [(1, 1440, 1), (1, 300, 5), (7, 1000, 15), (14, 1000, 30), (365, 1500, 360)]
)
def test_r16_a_span_gets_the_level_that_a_screen_can_show(days: int, buckets: int, minutes: int) -> None:
    assert grid(0, days * DAY_MS, buckets).step_ms == minutes * MINUTE


def test_a_grid_of_nothing_is_empty() -> None:
    assert grid(5 * MINUTE, 5 * MINUTE, 10).count == 0
    assert grid(9 * MINUTE, 5 * MINUTE, 10).count == 0


@given(st.lists(VALUES, min_size=60, max_size=60), st.sampled_from([1, 5, 15, 30, 60]))
def test_folding_keeps_extremes_means_and_gaps(values: list[float], width: int) -> None:
    minutes = np.array(values, dtype=np.float32)
    mean, low, high = fold(minutes, width)
    for number, row in enumerate(minutes.reshape(-1, width)):
        known = row[np.isfinite(row)]
        if not known.size:
            assert np.isnan([mean[number], low[number], high[number]]).all()
            continue
        assert (low[number], high[number]) == (known.min(), known.max())
        assert mean[number] == pytest.approx(known.astype(np.float64).mean(), rel=1e-5, abs=1e-3)


@pytest.mark.parametrize("minute", [0, 777, DAY_MINUTES - 1])
def test_r18_a_one_minute_dip_is_in_every_stored_level(minute: int) -> None:
    day = np.full(DAY_MINUTES, 100.0, dtype=np.float32)
    day[minute] = 3.0
    levels = summary(day)
    for step, where in KEPT_BUCKETS.items():
        low = levels[1, where]
        assert len(low) == DAY_MINUTES // step
        assert low[minute // step] == 3.0
        assert (np.delete(low, minute // step) == 100.0).all()
