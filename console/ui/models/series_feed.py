"""Asks the store for the series of a span off the GUI thread and drops answers that came too late (R16, R17).

Knows places, signals and buckets; knows no plot. A zoom asks for fewer minutes at the same count of buckets, so
the store answers from a finer level by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.series import Series
from console.store.face import TelemetryReader
from console.ui.models.live import LiveFleet

SETTLE_MS = 40  # a burst of span changes is one question
BUCKETS_A_PIXEL = 2  # each pixel column shows the extremes of what it holds


@dataclass(frozen=True, slots=True)
class Want:
    """One signal of one place."""

    place: str
    signal: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `pixels` wide, in [start_ms, end_ms); a new `stamp` asks again for the same stretch."""

    wants: tuple[Want, ...]
    start_ms: int
    end_ms: int
    pixels: int
    stamp: Hashable = None

    @property
    def grain(self) -> tuple[object, ...]:
        """Two questions of the same grain have the same answer to a pixel."""
        step_ms = max(1000, (self.end_ms - self.start_ms) // max(1, self.pixels))
        return self.wants, self.start_ms // step_ms, self.end_ms // step_ms, self.pixels // 32, self.stamp


@dataclass(frozen=True, slots=True)
class Answer:
    """The series by what was wanted; what the store failed to give is in `failed`, never silently absent (R50)."""

    question: Question
    series: Mapping[Want, Series]
    failed: tuple[Want, ...]


class SeriesFeed(QObject):
    """One open question at a time. `answered` carries an Answer; `asked` tells that one is on its way."""

    asked = Signal()
    answered = Signal(object)

    def __init__(self, live: LiveFleet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live  # and not its reader: the store is attached when it is there, after the first paint
        self._question: Question | None = None
        self._asked: TelemetryReader | None = None
        self._cancelled = threading.Event()
        self._cancelled.set()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._send)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._settle.isActive() or not self._cancelled.is_set()

    def ask(self, question: Question) -> None:
        """Ask unless the newest question has the same grain; an older one that is open is cancelled."""
        same = self._question is not None and question.grain == self._question.grain
        if same and self._asked is self._live.telemetry:
            return
        self._question, self._asked = question, self._live.telemetry
        self.asked.emit()
        self._settle.start()

    def load(self, question: Question) -> None:
        """Ask and answer at once on this thread: for captures and tests, not for a running window."""
        self._settle.stop()
        self._cancelled.set()
        self._question = question
        self._deliver(fetch(self._live.telemetry, question, threading.Event()))

    def close(self) -> None:
        """Drop whatever is still open."""
        self._settle.stop()
        self._cancelled.set()
        self._question = None

    def _send(self) -> None:
        question = self._question
        if question is None:
            return
        self._cancelled.set()
        cancelled = self._cancelled = threading.Event()
        telemetry = self._live.telemetry
        self._live.reads.run(lambda: fetch(telemetry, question, cancelled), self._deliver)

    def _deliver(self, answer: Answer | None) -> None:
        if answer is None or answer.question is not self._question:
            return
        self._cancelled.set()
        self.answered.emit(answer)


def fetch(telemetry: TelemetryReader, question: Question, cancelled: threading.Event) -> Answer | None:
    """Read every wanted series; None when the question was cancelled meanwhile. Runs on a worker thread."""
    series: dict[Want, Series] = {}
    failed: list[Want] = []
    for want in question.wants:
        if cancelled.is_set():
            return None
        try:
            series[want] = telemetry.series(
                want.place, want.signal, question.start_ms, question.end_ms, question.pixels * BUCKETS_A_PIXEL
            )
        except Exception:  # noqa: BLE001 - one series that cannot be read must not take the others with it
            failed.append(want)
    return Answer(question, series, tuple(failed))
