"""Who may sign in, what a session is, and that all of it stands in the audit chain without a secret."""

from __future__ import annotations

import sqlite3

import pytest

from console.domain.access import Person, Role
from console.domain.audit import faults
from console.domain.errors import StoreError
from console.link.messages import AlarmRequest, AlarmVerb
from console.link.orders import Done, HandOnDesk, SessionEnded, SignIn, SignOut
from console.operate.people.book import IDLE, UNKNOWN, WRONG, People
from console.operate.people.requests import answer, signed, tell_if_ended
from tests.operate.people.made import CHIEF, LOCK_AFTER_S, SECRET, House


def test_the_first_account_needs_nobody_and_must_be_an_administrators(house: House) -> None:
    assert "there is no account yet" in house.sign_in().refused
    assert "must be an administrator's" in house.put("", "Bo", Role.SUPERVISOR, SECRET).refused
    assert "a password has 8 to 256" in house.put("", CHIEF, Role.ADMINISTRATOR, "short").refused
    assert house.put("", CHIEF, Role.ADMINISTRATOR, SECRET) == Done("r")
    assert "sign in first" in house.put("", "Eve", Role.ADMINISTRATOR, SECRET).refused
    assert [account.name for account in house.reader.accounts()] == [CHIEF]


def test_a_session_stands_for_a_person_until_it_is_left(house: House) -> None:
    session = house.found()
    assert len(session) >= 40
    assert house.sign_in().session != session
    assert house.people.person_of(session) == Person(CHIEF, Role.ADMINISTRATOR)
    assert house.people.desk_of(session) == "desk 1"
    assert house.people.person_of(session[:-1] + "~") is None
    assert house.people.person_of("") is None
    house.people.sign_out(session)
    assert house.people.person_of(session) is None
    assert house.started().person_of(session) is None


def test_a_name_is_known_without_case_and_shown_as_it_was_made(house: House) -> None:
    house.found()
    found = house.sign_in(" aDA ")
    assert (found.name, found.role, found.lock_after_s) == (CHIEF, Role.ADMINISTRATOR, LOCK_AFTER_S)


def test_an_idle_desk_locks_and_is_told_and_a_hand_on_it_keeps_it(house: House) -> None:
    session, idle = house.found(), house.sign_in().session
    for _ in range(3):
        house.now_s += LOCK_AFTER_S / 2
        answer(house.people, HandOnDesk(session), house.hear)
        house.people.person_of(idle, by_hand=False)  # what a desktop says by itself keeps no desk open
        house.people.tick()
    assert house.people.person_of(session) is not None
    assert house.people.person_of(idle) is None
    assert house.heard == [SessionEnded(idle, IDLE)]
    house.now_s += LOCK_AFTER_S + 1
    assert house.people.person_of(session) is None, "locked also before anybody ticks"


def test_a_desktop_learns_that_its_session_is_over_with_the_first_thing_it_asks(house: House) -> None:
    session = house.found()
    tell_if_ended(house.people, HandOnDesk(session), house.hear)
    assert house.heard == []
    tell_if_ended(house.started(), HandOnDesk(session), house.hear)
    tell_if_ended(house.people, SignOut(session), house.hear)
    assert house.heard == [SessionEnded(session, UNKNOWN)]


def test_only_an_administrator_changes_accounts(house: House) -> None:
    chief = house.found()
    for role in (Role.VIEWER, Role.OPERATOR, Role.SUPERVISOR):
        house.put(chief, role.name, role, SECRET)
        session = house.sign_in(role.name).session
        assert "may not change accounts" in house.put(session, role.name, Role.ADMINISTRATOR).refused
        assert "may not change accounts" in house.put(session, "Eve", Role.VIEWER, SECRET).refused
    assert len(house.reader.accounts()) == 4


def test_the_last_administrator_can_be_neither_disabled_nor_demoted(house: House) -> None:
    chief = house.found()
    assert "last administrator" in house.put(chief, CHIEF, Role.ADMINISTRATOR, disabled=True).refused
    assert "last administrator" in house.put(chief, CHIEF, Role.OPERATOR).refused
    house.put(chief, "Bo", Role.ADMINISTRATOR, SECRET, disabled=True)
    assert "last administrator" in house.put(chief, CHIEF, Role.OPERATOR).refused, "a disabled one does not count"
    house.put(chief, "Bo", Role.ADMINISTRATOR)
    assert house.put(chief, CHIEF, Role.OPERATOR) == Done("r")


