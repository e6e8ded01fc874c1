"""Axis labels: round values, and local clocks on the days when they change."""

from __future__ import annotations

import itertools
import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ui.plot.ticks import time_ticks, value_ticks, zone_text

HOUR_MS = 3_600_000


def epoch_ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("low", "high", "most", "texts"),
    [
        (43.5, 50.4, 4, ["44", "46", "48", "50"]),
        (0.0, 1250.0, 5, ["0", "250", "500", "750", "1,000", "1,250"]),
        (0.0, 2.1, 4, ["0", "1", "2"]),
        (-1.0, 1.0, 4, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
        (0.0, 0.6, 3, ["0.0", "0.2", "0.4", "0.6"]),
        (0.0, 0.9, 4, ["0.00", "0.25", "0.50", "0.75"]),
    ],
)
def test_values_are_round_and_say_no_more_digits_than_their_step(
    low: float, high: float, most: int, texts: list[str]
) -> None:
    assert [tick.text for tick in value_ticks(low, high, most)] == texts


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(1, 12))
def test_ticks_stay_inside_and_are_not_too_many(low: float, reach: float, most: int) -> None:
    high = low + reach
    if not high > low:
        return
    ticks = value_ticks(low, high, most)
    assert len(ticks) <= most + 1
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert all(low - slack <= tick.at <= high + slack for tick in ticks)


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (0.0, math.inf)])
def test_an_axis_without_reach_has_no_ticks(low: float, high: float) -> None:
    assert value_ticks(low, high, 4) == ()


def test_hours_in_utc() -> None:
    start, end = epoch_ms("2026-11-22T08:32:00"), epoch_ms("2026-11-22T14:32:00")
    assert [tick.text for tick in time_ticks(start, end, UTC, 8)] == [
        "09:00", "10:00", "11:00", "12:00", "13:00", "14:00",
    ]  # fmt: skip


def test_a_date_stands_at_midnight() -> None:
    start, end = epoch_ms("2026-11-21T20:00:00"), epoch_ms("2026-11-22T04:00:00")
    assert "22 Nov" in [tick.text for tick in time_ticks(start, end, UTC, 8)]


# R15: the three zones of the fleet's regions that change their clocks, each on the day it does
DST_DAYS = [
    ("America/New_York", "2026-03-08T00:00:00", 23, "forward: 02:00 does not exist"),
    ("America/New_York", "2026-11-01T00:00:00", 25, "back: 01:00 comes twice"),
    ("America/Edmonton", "2025-11-02T00:00:00", 25, "back"),
    ("Europe/Oslo", "2026-03-29T00:00:00", 23, "forward"),
    ("Europe/Oslo", "2026-10-25T00:00:00", 25, "back"),
]


@pytest.mark.parametrize(("name", "day", "hours", "why"), DST_DAYS)
def test_r15_a_day_of_changing_clocks_has_its_own_number_of_hours(name: str, day: str, hours: int, why: str) -> None:
    zone = ZoneInfo(name)
    start = int(datetime.fromisoformat(day).replace(tzinfo=zone).timestamp() * 1000)
    end = start + hours * HOUR_MS
    ticks = time_ticks(start, end, zone, 30)
    assert len(ticks) == hours + 1, why
    assert not any(":" in tick.text for tick in (ticks[0], ticks[-1])), "midnights carry the date"
    for tick in ticks[1:-1]:
        local = datetime.fromtimestamp(tick.at / 1000, zone)
        assert (local.minute, local.second) == (0, 0)
        assert tick.text == f"{local:%H:%M}"
    assert len({tick.at for tick in ticks}) == len(ticks)
    steps = {round(later.at - earlier.at) for earlier, later in itertools.pairwise(ticks)}
    assert steps == {HOUR_MS}, "an hour of an axis is an hour of time, whatever the clock says"


@pytest.mark.parametrize(("name", "day"), [(name, day) for name, day, hours, _ in DST_DAYS if hours == 25])
def test_r15_the_hour_that_comes_twice_is_labelled_twice(name: str, day: str) -> None:
    zone = ZoneInfo(name)
    start = int(datetime.fromisoformat(day).replace(tzinfo=zone).timestamp() * 1000)
    texts = [tick.text for tick in time_ticks(start, start + 25 * HOUR_MS, zone, 30)]
    assert len(texts) - len(set(texts)) == 1


@pytest.mark.parametrize(("name", "day", "hours", "why"), DST_DAYS)
def test_r15_days_begin_at_local_midnight_across_the_change(name: str, day: str, hours: int, why: str) -> None:
    zone = ZoneInfo(name)
    start = int(datetime.fromisoformat(day).replace(tzinfo=zone).timestamp() * 1000) - 2 * 24 * HOUR_MS
    ticks = time_ticks(start, start + 6 * 24 * HOUR_MS, zone, 6)
    assert len(ticks) >= 5, why
    assert {datetime.fromtimestamp(tick.at / 1000, zone).hour for tick in ticks} == {0}


def test_a_zone_says_its_name_and_follows_the_season() -> None:
    assert zone_text(UTC, 0) == "UTC"
    york = ZoneInfo("America/New_York")
    assert zone_text(york, epoch_ms("2026-01-15T12:00:00")) == "EST"
    assert zone_text(york, epoch_ms("2026-07-15T12:00:00")) == "EDT"
    assert zone_text(ZoneInfo("Asia/Muscat"), epoch_ms("2026-07-15T12:00:00")) == "UTC+4"
    assert zone_text(ZoneInfo("Asia/Kathmandu"), epoch_ms("2026-07-15T12:00:00")) == "UTC+5:45"


def test_a_year_is_marked_by_its_months() -> None:
    start_ms = int(datetime(2025, 11, 22, tzinfo=UTC).timestamp() * 1000)
    ticks = time_ticks(start_ms, start_ms + 365 * 86_400_000, UTC, 12)
    texts = [tick.text for tick in ticks]
    assert texts[:3] == ["Dec", "2026", "Feb"] or texts == ["2026", "Apr", "Jul", "Oct"]
    assert all(datetime.fromtimestamp(tick.at / 1000, UTC).day == 1 for tick in ticks)
