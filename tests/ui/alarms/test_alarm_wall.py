"""The alarms on a wall: what waits for somebody in one list, all else in the other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.ui.models.alarms.rows import RowKind
from tests.ui.alarms.listed import lists

desk = pytest.fixture(lists)


def test_a_wall_lists_what_waits_beside_all_else_and_one_of_both_has_the_keyboard(desk) -> None:
    here = desk(width=3776)
    table = here.view.table
    waiting, others = table.first, table.second
    assert others.isVisible()
    sections = [[row.heading for row in half.model.rows if row.kind is RowKind.SECTION] for half in (waiting, others)]
    assert [words.split(" · ")[0].split()[0] for words in sections[0]] == ["Unacknowledged", "Returned"]
    assert [words.split()[0] for words in sections[1]] == ["Active", "Shelved", "Suppressed", "Out"]
    one = desk(width=1888)
    assert [row.key for row in (*waiting.model.rows, *others.model.rows)] == [
        row.key for row in one.view.table.first.model.rows
    ], "two lists lose nothing and show nothing twice"
    assert one.view.table.second.isHidden()


def test_r23_on_a_wall_what_is_selected_in_the_list_that_was_left_is_not_acknowledged(desk, qtbot: QtBot) -> None:
    here = desk(width=3776)
    table = here.view.table
    table.first.list.selectAll()
    chosen = {row.alarm.key for row in table.selected()}
    assert len(chosen) > 1
    active = next(row for row in table.second.model.rows if row.kind is RowKind.ALARM)
    at = table.second.list.visualRect(table.second.model.index(1)).center()
    qtbot.mouseClick(table.second.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [row.key for row in table.selected()] == [active.key]
    assert table.current.key == active.key
    assert not table.first.selected()
    assert not here.view.pane.acknowledge.isEnabled(), "it is acknowledged already"
    here.press("a")
    assert here.engine.asked == []
    at = table.first.list.visualRect(table.first.model.index(1)).center()
    qtbot.mouseClick(table.first.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert not table.second.selected()
    assert here.view.pane.acknowledge.isEnabled()


def test_a_narrower_window_makes_one_list_of_both_and_keeps_the_row(desk) -> None:
    here = desk(width=3776)
    table = here.view.table
    key = next(row for row in table.second.model.rows if row.kind is RowKind.ALARM).key
    here.view.show_place(key)
    here.view.resize(1888, 900)
    assert table.second.isHidden()
    assert table.current.key == key
    here.view.resize(3776, 900)
    assert table.second.current.key == key
    assert here.view.focusProxy() is not None
