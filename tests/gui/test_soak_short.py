"""A few simulated hours of both processes in fast motion: the soak itself, as short as a test run allows."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.soak.__main__ import soak
from tests.soak.measure import least_of_a_day, rise_a_day, slope
from tests.soak.verdict import judge, table

TIMED = ("memory a day", "longest stall")  # a few hours on a busy machine say nothing of these


@pytest.mark.skipif(sys.platform != "linux", reason="memory, descriptors and threads are read from /proc")
def test_t37_t38_hours_in_fast_motion_leave_no_descriptor_thread_or_widget_behind(tmp_path: Path) -> None:
    lines = soak(tmp_path, days=0.25, speed=1800, sites=4, miners=200, openings=10)
    short = [line for line in lines if not line.ok and line.measure not in TIMED and not line.measure.endswith("a day")]
    kept = {
        (line.side, line.measure): line.found
        for line in lines
        if line.measure in ("descriptors a day", "threads a day")
    }
    assert not short, table(lines)
    assert set(kept.values()) == {0.0}, table(lines)
    assert {line.measure for line in lines} >= {"WAL at most", "Qt warnings", *TIMED}, table(lines)


def test_t37_a_leak_of_two_mib_a_day_is_found_and_noise_is_not() -> None:
    noise = [100 + (hour * 7919 % 13) / 4 for hour in range(7 * 24)]
    assert abs(slope(noise)) < 0.5
    assert 1.5 < slope([value + hour / 12 for hour, value in enumerate(noise)]) < 2.5


def test_t37_a_part_made_at_its_first_use_is_no_leak_and_one_widget_a_day_is() -> None:
    hours = range(7 * 24)
    assert rise_a_day([528 + 7 * (hour > 84) for hour in hours]) == 0
    assert rise_a_day([528 + hour // 24 for hour in hours]) == 1
    assert rise_a_day([528.0, 529.0, 530.0]) > 0, "less than a day: the slope"


def test_t38_what_comes_and_goes_with_the_curves_shown_is_no_leak_and_one_value_a_day_is() -> None:
    noise = random.Random(3)
    shown = [60 + noise.randrange(18) for _ in range(134)]
    assert rise_a_day(least_of_a_day(shown)) == 0
    assert rise_a_day(least_of_a_day([value + hour // 24 for hour, value in enumerate(shown)])) == 1
    assert rise_a_day(least_of_a_day([value + 12 * (hour > 60) for hour, value in enumerate(shown)])) == 0
    assert rise_a_day(least_of_a_day([66.0, 67.0, 68.0])) > 0, "less than a day: the slope"


HOUR = {"rss_mib": 200.0, "heap_used_mib": 60.0, "fds": 30, "threads": 9, "wal_mib": 3.0}
SCREEN = {"own_max_ms": 40.0, "max_ms": 60.0, "p50_ms": 0.1, "p99_ms": 9.0, "ran_ms": 30.0, "stolen_ms": 0.0,
          "stalls": 0, "culprit": "", "qt_warnings": 0, "widgets": 900, "qobjects": 2000, "wrappers": 3000,
          "kinds": {"QRectF": 66, "QPixmap": 9}}  # fmt: skip
SUMMARY = {"growers": [], "warnings": [], "opened": 100}


def short_of(side: str, change: Callable[[int], dict[str, object]]) -> set[str]:
    """Which measures of a week are short where `change` tells what differs from a sound hour, by its number."""
    hours = [{"hour": hour, **HOUR, **SCREEN} for hour in range(7 * 24)]
    changed = [{**row, **change(hour)} for hour, row in enumerate(hours)]
    openings = {"site": {"widgets": [900, 900], "wrappers": [3000, 3000]}}
    sound, other = [*hours, {**SUMMARY, "openings": openings}], [*changed, {**SUMMARY, "openings": openings}]
    lines = judge(other if side == "collector" else sound, other if side == "desktop" else sound)
    return {line.measure for line in lines if not line.ok and line.side == side}


@pytest.mark.parametrize("side", ["collector", "desktop"])
def test_t37_each_side_is_judged_by_memory_descriptors_and_threads(side: str) -> None:
    assert short_of(side, lambda hour: {}) == set()
    assert short_of(side, lambda hour: {"rss_mib": 200 + 1.1 * hour / 24}) == {"memory a day"}
    assert short_of(side, lambda hour: {"rss_mib": 200 + 0.9 * hour / 24}) == set()
    assert short_of(side, lambda hour: {"fds": 30 + hour // 24}) == {"descriptors a day"}
    assert short_of(side, lambda hour: {"threads": 9 + hour // 24}) == {"threads a day"}


def test_t37_a_log_that_once_grew_over_64_mib_is_short() -> None:
    assert short_of("collector", lambda hour: {"wal_mib": 65.0 if hour == 100 else 3.0}) == {"WAL at most"}
    assert short_of("collector", lambda hour: {"wal_mib": 64.0}) == set()


def test_t11_one_stall_of_the_screens_own_over_a_tenth_of_a_second_is_short() -> None:
    assert short_of("desktop", lambda hour: {"own_max_ms": 101.0 if hour == 3 else 40.0}) == {"longest stall"}
    assert short_of("desktop", lambda hour: {"own_max_ms": 100.0}) == set()
    assert short_of("desktop", lambda hour: {"qt_warnings": 1}) == {"Qt warnings"}


def test_t38_two_values_of_one_class_that_stay_each_day_are_short() -> None:
    def pictures(a_day: int) -> Callable[[int], dict[str, object]]:
        return lambda hour: {"kinds": {"QRectF": 66 + hour % 5, "QPixmap": 9 + hour // 24 * a_day}}

    assert short_of("desktop", pictures(0)) == set()
    assert short_of("desktop", pictures(2)) == {"wrappers a day"}


def test_a_side_that_dies_is_short() -> None:
    row = {"hour": 1, "rss_mib": 50.0, "fds": 9, "threads": 4, "wal_mib": 1.0}
    lines = judge([row], [])
    assert [line.ok for line in lines if line.measure == "did not end by itself"] == [False, False]
