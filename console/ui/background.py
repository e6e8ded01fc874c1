"""Runs slow reads off the GUI thread and brings each answer back in a turn of the event loop; knows no store."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, QThreadPool, QTimer, Signal
from shiboken6 import isValid

LOG = logging.getLogger(__name__)
THREADS = 2  # reads queue behind each other: the store and the painter share two cores on a field laptop


class Background(QObject):
    """A small pool. `idle` is emitted when the last open read has been delivered (R50 waits for it)."""

    idle = Signal()
    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(THREADS)
        self._open = 0
        self._closed = False
        self._arrived: deque[_Outcome] = deque()
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._next)
        self._finished.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    @property
    def pending(self) -> int:
        """How many reads are asked and not delivered yet."""
        return self._open

    def run(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call `job()` on a worker thread, then `done(answer)` or `failed(error)` on the GUI thread.

        A failure is logged in any case. `done` should be a method of the widget that asked: nothing is called
        after `close()`, nor for a widget that was closed meanwhile.
        """
        if self._closed:
            return
        self._open += 1
        self._pool.start(_Job(_Outcome(job, done, failed), self._finished.emit).run)

    def close(self) -> None:
        """Wait for the running reads and deliver nothing more."""
        self._closed = True
        self._turn.stop()
        self._arrived.clear()
        self._pool.clear()
        self._pool.waitForDone()

    def _arrive(self, outcome: _Outcome) -> None:
        """One answer a turn: after a busy moment several wait, and keys, clock and paint come between them."""
        if not self._closed:
            self._arrived.append(outcome)
            self._turn.start()

    def _next(self) -> None:
        if self._arrived:
            self._deliver(self._arrived.popleft())
        if not self._arrived:
            self._turn.stop()

    def _deliver(self, outcome: _Outcome) -> None:
        self._open -= 1
        if self._closed:
            return
        if outcome.error is None:
            if not is_gone(outcome.done):
                outcome.done(outcome.answer)
        else:
            LOG.error("a background read failed", exc_info=outcome.error)
            if outcome.failed is not None and not is_gone(outcome.failed):
                outcome.failed(outcome.error)
        if not self._open:
            self.idle.emit()


class Newest:
    """Reads of which each makes those before it pointless: on two threads an older one may well end later.

    Only what the newest one found is delivered, so that no list shows what was looked for before.
    """

    def __init__(self, reads: Background) -> None:
        self._reads, self._turn = reads, 0

    def run(self, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """As `Background.run`; what was asked before is forgotten."""
        self._turn += 1
        self._reads.run(job, partial(self._deliver, self._turn, done))

    def _deliver(self, turn: int, done: Callable[[Any], None], answer: object) -> None:
        if turn == self._turn and not is_gone(done):
            done(answer)


class Reread:
    """A read of what moves, one at a time: asked for while one is under way, it is read once more after that."""

    def __init__(self, reads: Background, job: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._reads, self._job, self._done = reads, job, done
        self._again = self.busy = False

    def ask(self) -> None:
        """Something moved, or it is time to look whether something did."""
        if self.busy:
            self._again = True
            return
        self.busy = True
        self._reads.run(self._job, self._take, self._failed)

    def _take(self, answer: object) -> None:
        self.busy = False
        if is_gone(self._done):
            return
        self._done(answer)
        if self._again:
            self._again = False
            self.ask()

    def _failed(self, _error: Exception) -> None:
        self._again = self.busy = False  # the next beat of whoever follows it asks anew


def is_gone(method: Callable[..., Any]) -> bool:
    """Whether the widget to whom a method belongs is no more."""
    owner = getattr(getattr(method, "func", method), "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)


@dataclass(slots=True)
class _Outcome:
    """One job, whom to tell, and what came of it."""

    job: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None] | None
    answer: Any = None
    error: Exception | None = None


class _Job:
    def __init__(self, outcome: _Outcome, report: Callable[[_Outcome], None]) -> None:
        self._outcome, self._report = outcome, report

    def run(self) -> None:
        """On a worker thread."""
        try:
            self._outcome.answer = self._outcome.job()
        except Exception as error:  # noqa: BLE001 - whatever a read raises belongs in the log, not in Qt's hands
            self._outcome.error = error
        self._report(self._outcome)
