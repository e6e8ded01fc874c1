"""Who sits at the desk: signing in, locking, and what a locked desk may still do. Passwords stay nowhere."""

from __future__ import annotations

import logging

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit

from console.domain.access import Right, Role
from console.domain.account import Account
from console.link.messages import AlarmRequest, AlarmVerb, Hello
from console.link.orders import Done, HandOnDesk, PutAccount, SessionEnded, SignedIn, SignIn, SignOut
from console.ui.dialogs.sign_in import HONEST, NOBODY_YET
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import Mode
from tests.ui.commands.conftest import Room, button
from tests.ui.fakes import NOW_MS

SECRET = "correct horse battery"


def someone(name: str = "ada", role: Role = Role.OPERATOR) -> Account:
    return Account(name=name, role=role, salt=b"1" * 16, digest=b"2" * 32, made_ms=NOW_MS)


def opens_sign_in(here: Room):
    here.qtbot.keyClick(here.shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    here.qtbot.waitUntil(lambda: here.reception.dialog is not None and here.reception.dialog.isVisible())
    return here.reception.dialog


def answers(here: Room, kind: type, **more: object) -> object:
    asked = here.collector.of(kind)[-1]
    word = SignedIn(request=asked.request, **more) if kind is SignIn else Done(request=asked.request, **more)
    here.reception.desk.heard(word)
    return asked


def test_nobody_may_ask_for_anything_before_signing_in_and_every_button_says_so(room) -> None:
    here = room(role=None)
    here.store.account_list = [someone()]
    desk = here.reception.desk
    assert "nobody is signed in" in desk.why_not(Right.COMMAND)
    assert "nobody is signed in" in here.commands.why_not()
    assert desk.why_not(Right.LOOK) == ""
    alarms = LiveAlarms.of(here.live)
    alarms.use(here.collector.ask, desk.person, desk.name, desk.session)
    assert not alarms.ask(AlarmVerb.SILENCE, span_s=60)
    assert here.collector.of(AlarmRequest) == []


def test_signing_in_shows_name_and_role_and_asks_with_the_session(room) -> None:
    here = room(role=None)
    here.store.account_list = [someone()]
    dialog = opens_sign_in(here)
    here.qtbot.keyClicks(dialog.name, "ada")
    here.qtbot.keyClicks(dialog.secret, SECRET)
    here.qtbot.mouseClick(button(dialog, "Sign in"), Qt.MouseButton.LeftButton)
    asked = answers(here, SignIn, session="s9", name="Ada", role=int(Role.SUPERVISOR), lock_after_s=900.0)
    assert (asked.name, asked.secret, asked.desk) == ("ada", SECRET, "desk 2")
    assert here.reception.dialog is None
    assert here.shell.top_bar.person.text() == "Ada"
    assert here.shell.who == "Ada, supervisor · desk 2"
    assert here.commands.why_not() == ""


def test_a_wrong_password_is_said_in_the_dialog_and_the_field_is_empty(room) -> None:
    here = room(role=None)
    here.store.account_list = [someone()]
    dialog = opens_sign_in(here)
    here.qtbot.keyClicks(dialog.name, "ada")
    here.qtbot.keyClicks(dialog.secret, "wrong one here")
    here.qtbot.keyClick(dialog.secret, Qt.Key.Key_Return)
    answers(here, SignIn, refused="name and password do not fit")
    assert dialog.words.text() == "Name and password do not fit"
    assert dialog.secret.text() == ""
    assert not here.reception.desk.signed_in


def test_an_empty_profile_makes_its_first_administrator_and_says_what_a_role_cannot_do(room) -> None:
    here = room(role=None)
    dialog = opens_sign_in(here)
    said = "\n".join(label.text() for label in dialog.findChildren(type(dialog.words)))
    assert NOBODY_YET in said
    assert HONEST in said
    for field, text in ((dialog.name, "ada"), (dialog.secret, SECRET), (dialog.again, "another one")):
        here.qtbot.keyClicks(field, text)
    here.qtbot.mouseClick(button(dialog, "Make and sign in"), Qt.MouseButton.LeftButton)
    assert here.collector.of(PutAccount) == []
    assert "not the same" in dialog.words.text()
    for field in (dialog.secret, dialog.again):
        here.qtbot.keyClicks(field, SECRET)
    here.qtbot.mouseClick(button(dialog, "Make and sign in"), Qt.MouseButton.LeftButton)
    asked = answers(here, PutAccount)
    assert (asked.name, Role(asked.role), asked.session) == ("ada", Role.ADMINISTRATOR, "")
    assert here.collector.of(SignIn)[-1].secret == SECRET


def test_nobody_at_the_desk_locks_it_and_the_screen_goes_on(room) -> None:
    here = room()
    desk = here.reception.desk
    here.store.account_list = [someone()]
    desk.lock_after_s = 900.0
    desk.touched()
    here.passes(899)
    desk.look()
    assert desk.signed_in
    here.passes(1)
    desk.look()
    assert not desk.signed_in
    assert [one.session for one in here.collector.of(SignOut)] == ["s1"]
    assert "Locked after 15 min" in here.shell.top_bar.notice.text
    assert here.shell.isVisible()
    assert here.shell.view_widget.isVisible()
    assert "nobody is signed in" in here.commands.why_not()
    assert opens_sign_in(here).name.text() == "operator 2", "unlocking asks for the password alone"


def test_a_key_keeps_the_desk_open_and_is_told_once_a_minute(room) -> None:
    from console.ui.idle_watch import IdleWatch

    here = room()
    desk = here.reception.desk
    desk.lock_after_s = 900.0
    IdleWatch(desk)
    for _ in range(5):
        here.passes(500)
        here.qtbot.keyClick(here.shell.windowHandle(), Qt.Key.Key_F7)
        desk.look()
    assert desk.signed_in
    told = len(here.collector.of(HandOnDesk))
    assert told >= 5
    here.qtbot.keyClick(here.shell.windowHandle(), Qt.Key.Key_F7)
    assert len(here.collector.of(HandOnDesk)) == told


@pytest.mark.parametrize("how", ["ended", "restarted", "key"])
def test_a_session_that_ended_takes_the_rights_away(room, how: str) -> None:
    here = room()
    desk = here.reception.desk
    desk.greeted(Hello("1", 10, NOW_MS, simulated=True))
    if how == "ended":
        desk.heard(SessionEnded("another", "idle"))
        assert desk.signed_in
        desk.heard(SessionEnded("s1", "nobody used this desk for 15 min"))
    elif how == "restarted":
        desk.greeted(Hello("1", 10, NOW_MS, simulated=True))
        assert desk.signed_in
        desk.greeted(Hello("1", 11, NOW_MS + 1, simulated=True))
    else:
        here.qtbot.keyClick(here.shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not desk.signed_in
    assert "Locked" in here.shell.top_bar.notice.text


@pytest.mark.parametrize(("mode", "words"), [(Mode.READ_ONLY, "--read-only"), (Mode.OFFLINE, "offline")])
def test_r40_read_only_and_offline_cut_every_right_but_looking(room, mode: Mode, words: str) -> None:
    here = room(mode=mode)
    assert words in here.commands.why_not()
    assert words in here.reception.desk.why_not(Right.APPROVE)


def test_a_viewer_may_look_only(room) -> None:
    here = room(role=Role.VIEWER)
    assert here.commands.why_not() == "Off: a viewer may not"


def test_passwords_stay_in_no_widget_log_clipboard_accessible_text_or_picture(room, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    here = room(role=None)
    here.store.account_list = [someone()]
    dialog = opens_sign_in(here)
    dialog.name.setText("ada")
    here.qtbot.keyClicks(dialog.secret, SECRET)
    clear = dialog.grab().toImage()
    told = QAccessible.queryAccessibleInterface(dialog.secret).text(QAccessible.Text.Value)
    assert SECRET not in told
    dialog.secret.selectAll()
    QApplication.clipboard().setText("before")
    for key in (Qt.Key.Key_C, Qt.Key.Key_X):
        here.qtbot.keyClick(dialog.secret, key, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "before"
    dialog.secret.setText("x" * len(SECRET))
    dialog.secret.setCursorPosition(len(SECRET))
    assert dialog.grab().toImage() == clear, "a picture of it (F12) holds dots and no letter"
    dialog.secret.setText(SECRET)
    here.qtbot.mouseClick(button(dialog, "Sign in"), Qt.MouseButton.LeftButton)
    assert SECRET in here.collector.of(SignIn)[0].secret
    for line in dialog.findChildren(QLineEdit):
        assert SECRET not in line.text()
    assert SECRET not in repr(here.collector.of(SignIn)[0])
    assert SECRET not in caplog.text
    dialog.secret.setText(SECRET)
    dialog.reject()
    assert dialog.secret.text() == ""


def test_an_administrator_adds_changes_and_disables_people(room) -> None:
    here = room(role=Role.ADMINISTRATOR)
    here.store.account_list = [someone("ada"), someone("operator 2", Role.ADMINISTRATOR)]
    here.reception.open_people()
    people = here.reception.people
    here.qtbot.waitUntil(lambda: len(people.rows.rows) == 2)
    here.qtbot.keyClicks(people.name, "bob")
    here.qtbot.keyClicks(people.secret, "short")
    here.qtbot.mouseClick(button(people, "Add"), Qt.MouseButton.LeftButton)
    assert "8 to 256 characters" in people.words.text()
    here.qtbot.keyClicks(people.secret, SECRET)
    here.qtbot.mouseClick(button(people, "Supervisor"), Qt.MouseButton.LeftButton)
    here.qtbot.mouseClick(button(people, "Add"), Qt.MouseButton.LeftButton)
    asked = answers(here, PutAccount)
    assert (asked.name, Role(asked.role), asked.secret, asked.disabled) == ("bob", Role.SUPERVISOR, SECRET, False)
    people.name.setText("ADA ")
    here.qtbot.mouseClick(button(people, "Disable"), Qt.MouseButton.LeftButton)
    asked = answers(here, PutAccount, refused="the store is full")
    assert (asked.secret, asked.disabled, Role(asked.role)) == ("", True, Role.OPERATOR)
    assert people.words.text() == "Refused: the store is full"
    people.name.setText("operator 2")
    assert "that is yourself" in people.disable.toolTip()
    people.reject()


def test_an_operator_does_not_see_to_accounts(room) -> None:
    here = room()
    (action,) = [one for one in here.reception.menu().actions() if one.text().startswith("Operators")]
    assert not action.isEnabled()
    assert "a operator may not" in action.text()
