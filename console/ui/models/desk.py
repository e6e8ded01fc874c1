"""Who sits at this desk: signed in by the collector, locked when nobody touches it; view-only until then (R40).

Knows the session and never the credential: a secret goes through `sign_in` to the link and is kept nowhere. A locked
desk goes on showing everything; only the rights go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.access import Person, Right, Role, may
from console.link.messages import FromDesktop, Hello
from console.link.orders import Done, HandOnDesk, PutAccount, SessionEnded, SignedIn, SignIn, SignOut
from console.ui.models.awaited import Awaited, new_id
from console.ui.models.live import LiveFleet
from console.ui.models.why_off import why_off

ANSWER_WITHIN_MS = 15_000
LOOK_EVERY_MS = 1000
TELL_EVERY_MS = 60_000
NOBODY = Person("", Role.VIEWER)
NO_ANSWER = "No answer from the collector"
NO_COLLECTOR = "No collector is attached"
Answered = Callable[[str], None]  # what was wrong, empty where nothing was


class Desk(QObject):
    """`changed` tells that somebody came, went or was locked; `said` carries a word for the bar."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, live: LiveFleet) -> None:
        super().__init__(live)
        self.live = live
        self.name = ""  # of this workstation
        self.os_user = ""
        self.person = NOBODY
        self.session = ""
        self.last_name = ""  # of whoever locked it, so that unlocking asks for the password alone
        self.lock_after_s = 0.0
        self._touched_ms = self._told_ms = 0
        self._collector: tuple[int, int] | None = None
        self._ask: Callable[[FromDesktop], bool] | None = None
        self._awaited = Awaited(self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @classmethod
    def of(cls, live: LiveFleet) -> Desk:
        """The one desk over this fleet."""
        return live.findChild(cls) or cls(live)

    def use(self, ask: Callable[[FromDesktop], bool], name: str, os_user: str = "") -> None:
        """Ask through this; `name` is the workstation's, `os_user` whoever runs the program."""
        self._ask, self.name, self.os_user = ask, name, os_user

    # what it says

    @property
    def signed_in(self) -> bool:
        """Whether somebody is."""
        return bool(self.session)

    @property
    def role_word(self) -> str:
        """`operator`, `supervisor` …"""
        return self.person.role.name.lower()

    @property
    def words(self) -> str:
        """`ada, operator · desk 2`, or that nobody is signed in."""
        if self.signed_in:
            return f"{self.person.name}, {self.role_word} · {self.name}"
        user = f"{self.os_user}, " if self.os_user else ""
        return f"{user}not signed in · {self.name}"

    def why_not(self, right: Right) -> str:
        """Why this desk may not do something here and now; empty where it may."""
        signed_in = self.signed_in or right is Right.LOOK
        reason = why_off(self.live, linked=self._ask is not None, signed_in=signed_in)
        if reason:
            return reason
        if not may(self.person, right):
            return f"Off: a {self.role_word} may not"
        return ""

    def why_not_sign_in(self) -> str:
        """Why nobody can sign in here."""
        if self.live.offline_asked:
            return "Off: opened offline, nobody is there to prove it to"
        return "" if self._ask is not None else "Off: no link to the collector"

    # coming and going

    def sign_in(self, name: str, secret: str, answered: Answered) -> None:
        """Prove a name; `answered` hears what was wrong, empty when the desk is signed in."""
        self._send(SignIn(request=new_id(), name=name, secret=secret, desk=self.name), answered)

    def sign_out(self) -> None:
        """Go; the name is forgotten."""
        self._leave("Signed out", "")

    def lock(self, reason: str = "Locked") -> None:
        """Take the rights away and leave the screen as it is."""
        self._leave(reason, self.person.name)

    def _leave(self, word: str, last_name: str) -> None:
        if not self.signed_in:
            return
        if self._ask is not None:
            self._ask(SignOut(self.session))
        self._drop(word, last_name)

    def _drop(self, word: str, last_name: str) -> None:
        self.session, self.person, self.last_name = "", NOBODY, last_name
        self.changed.emit()
        self.said.emit(f"{word}: the screen goes on, commands and acknowledging are off")

    def touched(self) -> None:
        """A hand moved a key or the mouse; the collector hears of it once a minute at most."""
        self._touched_ms = now_ms = self.live.clock()
        if self.signed_in and self._ask is not None and now_ms - self._told_ms >= TELL_EVERY_MS:
            self._told_ms = now_ms
            self._ask(HandOnDesk(self.session))

    def look(self) -> None:
        """Lock when nobody has touched anything for too long."""
        idle_s = (self.live.clock() - self._touched_ms) / 1000
        if self.signed_in and 0 < self.lock_after_s <= idle_s:
            self.lock(f"Locked after {self.lock_after_s / 60:.0f} min without a key")

    # accounts

    def put_account(self, name: str, role: Role, answered: Answered, secret: str = "", disabled: bool = False) -> None:
        """Add or change a person: an administrator's right, and anybody's while there is none."""
        self._send(
            PutAccount(
                request=new_id(),
                session=self.session,
                name=name,
                role=int(role),
                secret=secret,
                disabled=disabled,
                desk=self.name,
            ),
            answered,
        )

    # the link

    def _send(self, message: Any, answered: Answered) -> None:
        self._awaited.send(
            self._ask, message, answered, nobody=NO_COLLECTOR, late=NO_ANSWER, within_ms=ANSWER_WITHIN_MS
        )

    def heard(self, word: SignedIn | SessionEnded | Done) -> None:
        """The collector said something about people."""
        if isinstance(word, SessionEnded):
            if word.session == self.session and self.signed_in:
                self._drop(f"Locked: {word.reason}", self.person.name)
            return
        if word.request not in self._awaited:
            return
        if isinstance(word, SignedIn) and not word.refused:
            self._come(word)
        self._awaited.answer(word.request, word.refused)

    def _come(self, word: SignedIn) -> None:
        self.session, self.person = word.session, Person(word.name, Role(word.role))
        self.lock_after_s, self.last_name = word.lock_after_s, word.name
        self._touched_ms = self._told_ms = self.live.clock()
        self.changed.emit()

    def greeted(self, hello: Hello) -> None:
        """A collector said hello; another one than before knows none of our sessions."""
        met, self._collector = self._collector, (hello.pid, hello.started_ms)
        if self.signed_in and met is not None and met != self._collector:
            self._drop("Locked: the collector started anew", self.person.name)
