"""The store's one thread: order, lanes, pressure, trouble."""

from __future__ import annotations

import threading
import time

import pytest

from console.collect import ingest as room
from console.collect.arrival import Arrival, accept
from console.collect.ingest import Ingest, minute_spans
from console.domain.errors import StoreError
from console.link.messages import FrameStored
from console.store import StoreCorrupt
from tests.collect.fakes import MINUTE, FakeStore, make_fleet, make_reading, make_roster, make_site

T0 = 1_790_000_040_000 // MINUTE * MINUTE


def arrival(at_ms: int = T0, number: int = 1) -> Arrival:
    site = make_site(number)
    return accept(site, None, make_reading(site.id, at_ms, make_roster(site.id)), at_ms)


class Desk:
    def __init__(self, start: bool = True) -> None:
        self.store, self.told, self.troubles = FakeStore(), [], []
        self.ingest = Ingest(self.store, make_fleet(), self._tell, self.troubles.append)
        if start:
            self.ingest.start()

    def _tell(self, message: FrameStored) -> None:
        self.told.append((message, dict(self.store.minutes), list(self.store.totals)))


def test_a_frame_is_stored_then_totalled_then_told() -> None:
    desk = Desk()
    assert desk.ingest.offer(arrival(T0 + 7000), 1.0)
    desk.ingest.stop()
    [(message, minutes, totals)] = desk.told
    assert message == FrameStored("site-1", T0 + 7000)
    assert ("site-1", T0) in minutes
    assert totals == [(T0, T0 + MINUTE)]


def test_the_alarms_wait_for_no_total() -> None:
    store, totals_then = FakeStore(), []
    nobody: list[object] = []
    hear, note = nobody.append, lambda arrivals: totals_then.append(list(store.totals))
    ingest = Ingest(store, make_fleet(), hear, hear, stored=note)
    ingest.start()
    ingest.offer(arrival(), 1.0)
    ingest.stop()
    assert totals_then == [[]]
    assert store.totals, "and they came all the same"


def test_ingest_is_idempotent_a_minute_is_told_once() -> None:
    desk = Desk()
    for at_ms in (T0, T0 + 10, T0):
        desk.ingest.offer(arrival(at_ms), 1.0)
    desk.ingest.stop()
    assert len(desk.told) == 1


def test_one_thread_writes() -> None:
    desk = Desk()
    threads = [threading.Thread(target=desk.ingest.offer, args=(arrival(T0, n), 1.0)) for n in range(1, 4)]
    for thread in threads:
        thread.start()
    desk.ingest.note(lambda writer: writer.put_heartbeat(1))
    future = desk.ingest.later(lambda writer: writer.put_history([]))
    assert future.result(5) == 0
    for thread in threads:
        thread.join()
    desk.ingest.stop()
    assert desk.store.threads == {"ingest"}
    assert len(desk.told) == 3


def test_live_frames_overtake_the_past() -> None:
    desk, order = Desk(start=False), []
    for number in range(5):
        desk.ingest.later(lambda writer, number=number: order.append(f"past {number}"))
    desk.ingest.note(lambda writer: order.append("note"))
    desk.ingest.offer(arrival(), 0.1)
    desk.ingest.start()
    future = desk.ingest.later(lambda writer: None)
    future.result(5)
    desk.ingest.stop()
    assert order == ["note", "past 0", "past 1", "past 2", "past 3", "past 4"]


def test_a_full_queue_drops_after_the_wait_and_never_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_FRAMES_WAITING", 2)
    desk = Desk(start=False)
    assert desk.ingest.offer(arrival(T0), 0.0)
    assert desk.ingest.offer(arrival(T0 + MINUTE), 0.0)
    began = time.monotonic()
    assert not desk.ingest.offer(arrival(T0 + 2 * MINUTE), 0.2)
    assert time.monotonic() - began >= 0.2


def test_trouble_is_told_and_so_is_its_end_and_nothing_dies() -> None:
    desk = Desk()
    desk.store.broken = StoreError("disk full")
    desk.ingest.offer(arrival(T0), 1.0)
    assert desk.ingest.later(lambda writer: writer.put_history([])).exception(5) is desk.store.broken
    desk.store.broken = None
    desk.ingest.offer(arrival(T0), 1.0)
    desk.ingest.stop()
    assert [str(trouble) for trouble in desk.troubles] == ["disk full", "None"]
    assert len(desk.told) == 1
    assert desk.ingest.failure is None


def test_t24_a_damaged_store_ends_the_thread_so_that_the_next_start_sets_it_aside() -> None:
    desk = Desk()
    desk.store.broken = StoreCorrupt("the file is damaged")
    desk.ingest.offer(arrival(), 1.0)
    desk.ingest.stop()
    assert isinstance(desk.ingest.failure, StoreCorrupt)


def test_what_no_rule_expected_ends_the_thread_and_is_kept() -> None:
    desk = Desk()
    desk.store.broken = ZeroDivisionError("a bug")
    desk.ingest.offer(arrival(T0), 1.0)
    desk.ingest.stop()
    assert isinstance(desk.ingest.failure, ZeroDivisionError)


def test_stop_writes_what_waits_and_cancels_the_past() -> None:
    desk = Desk(start=False)
    past = desk.ingest.later(lambda writer: None)
    desk.ingest.offer(arrival(), 0.1)
    desk.ingest.start()
    desk.ingest.stop()
    assert len(desk.told) == 1 or past.done()
    assert past.cancelled() or past.done()
    assert not desk.ingest.offer(arrival(T0 + MINUTE), 0.1)


def test_minutes_are_joined_only_where_they_touch() -> None:
    assert minute_spans([T0 + 5, T0 + MINUTE, T0 + 59_999]) == [(T0, T0 + 2 * MINUTE)]
    assert minute_spans([T0, T0 - 86_400_000]) == [
        (T0 - 86_400_000, T0 - 86_400_000 + MINUTE),
        (T0, T0 + MINUTE),
    ]
    assert minute_spans([]) == []
