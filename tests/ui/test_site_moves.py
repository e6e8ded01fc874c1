"""L2: how to move in it, by pointer and by key."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from console.domain.metric import SIGNAL_INDEX
from console.ui.views.site.view import worst_site
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.site_bench import HOUR_MS, SIZES, benches

bench = pytest.fixture(benches)


def test_r2_a_click_on_a_card_opens_its_racks(bench) -> None:
    desk = bench()
    grid = desk.view.containers.grid
    with desk.qtbot.waitSignal(desk.view.place_asked) as asked:
        desk.qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.card_rect(2).center())
    assert asked.args == [f"racks:{desk.site.id}/C03"]


def test_a_row_of_the_table_shows_its_containers_graphs_and_a_second_time_the_site_again(bench) -> None:
    desk = bench()
    desk.view.side.chosen.emit("C03")
    desk.settle()
    assert desk.view.plots.place == f"container:{desk.site.id}/C03"
    assert desk.view.plots._title.startswith("Container C03")
    assert desk.view.plots.hashrate.has_data()
    assert desk.view.side.table.selectionModel().hasSelection()
    desk.view.side.chosen.emit("C03")
    assert desk.view.plots.place == f"site:{desk.site.id}"


def test_r54_cards_and_table_are_reached_by_keyboard(bench) -> None:
    desk = bench()
    grid, table = desk.view.containers.grid, desk.view.side.table
    grid.setFocus()
    with desk.qtbot.waitSignal(desk.view.place_asked) as asked:
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return):
            desk.qtbot.keyClick(grid, key)
    assert asked.args[0].endswith("/C02")
    desk.view.show_container("C02")
    desk.qtbot.keyClick(grid, Qt.Key.Key_Escape)
    assert desk.view.plots.place == f"site:{desk.site.id}"
    table.setFocus()
    table.selectRow(1)
    table.setCurrentIndex(table.model().index(1, 0))
    desk.qtbot.keyClick(table, Qt.Key.Key_Return)
    assert desk.view.plots.place == f"container:{desk.site.id}/{table.model().index(1, 0).data()}"


def test_escape_leads_from_container_to_site_to_world(bench) -> None:
    desk = bench()
    desk.view.show_container("C01")
    desk.view.plots.hashrate.setFocus()
    desk.qtbot.keyClick(desk.view, Qt.Key.Key_Escape)
    assert desk.view.plots.place == f"site:{desk.site.id}"
    with desk.qtbot.waitSignal(desk.view.closed):
        desk.qtbot.keyClick(desk.view, Qt.Key.Key_Escape)


def test_the_table_sorts_by_numbers_and_says_so(bench) -> None:
    desk = bench()
    table = desk.view.side.table
    before = desk.store.rollups_by_site[desk.site.id]
    values = before.values.copy()
    values[1:, SIGNAL_INDEX["hashrate_hs"]] = np.array([9, 100, 20, 3, 8, 7, 6, 5]) * 1e15
    desk.store.rollups_by_site[desk.site.id] = replace(before, values=values)
    desk.live.load()
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    texts = [table.model().index(row, 2).data() for row in range(3)]
    assert texts == ["100.0 PH/s", "20.00 PH/s", "9.00 PH/s"]
    assert table.model().headerData(2, Qt.Orientation.Horizontal) == "hashrate ↓"


def test_another_site_leaves_nothing_of_the_one_before(bench) -> None:
    desk = bench()
    desk.view.show_container("C03")
    other = desk.store.of.sites[20]
    with desk.qtbot.waitSignal(desk.view.site_opened):
        desk.view.show_site(other.id)
    assert desk.view.plots.place == f"site:{other.id}"
    assert not desk.view.plots.hashrate.curves
    desk.settle()
    assert desk.view.plots.hashrate.has_data()
    desk.view.show_site("no such site")
    assert desk.view.site_id == other.id


def test_f2_before_any_choice_opens_the_site_that_needs_a_look(bench) -> None:
    store = FakeStore.troubled()
    assert worst_site(store.now()) == store.of.sites[40].id


def test_r13_a_drag_moves_all_plots_and_one_beyond_now_is_taken_back(bench) -> None:
    desk = bench()
    one, other, _ = desk.view.plots.plots
    middle = one.plot_area().center()
    one._gestures.press(middle)
    one._gestures.move(middle + QPointF(200, 0), Qt.MouseButton.LeftButton)
    assert other.span == one.span
    assert not one.span.live
    desk.span.tick(NOW_MS + 5000)
    assert not one.span.live, "the clock does not pull the plot from under the pointer"
    one._gestures.release()
    assert not desk.span.span.live
    assert one.span == other.span == desk.span.span
    kept = desk.span.span
    desk.span.show(NOW_MS - HOUR_MS, NOW_MS + 5000)
    kept = desk.span.span
    one._gestures.press(middle)
    one._gestures.move(middle - QPointF(300, 0), Qt.MouseButton.LeftButton)
    one._gestures.release()
    assert one.span == other.span == desk.span.span
    assert desk.span.span.end_ms == kept.end_ms


@pytest.mark.parametrize("size", SIZES[:2], ids=lambda size: str(size[0]))
def test_f7_moves_between_the_cards_and_their_table(bench, size: tuple[int, int]) -> None:
    view = bench(size=size).view
    view.activateWindow()
    view.toggle_twin()
    assert view.side.table.hasFocus()
    view.toggle_twin()
    assert view.containers.grid.hasFocus()
    assert view.containers.isVisible()


def test_the_miner_table_of_the_site_is_one_press_away(bench) -> None:
    desk = bench()
    with desk.qtbot.waitSignal(desk.view.place_asked) as asked:
        desk.view.containers._table.click()
    assert asked.args == [f"miners:{desk.site.id}"]
