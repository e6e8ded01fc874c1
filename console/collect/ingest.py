"""Puts everything the collector learns into the store, in one thread and one order; knows no site and no network.

Three lanes: frames first, then the collector's own notes, then the past and housekeeping, one piece at a time. So
live data never waits for more than one small transaction of the back-fill.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from console.collect.arrival import Arrival
from console.domain.durations import MINUTE_MS
from console.domain.errors import StoreError
from console.domain.frame import minute_of
from console.domain.site import Fleet
from console.link.messages import FrameStored
from console.store.face import OperationsWriter, TelemetryWriter
from console.store.trouble import StoreCorrupt

MOST_FRAMES_WAITING = 32  # about 160 kB each at 8,000 machines
MOST_FRAMES_A_BATCH = 16
GATHER_S = 0.2  # frames of this long share one refresh of the totals, which reads every site's minute


class StoreWriter(TelemetryWriter, OperationsWriter, Protocol):
    """Both writing faces of one open store."""


Work = Callable[[StoreWriter], object]


@dataclass(slots=True)
class _Lanes:
    """What waits to be written; guarded by the owner's condition."""

    frames: deque[Arrival] = field(default_factory=deque)
    notes: deque[Work] = field(default_factory=deque)
    later: deque[tuple[Work, Future[object]]] = field(default_factory=deque)

    def __bool__(self) -> bool:
        return bool(self.frames or self.notes or self.later)


def minute_spans(moments_ms: Iterable[int]) -> list[tuple[int, int]]:
    """The [start, end) spans of the minutes that hold these moments, neighbours joined, oldest first."""
    spans: list[tuple[int, int]] = []
    for minute_ms in sorted({minute_of(moment) for moment in moments_ms}):
        if spans and spans[-1][1] == minute_ms:
            spans[-1] = (spans[-1][0], minute_ms + MINUTE_MS)
        else:
            spans.append((minute_ms, minute_ms + MINUTE_MS))
    return spans


class Ingest:
    """The store's only writing thread. `offer`, `note` and `later` may be called from any thread.

    `stored` gets the arrivals of each batch from the writing thread as soon as they are committed: the alarms wait for
    no totals. `publish` is called from there too, when the totals are in. `trouble` is told of every StoreError
    (None once writing works again); anything else that goes wrong ends the thread and is kept in `failure`.
    """

    def __init__(
        self,
        writer: StoreWriter,
        fleet: Fleet,
        publish: Callable[[FrameStored], None],
        trouble: Callable[[StoreError | None], None],
        stored: Callable[[list[Arrival]], None] = lambda arrivals: None,
    ) -> None:
        self._writer, self._fleet, self._publish, self._trouble = writer, fleet, publish, trouble
        self._on_stored = stored
        self._lanes = _Lanes()
        self._changed = threading.Condition()
        self._stopping = False
        self._troubled = False
        self._stored: list[Arrival] = []  # committed, their totals and messages still to come
        self._tell_s = 0.0
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """Write what waits, except the past and housekeeping, then end; those are told that they were cancelled."""
        with self._changed:
            self._stopping = True
            while self._lanes.later:
                self._lanes.later.popleft()[1].cancel()
            self._changed.notify_all()
        self._thread.join(timeout_s)

    def offer(self, arrival: Arrival, timeout_s: float) -> bool:
        """Hand over a frame; waits at most `timeout_s` while the store is behind, then the frame is dropped."""
        ends_s = time.monotonic() + timeout_s
        with self._changed:
            while len(self._lanes.frames) >= MOST_FRAMES_WAITING and not self._stopping:
                if not self._changed.wait(ends_s - time.monotonic()):
                    return False
            if self._stopping:
                return False
            self._lanes.frames.append(arrival)
            self._changed.notify_all()
        return True

    def note(self, work: Work) -> None:
        """Write a small thing of the collector's own soon: a link state, an event, the heartbeat."""
        with self._changed:
            self._lanes.notes.append(work)
            self._changed.notify_all()

    def later(self, work: Work) -> Future[object]:
        """Write when nothing live waits. The future carries the result or the error; keep the work short."""
        future: Future[object] = Future()
        with self._changed:
            if self._stopping:
                future.cancel()
            else:
                self._lanes.later.append((work, future))
                self._changed.notify_all()
        return future

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        except BaseException as error:  # noqa: BLE001 - kept for the loop, which ends the collector with it
            self.failure = error

    def _turn(self) -> bool:
        """Write one batch of the first lane that has any; False when stopped and nothing is left."""
        with self._changed:
            while not self._lanes and not self._told_due():
                if self._stopping and not self._stored:
                    return False
                self._changed.wait(self._tell_s - time.monotonic() if self._stored else None)
            frames = [self._lanes.frames.popleft() for _ in range(min(len(self._lanes.frames), MOST_FRAMES_A_BATCH))]
            notes = list(self._lanes.notes)
            self._lanes.notes.clear()
            chore = self._lanes.later.popleft() if self._lanes.later and not frames and not notes else None
            self._changed.notify_all()
        self._store(frames)
        for work in notes:
            self._guarded(work)
        if chore is not None:
            self._chore(*chore)
        if self._told_due():
            self._tell()
        return True

    def _store(self, arrivals: list[Arrival]) -> None:
        stored = [arrival for arrival in arrivals if self._guarded(partial(_put, arrival))]
        if stored and not self._stored:
            self._tell_s = time.monotonic() + GATHER_S
        self._stored += stored
        if stored:
            self._on_stored(stored)

    def _told_due(self) -> bool:
        return bool(self._stored) and (self._stopping or time.monotonic() >= self._tell_s)

    def _tell(self) -> None:
        """The totals of the stored frames' minutes, then one message each: a desktop never reads half a minute."""
        stored, self._stored = self._stored, []
        for start_ms, end_ms in minute_spans(arrival.rollup.at_ms for arrival in stored):
            self._guarded(partial(_refresh, self._fleet, start_ms, end_ms))
        for arrival in stored:
            self._publish(FrameStored(arrival.rollup.site_id, arrival.rollup.at_ms))

    def _guarded(self, work: Work) -> object:
        """The result of a piece of work; None after a StoreError, which is told once and never ends the thread."""
        try:
            result = work(self._writer)
        except StoreCorrupt:
            raise  # no later write would succeed: the next start sets the file aside and begins a fresh one
        except StoreError as error:
            self._troubled = True
            self._trouble(error)
            return None
        if self._troubled:
            self._troubled = False
            self._trouble(None)
        return result

    def _chore(self, work: Work, future: Future[object]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work(self._writer))
        except StoreError as error:
            future.set_exception(error)


def _put(arrival: Arrival, writer: StoreWriter) -> bool:
    return writer.put_reading(arrival.reading.frame, arrival.reading.roster, arrival.rollup)


def _refresh(fleet: Fleet, start_ms: int, end_ms: int, writer: StoreWriter) -> None:
    writer.refresh_totals(fleet, start_ms, end_ms)