@pytest.mark.parametrize(
    ("name", "role", "secret", "words"),
    [
        ("Bo", 9, SECRET, "found the role 9"),
        ("Bo", -1, SECRET, "found the role -1"),
        ("Bo", 1, "", "a new account needs a password"),
        ("", 1, SECRET, "a name has 1 to 64"),
        ("x" * 65, 1, SECRET, "a name has 1 to 64"),
        ("B\u202eo", 1, SECRET, "a name has 1 to 64"),
        ("Bo", 1, "x" * 257, "a password has"),
    ],
)
def test_a_wish_that_breaks_a_rule_is_refused_in_words(
    house: House, name: str, role: int, secret: str, words: str
) -> None:
    assert words in house.put(house.found(), name, role, secret).refused
    assert len(house.reader.accounts()) == 1


def test_a_changed_account_ends_its_sessions_and_a_new_password_not_the_one_that_set_it(house: House) -> None:
    chief = house.found()
    other = house.sign_in().session
    house.put(chief, CHIEF, Role.ADMINISTRATOR, "another horse 2")
    assert house.people.person_of(chief) is not None
    assert house.people.person_of(other) is None
    assert house.sign_in().refused == WRONG
    house.put(chief, "Bo", Role.SUPERVISOR, SECRET)
    bo = house.sign_in("Bo").session
    house.put(chief, "Bo", Role.SUPERVISOR)
    assert house.people.person_of(bo) is not None, "nothing was changed"
    house.put(chief, "bo", Role.VIEWER)
    assert house.people.person_of(bo) is None
    house.put(chief, "Bo", Role.VIEWER, disabled=True)
    assert house.sign_in("Bo").refused == WRONG
    house.put(chief, "Bo", Role.OPERATOR)
    assert house.sign_in("Bo").role == Role.OPERATOR, "an empty password keeps the old one"


def test_five_wrong_tries_then_a_wait_that_grows_and_never_locks_out(house: House) -> None:
    house.found()
    for _ in range(5):
        assert house.sign_in(secret="wrong guess").refused == WRONG
    assert house.sign_in().refused == "too many wrong tries: wait 5 s", "the right one waits as well"
    waits = []
    for _ in range(12):
        waits.append(float(house.sign_in(secret="wrong guess").refused.split()[-2]))
        house.now_s += waits[-1] + 0.1
        assert house.sign_in(secret="wrong guess").refused == WRONG
    assert waits[:4] == [5, 10, 20, 40]
    assert max(waits) == 300
    house.now_s += 300.1
    assert house.sign_in().session
    assert house.sign_in(secret="wrong guess").refused == WRONG
    assert house.sign_in().session, "what was wrong before is forgiven"


def test_wrong_tries_of_one_name_or_of_none_do_not_slow_another(house: House) -> None:
    chief = house.found()
    house.put(chief, "Bo", Role.OPERATOR, SECRET)
    for number in range(9):
        house.sign_in("Bo", "wrong guess")
        house.sign_in(f"nobody {number}", "wrong guess")
    assert "too many" in house.sign_in("Bo").refused
    assert "too many" in house.sign_in("somebody else").refused
    assert house.sign_in().session


