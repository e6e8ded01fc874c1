"""The token bucket against a clock that the test turns."""

from __future__ import annotations

import pytest

from console.adapters.base import Deadline
from console.adapters.budget import Budget, Budgets
from console.domain.errors import RateLimited, TooSlow


class Clock:
    """Seconds that pass only when someone sleeps."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def budget(clock: Clock, per_s: float = 2.0, burst: float = 3.0) -> Budget:
    return Budget(per_s, burst, clock, clock.sleep)


def test_a_burst_goes_at_once_and_then_the_rate_holds(clock: Clock) -> None:
    one, deadline = budget(clock), Deadline.after(60, clock)
    for _ in range(7):
        one.take(deadline)
    assert clock.slept == pytest.approx([0.5] * 4)


def test_idle_time_fills_the_burst_and_no_more(clock: Clock) -> None:
    one = budget(clock)
    clock.now_s += 1000
    for _ in range(4):
        one.take(Deadline.after(60, clock))
    assert clock.slept == pytest.approx([0.5])


def test_a_wait_that_outlasts_the_deadline_is_refused_at_once(clock: Clock) -> None:
    one = budget(clock, per_s=0.1, burst=1)
    one.take(Deadline.after(5, clock))
    with pytest.raises(RateLimited) as caught:
        one.take(Deadline.after(5, clock))
    assert caught.value.retry_after_s == pytest.approx(10)
    assert clock.slept == []


def test_a_host_that_asked_us_to_wait_is_left_alone_that_long(clock: Clock) -> None:
    one = budget(clock)
    one.hold(30)
    with pytest.raises(RateLimited) as caught:
        one.take(Deadline.after(5, clock))
    assert caught.value.retry_after_s == pytest.approx(30)
    clock.now_s += 30
    one.take(Deadline.after(5, clock))


def test_a_shorter_word_does_not_undo_a_longer_one_and_none_lasts_beyond_an_hour(clock: Clock) -> None:
    one = budget(clock)
    one.hold(10**9)
    one.hold(5)
    clock.now_s += 3599
    with pytest.raises(RateLimited):
        one.take(Deadline.after(5, clock))
    clock.now_s += 1
    one.take(Deadline.after(5, clock))


def test_an_ended_deadline_takes_no_token(clock: Clock) -> None:
    with pytest.raises(TooSlow):
        budget(clock).take(Deadline.after(-1, clock))


def test_sites_behind_one_host_share_its_budget() -> None:
    budgets = Budgets(1.0)
    assert budgets.of("pool.example") is budgets.of("pool.example")
    assert budgets.of("pool.example") is not budgets.of("other.example")
