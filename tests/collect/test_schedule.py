"""The schedule as a state machine: spread, back-off, requests, sleep."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.collect.schedule import (
    BACKOFF_CAP_PERIODS,
    FIRST_ROUND_S,
    RETRY_AFTER_CAP_S,
    Schedule,
    phase_of,
)
from console.collect.sleep import SleepWatch
from tests.collect.fakes import make_site

PERIOD = 30.0


def schedule_of(count: int, now_s: float = 0.0) -> Schedule:
    return Schedule([make_site(number, PERIOD) for number in range(count)], now_s, random.Random(1))


def run(schedule: Schedule, until_s: float, took_s: float = 0.5) -> dict[str, list[float]]:
    """Play good answers until a moment; when each site was polled."""
    polled: dict[str, list[float]] = {}
    now = 0.0
    while (now := schedule.next_due_s()) < until_s:
        for site_id in schedule.due(now):
            polled.setdefault(site_id, []).append(now)
            schedule.succeeded(site_id, now + took_s)
    return polled


def test_phases_are_stable_and_spread() -> None:
    assert phase_of("us-ga-1") == phase_of("us-ga-1")
    tenths = [int(phase_of(f"site-{number}") * 10) for number in range(200)]
    assert set(tenths) == set(range(10))


def test_every_site_is_asked_at_once_at_start_then_once_a_period() -> None:
    polled = run(schedule_of(44), 600.0)
    assert len(polled) == 44
    for times in polled.values():
        assert times[0] <= FIRST_ROUND_S
        steps = [later - earlier for earlier, later in pairwise(times[1:])]
        assert all(step == pytest.approx(PERIOD) for step in steps)


def test_44_sites_never_come_in_one_burst() -> None:
    polled = run(schedule_of(44), 120.0)
    seconds = [int(moment) for times in polled.values() for moment in times if 60 <= moment < 90]
    assert max(seconds.count(second) for second in set(seconds)) <= 7


def test_a_running_site_is_not_polled_twice() -> None:
    schedule = schedule_of(1)
    assert schedule.due(10.0) == ("site-0",)
    assert schedule.due(10_000.0) == ()
    assert schedule.next_due_s() == math.inf


def test_missed_ticks_are_skipped_not_made_up() -> None:
    schedule = schedule_of(1)
    schedule.due(10.0)
    schedule.succeeded("site-0", 200.0)
    assert 200.0 < schedule.next_due_s() <= 230.0


def test_back_off_doubles_to_a_cap_and_ends_with_the_first_answer() -> None:
    schedule = schedule_of(1)
    waits = []
    for _ in range(8):
        now = schedule.next_due_s()
        assert schedule.due(now)
        schedule.failed("site-0", now + 1)
        waits.append((schedule.next_due_s() - now) / PERIOD)
    assert waits[0] <= 1.0
    assert waits[1] > waits[0]
    assert 3.2 <= waits[-1] <= 4.0, "a dead site is asked every fourth period at least"
    now = schedule.next_due_s()
    schedule.due(now)
    schedule.succeeded("site-0", now)
    assert schedule.next_due_s() - now <= 1.5 * PERIOD


def test_n3_the_sources_own_retry_after_is_waited_for_and_capped() -> None:
    schedule = schedule_of(1)
    schedule.due(10.0)
    schedule.failed("site-0", 11.0, retry_after_s=300.0)
    assert schedule.next_due_s() >= 311.0
    assert not schedule.hurry("site-0", 100.0)
    schedule.due(400.0)
    schedule.failed("site-0", 400.0, retry_after_s=1e9)
    assert schedule.next_due_s() <= 400.0 + RETRY_AFTER_CAP_S
    schedule.due(2000.0)
    schedule.failed("site-0", 2000.0, retry_after_s=math.nan)
    assert schedule.next_due_s() <= 2000.0 + PERIOD * BACKOFF_CAP_PERIODS


def test_a_request_polls_soon_but_not_in_a_storm() -> None:
    schedule = schedule_of(1)
    schedule.due(10.0)
    assert not schedule.hurry("site-0", 10.5)
    schedule.succeeded("site-0", 10.5)
    assert schedule.hurry("site-0", 11.0)
    assert schedule.next_due_s() == pytest.approx(12.0)
    assert not schedule.hurry("no-such-site", 11.0)


def test_n12_back_off_resets_on_resume() -> None:
    schedule = schedule_of(5)
    for _ in range(6):
        now = schedule.next_due_s()
        for site_id in schedule.due(now):
            schedule.failed(site_id, now)
    schedule.resumed(10_000.0)
    assert schedule.next_due_s() < 10_000.0 + FIRST_ROUND_S
    assert len(schedule.due(10_000.0 + FIRST_ROUND_S)) == 5


def test_n12_sleep_and_standing_still_are_noticed_and_wall_jitter_is_not() -> None:
    clocks = {"awake": 100.0, "always": 500.0}
    watch = SleepWatch(lambda: clocks["awake"], lambda: clocks["always"])

    def advance(awake: float, always: float) -> float:
        clocks["awake"] += awake
        clocks["always"] += always
        return watch.lost_s()

    assert advance(0.5, 0.5) == 0.0
    assert advance(0.5, 28_800.5) == pytest.approx(28_800)
    assert advance(0.5, 0.4) == 0.0
    assert advance(120.0, 120.0) == pytest.approx(120)
    assert advance(0.5, -3600.0) == 0.0


class ScheduleMachine(RuleBasedStateMachine):
    """Whatever happens, a site is never run twice at once, never starved, never asked before its source allows."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.sites = {f"site-{number}": 10.0 * (1 + number % 3) for number in range(6)}
        sites = [make_site(number, self.sites[f"site-{number}"]) for number in range(6)]
        self.schedule = Schedule(sites, self.now, random.Random(7))
        self.running: set[str] = set()
        self.banned: dict[str, float] = {}

    @rule(seconds=st.floats(0.0, 100.0))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        for site_id in self.schedule.due(self.now):
            assert site_id not in self.running
            assert self.now >= self.banned.get(site_id, -math.inf)
            self.running.add(site_id)

    @precondition(lambda self: self.running)
    @rule(data=st.data(), retry=st.none() | st.floats(0.0, 500.0), good=st.booleans())
    def poll_ends(self, data: st.DataObject, retry: float | None, good: bool) -> None:
        site_id = data.draw(st.sampled_from(sorted(self.running)))
        self.running.discard(site_id)
        if good:
            self.schedule.succeeded(site_id, self.now)
            self.banned.pop(site_id, None)
        else:
            self.schedule.failed(site_id, self.now, retry)
            self.banned.pop(site_id, None)
            if retry is not None:
                self.banned[site_id] = self.now + retry

    @rule(number=st.integers(0, 5))
    def hurry(self, number: int) -> None:
        self.schedule.hurry(f"site-{number}", self.now)

    @rule()
    def resume(self) -> None:
        self.schedule.resumed(self.now)

    @invariant()
    def nobody_starves(self) -> None:
        longest = max(BACKOFF_CAP_PERIODS * max(self.sites.values()), RETRY_AFTER_CAP_S)
        if len(self.running) < len(self.sites):
            assert self.schedule.next_due_s() <= self.now + longest


ScheduleMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestScheduleMachine = ScheduleMachine.TestCase
