"""Turns the collector's messages, which come on another thread, into one queued signal at a human pace.

Knows the words of the link; must not know who draws what. A site is never told of more than twice a second.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from console.link.messages import (
    AlarmAnswer,
    AlarmsChanged,
    BackfillProgress,
    DetailAnswer,
    FrameStored,
    FromCollector,
    FromDesktop,
    Hello,
    LinkChanged,
    NoteAnswer,
    Stopping,
    TidyProgress,
)
from console.link.orders import CommandAnswer, CommandsChanged, Done, SessionEnded, SignedIn

FLUSH_MS = 500
Kind = TypeVar("Kind")
WordToUs = SignedIn | SessionEnded | Done | CommandAnswer  # said to this desktop alone


class Asker(Protocol):
    """What the bridge needs of the link's client."""

    def ask(self, request: FromDesktop) -> bool:
        """Send a request; False when no collector is attached."""
        ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came within one flush; each site once, however often it was named."""

    sites: frozenset[str] = frozenset()
    backfill: BackfillProgress | None = None
    hello: Hello | None = None
    stopping: Stopping | None = None
    alarms_moved: bool = False
    answers: tuple[AlarmAnswer, ...] = ()
    tidy: TidyProgress | None = None
    notes: tuple[NoteAnswer, ...] = ()
    details: tuple[DetailAnswer, ...] = ()
    commands_moved: frozenset[str] = frozenset()
    words_to_us: tuple[WordToUs, ...] = ()


class Bridge(QObject):
    """`heard` and `on_attached` may be called from any thread; the signals come on the GUI thread."""

    arrived = Signal(object)
    attached_changed = Signal(bool)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: list[FromCollector] = []
        self._attached_now = False
        self._attached_told = False
        self._client: Asker | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FLUSH_MS)
        self._timer.timeout.connect(self._flush)
        self._woken.connect(self._wake, Qt.ConnectionType.QueuedConnection)

    @property
    def attached(self) -> bool:
        """Whether a collector is at the other end."""
        return self._attached_now

    def use(self, client: Asker) -> None:
        """Send requests through this client."""
        self._client = client

    def ask(self, request: FromDesktop) -> bool:
        """Send a request; False when nobody is there to hear it."""
        return self._client is not None and self._client.ask(request)

    def heard(self, message: FromCollector) -> None:
        """A message came; on any thread."""
        with self._lock:
            first = not self._waiting
            self._waiting.append(message)
        if first:
            self._woken.emit()

    def on_attached(self, attached: bool) -> None:
        """The link came or went; on any thread."""
        self._attached_now = attached
        self._woken.emit()

    def _wake(self) -> None:
        if self._attached_told != self._attached_now:
            self._attached_told = self._attached_now
            self.attached_changed.emit(self._attached_told)
        if not self._timer.isActive():
            self._timer.start()

    def _flush(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
        if waiting:
            self.arrived.emit(_summed(waiting))


def _summed(messages: list[FromCollector]) -> Arrived:
    sites = frozenset(message.site_id for message in messages if isinstance(message, FrameStored | LinkChanged))
    return Arrived(
        sites,
        _last(messages, BackfillProgress),
        _last(messages, Hello),
        _last(messages, Stopping),
        any(isinstance(message, AlarmsChanged) for message in messages),
        _all(messages, AlarmAnswer),
        _last(messages, TidyProgress),
        _all(messages, NoteAnswer),
        _all(messages, DetailAnswer),
        frozenset(message.command_id for message in messages if isinstance(message, CommandsChanged)),
        tuple(message for message in messages if isinstance(message, WordToUs)),
    )


def _last(messages: list[FromCollector], kind: type[Kind]) -> Kind | None:
    return next((message for message in reversed(messages) if isinstance(message, kind)), None)


def _all(messages: list[FromCollector], kind: type[Kind]) -> tuple[Kind, ...]:
    return tuple(message for message in messages if isinstance(message, kind))
