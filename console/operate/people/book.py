"""Knows who is who: proves credentials, keeps sessions, changes accounts, and writes all of it into the audit chain.

What cannot be written does not happen: no sign-in and no account without its row. A password is proved and forgotten;
neither it nor a name that nobody has (often a password in the wrong box) is kept or told anywhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence

from console.domain.access import Person, Role
from console.domain.account import Account, key_of, proves
from console.domain.audit import AuditRow
from console.domain.errors import StoreError
from console.link.orders import Done, PutAccount, SessionEnded, SignedIn, SignIn
from console.link.server import Reply
from console.operate.people.accounts import changed, role_name, why_refused, words_of
from console.operate.people.sessions import Session, Sessions
from console.operate.people.tries import Tries
from console.store.commands_face import CommandWriter

NOBODY = ""  # the key under which tries with unknown names are counted together
WRONG = "no such name, or another password"
IDLE = "nobody used this desk for a while: sign in again"
UNKNOWN = "the collector knows this session no more: sign in again"
LONGEST_DESK = 64
PROVING_AT_ONCE = 2  # each takes 32 MiB for a moment, and as many desktops as can attach may ask together


class People:
    """May be called from any thread; proving a password takes some 60 ms of the caller's.

    `accounts` is a StoreError where they cannot be read: then nobody signs in and nobody is the first.
    `trouble` hears what could not be written of something that happened all the same (an idle desk locks).
    """

    def __init__(
        self,
        accounts: Sequence[Account] | StoreError,
        writer: CommandWriter,
        lock_after_s: float,
        wall_ms: Callable[[], int],
        now_s: Callable[[], float],
        trouble: Callable[[StoreError], None] = lambda error: None,
    ) -> None:
        self._unread = str(accounts) if isinstance(accounts, StoreError) else ""
        self._known = {} if isinstance(accounts, StoreError) else {account.key: account for account in accounts}
        self._writer, self._wall_ms, self._trouble = writer, wall_ms, trouble
        self._sessions = Sessions(lock_after_s, now_s)
        self._tries = Tries(now_s)
        self._proving = threading.Semaphore(PROVING_AT_ONCE)
        self._changing = threading.Lock()  # one change of accounts at a time, or two could take away the last two

    def sign_in(self, request: SignIn, hear: Reply) -> SignedIn:
        """A session for whoever proves to be somebody; `hear` is told when it ends by itself."""
        desk = printable(request.desk)
        found = self.prove(request.name, request.secret, desk, "sign in")
        if isinstance(found, str):
            return SignedIn(request=request.request, refused=found)
        try:
            self._writer.put_audit([self._row(found, desk, "sign in", result="done")])
        except StoreError as error:
            return SignedIn(request=request.request, refused=f"no sign-in without its audit row: {error}")
        session, crowd = self._sessions.begin(found, desk, hear)
        self._end(crowd, "too many sessions: sign in again")
        if not self._stands(found):  # changed between proof and session
            self._end(self._sessions.end_of(found.name), UNKNOWN)
        return SignedIn(
            request=request.request, session=session.token, name=found.name, role=int(found.role),
            lock_after_s=self._sessions.lock_after_s,
        )  # fmt: skip

    def prove(self, name: str, secret: str, desk: str, purpose: str) -> Person | str:
        """Who this is, or in words why not; every refusal is an audit row. For a second person's approval too."""
        if self._unread:
            return f"nobody can sign in, because the accounts cannot be read: {self._unread}"
        if not self._known:
            return "there is no account yet: `meridian operators add NAME --role administrator` makes the first"
        account = self._known.get(key_of(name))
        key = account.key if account else NOBODY
        wait_s = self._tries.admit(key)
        if wait_s > 0:
            return f"too many wrong tries: wait {wait_s:.0f} s"
        with self._proving:
            right = proves(account, secret)
        if account is None or not right:
            return self._refused(account, desk, purpose)
        self._tries.right(key)
        return Person(account.name, account.role)

    def sign_out(self, token: str) -> None:
        """Forget a session at the wish of who has it."""
        session = self._sessions.end(token)
        if session is not None:
            self._note(self._row(session.person, session.desk, "sign out", result="done"))

    def put_account(self, request: PutAccount) -> Done:
        """Make or change an account as far as `people_accounts` lets; kept with its audit row when this returns."""
        by = self.person_of(request.session)
        desk = self.desk_of(request.session) or printable(request.desk)
        with self._changing:
            refused = self._unread or why_refused(self._known, by, request)
            if refused:
                self._note(
                    self._row(by, desk, "change account", target=self._name(request), result=f"refused: {refused}")
                )
                return Done(request.request, refused)
            old, new = self._known.get(key_of(request.name)), changed(self._known, request, self._wall_ms())
            asked = words_of(new) + (", new password" if request.secret else "")
            person = by or Person(new.name, new.role)  # the first makes itself
            row = self._row(person, desk, "change account", target=new.name, before=words_of(old), requested=asked,
                            result="done")  # fmt: skip
            try:
                self._writer.put_account(new, [row])
            except StoreError as error:
                return Done(request.request, f"nothing was changed, because it could not be kept: {error}")
            self._known[new.key] = new
        if old is not None and (old.role, old.digest, old.disabled) != (new.role, new.digest, new.disabled):
            own = request.session if (old.role, old.disabled) == (new.role, new.disabled) else ""
            self._end(self._sessions.end_of(new.name, but=own), "your account was changed: sign in again")
        return Done(request.request)

    def person_of(self, token: str, *, by_hand: bool = True) -> Person | None:
        """Who a session stands for; None for an unknown one. `by_hand=False` for what a desktop says by itself."""
        session = self._sessions.find(token, by_hand)
        return session.person if session else None

    def desk_of(self, token: str) -> str:
        """Where a session sits; empty for an unknown one."""
        session = self._sessions.find(token, by_hand=False)
        return session.desk if session else ""

    def tick(self) -> None:
        """End the sessions of desks that nobody uses; once a second is enough."""
        self._end(self._sessions.end_idle(), IDLE, "lock idle desk")

    def _stands(self, person: Person) -> bool:
        account = self._known.get(key_of(person.name))
        return account is not None and not account.disabled and account.role is person.role

    def _end(self, sessions: Iterable[Session], reason: str, action: str = "end session") -> None:
        for session in sessions:
            session.hear(SessionEnded(session.token, reason))
            self._note(self._row(session.person, session.desk, action, result="done", reason=reason))

    def _refused(self, account: Account | None, desk: str, purpose: str) -> str:
        """One row a wrong try; those that were turned away unheard while waiting are counted in the next one."""
        before = self._tries.turned_away(account.key if account else NOBODY)
        target = account.name if account else "a name that is not known"
        result = "refused: disabled" if account and account.disabled else f"refused: {WRONG}"
        more = f"; {before} tries were turned away since the last" if before else ""
        self._note(self._row(None, desk, purpose, target=target, result=result + more))
        return WRONG

    def _name(self, request: PutAccount) -> str:
        """A name as the audit may hold it: only one that an account has."""
        account = self._known.get(key_of(request.name))
        return account.name if account else "a name that is not known"

    def _note(self, row: AuditRow) -> None:
        try:
            self._writer.put_audit([row])
        except StoreError as error:
            self._trouble(error)

    def _row(self, person: Person | None, desk: str, action: str, **more: str) -> AuditRow:
        return AuditRow(
            seq=0, at_ms=self._wall_ms(), monotonic_ns=time.monotonic_ns(), actor=person.name if person else "",
            role=role_name(person.role if person else Role.VIEWER), desk=desk, action=action, **more,
        )  # fmt: skip


def printable(text: str, most: int = LONGEST_DESK) -> str:
    """A desktop's own word for itself, fit for a line: at most 64 printable characters."""
    return "".join(letter if letter.isprintable() else "?" for letter in text.strip()[:most])
