"""The whole loop with fakes: live polling, events, requests, and half of the sites hanging."""

from __future__ import annotations

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from io import StringIO
from itertools import pairwise

import pytest

from console.adapters.base import Deadline
from console.collect import schedule as schedule_room
from console.collect.diary import Diary
from console.collect.ingest import Ingest
from console.collect.link_book import LinkBook
from console.collect.poll import Poller
from console.collect.rounds import Rounds
from console.collect.schedule import Schedule
from console.collect.sleep import SleepWatch
from console.domain.errors import Unreachable
from console.domain.frame import Reading
from console.domain.link_state import Link
from console.domain.site import Fleet, Site
from console.link.messages import FrameStored, LinkChanged
from tests.collect.fakes import FakeSession, FakeStore, make_fleet, make_reading, make_roster, wall_ms

Behaviour = Callable[[Site, Deadline], Reading]


@pytest.fixture(autouse=True)
def _quick_first_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule_room, "FIRST_ROUND_S", 0.3)


class Collector:
    """Everything between the adapters and the store, with fakes at both ends."""

    def __init__(self, fleet: Fleet, behave: Behaviour | None = None, sleep: SleepWatch | None = None) -> None:
        self.store, self.told, self.log, self.returned = FakeStore(), [], StringIO(), []
        self.sessions: dict[str, FakeSession] = {}
        self.behave = behave
        self.ingest = Ingest(self.store, fleet, self.told.append, lambda error: None)
        self.ingest.start()
        self.poller = Poller(fleet.sites, self._open, self.ingest.offer, lambda _: None, wall_ms)
        self.rounds = Rounds(
            fleet,
            Schedule(fleet.sites, time.monotonic(), random.Random(3)),
            self.poller,
            LinkBook(fleet.sites, {}, lambda text: text.replace("s3cret", "•••")),
            self.ingest,
            self.told.append,
            Diary(lambda text: text.replace("s3cret", "•••"), [logging.StreamHandler(self.log)]),
            wall_ms,
            lambda site_id, last_ok_ms: self.returned.append((site_id, last_ok_ms)),
            sleep,
        )

    def _open(self, site: Site) -> FakeSession:
        self.sessions.setdefault(site.id, FakeSession(site, self.behave))
        return self.sessions[site.id]

    def run(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self.rounds.turn()
            self.rounds.nap()

    def run_until(self, done: Callable[[], bool], seconds: float = 10.0) -> None:
        ends = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < ends, "did not happen in time"
            self.rounds.turn()
            self.rounds.nap()

    def close(self) -> None:
        self.ingest.stop()
        self.poller.close()

    def kinds(self) -> list[str]:
        return [event.kind for event in self.store.event_list]


def test_a_sample_travels_from_the_source_to_the_store_and_the_link() -> None:
    collector = Collector(make_fleet(3))
    assert collector.rounds.settle_all(10.0)
    collector.close()
    stored = {message.site_id for message in collector.told if isinstance(message, FrameStored)}
    assert stored == {"site-1", "site-2", "site-3"}
    assert set(collector.store.rollups()) == stored
    assert {state.link for state in collector.store.link_states.values()} == {Link.GOOD}
    assert collector.store.beats
    assert collector.kinds() == [], "the first answer of a site is no event"


def test_r12_link_lost_and_link_back_are_events_and_one_log_line_each() -> None:
    broken = threading.Event()

    def behave(site: Site, deadline: Deadline) -> Reading:
        if broken.is_set():
            raise Unreachable("connection refused, key s3cret\r\n\x1b[31mfake line")
        return make_reading(site.id, wall_ms(), make_roster(site.id))

    collector = Collector(make_fleet(1, period_s=0.2), behave)
    state = collector.store.link_states.get
    collector.run_until(lambda: "site-1" in collector.store.link_states)
    broken.set()
    collector.run_until(lambda: state("site-1").failures >= 3)
    broken.clear()
    collector.run_until(lambda: state("site-1").link is Link.GOOD)
    collector.close()
    assert collector.kinds() == ["link lost", "link back"]
    assert collector.store.event_list[0].place == "site:site-1"
    assert "connection refused" in collector.store.event_list[0].text
    assert [message.link for message in collector.told if isinstance(message, LinkChanged)] == ["good", "down", "good"]
    [(site_id, last_ok_ms)] = collector.returned
    assert site_id == "site-1"
    assert last_ok_ms <= wall_ms()
    lines = [json.loads(line) for line in collector.log.getvalue().splitlines()]
    assert [line["link"] for line in lines] == ["good", "down", "good"]
    assert "s3cret" not in collector.log.getvalue() + repr(collector.store.event_list)
    assert "\x1b" not in collector.log.getvalue()


@pytest.mark.alone
def test_t12_half_of_the_sites_hanging_does_not_move_the_others() -> None:
    period_s, sites = 2.0, 60
    release = threading.Event()

    def behave(site: Site, deadline: Deadline) -> Reading:
        if int(site.id.split("-")[1]) % 2:
            release.wait(60)  # keeps no deadline at all
            raise Unreachable("gone")
        return make_reading(site.id, wall_ms(), make_roster(site.id))

    collector = Collector(make_fleet(sites, period_s), behave)
    collector.run(5 * period_s)
    release.set()
    collector.close()
    healthy = [session for session in collector.sessions.values() if int(session.site.id.split("-")[1]) % 2 == 0]
    assert len(healthy) == sites // 2
    jitters = []
    for session in healthy:
        steps = [later - earlier for earlier, later in pairwise(session.began_s[1:])]
        assert len(steps) >= 2
        jitters += [abs(step - period_s) / period_s for step in steps]
    assert sorted(jitters)[int(len(jitters) * 0.98)] < 0.10
    hanging = [state for site_id, state in collector.store.link_states.items() if int(site_id.split("-")[1]) % 2]
    assert {state.link for state in hanging} == {Link.SLOW}


def test_an_adapter_that_quits_the_program_does_not() -> None:
    def behave(site: Site, deadline: Deadline) -> Reading:
        raise SystemExit(1)

    collector = Collector(make_fleet(2, 0.5), behave)
    collector.run(1.2)
    collector.close()
    assert {state.link for state in collector.store.link_states.values()} == {Link.BROKEN}
    assert all("SystemExit" in state.error for state in collector.store.link_states.values())


def test_a_request_polls_a_site_now() -> None:
    collector = Collector(make_fleet(1, period_s=60.0))
    assert collector.rounds.settle_all(10.0)
    collector.rounds.refresh("site-1")
    collector.rounds.refresh("no-such-site")
    collector.run_until(lambda: collector.sessions["site-1"].reads == 2)
    collector.close()


@pytest.mark.parametrize("lost", [28_800.0])
def test_n12_after_sleep_every_site_is_asked_again_at_once(lost: float) -> None:
    clocks = {"always": 0.0}
    sleep = SleepWatch(time.monotonic, lambda: time.monotonic() + clocks["always"])
    collector = Collector(make_fleet(2, period_s=60.0), None, sleep)
    assert collector.rounds.settle_all(10.0)
    clocks["always"] += lost
    collector.run_until(lambda: all(session.reads == 2 for session in collector.sessions.values()))
    collector.close()
    assert "resumed" in collector.kinds()