def test_every_step_is_a_row_and_none_holds_a_secret_or_a_name_that_nobody_has(house: House) -> None:
    chief = house.found()
    house.put(chief, "Bo", Role.OPERATOR, "battery staple 9")
    house.put(chief, "Bo", Role.SUPERVISOR, "battery staple 10")
    house.sign_in("bo", "wrong guess 1")
    house.sign_in("battery staple 10", "Bo")  # the password in the wrong box
    house.put("", "battery staple 10", Role.VIEWER, "Bo")
    house.people.prove("bo", "wrong guess 2", "desk 2", "approve")
    house.people.sign_out(chief)
    rows = house.audit()
    assert faults(rows) == ()
    told = [(row.actor, row.role, row.action, row.target, row.before, row.requested, row.result) for row in rows]
    assert told == [
        (CHIEF, "administrator", "change account", CHIEF, "none", "administrator, new password", "done"),
        (CHIEF, "administrator", "sign in", "", "", "", "done"),
        (CHIEF, "administrator", "change account", "Bo", "none", "operator, new password", "done"),
        (CHIEF, "administrator", "change account", "Bo", "operator", "supervisor, new password", "done"),
        ("", "viewer", "sign in", "Bo", "", "", f"refused: {WRONG}"),
        ("", "viewer", "sign in", "a name that is not known", "", "", f"refused: {WRONG}"),
        ("", "viewer", "change account", "a name that is not known", "", "",
         "refused: sign in first: only an administrator changes accounts"),
        ("", "viewer", "approve", "Bo", "", "", f"refused: {WRONG}"),
        (CHIEF, "administrator", "sign out", "", "", "", "done"),
    ]  # fmt: skip
    for path in house.path.parent.iterdir():
        body = path.read_bytes()
        assert not any(word in body for word in (b"battery staple", b"correct horse", b"wrong guess")), path


def test_tries_that_were_turned_away_are_counted_in_the_next_row(house: House) -> None:
    house.found()
    for _ in range(12):
        house.sign_in(secret="wrong guess")
    house.now_s += 6
    house.sign_in(secret="wrong guess")
    rows = [row.result for row in house.audit() if row.result.startswith("refused")]
    assert len(rows) == 6
    assert rows[-1].endswith("; 7 tries were turned away since the last")


def test_t22_nobody_signs_in_and_no_account_changes_while_the_audit_cannot_be_written(house: House) -> None:
    chief = house.found()
    with sqlite3.connect(house.path) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    connection.close()
    assert "no sign-in without its audit row" in house.sign_in().refused
    assert "could not be kept" in house.put(chief, "Bo", Role.VIEWER, SECRET).refused
    assert [account.name for account in house.reader.accounts()] == [CHIEF]
    house.people.sign_out(chief)
    assert house.people.person_of(chief) is None, "who leaves has left"
    assert len(house.troubles) == 1


def test_accounts_that_cannot_be_read_let_nobody_in_and_nobody_be_the_first(house: House) -> None:
    people = People(StoreError("damaged"), house.writer, 9.0, lambda: 1, lambda: 1.0)
    house.people = people
    assert "cannot be read: damaged" in house.sign_in().refused
    assert house.put("", CHIEF, Role.ADMINISTRATOR, SECRET).refused == "damaged"
    assert house.reader.accounts() == []


def test_t7_a_second_person_proves_with_their_own_credential(house: House) -> None:
    chief = house.found()
    house.put(chief, "Bo", Role.OPERATOR, "battery staple 9")
    assert house.people.prove("Bo", "battery staple 9", "desk 2", "approve") == Person("Bo", Role.OPERATOR)
    assert house.people.prove("Bo", SECRET, "desk 2", "approve") == WRONG


def test_an_alarm_request_has_the_name_and_the_role_of_its_session_and_nothing_else(house: House) -> None:
    def asks(session: str) -> AlarmRequest:
        return signed(
            house.people,
            AlarmRequest(request="r", verb=AlarmVerb.SILENCE, who="Eve", role=3, workstation="w", session=session),
        )

    session = house.found()
    assert (asks(session).who, asks(session).role, asks(session).workstation) == (CHIEF, 3, "desk 1")
    assert (asks("").who, asks("").role) == ("", 0)
    assert (asks("made up").who, asks("made up").role) == ("", 0)


def test_too_many_sessions_end_the_one_nobody_touched_for_longest(house: House) -> None:
    first = house.found()
    tokens = []
    for _ in range(64):
        house.now_s += 1
        tokens.append(house.sign_in().session)
    assert house.people.person_of(first) is None
    assert all(house.people.person_of(token) for token in tokens)
    assert isinstance(house.heard[0], SessionEnded)


def test_a_word_with_a_credential_hides_it_when_it_is_written_out() -> None:
    assert repr(SignIn(request="r", name="Ada", secret=SECRET, desk="d")) == "SignIn(request='r', name='Ada', desk='d')"
