"""Fills the past from sources that keep one: in the background, newest day first, site-days one by one.

Live data never waits for it: threads and sessions of its own, writes in the store thread's last lane, and a rest
after each piece of work. What is missing the store says; what was asked before the ledger says.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from console.adapters.base import Deadline, History, Reader
from console.collect.diary import Diary
from console.collect.gaps import LEAST_GAP_MS, Span, Task, missing, plan
from console.collect.ingest import Ingest, StoreWriter
from console.collect.ledger import Ledger
from console.domain.durations import DAY_MS, MINUTE_MS
from console.domain.errors import MeridianError, RateLimited, StoreError, Unsupported
from console.domain.frame import HistoryChunk, minute_of
from console.domain.freshness import LATE_PERIODS
from console.domain.place import FLEET, site_key
from console.domain.site import Fleet, Site
from console.link.messages import BackfillProgress
from console.store.face import BackfillState, Event, TelemetryReader

WINDOW_DAYS = 30
WORKERS = 2
REQUEST_S = 30.0  # total deadline of one site-day
REST_SHARE = 0.25  # a worker rests for this share of the time that a site-day took
TRIES = 3  # failures in a row of one site before it is left for its link's return
FIRST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 120.0
TELL_S = 0.5  # progress is told at most this often
NICENESS = 10


@dataclass(slots=True)
class _Past:
    """What is known of one site's source while filling."""

    site: Site
    session: Reader | None = None
    busy: bool = False
    failures: int = 0
    paused_until_s: float = 0.0


@dataclass(slots=True)
class _Book:
    """What is to do and what is done; guarded by the owner's condition."""

    tasks: list[Task] = field(default_factory=list)
    under_way: list[Task] = field(default_factory=list)
    total: int = 0
    done: int = 0
    told_s: float = 0.0


