"""Threads that are used again: who is idle takes the next piece of work, and when nobody is, one more is hired.

Not a bounded pool: work never waits for a thread. A schedule that is spread out keeps one or two of them warm.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

MOST_IDLE = 4  # of those that wait for work; the others end

Work = Callable[[], None]


class Crew:
    """`give` may be called from any thread. `work` must not raise: who raises is lost to the crew."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._idle: list[queue.SimpleQueue[Work | None]] = []
        self._lock = threading.Lock()
        self._closed = False

    def give(self, work: Work) -> None:
        """Have it done now, by the one who was idle the shortest or by a new one."""
        with self._lock:
            desk = self._idle.pop() if self._idle else None
        if desk is not None:
            desk.put(work)
        else:
            threading.Thread(target=self._live, args=(work,), name=self._name, daemon=True).start()

    def close(self) -> None:
        """Let the idle ones go; the others end with their work."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for desk in idle:
            desk.put(None)

    def _live(self, first: Work) -> None:
        desk: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        work: Work | None = first
        while work is not None:
            work()
            work = None  # what it held is free while this one waits
            with self._lock:
                if self._closed or len(self._idle) >= MOST_IDLE:
                    return
                self._idle.append(desk)
            work = desk.get()
