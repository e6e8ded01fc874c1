"""What the screen writes for a number or a moment."""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo

import pytest

from console.ui import numbers


@pytest.mark.parametrize(
    ("hashrate_hs", "text"),
    [
        (44.87e18, "44.87 EH/s"),
        (1.5e18, "1.50 EH/s"),
        (460.21e15, "460.2 PH/s"),
        (141e12, "141.0 TH/s"),
        (0.0, "0.00 H/s"),
        (math.nan, "— EH/s"),
        (None, "— EH/s"),
    ],
)
def test_hashrate_is_written_in_the_largest_whole_unit(hashrate_hs: float | None, text: str) -> None:
    assert " ".join(numbers.hashrate_text(hashrate_hs)) == text


@pytest.mark.parametrize(
    ("power_w", "text"),
    [(1.05e9, "1,050 MW"), (24.12e6, "24.1 MW"), (402.4e6, "402 MW"), (850e3, "850 kW"), (None, "— MW")],
)
def test_power_is_written_in_megawatts_and_never_in_gigawatts(power_w: float | None, text: str) -> None:
    assert " ".join(numbers.power_text(power_w)) == text


def test_minus_is_a_minus_and_a_rounded_zero_has_none() -> None:
    assert numbers.decimal(-0.44, 2) == "−0.44"
    assert numbers.decimal(-0.001, 1) == "0.0"
    assert numbers.integer(-1234567) == "−1,234,567"


def test_no_value_is_never_zero() -> None:
    assert numbers.percent(math.nan) == numbers.integer(None) == numbers.utc_time(None) == "—"


def test_a_column_keeps_its_unit() -> None:
    assert numbers.in_unit(0.46e18, "EH/s", 2) == "0.46"
    assert numbers.percent(0.897) == "89.7"


def test_times_are_utc_and_name_their_date_once() -> None:
    start_ms, end_ms = 1_795_336_327_000, 1_795_357_927_000
    assert numbers.utc_time(end_ms) == "14:32:07"
    assert numbers.utc_date(end_ms) == "2026-11-22"
    assert numbers.utc_weekday(end_ms) == "Sun"
    assert numbers.range_text(start_ms, end_ms) == "2026-11-22 08:32 – 14:32"
    assert numbers.range_text(start_ms - 86_400_000, end_ms) == "2026-11-21 08:32 – 2026-11-22 14:32"


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [("Europe/Berlin", "02:59", "02:00"), ("America/Chicago", "19:59", "20:00"), ("Asia/Muscat", "04:59", "05:00")],
)
def test_r15_a_local_axis_follows_its_zone_over_a_clock_change(zone: str, before: str, after: str) -> None:
    berlin_falls_back_ms = 1_792_890_000_000  # 2026-10-25 01:00 UTC
    local = ZoneInfo(zone)
    assert numbers.minute_in(berlin_falls_back_ms - 60_000, local).endswith(before)
    assert numbers.minute_in(berlin_falls_back_ms, local).endswith(after)


def test_one_thing_and_many_are_counted_in_words() -> None:
    assert [numbers.counted(count, "site") for count in (0, 1, 44, 1200)] == [
        "0 sites",
        "1 site",
        "44 sites",
        "1,200 sites",
    ]
