"""Watches the GUI thread's heartbeat and names what held it up, with the stack; knows no view and mends nothing.

A timer beats every 20 ms on the GUI thread; a thread beside it looks at that beat as often and, when it is late,
writes down where the GUI thread stands at that moment.
"""

from __future__ import annotations

import itertools
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

LOG = logging.getLogger(__name__)
BEAT_MS = 20
STALL_MS = 100.0
LOOK_AFTER_MS = 60.0  # the stack is taken before the limit: just after it the thread may be free again
HANG_S = 5.0
DEPTH = 12  # innermost frames of a stack
STEAL = 8  # the word of a core's line in /proc/stat


@dataclass(frozen=True, slots=True)
class Stall:
    """One late beat. Of `lag_ms` the thread was ready for `starved_ms`, but the machine ran something else; it
    computed for `ran_ms` and waited for the rest (the interpreter, a lock, a disk). Meanwhile the host of a virtual
    machine kept all its processors for `stolen_ms`, told in steps of 10 ms: starved too, where it did not compute.
    """

    lag_ms: float
    starved_ms: float
    stack: tuple[str, ...]  # innermost last; empty when nobody looked in time
    ran_ms: float = 0.0
    stolen_ms: float = 0.0

    @property
    def own_ms(self) -> float:
        """What the program itself is to blame for."""
        return self.lag_ms - self.starved_ms

    @property
    def culprit(self) -> str:
        """The innermost frame of our own code, else the innermost of all."""
        own = [line for line in self.stack if "/console/" in line and __file__ not in line]
        return (own or list(self.stack) or ["not seen"])[-1]


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds that a thread ever ran, that it ever waited for a processor, and that the host of a virtual machine
    ever kept all processors at once (the least of them); 0 where no system tells. Linux: Documentation/scheduler/
    sched-stats.rst, proc_stat(5); what is stolen from a running thread counts as neither run nor waited.
    """

    ran_ms: float
    waited_ms: float
    stolen_ms: float

    @classmethod
    def read(cls, waits: Path) -> Spent:
        """Now; `waits` is the thread's `schedstat`."""
        try:
            ran_ns, waited_ns = waits.read_text("ascii").split()[:2]
            return cls(int(ran_ns) / 1e6, int(waited_ns) / 1e6, _stolen_ms())
        except (OSError, ValueError):
            return cls(0.0, 0.0, 0.0)

    def stall(self, lag_ms: float, before: Spent, stack: tuple[str, ...]) -> Stall:
        """The stall of so long that ends now and began at `before`."""
        ran_ms, stolen_ms = self.ran_ms - before.ran_ms, self.stolen_ms - before.stolen_ms
        waited_ms = self.waited_ms - before.waited_ms
        starved_ms = max(min(waited_ms, lag_ms), min(stolen_ms, lag_ms - ran_ms))  # one may hold the other
        return Stall(lag_ms, starved_ms, stack, ran_ms, stolen_ms)


def _stolen_ms() -> float:
    """0 where /proc/stat tells no core or less of it, as in some containers: what the thread ran is known still."""
    try:
        with open("/proc/stat", "rb") as lines:
            _all, *cores = itertools.takewhile(lambda line: line.startswith(b"cpu"), lines)
        ticks = min(int(core.split()[STEAL]) for core in cores)
    except (OSError, ValueError, IndexError):
        return 0.0
    return ticks * 1000 / os.sysconf("SC_CLK_TCK")


class Watchdog(QObject):
    """Make it on the GUI thread; `close` before that thread's loop ends. `stalled` carries a Stall.

    `beat(lag_ms)` is told of every heartbeat: for measuring, and left out in production.
    """

    stalled = Signal(object)

    def __init__(self, parent: QObject | None = None, beat: Callable[[float], None] | None = None) -> None:
        super().__init__(parent)
        self._beat, self._watched = beat, threading.get_ident()
        self._waits = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._last_s, self._spent = time.perf_counter(), Spent.read(self._waits)
        self._stack: tuple[str, ...] = ()
        self._hung = False
        self._over = threading.Event()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(BEAT_MS)
        timer.timeout.connect(self._beats)
        timer.start()
        self._timer = timer
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Watch no more; safe to call twice."""
        self._timer.stop()
        self._over.set()
        self._thread.join(1.0)

    def forgive(self) -> None:
        """What held the thread up until now was the measuring itself."""
        self._last_s, self._spent, self._stack = time.perf_counter(), Spent.read(self._waits), ()

    def _beats(self) -> None:
        now_s, spent = time.perf_counter(), Spent.read(self._waits)
        lag_ms = max(0.0, (now_s - self._last_s) * 1000 - BEAT_MS)
        before, stack = self._spent, self._stack
        self._last_s, self._spent, self._stack, self._hung = now_s, spent, (), False
        if self._beat is not None:
            self._beat(lag_ms)
        if lag_ms > STALL_MS:
            stall = spent.stall(lag_ms, before, stack)
            level = logging.WARNING if stall.own_ms > STALL_MS else logging.INFO  # a busy machine is nobody's fault
            LOG.log(level, "the screen stood still for %.0f ms at %s", lag_ms, stall.culprit)
            self.stalled.emit(stall)

    def _watch(self) -> None:
        """On the thread beside."""
        while not self._over.wait(BEAT_MS / 1000):
            late_s = time.perf_counter() - self._last_s - BEAT_MS / 1000
            if late_s * 1000 > LOOK_AFTER_MS and not self._stack:
                self._stack = stack_of(self._watched)
            if late_s > HANG_S and not self._hung:
                self._hung = True
                LOG.error("the screen hangs: %s", " < ".join(reversed(stack_of(self._watched))))


def stack_of(thread: int) -> tuple[str, ...]:
    """Where a thread stands now as `file:line function`, innermost last; empty when it has ended."""
    frame = sys._current_frames().get(thread)
    if frame is None:
        return ()
    walked = traceback.StackSummary.extract(traceback.walk_stack(frame), limit=DEPTH, lookup_lines=False)
    return tuple(f"{entry.filename}:{entry.lineno} {entry.name}" for entry in reversed(walked))
