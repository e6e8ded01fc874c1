"""Every machine of the fleet at once: what is drawn, who is named, and where a click leads."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.ui.density import Density
from console.ui.fonts import set_font_scale
from console.ui.heat_map.scale import Tone
from console.ui.startup import VIEWS
from tests.ui.chart.picture import pixels
from tests.ui.fakes import NOW_MS
from tests.ui.racks.made import RackStore, healthy, yard

SIZES = [(1366, 650), (1920, 940), (3840, 1980)]


def made(sites: int = 12, containers: int = 4) -> RackStore:
    """Sites of a few containers each, every tenth machine of the third site dark."""
    store = RackStore(yard(containers))
    for index, site in enumerate(store.of.sites[1:sites], 1):
        miners = yard(containers)
        columns = healthy(miners)
        if index == 2:
            for column in columns.values():
                column[::10] = np.nan
        store.put(site.id, miners, columns)
    return store


def test_every_machine_of_every_site_has_a_cell(fleet) -> None:
    desk = fleet(made())
    machines = desk.view.machines.now
    assert len(machines) == 12 * 480
    rows = [desk.map.row_under(desk.map.cell_rect(row).center()) for row in range(0, len(machines), 97)]
    assert rows == list(range(0, len(machines), 97))
    assert desk.view.panel.counts()[Tone.LOST] == 48


def test_four_hundred_thousand_fit_without_scrolling(fleet) -> None:
    store = RackStore(yard(17, 16, 30))
    for site in store.of.sites[1:]:
        store.put(site.id, yard(19, 16, 30), healthy(yard(19, 16, 30)))
    for size in SIZES[1:]:
        desk = fleet(store, size)
        assert len(desk.view.machines.now) == 400_320
        assert desk.map.verticalScrollBar().maximum() == 0
        assert desk.map.row_under(desk.map.cell_rect(400_319).center()) == 400_319


def test_r57_large_text_takes_the_layout_of_a_small_window(fleet) -> None:
    set_font_scale(1.5)
    desk = fleet(made(), (1920, 940))
    assert desk.view.panel.x() == Density.COMPACT.value.margin


def test_hover_names_site_and_machine_and_reads_one_roster_for_it(fleet) -> None:
    desk = fleet(made())
    assert "roster" not in desk.store.reads
    QTest.mouseMove(desk.map.viewport(), desk.map.cell_rect(500).center())
    desk.qtbot.waitUntil(lambda: desk.map.plate.text.startswith("C01-R01-21"))
    assert desk.store.of.sites[1].name in desk.map.plate.text
    assert desk.store.reads.count("roster") == 1


def test_a_click_opens_the_sites_racks(fleet) -> None:
    desk = fleet(made())
    with desk.qtbot.waitSignal(desk.view.place_asked) as asked:
        desk.qtbot.mouseClick(desk.map.viewport(), Qt.MouseButton.LeftButton, pos=desk.map.cell_rect(500).center())
    assert asked.args == [f"racks:{desk.store.of.sites[1].id}"]


def test_keys_walk_from_site_to_site_and_enter_opens(fleet) -> None:
    desk = fleet(made())
    desk.map.point_at(7)
    desk.qtbot.keyClick(desk.map, Qt.Key.Key_PageDown)
    with desk.qtbot.waitSignal(desk.view.place_asked) as asked:
        desk.qtbot.keyClick(desk.map, Qt.Key.Key_Return)
    assert asked.args == [f"racks:{desk.store.of.sites[1].id}"]


def test_signs_name_who_tells_what_not(fleet) -> None:
    store = made(3)
    columns = healthy(yard(4))
    del columns["power_w"]
    columns["board_c"][0] = 900
    store.put(store.of.sites[1].id, yard(4), columns)
    desk = fleet(store)
    desk.view.panel.tabs.show_tab("Power")
    suspect, lacking, silent = desk.view.panel.signs
    assert suspect == "1 suspect, left out of totals"
    assert lacking == f"no power told by {store.of.sites[1].name}"
    assert silent.startswith("no roster from")
    assert silent.endswith("and 38 more")


def test_a_site_whose_samples_are_old_is_framed_and_says_so(fleet) -> None:
    store = made(3)
    store.put(store.of.sites[1].id, yard(4), healthy(yard(4)), at_ms=NOW_MS - 20 * 60_000)
    desk = fleet(store)
    blocks = {block.key: block for block in desk.map._picture.blocks}
    old = blocks[store.of.sites[1].id]
    assert (old.framed, old.note) == (True, "stale")
    assert not blocks[store.of.sites[0].id].framed


def test_a_brush_over_sites_says_its_count_and_dims_the_rest(fleet) -> None:
    store = RackStore(yard(17, 16, 30))
    for site in store.of.sites[1:]:
        store.put(site.id, yard(17, 16, 30), healthy(yard(17, 16, 30)))
    desk = fleet(store, (1366, 650))
    before = pixels(desk.map.viewport()).astype(int)
    desk.map.brushed.emit(np.arange(480))
    assert "480 brushed" in desk.view.panel._subtitle
    assert (pixels(desk.map.viewport()).astype(int) != before).mean() > 0.3


def test_a_hidden_view_reads_nothing_and_holds_no_table(fleet) -> None:
    desk = fleet(made())
    desk.view.hide()
    desk.store.reads.clear()
    desk.store.put(desk.store.site.id, yard(4), healthy(yard(4)), at_ms=NOW_MS)
    desk.live.load()
    desk.qtbot.wait(20)
    assert desk.view.machines.now is None
    assert set(desk.store.reads) == set()


def test_r56_and_r55_controls_are_large_enough_and_named(fleet, racks) -> None:
    from PySide6.QtWidgets import QAbstractButton

    for desk in (fleet(made()), racks(made())):
        for button in desk.view.findChildren(QAbstractButton):
            if button.isVisible():
                assert min(button.width(), button.height()) >= 24, button.accessibleName()
                assert button.accessibleName()


@pytest.mark.parametrize("view", ["racks", "fleet"])
def test_a_hundred_openings_leave_nothing_behind(view: str, racks, fleet) -> None:
    desk = {"racks": racks, "fleet": fleet}[view](made(4, 2), (800, 500))
    slot = next(slot for slot in VIEWS if slot.view == view)

    def open_and_close() -> None:
        desk.view.hide()
        desk.view.show()
        if view == "racks":
            desk.open("C01")
            desk.open(None)
        desk.settle()
        desk.view.grab()

    for _ in range(10):
        open_and_close()
    gc.collect()
    widgets, objects = len(QApplication.allWidgets()), len(gc.get_objects())
    for _ in range(100):
        open_and_close()
    gc.collect()
    assert slot.view == view
    assert len(QApplication.allWidgets()) == widgets
    assert len(gc.get_objects()) <= objects * 1.01


def test_r11_offline_the_cells_are_of_the_cut_off_and_not_of_now(fleet) -> None:
    desk = fleet(RackStore(yard()))
    span, cutoff_ms = desk.view._span, desk.live.cutoff_ms
    span.set_cutoff(cutoff_ms)
    assert desk.view.panel._note == "as of the cut-off · oldest sample 3 s"
    span.show(cutoff_ms - 7_200_000, cutoff_ms - 3_600_000)
    desk.refresh()
    assert desk.view.panel._note == "as of the cut-off, not of the frozen span · oldest sample 3 s"
