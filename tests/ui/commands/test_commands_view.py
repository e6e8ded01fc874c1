"""The commands view (F4): what waits, what runs and what was; steering; the audit; a second person's own look."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from console.domain.access import Role
from console.domain.audit import Anchor, AuditRow
from console.domain.command import TargetState
from console.domain.command_journal import STATES, Phase, states_of
from console.link.orders import ApproveCommand, Steer, SteerCommand
from console.ui.dialogs.approve import ApproveDialog
from console.ui.models.commands.preview import effects, steps, target_rows
from console.ui.models.commands.rows import audit_rows
from console.ui.models.commands.words import phase_words, signed_power
from console.ui.models.live import Mode
from console.ui.theme import DARK
from console.ui.views.commands.page import state_line
from tests.ui.chart.picture import like, pixels
from tests.ui.commands.conftest import button
from tests.ui.commands.made import audit_of, batches, command, keep, preview, running
from tests.ui.fakes import NOW_MS, FakeStore

LEFT = Qt.MouseButton.LeftButton


def full_store() -> FakeStore:
    """One that waits, one that runs with trouble, one that is done."""
    store = FakeStore()
    waits = preview(command("second1", store, 3), store)
    keep(store, waits, batches(waits), needs_second=True)
    running(store)
    over = preview(command("done1", store), store, NOW_MS - 4_000_000)
    keep(store, over, batches(over, lambda _number: TargetState.VERIFIED), phase=Phase.DONE, ended_ms=NOW_MS)
    audit_of(store, "running1", "done1")
    return store


def opens(here, command_id: str = "running1"):
    view = here.shell.open_place(f"commands:{command_id}")
    here.qtbot.waitUntil(lambda: not here.live.reads.pending and not view.pending)
    return view


def test_f4_lists_what_waits_and_what_is_open_first(room) -> None:
    here = room(full_store())
    here.qtbot.keyClick(here.shell, Qt.Key.Key_F4)
    view = here.shell.view_widget
    here.qtbot.waitUntil(lambda: len(view.list.rows.rows) == 6)
    said = [row.sentence() for row in view.list.rows.rows]
    assert said[0].startswith("Waits for a second person · 1")
    assert "Curtail 3 sites to 5.0 MW each, waits for a second person" in said[1]
    assert said[2].startswith("Open · 1")
    assert "running, batch 5 of 10" in said[3]
    assert "! 1 unverified · ? 1 unknown" in said[3]
    assert said[4].startswith("Past · 1")
    assert "verified" in said[5]


def test_r37_r39_a_running_command_tells_each_batch_and_each_machine_by_state(room) -> None:
    here = room(full_store())
    view = opens(here)
    text = view.page.text
    for words in ("running, batch 5 of 10", "next batch in 0:08", "taken back in 28:20 unless confirmed",
                  "two machines have not been read back", "North America 1"):  # fmt: skip
        assert words in text, words
    view.page.tabs.show_tab("Machines")
    assert view.page.machines_model.rowCount() == 200
    for name, count in (("unverified", 1), ("unknown", 1), ("verified", 38), ("refused", 0)):
        view.page.filters.show_tab(name)
        assert view.page.machines_model.rowCount() == count
    view.page.filters.show_tab("unknown")
    assert "north-america-1-m27, North America 1, 2, ? unknown" in view.page.text
    view.page.tabs.show_tab("As previewed")
    assert "Targets, 5" in view.page.text
    view.page.tabs.show_tab("Record")
    here.qtbot.waitUntil(lambda: "requested" in view.page.text)
    assert "operator 2, operator · desk 2" in view.page.text


def test_r37_the_track_counts_how_far_the_machines_are_and_trouble_is_in_words(room) -> None:
    track = opens(room(full_store())).page.track
    assert [track.reached(step) for step in range(4)] == [(200, 200), (80, 200), (59, 200), (38, 200)]
    assert "! 1 unverified" in track.accessibleName()


@pytest.mark.parametrize("state", [TargetState.UNVERIFIED, TargetState.UNKNOWN, TargetState.REFUSED])
def test_t9_r37_what_did_not_show_is_never_shown_as_done_and_stands_out_in_colour_mark_and_words(room, state) -> None:
    store = full_store()
    parts = [replace(part, states=states_of(TargetState.VERIFIED, 20)) for part in store.batches_of["done1"]]
    keep(store, store.previews["done1"], parts, phase=Phase.DONE, ended_ms=NOW_MS)
    here = room(store)
    view = opens(here, "done1")
    assert view.page.state.text().startswith("verified")
    calm = pixels(view.page.track)
    assert not alarm_hued(calm).any(), "in the normal state no alarm hue"

    codes = bytearray(parts[1].states)
    codes[4] = STATES.index(state)
    keep(store, store.previews["done1"], [parts[0], replace(parts[1], states=bytes(codes))], phase=Phase.DONE)
    here.commands.load()
    assert view.page.state.text().startswith("ended, not all verified")
    assert "ended, not all verified" in view.list.rows.rows[-1].sentence()
    mark = {"unverified": "! 1 unverified", "unknown": "? 1 unknown", "refused": "✕ 1 refused"}[state]
    assert mark in view.page.track.accessibleName()
    assert view.page.track.reached(3) == (39, 40)
    assert alarm_hued(pixels(view.page.track)).sum() > 5


def alarm_hued(rgb: np.ndarray) -> np.ndarray:
    """Which pixels have the hue of a high alarm."""
    return like(rgb, DARK.high, 40)


@pytest.mark.parametrize(
    ("label", "steer"), [("Pause", Steer.PAUSE), ("Abort", Steer.ABORT), ("Confirm", Steer.CONFIRM)]
)
def test_r39_pause_abort_and_confirm_are_one_press_away(room, label: str, steer: Steer) -> None:
    here = room(full_store())
    view = opens(here)
    here.qtbot.mouseClick(button(view, label), LEFT)
    (asked,) = here.collector.of(SteerCommand)
    assert (asked.command_id, asked.steer, asked.session) == ("running1", steer, "s1")
    assert "running" in view.page.state.text(), "asked is not done"
    here.collector.agree(asked, "it has ended by itself")
    assert "it has ended by itself" in here.shell.top_bar.notice.text
    assert "Refused: it has ended by itself" in view.page.state.text()  # where the button was pressed, in full


def test_a_stopped_command_says_why_and_can_go_on(room) -> None:
    store = full_store()
    store.records["running1"] = replace(
        store.records["running1"], phase=Phase.STOPPED, words="6 % of what was asked has failed"
    )
    here = room(store)
    view = opens(here)
    assert "stopped · 6 % of what was asked has failed" in view.page.state.text()
    here.qtbot.mouseClick(button(view, "Go on"), LEFT)
    assert here.collector.of(SteerCommand)[0].steer is Steer.RESUME


def test_what_was_cannot_be_steered_and_the_buttons_say_why(room) -> None:
    view = opens(room(full_store()), "done1")
    assert not view.page.pause.isEnabled()
    assert "nothing of it is left to send" in view.page.abort.toolTip()


@pytest.mark.parametrize(
    ("mode", "role", "words"),
    [
        (Mode.READ_ONLY, Role.OPERATOR, "--read-only"),
        (Mode.OFFLINE, Role.OPERATOR, "offline"),
        (Mode.LIVE, Role.VIEWER, "a viewer may not"),
        (Mode.LIVE, None, "nobody is signed in"),
    ],
)
def test_r40_nothing_can_be_steered_without_the_right_to(room, mode: Mode, role: Role | None, words: str) -> None:
    here = room(full_store(), mode=mode, role=role)
    view = opens(here)
    for part in (view.page.pause, view.page.abort, view.page.confirm, view.new):
        assert not part.isEnabled()
        assert words in part.toolTip()
    assert here.collector.of(SteerCommand) == []


def test_what_is_done_is_taken_back_by_a_command_of_its_own(room) -> None:
    store = full_store()
    del store.records["running1"], store.records["second1"]  # they hold the same site
    here = room(store)
    view = opens(here, "done1")
    here.qtbot.mouseClick(button(view, "Take back…"), LEFT)
    form = here.commanding.form
    assert "North America 1, after the curtail of 14:31:58 UTC · draws 14.6 MW now" in [
        one.text() for one in form.findChildren(type(form.heard))
    ]
    assert form.heard.text() == "No power written: every resting machine runs again"
    form.reject()


def test_what_runs_or_cannot_be_undone_offers_no_way_back(room) -> None:
    assert opens(room(full_store())).page.back.isHidden()


def test_search_finds_by_site_person_and_reason(room) -> None:
    here = room(full_store())
    view = opens(here)
    here.qtbot.keyClicks(view.search, "done1")
    here.qtbot.waitUntil(lambda: len(view.list.rows.rows) == 2)
    view.search.setText("price 96 running1")
    here.qtbot.waitUntil(lambda: "running" in view.list.rows.rows[1].phase)


def test_r38_t21_the_audit_is_verified_on_the_screen_and_an_edit_is_found(room) -> None:
    store = full_store()
    here = room(store)
    view = opens(here)
    view.tabs.show_tab("Audit")
    here.qtbot.waitUntil(lambda: "no anchor: only this machine vouches" in view.audit.text)
    here.qtbot.mouseClick(button(view, "Verify"), LEFT)
    here.qtbot.waitUntil(lambda: "✓ Verified 14:32:07 UTC: 4 rows" in view.audit.text)
    store.anchor_list = [Anchor(4, store.audit_rows[-1].digest, NOW_MS - 600_000)]
    store.audit_rows[1] = replace(store.audit_rows[1], reason="another one")
    here.qtbot.mouseClick(button(view, "Verify"), LEFT)
    here.qtbot.waitUntil(lambda: "row 2 was changed after it was written" in view.audit.text)
    view.audit.read()
    here.qtbot.waitUntil(lambda: "row 4 kept in a second place 14:22:07 UTC, 10 min ago" in view.audit.text)


def second_look(here) -> ApproveDialog:
    view = opens(here, "second1")
    here.qtbot.mouseClick(button(view, "Look and agree…"), LEFT)
    here.qtbot.waitUntil(lambda: here.commanding.dialog is not None and here.commanding.dialog.isVisible())
    return here.commanding.dialog


def test_a_second_person_sees_the_same_preview_on_another_console_and_refuses_with_a_reason(room) -> None:
    here = room(full_store(), role=None)
    here.store.records["second1"] = replace(here.store.records["second1"], lately_w=3e6)
    change = signed_power(here.store.records["second1"].delta_w + 3e6)
    dialog = second_look(here)
    for words in (f"waits for a second person ({change} in an hour)",
                  "Curtail 3 sites to 5.0 MW each", "North America 3", "operator 2 at desk 2 asks for a second person",
                  "Preview expires in 1:51"):  # fmt: skip
        assert words in dialog.text, words
    here.qtbot.keyClicks(dialog.name, "supervisor 1")
    here.qtbot.keyClicks(dialog.secret, "battery staple")
    here.qtbot.mouseClick(button(dialog, "Refuse"), LEFT)
    assert here.collector.of(ApproveCommand) == []
    assert "A refusal needs a reason" in dialog.text
    here.qtbot.keyClicks(dialog.note, "the cooling is open")
    here.qtbot.keyClicks(dialog.secret, "battery staple")
    here.qtbot.mouseClick(button(dialog, "Refuse"), LEFT)
    (asked,) = here.collector.of(ApproveCommand)
    assert (asked.command_id, asked.agreed, asked.note) == ("second1", False, "the cooling is open")
    here.collector.agree(asked)
    assert here.commanding.dialog is None


def test_whoever_asked_cannot_agree_from_another_desk(room) -> None:
    here = room(full_store(), role=None)
    dialog = second_look(here)
    here.qtbot.keyClicks(dialog.name, "OPERATOR 2 ")
    here.qtbot.keyClicks(dialog.secret, "battery staple")
    here.qtbot.mouseClick(button(dialog, "Agree"), LEFT)
    assert here.collector.of(ApproveCommand) == []
    assert "cannot be the second person" in dialog.text


def test_a_preview_that_ran_out_can_be_agreed_by_nobody(room) -> None:
    here = room(full_store(), role=None)
    dialog = second_look(here)
    here.passes(112)
    dialog._tick()
    assert not dialog.agree.isEnabled()
    assert "expired" in dialog.agree.toolTip()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160)])
def test_r55_r56_the_view_names_all_and_keeps_abort_apart(room, size: tuple[int, int]) -> None:
    view = opens(room(full_store(), size=size))
    for part in view.findChildren(QWidget):
        if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert part.accessibleName(), part
        if isinstance(part, QAbstractButton) and part.isVisible():
            assert min(part.width(), part.height()) >= 24, part.text()
    abort = view.page.abort
    assert abort.height() >= 32
    for other in view.page.findChildren(QAbstractButton):
        if other is not abort and other.isVisible():
            box = other.rect().translated(other.mapTo(view.page, QPoint(0, 0)))
            mine = abort.rect().translated(abort.mapTo(view.page, QPoint(0, 0))).adjusted(-32, -2, 32, 2)
            assert not mine.intersects(box), other.text()


def test_no_command_yet_is_said(room) -> None:
    here = room()
    view = here.shell.open_view("commands")
    assert view.list.calm.startswith("No command has been given yet\nNew command… begins one")
    assert view.page.title.text() == "No command is selected"
    assert view.list.accessibleDescription().startswith("No command has been given yet")


def test_who_may_not_command_reads_in_the_empty_list_what_to_do(room) -> None:
    view = room(role=None).shell.open_view("commands")
    assert "Ctrl+L signs in" in view.list.calm


def test_offline_the_empty_list_says_what_is_off_and_why(room) -> None:
    view = room(mode=Mode.OFFLINE).shell.open_view("commands")
    why = "New command… is off: opened offline, nobody is there to record it"
    assert view.list.calm == f"No command has been given yet\n{why}"


def test_a_search_that_finds_nothing_says_so(room) -> None:
    view = opens(room(full_store()))
    view.search.setText("nobody")
    view._settle.timeout.emit()
    assert view.list.calm == "No command holds \u201cnobody\u201d\nEscape clears the search"


def test_what_was_previewed_does_not_change_with_the_fleet_of_now(room) -> None:
    view = opens(room(full_store()))
    assert "fleet" not in view.page.preview.effects.text
    assert all("good" not in row.link for row in view.page.preview.targets.model.rows)


def test_a_site_is_shown_with_its_own_power_and_not_with_that_of_some_machines() -> None:
    store = FakeStore()
    of = preview(command("c1", store), store)
    (target,) = of.targets
    some = replace(target, power_now_w=500e3, power_asked_w=10e3, site_now_w=3.6e6)
    of = replace(of, targets=(some,))
    (row,) = target_rows(of, batches(of), store.now())
    assert (row.now, row.asked) == ("3.6 MW", "3.1 MW")
    assert "site 3.6 MW → 3.1 MW" in [one.below for one in effects(of, store.now())]
    stair = steps(of, batches(of), store.of)
    assert (stair.start_w, round(stair.power_w[-1])) == (3.6e6, 3_110_000)
    little = replace(of, targets=(replace(some, power_asked_w=490e3),))
    assert "site 3,600 kW → 3,590 kW" in [one.below for one in effects(little, store.now())]


def test_400_000_machines_are_filtered_as_numbers(room) -> None:
    store = FakeStore()
    of = preview(command("big", store), store)
    part = batches(of)[0]
    names = tuple(f"m{number}" for number in range(400_000))
    states = bytes([3]) * 399_999 + bytes([6])
    keep(store, of, [replace(part, machines=names, states=states)], phase=Phase.READING_BACK)
    view = opens(room(store), "big")
    view.page.tabs.show_tab("Machines")
    view.page.filters.show_tab("unknown")
    assert view.page.machines_model.rowCount() == 1
    assert "m399999" in view.page.text


def test_what_was_aborted_does_not_read_as_ended(room) -> None:
    store = full_store()
    record = replace(store.records["done1"], words="aborted by operator 2", counts={TargetState.VERIFIED: 40,
                     TargetState.SKIPPED: 20})  # fmt: skip
    assert phase_words(record) == "aborted"
    assert state_line(record, NOW_MS).startswith("aborted by operator 2")


def test_an_audit_row_says_once_what_stands_on_both_of_its_sides() -> None:
    row = AuditRow(seq=1, at_ms=NOW_MS, monotonic_ns=1, actor="Meridian", role="collector", desk="collector",
                   action="read back", target="us-ga-1", before="batch 3 at us-ga-1: 50 accepted",
                   result="batch 3 at us-ga-1: 48 verified, 2 unverified", reason="peak price")  # fmt: skip
    (shown,) = audit_rows([row])
    assert shown.cells[-1] == "batch 3 at us-ga-1: 50 accepted → 48 verified, 2 unverified · peak price"
