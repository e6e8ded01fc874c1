"""A few simulated hours of both processes in fast motion: the soak itself, as short as a test run allows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.soak.__main__ import soak
from tests.soak.measure import slope
from tests.soak.verdict import judge, table

TIMED = ("memory a day", "longest stall")  # a few hours on a busy machine say nothing of these


@pytest.mark.skipif(sys.platform != "linux", reason="memory, descriptors and threads are read from /proc")
def test_t12_t34_hours_in_fast_motion_leave_no_descriptor_thread_or_widget_behind(tmp_path: Path) -> None:
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


def test_a_leak_of_two_mib_a_day_is_found_and_noise_is_not() -> None:
    noise = [100 + (hour * 7919 % 13) / 4 for hour in range(7 * 24)]
    assert abs(slope(noise)) < 0.5
    assert 1.5 < slope([value + hour / 12 for hour, value in enumerate(noise)]) < 2.5


def test_a_side_that_dies_is_short() -> None:
    row = {"hour": 1, "rss_mib": 50.0, "fds": 9, "threads": 4, "wal_mib": 1.0}
    lines = judge([row], [])
    assert [line.ok for line in lines if line.measure == "did not end by itself"] == [False, False]
