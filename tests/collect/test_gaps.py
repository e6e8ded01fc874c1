"""What is missing of the past: spans, days, tasks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.collect.gaps import LEAST_GAP_MS, Span, by_day, merged, missing, plan, without
from console.domain.durations import DAY_MS
from console.domain.series import Series

MINUTE = 60_000
T0 = 20_000 * DAY_MS
moments = st.integers(0, 300)
spans = st.lists(st.tuples(moments, moments), max_size=8)


def covered(of: list[Span]) -> set[int]:
    return {moment for start, end in of for moment in range(start, end)}


def series(known: list[bool]) -> Series:
    mean = np.where(known, 1.0, np.nan).astype(np.float32)
    at_ms = T0 + MINUTE * np.arange(len(known), dtype=np.int64)
    return Series("site:a", "hashrate_hs", MINUTE, at_ms, mean, mean, mean)


def test_a_gap_is_three_minutes_or_more() -> None:
    known = [True, False, False, True, False, False, False, True, False, False, False, False]
    assert missing(series(known)) == [(T0 + 4 * MINUTE, T0 + 7 * MINUTE), (T0 + 8 * MINUTE, T0 + 12 * MINUTE)]
    assert missing(series([])) == []
    assert missing(series([True] * 10)) == []
    assert missing(series([False] * 10)) == [(T0, T0 + 10 * MINUTE)]


@given(st.lists(st.booleans(), max_size=60))
def test_every_missing_minute_of_a_long_gap_is_found_and_no_other(known: list[bool]) -> None:
    found = covered([((a - T0) // MINUTE, (b - T0) // MINUTE) for a, b in missing(series(known), MINUTE)])
    assert found == {position for position, there in enumerate(known) if not there}


@given(spans, spans)
def test_spans_subtract_like_sets(some: list[Span], taken: list[Span]) -> None:
    assert covered(merged(some)) == covered(some)
    left = without(some, taken)
    assert covered(left) == covered(some) - covered(taken)
    assert left == sorted(left)
    assert all(start < end for start, end in left)


@given(st.integers(0, 5 * DAY_MS), st.integers(1, 5 * DAY_MS))
def test_days_cut_at_midnight_and_lose_nothing(start: int, length: int) -> None:
    parts = by_day((start, start + length))
    assert parts[0][0] == start
    assert parts[-1][1] == start + length
    assert all(before[1] == after[0] for before, after in pairwise(parts))
    assert all(a // DAY_MS == (b - 1) // DAY_MS for a, b in parts)


def test_the_newest_day_comes_first_and_sites_keep_their_order() -> None:
    tasks = plan({"b": [(T0, T0 + 2 * DAY_MS)], "a": [(T0, T0 + 2 * DAY_MS)]}, {})
    assert [(task.site_id, task.day - T0 // DAY_MS) for task in tasks] == [("b", 1), ("a", 1), ("b", 0), ("a", 0)]


def test_what_was_asked_before_is_not_asked_again_and_a_day_is_one_request() -> None:
    hour = 3_600_000
    asked = {"a": [(T0 + hour, T0 + 2 * hour)]}
    [task] = plan({"a": [(T0, T0 + 3 * hour)]}, asked)
    assert (task.start_ms, task.end_ms) == (T0, T0 + 3 * hour)
    assert plan({"a": [(T0 + hour, T0 + 2 * hour)]}, asked) == []
    assert plan({"a": [(T0, T0 + hour + LEAST_GAP_MS - 1)]}, {"a": [(T0, T0 + hour)]}) == []
