"""The preview and the gestures as an operator sees and uses them (mock-up 4)."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

from console.domain.command import Check, Risk, TargetState, Verb
from console.domain.command_journal import Approval, Phase
from console.link.orders import ApproveCommand, ExecuteCommand, HoldCommand, PrepareCommand, Steer, SteerCommand
from console.ui.lettering import text_width
from console.ui.theme import PRINT
from tests.ui.commands.conftest import Room, button, hold
from tests.ui.commands.made import batches, command, keep, preview
from tests.ui.fakes import NOW_MS, FakeStore, fleet

LEFT = Qt.MouseButton.LeftButton


def by_mouse(room: Room, widget: QWidget) -> tuple:
    at = QPoint(20, 10)
    return lambda: room.qtbot.mousePress(widget, LEFT, pos=at), lambda: room.qtbot.mouseRelease(widget, LEFT, pos=at)


def by_space(room: Room, widget: QWidget) -> tuple:
    widget.setFocus()
    return (
        lambda: room.qtbot.keyPress(widget, Qt.Key.Key_Space),
        lambda: room.qtbot.keyRelease(widget, Qt.Key.Key_Space),
    )


def one_site(store: FakeStore, **more: object):
    return preview(command("c1", store), store, **more)


def test_r34_the_preview_lists_targets_by_name_and_every_effect(room) -> None:
    here = room()
    text = here.opens(preview(command("c1", here.store, 5), here.store), needs_second=True).text
    for site in here.store.of.sites[:5]:
        assert site.name in text
    for words in ("Sites: 5 of 5 selected", "Miners: 200", "Power: −", "Hashrate: −", "Money: +2,013", "reversible",
                  "West Texas 2", "already curtailed by plan 13", "Ramp", "all passed", "Batches, 10",
                  "Preview expires in 1:51", "operator 2, desk 2", "power price 96 $/MWh until 18:00",
                  "Risk 4 of 4, several sites", "type the name, then second person, then hold"):  # fmt: skip
        assert words in text, words


def test_t7_where_the_sum_asks_for_a_second_person_the_sum_is_said(room) -> None:
    here = room(size=(1366, 768))
    asked = one_site(here.store)
    dialog = here.opens(asked, needs_second=True, lately_w=-20e6 - asked.delta_w)
    gesture = "second person (−20.0 MW in an hour), then hold the button for 2 s"
    assert dialog.head.gesture.text() == gesture
    for line in (dialog.head.gesture, dialog.head.source, dialog.head.why):
        assert line.width() >= text_width(line.font(), line.text()), f"cut: {line.text()}"


def test_r34_every_target_can_be_scrolled_to_however_many_there_are(room) -> None:
    here = room()
    dialog = here.opens(preview(command("c1", here.store, 44), here.store))
    targets = dialog.pane.targets
    assert "Targets, 44" in dialog.text
    names = [row.name for row in targets.model.rows]
    assert names[:44] == [site.name for site in here.store.of.sites[:44]]
    area, last = targets.list.viewport().rect(), targets.model.index(len(names) - 1, 0)
    assert not area.contains(targets.list.visualRect(last)), "the list is longer than its room"
    bar = targets.list.verticalScrollBar()
    assert bar.isVisible(), "and says so"
    bar.setValue(bar.maximum())
    assert area.contains(targets.list.visualRect(last))


def test_r34_a_reboot_says_that_there_is_no_way_back(room) -> None:
    here = room()
    text = here.opens(preview(command("c1", here.store, verb=Verb.REBOOT), here.store)).text
    assert "Way back: none" in text
    assert "Risk 4 of 4, many machines, no way back" in text


def test_r41_a_change_that_takes_itself_back_says_so_before_it_is_let_go(room) -> None:
    here = room()
    text = here.opens(preview(command("c1", here.store, revert_after_s=1800.0), here.store)).text
    assert "Way back: reversible , by itself after 30 min, unless confirmed" in text
    here.commanding.dialog.reject()
    text = here.opens(preview(command("c2", here.store), here.store)).text
    assert "Way back: reversible , by another command" in text


@pytest.mark.parametrize("way", [by_mouse, by_space])
@pytest.mark.parametrize(("seconds", "sent"), [(1.9, 0), (2.0, 1)])
def test_r35_one_site_is_held_for_two_seconds_and_1_9_do_nothing(room, way, seconds: float, sent: int) -> None:
    here = room()
    dialog = here.opens(one_site(here.store))
    hold(dialog.steps.hold, seconds, *way(here, dialog.steps.hold))
    assert dialog.steps.hold.filled == 0.0
    assert len(here.collector.of(ExecuteCommand)) == sent


def test_r35_letting_go_empties_at_once_and_two_halves_are_no_whole(room) -> None:
    here = room()
    dialog = here.opens(one_site(here.store))
    for _ in range(3):
        hold(dialog.steps.hold, 1.5, *by_mouse(here, dialog.steps.hold))
    assert here.collector.of(ExecuteCommand) == []


@pytest.mark.parametrize("risk", list(Risk))
def test_r35_enter_never_triggers_whatever_has_the_focus(room, risk: Risk) -> None:
    here = room()
    dialog = here.opens(one_site(here.store, risk=risk))
    dialog.steps.typed.setText(here.store.of.sites[0].name)
    before = len(here.collector.asked)
    for part in [dialog, *dialog.findChildren(QWidget)]:
        if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            part.setFocus()
            here.qtbot.keyClick(part, Qt.Key.Key_Return)
            here.qtbot.keyClick(part, Qt.Key.Key_Enter)
    assert len(here.collector.asked) == before
    assert dialog.isVisible()


def test_r35_nothing_is_preselected_and_escape_cancels(room) -> None:
    here = room()
    dialog = here.opens(one_site(here.store))
    dialog.activateWindow()
    here.qtbot.waitUntil(dialog.isActiveWindow)
    assert QApplication.focusWidget() is dialog.focusWidget() is dialog.pane, "what it would do, and never a button"
    assert not any(one.isDefault() for one in dialog.findChildren(QPushButton))
    here.qtbot.keyClick(dialog.pane, Qt.Key.Key_Escape)
    assert here.commanding.dialog is None
    assert [one.steer for one in here.collector.of(SteerCommand)] == [Steer.CANCEL]
    assert here.collector.of(ExecuteCommand) == []


def test_r54_tab_walks_the_gestures_in_their_order_and_shows_where_it_is(room) -> None:
    here = room()
    dialog = here.opens(preview(command("c1", here.store, 5), here.store), needs_second=True)
    dialog.steps.typed.setText("Texas and Plains")
    walked = []
    for _ in range(12):
        here.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        walked.append(dialog.focusWidget().accessibleName())
    second = ["name of the second person", "password of the second person", "agree as the second person"]
    wanted = ["type the name", *second, "compute the preview again", "Export preview", "Cancel"]
    assert [name for name in dict.fromkeys(walked) if name in wanted] == wanted
    dialog.activateWindow()
    here.qtbot.waitUntil(dialog.isActiveWindow)
    dialog.cancel.setFocus()
    before = dialog.pane.grab().toImage()
    dialog.pane.setFocus(Qt.FocusReason.TabFocusReason)
    assert dialog.pane.grab().toImage() != before


def test_r35_low_is_a_click_and_medium_a_confirmation(room) -> None:
    here = room()
    locate = command("c1", here.store, verb=Verb.LOCATE)
    dialog = here.opens(preview(locate, here.store, risk=Risk.LOW))
    here.qtbot.mouseClick(dialog.steps.press, LEFT)
    (asked,) = here.collector.of(ExecuteCommand)
    assert (asked.command_id, asked.typed) == ("c1", "")


def test_r35_a_fleet_needs_its_name_then_a_second_person_then_the_hold(room) -> None:
    here = room()
    dialog = here.opens(preview(command("c1", here.store, 5), here.store), needs_second=True)
    steps = dialog.steps
    assert not steps.hold.isEnabled()
    assert "name is typed" in steps.hold.toolTip()
    here.qtbot.keyClicks(steps.typed, "Texas and Plain")
    assert not steps.typed.matches
    assert here.collector.of(SteerCommand) == []
    here.qtbot.keyClicks(steps.typed, "s")
    assert [one.steer for one in here.collector.of(SteerCommand)] == [Steer.ALERT]
    assert "second person agrees" in steps.hold.toolTip()
    dialog.tick()
    here.passes(21)
    dialog.tick()
    assert any("Waiting 0:21" in step.hint.text() for step in steps._steps)

    here.qtbot.keyClicks(steps.second.name, "supervisor 1")
    here.qtbot.keyClicks(steps.second.secret, "battery staple")
    here.qtbot.mouseClick(steps.second.agree, LEFT)
    (asked,) = here.collector.of(ApproveCommand)
    assert (asked.name, asked.secret, asked.agreed, asked.desk) == ("supervisor 1", "battery staple", True, "desk 2")
    assert steps.second.secret.text() == ""
    assert not steps.hold.isEnabled(), "asked is not agreed"
    here.store.records["c1"] = replace(
        here.store.records["c1"], approval=Approval("supervisor 1", "desk 1", NOW_MS, agreed=True)
    )
    here.commands.load()
    assert "supervisor 1 at desk 1 agreed" in steps.second.outcome.text()
    hold(steps.hold, 2.0, *by_mouse(here, steps.hold))
    (sent,) = here.collector.of(ExecuteCommand)
    assert sent.typed == "Texas and Plains"


def test_r35_the_one_who_asked_is_no_second_person(room) -> None:
    here = room()
    dialog = here.opens(one_site(here.store), needs_second=True)
    here.qtbot.keyClicks(dialog.steps.second.name, " Operator 2")
    here.qtbot.keyClicks(dialog.steps.second.secret, "battery staple")
    here.qtbot.mouseClick(dialog.steps.second.agree, LEFT)
    assert here.collector.of(ApproveCommand) == []
    assert "cannot be the second person" in dialog.text


def test_a_refusal_of_the_second_person_closes_every_gesture_and_says_why(room) -> None:
    here = room()
    dialog = here.opens(one_site(here.store), needs_second=True)
    word = Approval("supervisor 1", "desk 1", NOW_MS, agreed=False, note="the cooling is open")
    here.store.records["c1"] = replace(here.store.records["c1"], approval=word)
    here.commands.load()
    assert "the cooling is open" in dialog.steps.hold.toolTip()
    assert not dialog.steps.hold.isEnabled()


def test_a_name_cannot_be_pasted(room) -> None:
    here = room()
    dialog = here.opens(preview(command("c1", here.store, 5), here.store))
    QApplication.clipboard().setText("Texas and Plains")
    here.qtbot.keyClick(dialog.steps.typed, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert dialog.steps.typed.text() == ""


def test_a_failed_check_stands_first_and_no_gesture_is_left(room) -> None:
    here = room()
    shown = one_site(here.store)
    failed = Check("Contract floor", "North America 1: 1.0 MW, floor 2.5", passed=False)
    dialog = here.opens(replace(shown, checks=(*shown.checks, failed)))
    assert dialog.pane.checks.text.splitlines()[0] == "✕ Contract floor North America 1: 1.0 MW, floor 2.5"
    assert "1 failed: nothing can be sent" in dialog.text
    assert not dialog.steps.hold.isEnabled()
    assert "Contract floor" in dialog.steps.hold.toolTip()


def test_a_preview_that_ran_out_cannot_be_executed_and_is_computed_again_from_step_1(room) -> None:
    here = room()
    dialog = here.opens(preview(command("c1", here.store, 5), here.store))
    dialog.steps.typed.setText("Texas and Plains")
    assert dialog.steps.hold.isEnabled()
    here.passes(112)
    dialog.tick()
    assert not dialog.steps.hold.isEnabled()
    hold(dialog.steps.hold, 3.0, *by_mouse(here, dialog.steps.hold))
    assert here.collector.of(ExecuteCommand) == []
    (asked,) = here.collector.of(PrepareCommand)
    assert asked.command.id != "c1"
    assert asked.command.selector == here.store.previews["c1"].command.selector

    again = preview(asked.command, here.store, here.now_ms)
    keep(here.store, again, batches(again))
    here.commands.load()
    here.collector.agree(asked)
    here.qtbot.waitUntil(lambda: "Preview expires in" in dialog.expiry.text)
    assert dialog.steps.typed.text() == ""
    assert not dialog.steps.hold.isEnabled()


def test_what_the_fresh_read_contradicts_is_said_and_starts_again(room) -> None:
    here = room()
    dialog = here.opens(one_site(here.store))
    hold(dialog.steps.hold, 2.0, *by_mouse(here, dialog.steps.hold))
    (asked,) = here.collector.of(ExecuteCommand)
    assert not dialog.steps.hold.isEnabled(), "asked once is asked"
    here.collector.agree(asked, "the targets have changed since the preview")
    assert "Not sent:\nthe targets have changed since the preview" in dialog.text
    here.store.records["c1"] = replace(here.store.records["c1"], phase=Phase.EXPIRED)
    here.commands.load()
    assert len(here.collector.of(PrepareCommand)) == 1


def test_what_is_under_way_leads_to_its_page(room) -> None:
    here = room()
    dialog = here.opens(one_site(here.store))
    hold(dialog.steps.hold, 2.0, *by_mouse(here, dialog.steps.hold))
    here.store.records["c1"] = replace(here.store.records["c1"], phase=Phase.RUNNING, started_ms=NOW_MS)
    here.commands.load()
    assert here.commanding.dialog is None
    assert here.shell.address == "commands:c1"
    assert here.collector.of(SteerCommand) == []


def test_the_desk_says_that_it_still_holds_the_targets_while_the_dialog_is_open(room) -> None:
    here = room()
    dialog = here.opens(one_site(here.store))
    here.commands._say_held()
    assert [one.command_id for one in here.collector.of(HoldCommand)] == ["c1"]
    dialog.reject()
    here.commands._say_held()
    assert len(here.collector.of(HoldCommand)) == 1


def test_a_desk_that_is_locked_meanwhile_can_execute_nothing(room) -> None:
    here = room()
    dialog = here.opens(one_site(here.store))
    here.reception.desk.lock()
    assert not dialog.steps.hold.isEnabled()
    assert "nobody is signed in" in dialog.steps.hold.toolTip()


def test_s1_names_from_outside_stay_text(room) -> None:
    here = room()
    shown = one_site(here.store)
    name = "<b>Site</b>\u202e1"
    asked = replace(shown.command, reason="<img src=x>", selector=replace(shown.command.selector, title=name))
    evil = replace(shown, targets=(replace(shown.targets[0], name=name),), command=asked)
    dialog = here.opens(replace(evil, risk=Risk.FLEET))
    assert "<b>Site</b>\\u202e1" in dialog.text
    assert "\u202e" not in dialog.head.text
    assert "<img src=x>" in dialog.head.why.text()
    assert dialog.steps.typed.placeholderText() == "<b>Site</b>\\u202e1"


def test_the_export_is_formula_safe_and_says_who_saw_it(room, tmp_path) -> None:
    here = room()
    shown = one_site(here.store)
    here.commanding._folder = tmp_path
    dialog = here.opens(replace(shown, command=replace(shown.command, reason="=1+1")))
    here.qtbot.mouseClick(button(dialog, "Export preview"), LEFT)
    here.qtbot.waitUntil(lambda: "Saved" in dialog.text)
    (path,) = tmp_path.iterdir()
    text = path.read_text("utf-8-sig")
    assert "operator 2, operator · desk 2" in text.splitlines()[0]
    assert "reason,'=1+1" in text
    assert "target,North America 1,north-america-1,40," in text


def test_r60_a_simulated_fleet_says_so_in_the_dialog_and_on_its_export(room, tmp_path) -> None:
    here = room(FakeStore(fleet(simulated=True)))
    here.commanding._folder = tmp_path
    dialog = here.opens(one_site(here.store))
    assert "SIMULATED: no real machine is commanded" in dialog.text
    here.qtbot.mouseClick(button(dialog, "Export preview"), LEFT)
    here.qtbot.waitUntil(lambda: "Saved" in dialog.text)
    assert "SIMULATED" in next(tmp_path.iterdir()).read_text("utf-8-sig").splitlines()[0]


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080), (3840, 2160)])
def test_r54_r55_r56_every_part_is_named_large_enough_and_inside(room, size: tuple[int, int]) -> None:
    here = room(size=size)
    dialog = here.opens(preview(command("c1", here.store, 5), here.store), needs_second=True)
    window = here.shell.geometry()
    assert here.shell.mapToGlobal(QPoint(0, 0)).y() + here.shell.bars_end() < dialog.geometry().top()
    assert dialog.geometry().bottom() <= here.shell.mapToGlobal(QPoint(0, window.height())).y()
    if size[0] == 1366:
        assert dialog.width() == 1366 - 24
    else:
        assert dialog.width() == (1240 if size[0] == 1920 else 1600)
    commands = []
    for part in dialog.findChildren(QWidget):
        if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert part.accessibleName(), part
        if isinstance(part, QAbstractButton) and part.isVisible():
            assert min(part.width(), part.height()) >= 32, part.text()
            box = part.rect().translated(part.mapTo(dialog, QPoint(0, 0)))
            assert dialog.rect().contains(box), part.text()
            commands.append((part.text(), box))
    for (one, box), (other, beside) in itertools.combinations(commands, 2):
        assert not box.adjusted(-3, -3, 3, 3).intersects(beside), (one, other)
    dialog.head.set_theme(PRINT)
    dialog.pane.set_theme(PRINT)


def test_states_are_words_and_marks_never_colour_alone(room) -> None:
    from console.ui.models.commands.words import STATE_MARKS, counts_words

    assert len(set(STATE_MARKS.values())) == len(TargetState)
    assert counts_words({TargetState.UNVERIFIED: 2, TargetState.VERIFIED: 1200}) == "✓ 1,200 verified · ! 2 unverified"
