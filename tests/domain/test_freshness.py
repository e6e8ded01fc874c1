"""R8's limits to the millisecond, and ages as the screen writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.freshness import Freshness, age_text, freshness

NOW = 1_790_000_000_000


@pytest.mark.parametrize(
    ("age_ms", "state"),
    [
        (0, Freshness.FRESH),
        (45_000, Freshness.FRESH),
        (45_001, Freshness.LATE),
        (75_000, Freshness.LATE),
        (75_001, Freshness.STALE),
        (10**12, Freshness.STALE),
        (-30_000, Freshness.FRESH),
        (-30_001, Freshness.STALE),
        (-3_600_000, Freshness.STALE),
    ],
)
def test_t8_r8_limits_at_a_poll_period_of_30_s(age_ms: int, state: Freshness) -> None:
    assert freshness(NOW - age_ms, NOW, 30.0) is state


@given(st.integers(5, 3600))
def test_r8_limits_are_exact_at_every_period(period_s: int) -> None:
    fresh_ms, late_ms = period_s * 1500, period_s * 2500
    assert freshness(NOW - fresh_ms, NOW, period_s) is Freshness.FRESH
    assert freshness(NOW - fresh_ms - 1, NOW, period_s) is Freshness.LATE
    assert freshness(NOW - late_ms, NOW, period_s) is Freshness.LATE
    assert freshness(NOW - late_ms - 1, NOW, period_s) is Freshness.STALE


def test_t34_a_stamp_a_little_ahead_is_age_zero_at_every_period() -> None:
    assert freshness(NOW + 20_000, NOW, 5.0) is Freshness.FRESH


def test_r8_never_is_a_state_of_its_own() -> None:
    assert freshness(None, NOW, 30.0) is Freshness.NEVER


@pytest.mark.parametrize(
    ("age_s", "text"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (3.9, "3 s"),
        (59.99, "59 s"),
        (60, "1 min"),
        (12 * 60 + 30, "12 min"),
        (3599, "59 min"),
        (3600, "1 h 00"),
        (94 * 60, "1 h 34"),
        (86_399, "23 h 59"),
        (86_400, "1 d 0 h"),
        (3 * 86_400 + 4 * 3600, "3 d 4 h"),
    ],
)
def test_ages_as_written(age_s: float, text: str) -> None:
    assert age_text(age_s) == text
