"""What is in view of the miner table, and which machine wears the frame, as the list changes under them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from console.ui.models.miners.rows import Sorting
from tests.ui.fakes import rollup
from tests.ui.miners.conftest import SITE
from tests.ui.miners.yard import Yard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen
MANY = 1200  # a tenth of them, as those that are off, fill more than the view
TEMP = Sorting("temp")


def next_frame(here, hashrate: np.ndarray) -> None:
    """The poll after the one before."""
    here.store.hashrate, here.store.measured_ms = hashrate, here.store.measured_ms + 5000
    site = here.store.of.sites[0]
    here.store.rollups_by_site[site.id] = rollup(site, here.store.measured_ms)
    here.live.load()
    here.settle()


def framed(here) -> str:
    return here.names()[here.view.table.place] if here.view.table.place >= 0 else ""


def framed_in_view(here) -> bool:
    table = here.view.table
    return table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())


@pytest.fixture
def scrolled(desk):
    """The table of those that are degraded, coldest first, at its lower end; the frame is far above."""
    here = desk(Yard(MANY), place=f"{SITE}?state:degraded")
    here.view.rows.sort_by(TEMP)
    here.view.table.go_to(3)
    bar = here.view.table.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 1000
    return here


@pytest.mark.parametrize("act", ["filter", "sort", "place"])
def test_another_filter_sorting_or_place_begins_at_the_top(scrolled, act: str) -> None:
    here, bar = scrolled, scrolled.view.table.verticalScrollBar()
    if act == "filter":
        here.type("state:off")
    elif act == "sort":
        here.view.rows.sort_by(Sorting("temp", descending=True))
    else:
        here.view.hide()
        here.view.show_place("canada-1?state:off")
        here.view.show()
        here.settle()
    here.qtbot.wait(1)
    assert here.view.rows.rowCount() == MANY // 10
    assert bar.maximum() > 1000
    assert bar.value() == 0


def test_the_framed_machine_stays_in_view_where_another_question_leaves_it_in_the_list(scrolled) -> None:
    here = scrolled
    here.press(Qt.Key.Key_End)
    name = framed(here)
    here.view.rows.sort_by(Sorting("temp", descending=True))
    assert (framed(here), here.view.table.place, framed_in_view(here)) == (name, 0, True)
    here.view.filter.show_line("")  # and in the middle of ten times as many
    here.settle()
    assert framed(here) == name
    assert framed_in_view(here)
    assert here.view.rows.rowCount() == MANY


@pytest.mark.parametrize("leaves", [False, True], ids=["as many", "fewer"])
def test_a_poll_moves_neither_the_view_nor_the_frame_from_its_machine(scrolled, leaves: bool) -> None:
    here, bar = scrolled, scrolled.view.table.verticalScrollBar()
    here.view.rows.sort_by(Sorting("hashrate"))
    here.view.table.go_to(60)
    bar.setValue(40 * 26)
    name, row = framed(here), int(here.view.rows.order[60])
    hashrate = here.store.hashrate.copy()
    if leaves:
        hashrate[int(here.view.rows.order[0])] = 138e12
    hashrate[row] = 71e12  # the best of them
    next_frame(here, hashrate)
    here.qtbot.wait(1)
    assert bar.value() == 40 * 26
    assert (framed(here), here.view.table.place) == (name, here.view.rows.rowCount() - 1)


def test_where_the_framed_machine_leaves_the_list_the_next_one_takes_the_frame(scrolled) -> None:
    here = scrolled
    here.view.table.go_to(60)
    value, names = here.view.table.verticalScrollBar().value(), here.names()
    hashrate = here.store.hashrate.copy()
    hashrate[int(here.view.rows.order[60])] = 138e12
    next_frame(here, hashrate)
    assert (framed(here), here.view.table.place) == (names[61], 60)
    assert here.view.table.verticalScrollBar().value() == value


def test_the_row_that_tab_frames_is_a_machine_and_stays_it(desk) -> None:
    here = desk()
    opened = []
    here.view.place_asked.connect(opened.append)
    here.view.filter.edit.setFocus()
    here.view.table.setFocus(Qt.FocusReason.TabFocusReason)
    name = framed(here)
    assert name == here.names()[0] == "C01-R01-01"
    hashrate = here.store.hashrate.copy()
    hashrate[0] = 138e12
    next_frame(here, hashrate)
    assert here.names()[0] != name
    assert framed(here) == name
    here.press(Qt.Key.Key_Return)
    assert opened == [f"miner:{SITE}/{name}"]


def test_the_frame_is_on_the_first_machine_of_another_list_that_has_not_the_framed_one(scrolled) -> None:
    here = scrolled
    here.view.table.setFocus()
    here.view.filter.show_line("state:off")
    here.settle()
    assert here.view.table.hasFocus()
    assert framed(here) == here.names()[0]


@pytest.mark.parametrize("how", ["pointer", "keys"])
def test_a_choice_begins_at_a_machine_and_not_at_where_that_stood(scrolled, how: str) -> None:
    here, table = scrolled, scrolled.view.table
    here.view.rows.sort_by(Sorting("hashrate"))
    table.go_to(60)
    if how == "pointer":
        table.toggle(60)
    else:
        here.press(Qt.Key.Key_Down)
        here.press(Qt.Key.Key_Up)
    names, row = here.names(), int(here.view.rows.order[60])
    hashrate = here.store.hashrate.copy()
    hashrate[row] = 71e12  # the best of them: the last
    next_frame(here, hashrate)
    last = here.view.rows.rowCount() - 1
    table.extend_to(last - 2)
    machines = here.view.rows.machines
    chosen = {machines.name(int(row)) for row in here.view.selection.chosen.rows}
    assert chosen == {names[60], *names[-2:]}


def test_a_choice_whose_first_machine_left_the_list_takes_the_pointed_one_alone(scrolled) -> None:
    here, table = scrolled, scrolled.view.table
    table.toggle(60)
    hashrate = here.store.hashrate.copy()
    hashrate[int(here.view.rows.order[60])] = 138e12  # hashing, so not degraded
    next_frame(here, hashrate)
    table.extend_to(80)
    assert here.view.selection.chosen.rows.tolist() == [int(here.view.rows.order[80])]


def test_a_choice_does_not_begin_in_the_rows_of_another_roster(scrolled) -> None:
    here, table = scrolled, scrolled.view.table
    table.toggle(2)
    here.view.hide()
    here.view.show_place("canada-1?state:degraded")
    here.view.show()
    here.settle()
    table.extend_to(5)
    assert here.view.selection.chosen.rows.tolist() == [int(here.view.rows.order[5])]
