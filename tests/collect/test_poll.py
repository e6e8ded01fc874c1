"""Polls in real threads: hanging, lying, quitting sources, and the sites beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from console.adapters.base import Deadline
from console.collect.arrival import Arrival
from console.collect.link_book import LinkBook, Outcome, link_of
from console.collect.poll import GRACE_S, MOST_ABANDONED, Poller, deadline_s
from console.domain.errors import AuthRefused, RateLimited, TooSlow, Unreachable
from console.domain.frame import Frame, Reading
from console.domain.link_state import Link
from console.domain.rollup import RosterIndex
from console.domain.site import Site
from tests.collect.fakes import FakeSession, make_reading, make_roster, make_site, wall_ms


class Bench:
    """A poller with one fake session a site, and everything it delivered."""

    def __init__(self, sites: list[Site], behave: Callable[[Site, Deadline], Reading] | None = None) -> None:
        self.sessions: list[FakeSession] = []
        self.arrivals: list[Arrival] = []
        self.known: RosterIndex | None = None

        def open_session(site: Site) -> FakeSession:
            self.sessions.append(FakeSession(site, behave))
            return self.sessions[-1]

        self.poller = Poller(
            sites, open_session, lambda arrival, _: self.arrivals.append(arrival), lambda _: self.known, wall_ms
        )

    def poll(self, site_id: str = "site-1", timeout_s: float = 5.0) -> Outcome:
        self.poller.start(site_id)
        return self.wait(timeout_s)

    def wait(self, timeout_s: float = 5.0) -> Outcome:
        ends = time.monotonic() + timeout_s
        while time.monotonic() < ends:
            for outcome in self.poller.outcomes():
                return outcome
            self.poller.woken.wait(0.02)
        pytest.fail("no outcome")


def raising(error: BaseException) -> Callable[[Site, Deadline], Reading]:
    def behave(site: Site, deadline: Deadline) -> Reading:
        raise error

    return behave


def test_a_good_poll_delivers_one_arrival_with_its_roll_up() -> None:
    bench = Bench([make_site()])
    outcome = bench.poll()
    assert outcome.error is None
    assert outcome.latency_ms >= 0
    [arrival] = bench.arrivals
    assert arrival.rollup.site_value("hashrate_hs") == pytest.approx(4e14)
    assert arrival.rollup.containers == ("C0", "C1")


def test_the_session_and_the_roster_are_kept_between_polls() -> None:
    bench = Bench([make_site()])
    for _ in range(3):
        assert bench.poll().error is None
    assert len(bench.sessions) == 1
    assert len(bench.arrivals) == 3


def test_a_roster_that_the_store_holds_is_used_after_a_restart() -> None:
    bench = Bench([make_site()], lambda site, _: make_reading(site.id, wall_ms(), None))
    assert link_of(bench.poll().error) is Link.BROKEN
    bench.known = RosterIndex.of(make_roster("site-1"))
    assert bench.poll().error is None


@pytest.mark.parametrize(
    ("error", "link"),
    [
        (Unreachable("refused"), Link.DOWN),
        (TooSlow("slow"), Link.SLOW),
        (AuthRefused("401"), Link.REFUSED),
        (RateLimited("429", 5.0), Link.LIMITED),
        (KeyError("x"), Link.BROKEN),
        (MemoryError(), Link.BROKEN),
        (SystemExit(3), Link.BROKEN),
        (KeyboardInterrupt(), Link.BROKEN),
        (RecursionError("deep"), Link.BROKEN),
    ],
)
def test_every_error_of_an_adapter_becomes_one_word_and_never_ends_the_collector(
    error: BaseException, link: Link
) -> None:
    bench = Bench([make_site()], raising(error))
    outcome = bench.poll()
    assert link_of(outcome.error) is link
    state = LinkBook([make_site()], {}, str).note(outcome).state
    assert state.link is link
    assert state.error
    if link is Link.BROKEN:
        assert type(error).__name__ in state.error


def lie(what: str) -> Callable[[Site, Deadline], Reading]:
    def behave(site: Site, deadline: Deadline) -> Reading:
        now, good = wall_ms(), np.zeros(4, dtype=np.float32)
        roster = make_roster(site.id)
        frames = {
            "another site's frame": Frame("site-9", now, now, "v1", {}),
            "a column too short": Frame(site.id, now, now, "v1", {"hashrate_hs": good[:3]}),
            "a column of doubles": Frame(site.id, now, now, "v1", {"hashrate_hs": good.astype(np.float64)}),
            "an unknown metric": Frame(site.id, now, now, "v1", {"horsepower": good}),
            "a list": Frame(site.id, now, now, "v1", {"hashrate_hs": [1, 2, 3, 4]}),
            "another roster": Frame(site.id, now, now, "v2", {"hashrate_hs": good}),
            "a stamp in seconds": Frame(site.id, now // 1000, now, "v1", {"hashrate_hs": good}),
        }
        if what == "no reading":
            return None
        return Reading(frames[what], roster)

    return behave


@pytest.mark.parametrize(
    "what",
    [
        "another site's frame",
        "a column too short",
        "a column of doubles",
        "an unknown metric",
        "a list",
        "another roster",
        "a stamp in seconds",
        "no reading",
    ],
)
def test_a_lying_adapter_stores_nothing_and_gets_a_new_session(what: str) -> None:
    bench = Bench([make_site()], lie(what))
    assert link_of(bench.poll().error) is Link.BROKEN
    assert bench.arrivals == []
    assert bench.sessions[0].closed
    bench.poll()
    assert len(bench.sessions) == 2


def test_a_session_that_cannot_open_is_one_more_broken_link() -> None:
    def open_session(site: Site) -> FakeSession:
        raise ImportError("no such plugin")

    poller = Poller([make_site()], open_session, lambda arrival, _: None, lambda _: None, wall_ms)
    poller.start("site-1")
    poller.woken.wait(5)
    [outcome] = poller.outcomes()
    assert "ImportError" in LinkBook([make_site()], {}, str).note(outcome).state.error


def test_n9_a_stamp_from_the_future_is_stored_at_receive_time_and_flagged() -> None:
    def ahead(site: Site, deadline: Deadline) -> Reading:
        return make_reading(site.id, wall_ms() + 45_000, make_roster(site.id))

    bench = Bench([make_site()], ahead)
    before = wall_ms()
    outcome = bench.poll()
    [arrival] = bench.arrivals
    assert before <= arrival.reading.frame.at_ms <= wall_ms()
    state = LinkBook([make_site()], {}, str).note(outcome).state
    assert state.link is Link.GOOD
    assert "clock runs 45 s ahead" in state.error


@pytest.mark.parametrize("keeps", [True, False], ids=["keeps its deadline", "keeps none"])
def test_t13_the_total_deadline_holds_within_half_a_second(keeps: bool) -> None:
    release = threading.Event()

    def hang(site: Site, deadline: Deadline) -> Reading:
        while keeps and not release.wait(0.02):
            deadline.remaining_s()
        release.wait(30)
        raise TooSlow("late")

    bench = Bench([make_site(period_s=1.0)], hang)
    began = time.monotonic()
    outcome = bench.poll()
    took = time.monotonic() - began
    release.set()
    assert link_of(outcome.error) is Link.SLOW
    assert took <= deadline_s(1.0) + 0.5
    assert outcome.latency_ms <= (deadline_s(1.0) + 0.5) * 1000


def test_abandoned_threads_are_counted_and_bounded_and_a_late_answer_is_thrown_away() -> None:
    release = threading.Event()

    def hang(site: Site, deadline: Deadline) -> Reading:
        release.wait(30)
        return make_reading(site.id, wall_ms(), make_roster(site.id))

    bench = Bench([make_site(period_s=0.1)], hang)
    for _ in range(MOST_ABANDONED):
        assert link_of(bench.poll().error) is Link.SLOW
    assert bench.poller.abandoned() == MOST_ABANDONED
    assert "still hang" in str(bench.poll().error)
    assert len(bench.sessions) == MOST_ABANDONED
    release.set()
    ends = time.monotonic() + 30
    while bench.poller.abandoned() or not all(session.closed for session in bench.sessions):
        assert time.monotonic() < ends
        assert bench.poller.outcomes() == []
        time.sleep(0.01)
    assert bench.arrivals == []


def test_the_deadline_is_a_share_of_the_period_and_capped() -> None:
    assert deadline_s(10.0) == pytest.approx(8.0)
    assert deadline_s(300.0) == pytest.approx(20.0)
    assert GRACE_S < 0.5