class Backfill:
    """Owns its threads; `start`, `fill`, `cancel` and `stop` may be called from any thread."""

    def __init__(
        self,
        fleet: Fleet,
        open_session: Callable[[Site], Reader],
        reader: TelemetryReader,
        ingest: Ingest,
        ledger: Ledger,
        publish: Callable[[BackfillProgress], None],
        diary: Diary,
        wall_ms: Callable[[], int],
    ) -> None:
        self._fleet, self._open_session, self._reader, self._ingest = fleet, open_session, reader, ingest
        self._ledger, self._publish, self._diary, self._wall_ms = ledger, publish, diary, wall_ms
        self._pasts = {site.id: _Past(site) for site in fleet.sites}
        self._book = _Book()
        self._changed = threading.Condition()
        self._stopping = False
        self._threads = [threading.Thread(target=self._plan_then_work, name="backfill 0", daemon=True)]
        self._threads += [
            threading.Thread(target=self._work, name=f"backfill {number}", daemon=True) for number in range(1, WORKERS)
        ]

    def start(self) -> None:
        """Plan from what the store lacks and begin; returns at once."""
        for thread in self._threads:
            thread.start()

    def fill(self, site_id: str, start_ms: int, end_ms: int) -> None:
        """A site came back after an outage: ask for what was missed, before anything older."""
        site = self._fleet.site(site_id)
        found = {site.id: self._missing(site, (minute_of(start_ms), minute_of(end_ms)))}
        self._add(plan(found, {}))

    def cancel(self) -> None:
        """Leave the rest of the past alone, also after a restart; gaps that open later are filled again."""
        with self._changed:
            for task in self._book.tasks:
                self._ledger.answered(task.site_id, (task.start_ms, task.end_ms))
            self._book.total -= len(self._book.tasks)
            self._book.tasks.clear()
            self._ledger.save()
        self._diary.say("backfill cancelled", done=self._book.done)
        self._tell(force=True)

    def stop(self, timeout_s: float = 2.0) -> None:
        """End the threads; what is not done is found missing at the next start."""
        with self._changed:
            self._stopping = True
            self._ledger.save()
            self._changed.notify_all()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(timeout_s)
        for past in self._pasts.values():
            if not past.busy:
                _close(past)

    def state(self) -> BackfillState:
        """Progress in site-days."""
        with self._changed:
            return self._state()

    def _state(self) -> BackfillState:
        book = self._book
        return BackfillState(book.done, book.total, running=bool(book.tasks or book.under_way))

    def _plan_then_work(self) -> None:
        self._total_leftovers()
        now_ms = minute_of(self._wall_ms())
        window = (now_ms - WINDOW_DAYS * DAY_MS, now_ms - MINUTE_MS)
        found: Mapping[str, list[Span]] = {site.id: self._missing(site, window) for site in self._fleet.sites}
        with self._changed:
            self._ledger.trim(now_ms, found)
            tasks = plan(found, self._ledger.asked)
        self._add(tasks)
        self._diary.say("backfill planned", site_days=len(tasks))
        self._work()

    def _missing(self, site: Site, window: Span) -> list[Span]:
        minutes = (window[1] - window[0]) // MINUTE_MS
        try:
            series = self._reader.series(site_key(site.id), "hashrate_hs", *window, buckets=minutes + 2)
        except StoreError as error:
            self._diary.warn("backfill cannot see what is missing", site=site.id, error=str(error))
            return []
        return missing(series, max(LEAST_GAP_MS, round(LATE_PERIODS * site.poll_period_s * 1000)))

    def _add(self, tasks: list[Task]) -> None:
        with self._changed:
            known = {(task.site_id, task.start_ms, task.end_ms) for task in self._book.tasks + self._book.under_way}
            new = [task for task in tasks if (task.site_id, task.start_ms, task.end_ms) not in known]
            self._book.tasks = sorted(new + self._book.tasks, key=lambda task: -task.day)
            self._book.total += len(new)
            self._changed.notify_all()
        self._tell(force=True)

    def _work(self) -> None:
        _be_nice()
        while (task := self._take()) is not None:
            began_s = time.monotonic()
            self._do(task)
            self._tell()
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, (time.monotonic() - began_s) * REST_SHARE)

    def _take(self) -> Task | None:
        """The next task of a site that is free and not paused; waits for one. None when stopping."""
        with self._changed:
            while not self._stopping:
                now_s = time.monotonic()
                for task in self._book.tasks:
                    past = self._pasts[task.site_id]
                    if not past.busy and past.paused_until_s <= now_s:
                        self._book.tasks.remove(task)
                        self._book.under_way.append(task)
                        past.busy = True
                        return task
                self._changed.wait(1.0 if self._book.tasks else None)
        return None

    def _do(self, task: Task) -> None:
        past = self._pasts[task.site_id]
        try:
            self._fetch(past, task)
        except CancelledError:
            self._settle(task, keep=True)  # the store's thread is ending
        except Unsupported:
            self._give_up(task, "the source keeps no past")
        except BaseException as error:  # noqa: BLE001 - an adapter is foreign code, here as in a poll
            self._failed(task, error)
        else:
            past.failures = 0
            self._settle(task, keep=False)

    def _fetch(self, past: _Past, task: Task) -> None:
        if past.session is None:
            past.session = self._open_session(past.site)
        if not isinstance(past.session, History):
            raise Unsupported("no history")
        deadline = Deadline.after(REQUEST_S)
        chunks = list(past.session.history(task.start_ms, task.end_ms, deadline))
        if chunks:
            self._ingest.later(partial(_put_history, chunks)).result()

    def _settle(self, task: Task, keep: bool) -> None:
        """A task ended: done for good, or back among the others (`keep`)."""
        with self._changed:
            self._book.under_way.remove(task)
            self._pasts[task.site_id].busy = False
            if keep:
                self._book.tasks.append(task)
            else:
                self._book.done += 1
                self._ledger.answered(task.site_id, (task.start_ms, task.end_ms))
            left = self._book.tasks + self._book.under_way
            self._changed.notify_all()
        if not any(other.day == task.day for other in left):
            self._total_leftovers()
        if not left:
            self._tell_over()

    def _failed(self, task: Task, error: BaseException) -> None:
        past = self._pasts[task.site_id]
        past.failures += 1
        _close(past)
        told = isinstance(error, MeridianError)
        if past.failures >= TRIES or not told:
            self._give_up(task, str(error) if told else f"{type(error).__name__}: {error}")
            return
        pause_s = min(FIRST_PAUSE_S * 2.0 ** (past.failures - 1), LONGEST_PAUSE_S)
        if isinstance(error, RateLimited) and error.retry_after_s is not None:
            pause_s = max(pause_s, min(error.retry_after_s, LONGEST_PAUSE_S))
        past.paused_until_s = time.monotonic() + pause_s
        self._settle(task, keep=True)

    def _give_up(self, task: Task, why: str) -> None:
        """Leave a site's past alone until its link returns or the collector starts anew."""
        with self._changed:
            left = [other for other in self._book.tasks if other.site_id == task.site_id]
            self._book.tasks = [other for other in self._book.tasks if other.site_id != task.site_id]
            self._book.under_way.remove(task)
            self._book.total -= len(left) + 1
            past = self._pasts[task.site_id]
            past.busy, past.failures = False, 0
            over = not (self._book.tasks or self._book.under_way)
            self._changed.notify_all()
        self._diary.warn("backfill left a site alone", site=task.site_id, site_days=len(left) + 1, why=why)
        self._total_leftovers()  # its days may have waited for it alone
        if over:
            self._tell_over()

    def _total_leftovers(self) -> None:
        """Make the totals of days that no task is open for."""
        while (day := self._day_to_total()) is not None:
            try:
                self._ingest.later(partial(_refresh_day, self._fleet, day)).result()
            except (CancelledError, StoreError):
                with self._changed:
                    self._ledger.put_back(day)
                return
            with self._changed:
                self._ledger.totalled(day)
                self._ledger.save()

    def _day_to_total(self) -> int | None:
        with self._changed:
            return self._ledger.take_day({task.day for task in self._book.tasks + self._book.under_way})

    def _tell_over(self) -> None:
        """The last task ended; told once, by the thread that ended it."""
        self._tell(force=True)
        done = self.state().done
        if done:
            event = Event(self._wall_ms(), FLEET, "back-fill done", f"{done} site-days of the past were filled")
            self._ingest.note(partial(_put_event, event))
            self._diary.say("backfill done", site_days=done)

    def _tell(self, force: bool = False) -> None:
        now_s = time.monotonic()
        with self._changed:
            if not force and now_s - self._book.told_s < TELL_S:
                return
            self._book.told_s = now_s
            self._ingest.note(partial(_put_progress, self._state(), self._publish))  # inside: in the order of progress


def _close(past: _Past) -> None:
    session, past.session = past.session, None
    if session is not None:
        with suppress(Exception):  # foreign code; a session that cannot be closed is dropped
            session.close()


def _put_history(chunks: list[HistoryChunk], writer: StoreWriter) -> int:
    return writer.put_history(chunks)


def _refresh_day(fleet: Fleet, day: int, writer: StoreWriter) -> None:
    writer.refresh_totals(fleet, day * DAY_MS, (day + 1) * DAY_MS)


def _put_event(event: Event, writer: StoreWriter) -> None:
    writer.put_event(event)


def _put_progress(state: BackfillState, publish: Callable[[BackfillProgress], None], writer: StoreWriter) -> None:
    writer.put_backfill(state)
    publish(BackfillProgress(state.done, state.total, state.running))


def _be_nice() -> None:
    """On Linux a thread has a niceness of its own; elsewhere the rests alone must do."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
