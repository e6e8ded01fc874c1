"""Which machine pointer and keys are on in a heat map: its frame, the panel beside it, where a brush leaves it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.ui.heat_map.picture import NOWHERE
from tests.ui.chart.picture import pixels
from tests.ui.fakes import NOW_MS
from tests.ui.racks.made import RATED_HS, RackStore, healthy, yard

LEFT = Qt.MouseButton.LeftButton


@pytest.mark.parametrize("by", ["pointer", "keys"])
def test_the_machine_beside_the_racks_stays_while_pointer_or_keys_are_on_it(racks, by: str) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C01")
    if by == "pointer":
        QTest.mouseMove(desk.map.viewport(), desk.map.cell_rect(1).center())
        desk.qtbot.waitUntil(lambda: desk.view.side.row == 1)
    else:
        desk.map.setFocus()
        desk.qtbot.keyClick(desk.map, Qt.Key.Key_Right)
    desk.now_ms += 1000
    desk.refresh()
    assert desk.view.side.row == 1, "a second later"
    columns = healthy(yard())
    columns["hashrate_hs"][1] = 0.5 * RATED_HS
    desk.store.put(desk.store.site.id, yard(), columns, at_ms=NOW_MS)
    desk.refresh()
    facts = {fact.label: fact.value for fact in desk.view.side.facts.facts}
    assert (desk.view.side.name.text(), facts["hashrate"]) == ("C01-R01-02", "70 of 140 TH/s"), "a frame later"
    assert desk.view.side.open.isEnabled()
    if by == "pointer":
        QTest.mouseMove(desk.map.viewport(), QPoint(desk.map.viewport().width() - 1, desk.map.viewport().height() - 1))
        desk.qtbot.waitUntil(lambda: desk.view.side.row == NOWHERE)


def framed(heat_map) -> list[int]:
    """The machines that wear a frame of pointer or keys, as `_paint_marks` paints them."""
    keys = heat_map.focus_row if heat_map.hasFocus() and heat_map._ringed else NOWHERE
    return [row for row in (heat_map._hovered, keys) if row != NOWHERE]


@pytest.mark.parametrize("where", ["racks", "fleet"])
@pytest.mark.parametrize(("begin", "end"), [(32, 95), (95, 32)])
def test_after_a_brush_the_one_frame_is_at_its_end_and_the_keys_go_on_from_there(
    racks, fleet, where: str, begin: int, end: int
) -> None:
    desk = {"racks": racks, "fleet": fleet}[where](RackStore(yard()))
    if where == "racks":
        desk.open("C01")
    view, cell = desk.map.viewport(), desk.map.cell_rect
    QTest.mouseMove(view, cell(begin).center())
    desk.qtbot.waitUntil(lambda: bool(desk.map.plate.text))
    desk.qtbot.mousePress(view, LEFT, pos=cell(begin).center())
    for row in (60, end):
        QTest.mouseMove(view, cell(row).center())
        QApplication.processEvents()
        assert framed(desk.map) == [row]
    desk.qtbot.mouseRelease(view, LEFT, pos=cell(end).center())
    assert len(desk.view.selection.chosen) > 1
    assert framed(desk.map) == [end]
    assert desk.map.plate.text == desk.map._describe(end)
    if where == "racks":
        assert desk.view.side.row == end
    beside = desk.map._picture.step(end, -1, 0)
    desk.qtbot.keyClick(desk.map, Qt.Key.Key_Left)
    assert framed(desk.map) == [beside]
    assert beside not in (end, 0)


def test_a_brush_that_ends_beside_the_cells_leaves_the_keys_on_its_last_machine(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C01")
    view, first = desk.map.viewport(), desk.map.cell_rect(95).center()
    below = QPoint(view.width() - 2, view.height() - 2)
    assert desk.map.row_under(below) == NOWHERE
    desk.qtbot.mousePress(view, LEFT, pos=first)
    desk.qtbot.mouseMove(view, below)
    desk.qtbot.mouseRelease(view, LEFT, pos=below)
    assert desk.map.focus_row == desk.view.selection.chosen.rows[-1] == 119


def test_r54_every_cell_is_reached_selected_and_opened_by_keys(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C01")
    desk.map.setFocus()
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Right, keys.Key_Down, keys.Key_Up, keys.Key_Left):
        desk.qtbot.keyClick(desk.map, key)
    assert desk.map.focus_row == 1
    assert desk.map.accessibleDescription().startswith("C01-R01-02")
    desk.qtbot.keyClick(desk.map, keys.Key_PageDown)
    assert desk.map.focus_row == 30
    desk.qtbot.keyClick(desk.map, keys.Key_Left)
    assert 0 <= desk.map.focus_row < 30  # over the edge into the rack beside
    desk.map.point_at(40)
    desk.qtbot.keyClick(desk.map, keys.Key_Space)
    assert desk.view.selection.chosen.words == "1 picked"
    desk.qtbot.keyClick(desk.map, keys.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert desk.view.selection.chosen.words == "2 brushed"
    with desk.qtbot.waitSignal(desk.view.miner_opened) as opened:
        desk.qtbot.keyClick(desk.map, keys.Key_Return)
    assert opened.args[1] == "C01-R02-12"


def test_the_ring_shows_for_keys_and_not_for_a_mouse(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C01")
    desk.map.setFocus(Qt.FocusReason.MouseFocusReason)
    without = pixels(desk.map.viewport())
    desk.qtbot.keyClick(desk.map, Qt.Key.Key_Right)
    desk.map.plate.hide()
    assert (pixels(desk.map.viewport()) != without).any()
