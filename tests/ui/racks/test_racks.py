"""L3: what an operator sees of racks and machines, and how pointer and keys reach each of them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from console.domain.roster import Miner
from console.ui.density import Density
from console.ui.fonts import set_font_scale
from console.ui.heat_map.canvas import SMALL_CELLS
from console.ui.heat_map.picture import NOWHERE
from console.ui.heat_map.scale import Tone
from console.ui.heat_map.tiles import tile_gap, tiles
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.startup import VIEWS
from console.ui.theme import DARK, PRINT, THEMES
from console.ui.views.racks.blocks import slot_places
from tests.ui.chart.picture import pixels
from tests.ui.fakes import NOW_MS
from tests.ui.racks.made import RATED_HS, RackStore, fields, healthy, troubled, yard

SIZES = [(1366, 650), (1920, 940), (3840, 1980)]
LEFT = Qt.MouseButton.LeftButton


ROW_OF = {
    Tone.CALM: 0,
    Tone.FAIR: 1,
    Tone.POOR: 2,
    Tone.OFF: 3,
    Tone.LOST: 4,
    Tone.RESTING: 5,
    Tone.SUSPECT: 6,
    Tone.LACKING: 7,
}


def cell_pixels(heat_map, row: int) -> np.ndarray:
    """The pixels of one cell, without the space beside it."""
    cell, space = heat_map.cell_rect(row), tile_gap(round(heat_map.pitch[0]))
    high, wide = cell.height() - space, cell.width() - space
    inside = pixels(heat_map.viewport())[cell.top() : cell.top() + high, cell.left() : cell.left() + wide]
    assert inside.size
    return inside


@pytest.mark.parametrize("theme", [DARK, PRINT], ids=["dark", "print"])
def test_each_state_of_a_machine_has_its_own_look(racks, theme) -> None:
    desk = racks(RackStore(yard(), troubled(yard())), theme=theme)
    desk.open("C01")
    for tone, token in ((Tone.CALM, "tone_good"), (Tone.FAIR, "tone_fair"), (Tone.POOR, "tone_poor")):
        colour = getattr(theme, token)
        cell = cell_pixels(desk.map, ROW_OF[tone])
        assert (cell == [colour.red(), colour.green(), colour.blue()]).all(), tone
    for tone in (Tone.OFF, Tone.LOST, Tone.RESTING, Tone.SUSPECT):
        cell = cell_pixels(desk.map, ROW_OF[tone])
        edge = max(2, len(cell) // 12)  # its frame is as strong as the cell is large
        middle = cell[edge:-edge, edge:-edge].reshape(-1, 3)
        hollow = (middle == [theme.bg0.red(), theme.bg0.green(), theme.bg0.blue()]).all(axis=1)
        assert hollow.any(), tone
        assert hollow.all() == (tone is Tone.OFF), tone


@pytest.mark.parametrize("theme", list(THEMES.values()), ids=list(THEMES))
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_r6_states_are_told_apart_without_colour(racks, size, theme) -> None:
    desk = racks(RackStore(yard(), troubled(yard())), size, theme)
    desk.open("C01")
    cells = {tone: cell_pixels(desk.map, row).mean(axis=2) for tone, row in ROW_OF.items()}
    names = list(cells)
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            apart = np.abs(cells[one] - cells[other])
            assert (apart > 24).mean() > 0.03, (one, other)


@pytest.mark.parametrize("theme", list(THEMES.values()), ids=list(THEMES))
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_r6_no_two_states_share_a_look_at_any_size_of_a_small_cell(theme, scale: float) -> None:
    for wide, high in ((round(wide * scale), round(high * scale)) for wide, high in SMALL_CELLS):
        if wide * high == 1:  # one pixel has no form
            continue
        shown = tiles(theme, wide, high, some_marked=False)[: Tone.BLANK]
        grey = sum((shown >> shift & 255).astype(float) for shift in (0, 8, 16)) / 3
        for one, other in combinations(range(Tone.BLANK), 2):
            assert np.abs(grey[one] - grey[other]).max() > 24, (wide, high, Tone(one), Tone(other))


def test_the_scale_is_drawn_with_counts_that_add_up(racks) -> None:
    desk = racks(RackStore(yard(), troubled(yard())))
    desk.open("C01")
    counts = desk.view.panel.counts()
    assert sum(counts.values()) == 120
    assert counts[Tone.CALM] == 113
    assert [counts[tone] for tone in ROW_OF if tone is not Tone.CALM] == [1] * 7
    assert "≥ 95 % 113" in desk.view.panel.key.words
    assert "suspect 1" in desk.view.panel.key.words


@pytest.mark.parametrize("where", ["racks", "fleet"])
def test_the_key_counts_off_and_curtailed_only_where_the_metric_sets_them_apart(racks, fleet, where: str) -> None:
    columns = troubled(yard())
    columns["hashrate_hs"][6:8] = RATED_HS
    desk = {"racks": racks, "fleet": fleet}[where](RackStore(yard(), columns))
    apart = {}
    for name in ("Hashrate", "Temperature", "Power", "J/TH", "Age"):
        desk.view.panel.tabs.show_tab(name)
        words = desk.view.panel.key.words
        apart[name] = ("no hash 1" in words, "curtailed 1" in words)
        assert ("no hash" in words, "curtailed" in words) == apart[name], words
        assert "no link 1" in words
    assert apart == dict.fromkeys(("Hashrate", "Power", "J/TH"), (True, True)) | dict.fromkeys(
        ("Temperature", "Age"), (False, False)
    )


@pytest.mark.parametrize("name", ["Temperature", "Power", "J/TH", "Age"])
def test_another_metric_is_one_click_and_both_maps_follow(racks, name: str) -> None:
    columns = healthy(yard())
    columns["board_c"][0], columns["power_w"][0] = 99.0, 5000.0
    desk = racks(RackStore(yard(), columns))
    desk.open("C01")
    desk.view.panel.tabs.show_tab(name)
    worst = Tone.CALM if name == "Age" else Tone.POOR
    assert desk.view.panel.counts()[worst] >= 1
    assert (cell_pixels(desk.map, 0) == cell_pixels(desk.map, 1)).all() == (name == "Age")
    desk.open(None)
    assert desk.view.panel.metric == name


def test_hover_names_the_machine_and_its_values_as_plain_text(racks) -> None:
    miners = (Miner(**{**fields(yard()[0]), "id": "<b>evil</b>\u202e"}), *yard()[1:])
    desk = racks(RackStore(miners, troubled(miners)))
    desk.open("C01")
    QTest.mouseMove(desk.map.viewport(), desk.map.cell_rect(0).center())
    desk.qtbot.waitUntil(lambda: bool(desk.map.plate.text))
    assert desk.map.plate.text.startswith("<b>evil</b>\\u202e\nC01 · R01 · slot 01 · S19 XP")
    assert "140 of 140 TH/s · 3,000 W · 68.0 °C" in desk.map.plate.text
    assert "age 3 s" in desk.map.plate.text
    assert desk.view.side.row == 0


def test_a_click_opens_the_machine_and_keeps_it_beside_the_racks(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C02")
    asked: list[object] = []
    desk.view.miner_opened.connect(lambda *names: asked.append(names))
    desk.view.place_asked.connect(asked.append)
    desk.qtbot.mouseClick(desk.map.viewport(), LEFT, pos=desk.map.cell_rect(150).center())
    site = desk.store.site.id
    assert asked == [(site, "C02-R02-01"), f"miner:{site}/C02-R02-01"]
    facts = {fact.label: fact.value for fact in desk.view.side.facts.facts}
    assert desk.view.side.name.text() == "C02-R02-01"
    assert facts["place"] == "C02 · R02 · slot 01"
    assert facts["hashrate"] == "140 of 140 TH/s"
    assert facts["measured"] == "3 s ago · 14:32:04 UTC"


def test_a_brush_selects_what_it_covers_and_says_how_many(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C01")
    first, last = desk.map.cell_rect(0), desk.map.cell_rect(2)
    view = desk.map.viewport()
    desk.qtbot.mousePress(view, LEFT, pos=first.topLeft() + QPoint(1, 1))
    desk.qtbot.mouseMove(view, first.center())
    desk.qtbot.mouseMove(view, last.center() + QPoint(2, 2))
    desk.qtbot.mouseRelease(view, LEFT, pos=last.center() + QPoint(2, 2))
    assert desk.view.selection.chosen.rows.tolist() == [0, 1, 2]
    assert desk.view.side.chosen.text() == "3 brushed"
    QTest.mouseMove(view, desk.map.cell_rect(100).center())  # the frame and the plate go along
    QApplication.processEvents()
    assert not (cell_pixels(desk.map, 0) == cell_pixels(desk.map, 3)).all()
    desk.qtbot.keyClick(desk.map, Qt.Key.Key_Escape)
    assert desk.view.side.chosen.text() == "none selected"
    assert (cell_pixels(desk.map, 0) == cell_pixels(desk.map, 3)).all()


def test_escape_leads_from_a_container_to_all_and_back(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C02")
    desk.qtbot.keyClick(desk.map, Qt.Key.Key_Escape)
    assert desk.view.container is None
    with desk.qtbot.waitSignal(desk.view.closed):
        desk.qtbot.keyClick(desk.map, Qt.Key.Key_Escape)


def test_crumbs_and_strip_lead_everywhere(racks) -> None:
    desk = racks(RackStore(yard()))
    desk.open("C02")
    assert desk.view.place == f"{desk.store.site.id}/C02"
    assert desk.view.crumbs.accessibleDescription().endswith("› C02")
    buttons = {button.accessibleName(): button for button in desk.view.crumbs.findChildren(QAbstractButton)}
    for name, address in (
        ("back to the world", "world"),
        (f"to the site {desk.store.site.name}", f"site:{desk.store.site.id}"),
    ):
        with desk.qtbot.waitSignal(desk.view.place_asked) as asked:
            buttons[name].click()
        assert asked.args == [address]
    strip = desk.view.strip
    desk.qtbot.mouseClick(strip, LEFT, pos=strip.card_rect(1).center())
    assert desk.view.container == "C01"
    strip.setFocus()
    desk.qtbot.keyClick(strip, Qt.Key.Key_Left)
    desk.qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert desk.view.container is None


def test_a_container_of_the_site_map_opens_by_a_click(racks) -> None:
    big = yard(28, 16, 30)
    desk = racks(RackStore(big))
    assert not desk.map.cells_are_targets
    desk.qtbot.mouseClick(desk.map.viewport(), LEFT, pos=desk.map.cell_rect(480 * 3 + 9).center())
    assert desk.view.container == "C04"
    assert desk.map.cells_are_targets
    assert min(desk.map.pitch) >= 24


def test_racks_have_a_head_line_and_empty_slots_stay_empty(racks) -> None:
    miners = tuple(one for one in yard(1, 2, 30) if one.slot != "05")
    columns = troubled(miners)
    desk = racks(RackStore(miners, columns))
    desk.open("C01")
    blocks = desk.view._plan.blocks
    assert [(block.title, block.note) for block in blocks] == [
        ("R01", "24 of 29 hash · inlet 27.0 °C"),
        ("R02", "29 of 29 hash · inlet 27.0 °C"),
    ]
    assert blocks[0].rows[4] == NOWHERE
    assert blocks[0].rows.size == 30
    assert desk.map.row_under(desk.map.cell_rect(3).center() + QPoint(round(desk.map.pitch[0]), 0)) == NOWHERE


def test_machines_without_rack_or_slot_stand_in_roster_order_and_the_sign_says_so(racks) -> None:
    bare = tuple(Miner(id=f"m{number}", rated_hs=RATED_HS) for number in range(40))
    desk = racks(RackStore(bare))
    desk.open("")
    assert [block.title for block in desk.view._plan.blocks] == ["no rack told"]
    assert "racks are not told for all: those machines stand in roster order" in desk.view.panel.signs
    assert desk.view._plan.blocks[0].rows.tolist() == list(range(40))


@pytest.mark.parametrize(
    ("slots", "places"),
    [
        (["1", "2", "4"], [0, 1, NOWHERE, 2]),
        (["02", "01"], [1, 0]),
        (["1", "1"], None),
        (["a", "b"], None),
        (["1", "9999"], None),
        (["²", "1"], None),
        (["0", "1"], [0, 1]),
    ],
)
def test_slots_are_places_only_where_they_are_numbers_of_a_rack(slots: list[str], places: list[int] | None) -> None:
    column = np.array(slots, dtype=np.dtypes.StringDType())
    found = slot_places(column, np.arange(len(slots)))
    assert (None if found is None else found.tolist()) == places


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("container", [None, "C17"])
def test_nothing_is_clipped_or_overlaps(racks, size, container) -> None:
    desk = racks(RackStore(yard(28, 16, 30)), size)
    desk.open(container)
    view = desk.view
    parts = [view.crumbs, view.strip, view.maps, view.side]
    for part in parts:
        assert view.rect().adjusted(-8, 0, 0, 0).contains(part.geometry()), part.accessibleName()
    for index, one in enumerate(parts):
        for other in parts[index + 1 :]:
            assert not one.geometry().intersects(other.geometry())
    assert desk.map.verticalScrollBar().maximum() == 0 or (container and size == SIZES[0])
    assert view.side.facts.height() >= view.side.facts.height_for(view.side.facts.width())


def test_the_worst_are_listed_and_lead_to_their_cells(racks) -> None:
    desk = racks(RackStore(yard(), troubled(yard())))
    desk.open("C01")
    worst = desk.view.side.worst
    assert [(loss.row, loss.hashrate, loss.state) for loss in worst.shown] == [
        (3, "0 / 140", "off"),
        (2, "70 / 140", "degraded"),
        (1, "112 / 140", "degraded"),
        (4, "— / 140", "unknown"),
        (7, "— / 140", "unknown"),
    ]
    worst.setFocus()
    desk.qtbot.keyClick(worst, Qt.Key.Key_Down)
    desk.qtbot.keyClick(worst, Qt.Key.Key_Return)
    assert desk.map.focus_row == 2
    assert desk.view.side.name.text() == "C01-R01-03"


def test_the_table_of_the_same_machines_is_one_press_away(racks) -> None:
    desk = racks(RackStore(yard()))
    with desk.qtbot.waitSignal(desk.view.place_asked) as asked:
        desk.view.side.table.click()
    assert asked.args == [f"miners:{desk.store.site.id}"]


@pytest.mark.parametrize("scale", [1.5, 2.0])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_r57_large_text_clips_nothing(racks, size, scale: float) -> None:
    set_font_scale(scale)
    desk = racks(RackStore(yard(28, 16, 30), troubled(yard(28, 16, 30))), size)
    desk.open("C01")
    desk.map.point_at(2)
    panel = desk.view.panel
    assert panel.key.height() >= panel.key.height_for(panel.key.width())
    assert panel.rect().contains(panel.key.geometry())
    assert desk.map.height() >= 40
    side = desk.view.side
    for button in (side.open, side.table, side.lift):
        assert side.rect().contains(button.geometry())
        assert button.width() >= button.sizeHint().width()


def test_r57_large_text_takes_the_layout_of_a_small_window(racks) -> None:
    set_font_scale(1.5)
    desk = racks(RackStore(yard(), troubled(yard())), (1920, 940))
    assert desk.view.strip.x() == Density.COMPACT.value.margin


def test_a_frozen_time_bar_does_not_pass_for_the_moment_of_the_cells(racks) -> None:
    desk = racks(RackStore(yard()))
    assert desk.view.panel._note == "age 3 s"
    desk.view._span.freeze()
    assert desk.view.panel._note == "as of now, not of the frozen span · age 3 s"


def test_r2_from_the_world_to_racks_in_two_actions(qtbot) -> None:
    store = RackStore(yard())
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    shell = Shell(live, TimeBarModel(NOW_MS), VIEWS)
    qtbot.addWidget(shell)
    shell.resize(1920, 1080)
    shell.open_view("world")
    shell.view_widget.site_opened.emit(store.site.id)  # one: a click on the map
    site = shell.view_widget
    grid = site.containers.grid
    qtbot.mouseClick(grid.viewport(), LEFT, pos=grid.card_rect(1).center())  # two: a click on a container
    assert shell.address == f"racks:{store.site.id}/C02"
    shell.go_back()
    assert shell.address == f"site:{store.site.id}"
    qtbot.waitUntil(lambda: not live.reads.pending)
    live.close()
