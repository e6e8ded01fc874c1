"""The alarm list, its guidance and what may be asked from them, as an operator sees and presses it."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from console.domain.access import Role
from console.domain.alarm import AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import AlarmChange, Flood
from console.domain.place import site_key, site_of
from console.link.messages import AlarmAnswer, AlarmVerb
from console.ui.models.alarms import rows as alarms_rows
from console.ui.models.alarms.rows import ListWish, RowKind, alarm_rows
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.startup import VIEWS
from console.ui.theme import PRINT
from console.ui.widgets.alarms.history import HistoryRow
from tests.ui.alarms.listed import lists
from tests.ui.alarms.made import a_flood, alarm, signed_in, store_of_a_day
from tests.ui.fakes import NOW_MS

desk = pytest.fixture(lists)


def test_r19_every_state_has_its_section_and_its_word(desk) -> None:
    words = "\n".join(desk().rows())
    for section in ("Unacknowledged · 4", "Returned · 1", "Active · 1", "Shelved · 1", "Suppressed by design · 1"):
        assert section in words
    for state in ("UNACK", "RETURNED", "ACK", "42 min left", "by design", "out of service"):
        assert f"alarm, {state}, " in words


def test_r29_unacknowledged_come_first_then_the_worst(desk) -> None:
    rows = desk().rows()
    assert rows[0].startswith("Unacknowledged")
    assert [row.split(",")[0] for row in rows[1:5]] == ["critical alarm", "high alarm", "medium alarm", "low alarm"]


def test_r27_children_stand_beneath_their_parent_and_unfold_by_a_key(desk) -> None:
    here = desk()
    assert "3 grouped" in here.rows()[1]
    assert not any("C0" in row for row in here.rows()), "counted, not listed"
    before = len(here.rows())
    here.press(Qt.Key.Key_Right)
    assert len(here.rows()) == before + 3
    assert all("C0" in row for row in here.rows()[2:5])
    assert ["first out" in row for row in here.rows()[2:5]] == [True, False, False]
    here.press(Qt.Key.Key_Left)
    assert len(here.rows()) == before


def test_r21_guidance_says_cause_consequence_and_response(desk) -> None:
    here = desk()
    rule = next(rule for rule in here.store.rule_list if rule.id == "site-half-gone")
    said = here.view.pane.text.text
    assert rule.cause in said
    assert rule.consequence in said
    assert all(step in said for step in rule.response)
    assert "CRITICAL, act at once" in said
    assert "first out: East Africa 4 C01" in said


def test_r23_a_critical_alarm_is_acknowledged_with_a_note_and_shown_old_until_it_is_recorded(desk) -> None:
    here = desk()
    here.press("a")
    assert here.engine.asked == []
    assert here.view.pane.note.hasFocus()
    here.press("Calling the site")
    here.press(Qt.Key.Key_Return)
    (asked,) = here.engine.asked
    assert (asked.verb, asked.note, asked.who, asked.workstation) == (
        AlarmVerb.ACKNOWLEDGE, "Calling the site", "operator 2", "desk 2",
    )  # fmt: skip
    assert len(asked.keys) == 1
    here.alarms.load()
    assert "critical alarm, UNACK" in here.rows()[1]


def test_r23_a_selection_acknowledges_only_what_is_on_the_screen(desk) -> None:
    store = store_of_a_day()
    store.alarm_list = a_flood(store, 300)
    here = desk(store)
    here.press(Qt.Key.Key_Home)
    here.view.table.first.list.selectAll()
    here.press("a")
    (asked,) = here.engine.asked
    assert 5 < len(asked.keys) < 40
    assert "acknowledge" in here.view.pane.acknowledge.accessibleName()


def test_r23_a_folded_group_is_not_acknowledged_with_its_worst_and_the_pane_says_so(desk) -> None:
    store = store_of_a_day()
    store.alarm_list, store.flood_now = a_flood(store, 500), Flood(True, NOW_MS - 600_000, None, 500)
    here = desk(store)
    assert "the 249 others are not acknowledged with it" in here.view.pane._words.text()
    here.press("a")
    (asked,) = here.engine.asked
    assert len(asked.keys) == 1
    here.select("container-dead")
    here.press("g")
    assert "others" not in here.view.pane._words.text()


def test_r24_shelving_needs_a_reason_and_says_when_it_returns(desk) -> None:
    here = desk()
    here.select("site-inlet-hot")
    here.view.table.first.list.setFocus()
    here.view.pane.press_shelve()
    pop = here.view.pane.popover
    assert not pop.go.isEnabled()
    assert "Returns 15:32 UTC by itself" in pop._returns.text()
    here.qtbot.keyClicks(pop.reason, "fan swap")
    here.qtbot.keyClick(pop.reason, Qt.Key.Key_Return)
    (asked,) = here.engine.asked
    assert (asked.verb, asked.span_s, asked.note) == (AlarmVerb.SHELVE, 3600, "fan swap")
    assert here.view.table.first.list.hasFocus(), "the next key belongs to the list again, not to a tab of the window"


def test_r24_a_critical_alarm_cannot_be_shelved_and_the_button_says_why(desk) -> None:
    here = desk()
    assert not here.view.pane.shelve.isEnabled()
    assert "Shelve is off for critical" in here.view.pane.shelve.toolTip()


def test_r24_an_operator_is_offered_8_h_at_most_and_a_supervisor_24(desk) -> None:
    offered = {}
    for role in (Role.OPERATOR, Role.SUPERVISOR):
        here = desk(role=role)
        here.select("site-inlet-hot")
        here.press("h")
        spans = here.view.pane.popover._spans.buttons()
        offered[role] = [button.text() for button in spans]
        here.view.pane.popover.close()
    assert offered[Role.OPERATOR] == ["15 min", "1 h", "4 h", "8 h, shift"]
    assert offered[Role.SUPERVISOR][4:] == ["24 h"]


def test_state_g_a_supervisor_takes_out_of_service_with_a_reason_and_puts_back(desk) -> None:
    here = desk(role=Role.SUPERVISOR)
    here.select("site-inlet-hot")
    here.press("o")
    pop = here.view.pane.popover
    assert not pop.go.isEnabled()
    assert "a reason is required" in pop.go.toolTip()
    here.qtbot.keyClicks(pop.reason, "sensor being replaced")
    here.qtbot.keyClick(pop.reason, Qt.Key.Key_Return)
    here.select("site-clock-ahead")
    assert here.view.pane.service.text() == "Put back"
    here.press("o")
    out, back = here.engine.asked
    assert (out.verb, out.note, len(out.keys)) == (AlarmVerb.TAKE_OUT, "sensor being replaced", 1)
    assert (back.verb, back.keys[0].partition("@")[0]) == (AlarmVerb.PUT_BACK, "site-clock-ahead")


def test_state_g_an_operator_may_not_and_the_button_says_why(desk) -> None:
    here = desk()
    here.select("site-inlet-hot")
    assert "the role operator may not take out of service" in here.view.pane.service.toolTip()
    here.press("o")
    assert here.engine.asked == []


def test_an_empty_list_says_calmly_why_it_is_empty(desk, qtbot: QtBot) -> None:
    store = store_of_a_day()
    store.alarm_list = []
    store.change_list = [
        AlarmChange(at_ms=NOW_MS - 1_500_000, rule="site-stale", place=site_key(store.of.sites[0].id), number=1,
                    event=AlarmEvent.CLEAR, before=AlarmState.ACKNOWLEDGED, after=AlarmState.NORMAL,
                    priority=Priority.LOW, title="The site's values are old")
    ]  # fmt: skip
    here = desk(store)
    assert here.rows() == []
    assert here.view.table.first.list.calm.splitlines() == [
        "No alarm stands",
        "Last alarm: North America 1, The site's values are old; normal 14:07 UTC, 25 min ago",
    ]
    ground = here.view.table.first.list.viewport().grab().toImage()
    assert len({ground.pixel(x, y) for x in range(0, ground.width(), 2) for y in range(0, ground.height(), 2)}) > 5
    store.change_list = []
    here.alarms.load()
    assert here.view.table.first.list.calm.endswith("No alarm is recorded yet")
    store.rule_list = []
    here.alarms.load()
    assert here.view.table.first.list.calm.startswith("Nothing is watched yet"), "no claim that all is well"


def test_a_filter_that_finds_nothing_says_so(desk, qtbot: QtBot) -> None:
    here = desk()
    here.press("/")
    qtbot.keyClicks(here.view.head.filter, "<b>nowhere")
    qtbot.waitUntil(lambda: here.rows() == [])
    assert here.view.table.first.list.calm.startswith("No alarm holds “<b>nowhere”")


def test_the_alarms_fit_a_small_window_without_scrolling_it(qtbot: QtBot) -> None:
    store = store_of_a_day()
    live = LiveFleet(store, store, store.of, Mode.LIVE, clock=lambda: NOW_MS)
    live.load()
    signed_in(live)
    shell = Shell(live, TimeBarModel(NOW_MS), VIEWS)
    qtbot.addWidget(shell)
    shell.resize(1366, 768)
    shell.show()
    shell.open_view("alarms")
    qtbot.waitUntil(lambda: not live.reads.pending)
    assert not shell._scroll.verticalScrollBar().isVisible()
    shell.close()
    live.close()


@pytest.mark.parametrize(("mode", "words"), [(Mode.READ_ONLY, "--read-only"), (Mode.OFFLINE, "offline")])
def test_r40_nothing_can_be_asked_read_only_or_offline_and_the_tip_says_why(desk, mode: Mode, words: str) -> None:
    here = desk(mode=mode)
    here.press("a")
    assert here.engine.asked == []
    assert words in here.view.pane.acknowledge.toolTip()


def test_r26_no_link_stands_beside_the_value_alarm_and_changes_nothing_of_it(desk) -> None:
    store = store_of_a_day()
    place = store.alarm_list[1].place
    store.alarm_list.insert(2, alarm("site-no-link", place, AlarmState.UNACKNOWLEDGED, Priority.MEDIUM, 1))
    rows = desk(store).rows()
    assert sum("South America 1" in row for row in rows) == 2
    assert any("43.4 °C" in row for row in rows)


def test_r31_a_flood_groups_by_site_and_cause_and_loses_none(desk) -> None:
    store = store_of_a_day()
    store.alarm_list, store.flood_now = a_flood(store, 500), Flood(True, NOW_MS - 600_000, None, 500)
    here = desk(store)
    rows = [row for row in here.view.table.first.model.rows if row.kind is not RowKind.SECTION]
    assert len(rows) <= 10, "T28"
    assert sum(row.grouped or 1 for row in rows) == 500
    assert rows[0].sentence().startswith("medium alarm, UNACK, 22 sites, A container is off")
    here.press(Qt.Key.Key_Return)
    sites = [row for row in here.view.table.first.model.rows if row.indent == 1]
    assert len(sites) == 22
    assert sum(row.grouped for row in sites) == rows[0].grouped
    here.view.table.go_to(sites[0].key)
    here.press(Qt.Key.Key_Return)
    members = [row for row in here.view.table.first.model.rows if row.indent == 2]
    assert len(members) == sites[0].grouped
    assert all(row.kind is RowKind.ALARM and row.alarm.place in row.key for row in members)
    here.press("g")
    assert len(here.view.table.first.model.rows) == 501


def test_r31_a_flood_at_few_sites_is_grouped_by_site_and_cause(desk) -> None:
    store = store_of_a_day()
    few = {site.id for site in store.of.sites[:4]}
    flood = [one for one in a_flood(store, 440) if site_of(one.place) in few]
    store.alarm_list, store.flood_now = flood, Flood(True, NOW_MS - 600_000, None, len(flood))
    rows = [row for row in desk(store).view.table.first.model.rows if row.kind is not RowKind.SECTION]
    assert [row.place for row in rows] == ["North America 1", "North America 2", "North America 3", "North America 4"]
    assert sum(row.grouped for row in rows) == len(flood)


def test_t28_u2_a_flood_of_ten_thousand_makes_words_of_no_more_rows_than_are_seen(desk, monkeypatch) -> None:
    store, said = store_of_a_day(), []
    store.alarm_list = a_flood(store, 10_000)
    monkeypatch.setattr(alarms_rows, "headline", lambda alarm, rules: said.append(alarm.key) or "x")
    here = desk(store)
    here.view.table.grab()
    assert len(here.view.table.first.model.rows) == 10_001
    assert 10 < len(set(said)) < 80
    store.flood_now = Flood(True, NOW_MS - 60_000, None, 10_000)
    rows = [row for row in desk(store).view.table.first.model.rows if row.kind is not RowKind.SECTION]
    assert (len(rows) <= 10, sum(row.grouped or 1 for row in rows)) == (True, 10_000)


def test_r29_2500_rows_are_listed_without_paging(desk) -> None:
    store = store_of_a_day()
    store.alarm_list = a_flood(store, 2500)
    here = desk(store)
    assert len(here.view.table.first.model.rows) == 2501
    start = time.perf_counter()
    here.press(Qt.Key.Key_End)
    here.view.table.grab()
    assert here.view.table.current is not None
    assert time.perf_counter() - start < 5  # a hang, not a benchmark


def test_the_filter_finds_children_by_site_and_words(desk, qtbot: QtBot) -> None:
    here = desk()
    here.press("/")
    assert here.view.head.filter.hasFocus()
    here.press("east africa 4 c02")
    qtbot.waitUntil(lambda: len(here.rows()) == 2)
    assert "C02" in here.rows()[1]
    here.press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(here.rows()) > 5)


def test_history_is_searched_and_names_who_did_it(desk, qtbot: QtBot) -> None:
    store = store_of_a_day()
    store.change_list = [
        AlarmChange(
            at_ms=NOW_MS - 1000, rule="site-inlet-hot", place=site_key(store.of.sites[36].id),
            event=AlarmEvent.ACKNOWLEDGE, before=AlarmState.UNACKNOWLEDGED, after=AlarmState.ACKNOWLEDGED,
            priority=Priority.HIGH, title="Inlet hot", who="operator 5", workstation="desk 1", note="on it", number=1,
        )
    ]  # fmt: skip
    here = desk(store)
    next(button for button in here.view.findChildren(QAbstractButton) if button.text() == "History").click()
    qtbot.waitUntil(lambda: bool(here.view.history.rows.rows))
    (row,) = here.view.history.rows.rows
    assert isinstance(row, HistoryRow)
    assert "operator 5 · desk 1 · on it" in row.sentence()
    assert "acknowledge → ACK" in row.sentence()


def test_enter_opens_the_display_of_the_alarm(desk, qtbot: QtBot) -> None:
    here = desk()
    with qtbot.waitSignal(here.view.place_asked) as asked:
        here.press(Qt.Key.Key_Return)
    assert asked.args == ["site:east-africa-4"]


def test_a_refusal_is_said_in_words(desk, qtbot: QtBot) -> None:
    here = desk()
    here.select("site-stale")
    here.press("a")
    (asked,) = here.engine.asked
    with qtbot.waitSignal(here.alarms.answered) as said:
        here.alarms.heard(AlarmAnswer(asked.request, (), ((asked.keys[0], "there is no such alarm any more"),)))
    assert said.args == ["Refused: there is no such alarm any more"]


@pytest.mark.parametrize("width", [1342, 1888, 3776])
def test_r55_r56_everything_has_a_name_and_is_large_enough(desk, width: int) -> None:
    view = desk(width=width).view
    view.set_theme(PRINT)
    for part in view.findChildren(QWidget):
        if part.isVisible() and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert part.accessibleName(), part
        if isinstance(part, QAbstractButton) and part.isVisible():
            assert min(part.width(), part.height()) >= 24, part.text()


def test_rows_are_pure_words(desk) -> None:
    here = desk()
    rows = alarm_rows(here.alarms.now, {"east-africa-4": "<b>x</b>"}, ListWish(text="half"), NOW_MS)
    assert rows[1].place == "<b>x</b>"
