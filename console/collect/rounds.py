"""The loop of the collector: who is due, who answered, what changed. Knows schedule, polls and the store's thread."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import partial

from console.collect.diary import Diary
from console.collect.ingest import Ingest, StoreWriter
from console.collect.link_book import LinkBook, LinkNews, Outcome
from console.collect.poll import Poller
from console.collect.schedule import Schedule
from console.collect.sleep import SleepWatch
from console.domain.errors import RateLimited
from console.domain.freshness import age_text
from console.domain.link_state import Link
from console.domain.place import FLEET, site_key
from console.domain.site import Fleet
from console.link.messages import FromCollector, LinkChanged
from console.store.face import Event

HEARTBEAT_S = 5.0
LONGEST_NAP_S = 0.5  # a signal or a dead parent is noticed within this


class Rounds:
    """One thread runs `turn` again and again; `refresh` may be called from any thread.

    `on_return(site_id, last_ok_ms)` is told of a site that answers again after an outage.
    """

    def __init__(
        self,
        fleet: Fleet,
        schedule: Schedule,
        poller: Poller,
        book: LinkBook,
        ingest: Ingest,
        publish: Callable[[FromCollector], None],
        diary: Diary,
        wall_ms: Callable[[], int],
        on_return: Callable[[str, int], None] = lambda site_id, last_ok_ms: None,
        sleep: SleepWatch | None = None,
    ) -> None:
        self._fleet, self._schedule, self._poller, self._book = fleet, schedule, poller, book
        self._ingest, self._publish, self._diary, self._wall_ms = ingest, publish, diary, wall_ms
        self._on_return, self._sleep = on_return, sleep or SleepWatch()
        self._asked: deque[str] = deque(maxlen=1000)
        self._beat_s = float("-inf")

    def refresh(self, site_id: str) -> None:
        """Poll a site as soon as its source allows."""
        self._asked.append(site_id)
        self._poller.woken.set()

    def turn(self) -> None:
        """Everything that is due now; returns at once."""
        now_s = time.monotonic()
        lost_s = self._sleep.lost_s()
        if lost_s:
            self._woke(lost_s, now_s)
        for outcome in self._poller.outcomes():
            self._settle(outcome)
        while self._asked:
            self._schedule.hurry(self._asked.popleft(), now_s)
        for site_id in self._schedule.due(time.monotonic()):
            self._poller.start(site_id)
        if now_s - self._beat_s >= HEARTBEAT_S:
            self._beat_s = now_s
            self._ingest.note(partial(_heartbeat, self._wall_ms()))

    def nap(self) -> None:
        """Wait for the next thing to do, or for `LONGEST_NAP_S`."""
        next_s = min(self._schedule.next_due_s(), self._poller.next_deadline_s())
        self._poller.woken.wait(max(0.0, min(next_s - time.monotonic(), LONGEST_NAP_S)))

    def settle_all(self, timeout_s: float, stop: Callable[[], bool] = lambda: False) -> bool:
        """Run until every site was polled once, the time is over or `stop`; whether every one was. For `--once`."""
        ends_s = time.monotonic() + timeout_s
        while time.monotonic() < ends_s and not stop():
            self.turn()
            if all(self._book.state(site.id).polls for site in self._fleet.sites):
                return True
            self.nap()
        return False

    def _woke(self, lost_s: float, now_s: float) -> None:
        self._schedule.resumed(now_s)
        text = f"back after standing still for {age_text(lost_s)}; every site is asked again"
        self._diary.warn("resumed", lost_s=round(lost_s, 1))
        self._event(FLEET, "resumed", text)

    def _settle(self, outcome: Outcome) -> None:
        now_s = time.monotonic()
        if outcome.error is None:
            self._schedule.succeeded(outcome.site_id, now_s)
        else:
            retry_after_s = outcome.error.retry_after_s if isinstance(outcome.error, RateLimited) else None
            self._schedule.failed(outcome.site_id, now_s, retry_after_s)
        last_ok_ms = self._book.state(outcome.site_id).last_ok_ms
        news = self._book.note(outcome)
        self._ingest.note(partial(_put_link, news, self._publish))
        if news.before is not None:
            self._tell(news, outcome, last_ok_ms)

    def _tell(self, news: LinkNews, outcome: Outcome, last_ok_ms: int | None) -> None:
        """A link's word changed: a line in the log, and an event where it was lost or came back (R12)."""
        state, name = news.state, self._fleet.site(news.state.site_id).name
        facts = {"site": state.site_id, "link": str(state.link), "error": state.error}
        if state.link is Link.GOOD:
            self._diary.say("link", **facts)
        else:
            self._diary.warn("link", **facts)
        if news.lost:
            self._event(site_key(state.site_id), "link lost", f"{name}: no link ({state.link}). {state.error}")
        elif news.back and last_ok_ms is None:
            self._event(site_key(state.site_id), "link back", f"{name}: answers now")
        elif news.back and last_ok_ms is not None:
            away = age_text((outcome.ended_ms - last_ok_ms) / 1000)
            self._event(site_key(state.site_id), "link back", f"{name}: link back after {away}")
            self._on_return(state.site_id, last_ok_ms)

    def _event(self, place: str, kind: str, text: str) -> None:
        self._ingest.note(partial(_put_event, Event(self._wall_ms(), place, kind, text)))


def _heartbeat(at_ms: int, writer: StoreWriter) -> None:
    writer.put_heartbeat(at_ms)


def _put_link(news: LinkNews, publish: Callable[[FromCollector], None], writer: StoreWriter) -> None:
    """The state first, then the word of it: whoever hears of a change finds it in the store."""
    writer.put_link(news.state)
    if news.before is not None:
        publish(LinkChanged(news.state.site_id, news.state.link))


def _put_event(event: Event, writer: StoreWriter) -> None:
    writer.put_event(event)
