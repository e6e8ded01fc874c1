"""Tells alarms outside of the room, in a thread of its own: the engine hands over and never waits, whatever is slow.

The first alarm of a quiet receiver leaves at once; what follows within the digest's time is summed up, so that a flood
is a few messages and not a flood of messages. What cannot be delivered is tried again, then said and dropped.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from console.domain.alarm_change import AlarmChange
from console.domain.errors import MeridianError
from console.operate.alarms.routes import Route

MOST_WAITING = 1000  # batches handed over; beyond it alarms are still in the list, only not told outside
MOST_LINES = 12
TRIES = 3
LOOK_S = 1.0


class Undelivered(MeridianError):
    """A message could not be handed to its service."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message in plain text."""

    title: str
    body: str


Send = Callable[[str, Message], bool]  # an address and a message -> whether it was taken


@dataclass(slots=True)
class _Box:
    """What one receiver has not been told yet."""

    route: Route
    lines: list[AlarmChange] = field(default_factory=list)
    sent_ms: int | None = None
    tries: int = 0


class Outbox:
    """Who is to be told what, and when. Pure: time comes in."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._boxes = [_Box(route) for route in routes]

    def add(self, lines: Iterable[AlarmChange]) -> None:
        """Sort into the boxes what is for somebody."""
        for line in lines:
            for box in self._boxes:
                if box.route.takes(line):
                    box.lines.append(line)

    def due(self, now_ms: int) -> list[tuple[Route, Message]]:
        """What shall leave now; it stays in its box until `settled`."""
        return [
            (box.route, _message(box.lines))
            for box in self._boxes
            if box.lines and (box.sent_ms is None or now_ms - box.sent_ms >= box.route.digest_s * 1000)
        ]

    def settled(self, route: Route, now_ms: int, delivered: bool) -> bool:
        """How it went; False when it was tried for the last time. A failed one waits for the next digest."""
        box = next(box for box in self._boxes if box.route is route)
        box.sent_ms, box.tries = now_ms, 0 if delivered else box.tries + 1
        given_up = box.tries >= TRIES
        if delivered or given_up:
            box.lines, box.tries = [], 0
        return not given_up


def _message(lines: Sequence[AlarmChange]) -> Message:
    """The worst first; more than a dozen are counted."""
    ordered = sorted(lines, key=lambda line: (-line.priority, line.at_ms))
    first = ordered[0]
    title = f"[{first.priority.name}] {first.title}: {first.place}"
    if len(ordered) > 1:
        title = f"{len(ordered)} alarms, worst: {title}"
    rows = [
        f"{_utc(line.at_ms)} [{line.priority.letter}] {line.title}: {line.place}{f', {line.note}' if line.note else ''}"
        for line in ordered[:MOST_LINES]
    ]
    if len(ordered) > MOST_LINES:
        rows.append(f"and {len(ordered) - MOST_LINES} more")
    return Message(_plain(title), "\n".join(map(_plain, rows)))


def _utc(at_ms: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(at_ms / 1000))


def _plain(text: str) -> str:
    """Names come from outside: no line break or control character reaches a mail's head."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def apprise_send(address: str, message: Message) -> bool:
    """Hand a message to the service of an address. Raises Undelivered where the optional library is missing."""
    try:
        import apprise
    except ImportError as error:
        raise Undelivered("notifications need the extra `notify` (pip install meridian-console[notify])") from error
    service = apprise.Apprise()
    if not service.add(address):
        raise Undelivered("the credential is no address that the apprise library understands")
    return bool(service.notify(title=message.title, body=message.body, body_format=apprise.NotifyFormat.TEXT))


class Notifier:
    """Delivers in its own thread. `tell` never blocks; `trouble` hears, by the route's name, what was not delivered.

    `secrets` gives the address under a credential's name; addresses are never logged and never part of an error.
    """

    def __init__(
        self,
        routes: Sequence[Route],
        secrets: Callable[[str], str],
        trouble: Callable[[str], None],
        wall_ms: Callable[[], int],
        send: Send = apprise_send,
    ) -> None:
        self._outbox, self._secrets, self._trouble = Outbox(routes), secrets, trouble
        self._wall_ms, self._send = wall_ms, send
        self._waiting: queue.Queue[Sequence[AlarmChange]] = queue.Queue(MOST_WAITING)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notify", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """End; what hangs in a service is left to die with the process."""
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def tell(self, lines: Sequence[AlarmChange]) -> None:
        """Hand over transitions; from any thread, at once."""
        with suppress(queue.Full):  # a service hangs: the alarms themselves are in the list all the same
            self._waiting.put_nowait(lines)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._outbox.add(self._waiting.get(timeout=LOOK_S))
                while not self._waiting.empty():
                    self._outbox.add(self._waiting.get_nowait())
            except queue.Empty:
                pass
            for route, message in self._outbox.due(self._wall_ms()):
                self._deliver(route, message)

    def _deliver(self, route: Route, message: Message) -> None:
        reason = "the service did not take it"
        try:
            delivered = self._send(self._secrets(route.credential), message)
        except MeridianError as error:
            delivered, reason = False, str(error)
        except Exception as error:  # noqa: BLE001 - a service of somebody else's library; its words may hold the address
            delivered, reason = False, type(error).__name__
        goes_on = self._outbox.settled(route, self._wall_ms(), delivered)
        if not delivered:
            self._trouble(f"{route.name}: {reason}; {'it is tried again' if goes_on else 'given up'}")
