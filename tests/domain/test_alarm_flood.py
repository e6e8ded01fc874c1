"""When a flood begins and when it is over, to the alarm."""

from __future__ import annotations

from console.domain.alarm_change import Flood
from console.domain.alarm_flood import FloodWatch

MINUTE = 60_000


def test_r31_ten_are_no_flood_and_eleven_are_one_until_four_are_left() -> None:
    watch = FloodWatch()
    for number in range(11):
        assert not watch.now.active
        watch.announced(number * MINUTE // 2)
        watch.step(number * MINUTE // 2)
    assert watch.now == Flood(True, 5 * MINUTE, None, 11)
    watch.step(10 * MINUTE + 5 * MINUTE // 2)
    assert (watch.now.active, watch.now.lately) == (True, 5), "five are left: it goes on"
    watch.step(13 * MINUTE)
    assert watch.now == Flood(False, 5 * MINUTE, 13 * MINUTE, 4)


def test_a_restart_in_a_flood_goes_on_with_it() -> None:
    watch = FloodWatch(Flood(True, 0, None, 11), [MINUTE] * 11)
    assert not watch.step(2 * MINUTE)
    assert watch.now.active
