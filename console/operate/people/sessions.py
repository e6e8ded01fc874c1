"""Sessions: unguessable tokens that stand for a person at a desk, in memory only, until they leave or fall idle.

A collector that starts anew knows none. A session is bound to nothing but its token, so a desktop that lost its link
comes back with it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from console.domain.access import Person
from console.domain.account import key_of
from console.link.server import Reply

TOKEN_BYTES = 32
MOST_SESSIONS = 64  # four a desktop that can attach; the one without a hand on it for longest makes room


@dataclass(slots=True)
class Session:
    """Who sits where, how to tell them, and when a hand was on the desk last (seconds of a clock that counts sleep)."""

    token: str
    person: Person
    desk: str
    hear: Reply
    touched_s: float


class Sessions:
    """May be called from any thread."""

    def __init__(self, lock_after_s: float, now_s: Callable[[], float]) -> None:
        self.lock_after_s = lock_after_s
        self._now_s = now_s
        self._known: dict[str, Session] = {}
        self._turn = threading.Lock()

    def begin(self, person: Person, desk: str, hear: Reply) -> tuple[Session, list[Session]]:
        """A new session, and those that made room for it."""
        session = Session(secrets.token_urlsafe(TOKEN_BYTES), person, desk, hear, self._now_s())
        with self._turn:
            crowd = sorted(self._known.values(), key=lambda known: known.touched_s)
            gone = [self._known.pop(known.token) for known in crowd[: max(0, len(crowd) + 1 - MOST_SESSIONS)]]
            self._known[session.token] = session
        return session, gone

    def find(self, token: str, by_hand: bool) -> Session | None:
        """The session of a token while it lasts; `by_hand`: somebody did this, so that the idle time begins anew."""
        now_s = self._now_s()
        with self._turn:
            session = self._known.get(token)
            if session is None or self._idle(session, now_s):
                return None
            if by_hand:
                session.touched_s = now_s
        return session

    def end(self, token: str) -> Session | None:
        """Forget a token; the session that it was."""
        with self._turn:
            return self._known.pop(token, None)

    def end_of(self, name: str, but: str = "") -> list[Session]:
        """Forget every session of a person, except the token `but`."""
        with self._turn:
            gone = [one for one in self._known.values() if key_of(one.person.name) == key_of(name) and one.token != but]
            return [self._known.pop(session.token) for session in gone]

    def end_idle(self) -> list[Session]:
        """Forget those on which no hand was for `lock_after_s`."""
        now_s = self._now_s()
        with self._turn:
            gone = [session for session in self._known.values() if self._idle(session, now_s)]
            return [self._known.pop(session.token) for session in gone]

    def _idle(self, session: Session, now_s: float) -> bool:
        return now_s - session.touched_s > self.lock_after_s
