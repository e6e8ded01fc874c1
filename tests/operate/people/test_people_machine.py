"""T7, T19 by hypothesis: whatever is asked in whatever order, nobody has a right that an administrator did not give."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from console.domain.access import Role
from console.domain.account import key_of
from console.domain.audit import faults
from tests.operate.people.made import LOCK_AFTER_S, House, cheap

NAMES = ("Ada", "ada ", "Bo", "Cy")
SECRETS = ("battery staple 1", "battery staple 2")
WRONG = "wrong guess 99"
NEW = st.sampled_from(("", *SECRETS))


class Crowd(RuleBasedStateMachine):
    """The model: accounts as (role, secret, disabled) by key, sessions as (key, role, touched), wrong tries by key."""

    sessions = Bundle("sessions")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.house = House(Path(self.folder.name))
        self.accounts: dict[str, tuple[Role, str, bool]] = {}
        self.open: dict[str, tuple[str, Role, float]] = {}
        self.wrong: dict[str, int] = {}
        self.wrote = 0

    @initialize(target=sessions, founded=st.sampled_from((False, True, True, True)))
    def begin(self, founded: bool) -> object:
        """Some houses have nobody in them, most have their first administrator and two sessions of hers."""
        if not founded:
            return multiple("", "made up")
        self.put("", "Ada", Role.ADMINISTRATOR, SECRETS[0], disabled=False)
        return multiple("", self.sign_in("Ada", SECRETS[0]), self.sign_in("Ada", SECRETS[0]))

    def _person(self, session: str) -> tuple[str, Role] | None:
        known = self.open.get(session)
        if known is None or self.house.now_s - known[2] > LOCK_AFTER_S:
            return None
        return known[0], known[1]

    def _touch(self, session: str) -> None:
        if self._person(session):
            key, role, _ = self.open[session]
            self.open[session] = key, role, self.house.now_s

    def _reigning(self) -> set[str]:
        return {
            key for key, (role, _, disabled) in self.accounts.items() if role is Role.ADMINISTRATOR and not disabled
        }

    @rule(session=sessions, name=st.sampled_from(NAMES), role=st.sampled_from(Role), secret=NEW, disabled=st.booleans())
    def put(self, session: str, name: str, role: Role, secret: str, disabled: bool) -> None:
        person, key = self._person(session), key_of(name)
        self._touch(session)
        before = self._reigning()
        refused = self.house.put(session, name, role, secret, disabled).refused
        old = self.accounts.get(key)
        allowed = (person is not None and person[1] is Role.ADMINISTRATOR) if self.accounts else (
            role is Role.ADMINISTRATOR and not disabled
        )  # fmt: skip
        complete = bool(secret) or old is not None
        ends_reign = before == {key} and (role is not Role.ADMINISTRATOR or disabled)
        assert bool(refused) is not (allowed and complete and not ends_reign), refused
        if refused:
            return
        new = (role, secret or (old[1] if old else ""), disabled)
        self.accounts[key] = new
        self._end_changed(key, old, new, bool(secret), session)

    def _end_changed(self, key: str, old: object, new: tuple[Role, str, bool], fresh: bool, own: str) -> None:
        if old is None:
            return
        moved = (old[0], old[2]) != (new[0], new[2])
        for token in [token for token, known in self.open.items() if known[0] == key]:
            if moved or (fresh and token != own):
                del self.open[token]

    @rule(target=sessions, name=st.sampled_from(NAMES), secret=st.sampled_from((*SECRETS, WRONG)))
    def sign_in(self, name: str, secret: str) -> object:
        key, account = key_of(name), self.accounts.get(key_of(name))
        answer = self.house.sign_in(name, secret)
        right = account is not None and account[1] == secret and not account[2]
        if answer.session:
            assert right
            assert answer.role == account[0]
            self.wrong[key] = 0
            self.open[answer.session] = key, account[0], self.house.now_s
            return answer.session
        if right:
            assert "too many wrong tries" in answer.refused
            assert self.wrong.get(key, 0) >= 5
        elif "too many" not in answer.refused:
            self.wrong[key] = self.wrong.get(key, 0) + 1
        return multiple()

    @rule(session=sessions)
    def sign_out(self, session: str) -> None:
        self.house.people.sign_out(session)
        self.open.pop(session, None)

    @rule(seconds=st.sampled_from((1.0, 400.0, LOCK_AFTER_S / 2, LOCK_AFTER_S + 1)))
    def wait(self, seconds: float) -> None:
        self.house.now_s += seconds
        self.house.people.tick()

    @rule(session=sessions)
    def use(self, session: str) -> None:
        found, expected = self.house.people.person_of(session), self._person(session)
        assert (found and (key_of(found.name), found.role)) == expected
        self._touch(session)

    @rule()
    def the_collector_starts_anew(self) -> None:
        self.house.started()
        self.open.clear()
        self.wrong.clear()

    @invariant()
    def an_administrator_stays(self) -> None:
        stored = {account.key: account for account in self.house.reader.accounts()}
        assert set(stored) == set(self.accounts)
        assert all(
            (stored[key].role, stored[key].disabled) == (role, off) for key, (role, _, off) in self.accounts.items()
        )
        assert self._reigning() or not self.accounts

    @invariant()
    def the_chain_is_whole_and_grows(self) -> None:
        rows = self.house.audit()
        assert faults(rows) == ()
        assert len(rows) >= self.wrote
        self.wrote = len(rows)
        assert not any(word in repr(rows) for word in (*SECRETS, WRONG))

    def teardown(self) -> None:
        self.house.close()
        self.folder.cleanup()


def test_t7_nobody_gains_a_right_and_the_last_administrator_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap(monkeypatch)
    run_state_machine_as_test(
        Crowd,
        settings=settings(max_examples=60, stateful_step_count=40, suppress_health_check=list(HealthCheck)),
    )
