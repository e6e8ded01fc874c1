"""The miner table as an operator sees it: rows, filter, selection, groups, columns, copy, export, age."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from console.domain.freshness import Freshness
from console.ui.density import Density
from console.ui.fonts import set_font_scale
from console.ui.models.miners.columns import WALL_COLUMNS
from console.ui.models.miners.rows import Sorting
from console.ui.models.selection import How
from console.ui.theme import PRINT
from tests.ui.chart.picture import pixels
from tests.ui.miners.conftest import SITE
from tests.ui.miners.yard import MEASURED_MS, MINERS, Yard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_the_worst_machines_stand_on_top(desk) -> None:
    here = desk()
    assert here.view.rows.rowCount() == MINERS
    assert here.cells("ratio")[0] == "0.0"
    assert here.cells("state")[0] == "off"
    assert here.cells("hashrate")[-1] == "—", "a machine without a value comes last"


def test_every_state_is_told_by_word_and_form(desk) -> None:
    here = desk()
    assert set(here.cells("state")) == {"off", "degraded", "hashing", "curtailed", "unknown"}
    assert "12 off" in here.view.head.accessibleDescription()
    assert "3 curtailed" in here.view.head.accessibleDescription(), "a machine told to rest is not counted as off"


def test_a_click_on_a_header_sorts_and_a_second_turns_it_round(desk, qtbot) -> None:
    here = desk()
    header = here.view.table.horizontalHeader()
    section = here.view.rows.columns.index("temp")
    at = QPoint(header.sectionViewportPosition(section) + 10, 10)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert here.view.rows.sorting == Sorting("temp", descending=True)
    assert here.cells("temp")[0] == "90.0"
    assert here.view.rows.headerData(section, Qt.Orientation.Horizontal) == "board °C ↓"
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert here.cells("temp")[0] == "40.0"


def test_the_filter_leaves_what_matches(desk) -> None:
    here = desk()
    here.type("state:degraded rack:C02-R03")
    assert here.names() == ["C02-R03-02"]
    assert "1 of 120 match" in here.view.head._note


def test_a_line_that_cannot_be_read_says_where_and_leaves_the_last_filter(desk) -> None:
    here = desk()
    here.type("state:off")
    here.type("state:off temp>hot")
    words = here.view.filter.words.text()
    assert "'hot' is no number in °C (at character 16)" in words
    assert "the last filter that could be read" in words
    assert here.view.filter.edit._wrong_from == 15
    assert set(here.cells("state")) == {"off"}


def test_offers_while_typing_and_filters_used_last(desk, qtbot, tmp_path) -> None:
    here = desk(folder=tmp_path)
    field, line = here.view.filter, here.view.filter.edit
    line.setFocus()
    qtbot.keyClicks(line, "sta")
    assert [offer.word for offer in field._offers] == ["state:"]
    qtbot.keyClicks(line, "te:de")
    assert [offer.word for offer in field._offers] == ["state:degraded"]
    field._pick(0)
    field._confirmed()
    assert line.text() == "state:degraded"
    line.clear()
    qtbot.keyClicks(line, "model:")
    assert [offer.word for offer in field._offers] == ["model:M60S", 'model:"S19 XP"', "model:S21"]
    line.clear()
    field._offer()
    assert [offer.word for offer in field._offers] == ["state:degraded"]


def test_the_selection_states_exactly_what_it_holds(desk, qtbot) -> None:
    here = desk()
    assert here.words == "none selected"
    here.press(Qt.Key.Key_Down)
    here.press(Qt.Key.Key_Space)
    assert here.words == "1 picked"
    here.press(Qt.Key.Key_Down, SHIFT)
    here.press(Qt.Key.Key_Down, SHIFT)
    assert here.words == "3 picked"
    here.type("state:degraded")
    assert here.words == "3 picked, 3 of them not shown by the filter"
    qtbot.mouseClick(here.view.foot.every, Qt.MouseButton.LeftButton)
    assert here.words == "all 12 that match"
    here.type("state:off")
    assert here.words == "12 picked, 12 of them not shown by the filter", (
        "others match now: the words must not claim it"
    )
    here.press(Qt.Key.Key_Escape)
    assert here.words == "none selected"


def test_a_selection_moves_no_other_button(desk) -> None:
    here = desk()
    before = [button.geometry() for button in here.view.actions.buttons]
    here.view.table.choose_all()
    assert here.view.command.text() == "Command 120 machines…"
    assert [button.geometry() for button in here.view.actions.buttons] == before
    assert here.view.command.width() >= here.view.command.sizeHint().width()
    assert here.view.command.geometry().right() < before[0].left()


def test_the_whole_site_is_never_selected_silently(desk) -> None:
    here = desk()
    assert here.view.foot.every.text() == "Select all 120: the whole site"
    here.press(Qt.Key.Key_A, CONTROL)
    assert here.words == "all 120 that match: the whole site"


def test_a_box_selects_and_opens_nothing(desk, qtbot) -> None:
    here = desk()
    opened = []
    here.view.place_asked.connect(opened.append)
    heads = here.view.table.verticalHeader()
    qtbot.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, 30))
    assert (len(here.view.selection.chosen), opened) == (1, [])
    qtbot.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, SHIFT, QPoint(10, 30 + 3 * 26))
    assert len(here.view.selection.chosen) == 4


def test_a_brush_in_the_heat_map_is_seen_in_the_table(desk) -> None:
    here = desk()
    before = pixels(here.view.table.viewport())
    here.view.selection.choose([int(row) for row in here.view.rows.order[:5]], How.BRUSHED)
    assert here.words == "5 brushed"
    assert (pixels(here.view.table.viewport()) != before).any()
    assert [here.view.table.is_chosen(place) for place in range(6)] == [True] * 5 + [False]


def test_click_and_enter_open_the_machine(desk, qtbot) -> None:
    here = desk()
    opened = []
    here.view.place_asked.connect(opened.append)
    qtbot.mouseClick(here.view.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 13))
    here.press(Qt.Key.Key_Down)
    here.press(Qt.Key.Key_Return)
    assert opened == [f"miner:{SITE}/{name}" for name in here.names()[:2]]


def test_the_keyboard_stays_on_its_machine_when_the_order_changes(desk) -> None:
    here = desk()
    here.press(Qt.Key.Key_End)
    name = here.names()[-1]
    here.view.rows.sort_by(Sorting("id"))
    assert here.names()[here.view.table.place] == name


def test_slash_goes_to_the_filter_and_escape_back_and_out(desk, qtbot) -> None:
    here = desk()
    here.press(Qt.Key.Key_Slash)
    assert here.view.filter.edit.hasFocus()
    qtbot.keyClick(here.view.filter.edit, Qt.Key.Key_Escape)
    assert here.view.table.hasFocus()
    with qtbot.waitSignal(here.view.closed):
        here.press(Qt.Key.Key_Escape)


def test_slash_goes_to_the_filter_from_the_groups_too(desk, qtbot) -> None:
    here = desk()
    here.view.actions.show_grouping("container")
    here.settle()
    assert here.view.groups.hasFocus()
    qtbot.keyClick(here.view.groups, Qt.Key.Key_Slash)
    assert here.view.filter.edit.hasFocus()
    qtbot.keyClick(here.view.filter.edit, Qt.Key.Key_Escape)
    assert here.view.groups.hasFocus()


def test_groups_count_and_sum_and_lead_in(desk, qtbot) -> None:
    here = desk()
    here.view.actions.show_grouping("container")
    here.settle()
    groups = here.view.group_rows
    assert [groups.text(place, 0) for place in range(4)] == ["C01", "C02", "C03", "C04"]
    assert [groups.text(place, 1) for place in range(4)] == ["30"] * 4
    total = sum(int(groups.text(place, 1 + 4)) for place in range(4))
    assert total == 12, "off machines of all containers"
    known = np.nansum(here.store.hashrate)
    assert groups.groups.number["hashrate"].sum() == pytest.approx(known, rel=1e-6)
    here.view.groups.selectRow(1)
    here.view.groups.setCurrentIndex(groups.index(1, 0))
    qtbot.keyClick(here.view.groups, Qt.Key.Key_Return)
    here.settle()
    assert here.view.filter.read.text == f"site=={SITE} container==C02"
    assert here.view.rows.rowCount() == 30


def test_a_groups_ratios_leave_out_machines_that_tell_only_one_side_and_no_value_is_not_zero(desk) -> None:
    store = Yard()
    store.hashrate[:60] = np.nan
    store.hashrate[4] = 70e12
    here = desk(store)
    here.view.actions.show_grouping("container")
    here.settle()
    number = {name: column[:2].tolist() for name, column in here.view.group_rows.groups.number.items()}
    assert number["ratio"] == [pytest.approx(0.5), pytest.approx(np.nan, nan_ok=True)]
    assert number["efficiency"] == [pytest.approx(3000 / 70), pytest.approx(np.nan, nan_ok=True)]
    assert number["hashrate"] == [pytest.approx(70e12), pytest.approx(np.nan, nan_ok=True)]
    assert number["power"] == [3000.0 + 29 * 20, 30 * 20]


def test_containers_of_one_name_at_many_sites_are_many_groups(desk) -> None:
    here = desk(place="*")
    here.view.actions.show_grouping("container")
    here.settle()
    assert here.view.group_rows.groups.miners.tolist() == [30] * 4 * 44


@pytest.mark.parametrize("by", ["site", "rack", "model", "state"])
def test_every_grouping_holds_each_machine_once(desk, by: str) -> None:
    here = desk()
    here.view.actions.show_grouping(by)
    here.settle()
    assert int(here.view.group_rows.groups.miners.sum()) == MINERS


@pytest.mark.parametrize(("scale", "wall"), [(1.0, True), (1.5, True), (2.0, False)])
def test_r57_a_wall_with_large_text_has_no_room_for_more_columns(desk, scale: float, wall: bool) -> None:
    set_font_scale(scale)
    here = desk(size=(3840, 1980))
    assert set(WALL_COLUMNS).issubset(here.view.rows.columns) == wall
    margin = (Density.WALL if wall else Density.STANDARD).value.margin
    assert here.view.head.x() == margin


def test_columns_are_chosen_reordered_and_kept(desk, tmp_path) -> None:
    here = desk(folder=tmp_path)
    menu = here.view.actions.columns_menu()
    next(action for action in menu.actions() if action.text().startswith("serial")).trigger()
    assert here.view.rows.columns[-1] == "serial"
    here.view.table.horizontalHeader().moveSection(0, 2)
    assert here.view.rows.columns[:3] == ("container", "rack", "id")
    assert desk(folder=tmp_path).view.rows.columns == here.view.rows.columns
    assert desk(folder=tmp_path, place="*").view.rows.columns[0] == "site", "the fleet has its own choice"


def test_r54_the_keyboard_moves_a_column(desk, tmp_path) -> None:
    here = desk(folder=tmp_path)
    here.press(Qt.Key.Key_Right)
    assert here.view.rows.headerData(1, Qt.Orientation.Horizontal) == "› container"
    here.press(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert here.view.rows.columns[:3] == ("id", "rack", "container")
    assert here.view.rows.headerData(2, Qt.Orientation.Horizontal) == "› container"
    assert here.view.kept.liking.site_columns[:3] == ("id", "rack", "container")


def test_damaged_likings_are_the_usual_ones(desk, tmp_path) -> None:
    (tmp_path / "miner-table.json").write_text('{"site_columns": ["id", "nonsense", 7')
    assert desk(folder=tmp_path).view.rows.columns[0] == "id"


def test_r8_r9_an_old_frame_is_dimmed_and_its_age_goes_on(desk) -> None:
    here = desk()
    assert here.cells("age")[0] == "9 s"
    fresh = pixels(here.view.table.viewport())
    here.pass_s(80)
    row = int(here.view.rows.order[0])
    assert here.view.rows.freshness_of(row) is Freshness.STALE
    assert here.cells("age")[0] == "1 min"
    assert here.cells("hashrate")[0] == "0.0", "the last value stays"
    assert (pixels(here.view.table.viewport()) != fresh).any()
    assert "newest frame 1 min old" in here.view.foot.note.text()


def test_r8_in_the_table_of_the_fleet_each_machine_is_as_old_as_its_own_site(desk) -> None:
    class TwoAges(Yard):
        def column(self, site_id: str, metric: str, at_ms: int | None = None):
            found = super().column(site_id, metric, at_ms)
            return found if found is None or site_id == SITE else replace(found, at_ms=found.at_ms - 20 * 60_000)

    here = desk(TwoAges(), place="*")
    rows = here.view.rows.machines.rows_of(SITE)
    fresh = {here.view.rows.freshness_of(row) for row in rows}
    others = {here.view.rows.freshness_of(row) for row in range(44 * MINERS) if row not in rows}
    assert (fresh, others) == ({Freshness.FRESH}, {Freshness.STALE})


def test_a_value_that_no_machine_can_have_is_shown_hollow_and_counted(desk) -> None:
    store = Yard()
    store.hashrate[15] = 9e15
    here = desk(store)
    here.type("C01-R02-06")
    assert here.cells("hashrate") == ["9,000.0"]
    assert here.cells("ratio") == ["—"]
    assert "1 with a value no machine can have" in here.view.foot.note.text()


def test_a_new_frame_changes_the_values_in_place(desk) -> None:
    here = desk()
    here.type("C01-R01-05")
    here.store.hashrate = here.store.hashrate.copy()
    here.store.hashrate[4] = 33e12
    here.store.measured_ms = MEASURED_MS + 5000
    site = here.store.of.sites[0]
    from tests.ui.fakes import rollup

    here.store.rollups_by_site[site.id] = rollup(site, MEASURED_MS + 5000)
    here.live.load()
    here.settle()
    assert here.cells("hashrate") == ["33.0"]
    assert here.cells("state") == ["degraded"]


def test_a_site_without_machines_says_so(desk) -> None:
    class Bare(Yard):
        def roster(self, site_id: str):
            return None

        def column(self, *_args, **_more):
            return None

    here = desk(Bare())
    assert here.view.rows.rowCount() == 0
    assert not here.view.foot.every.isEnabled()


def test_the_fleet_shows_every_site(desk) -> None:
    here = desk(place="*")
    assert here.view.rows.rowCount() == 44 * MINERS
    assert here.view.rows.columns[0] == "site"
    here.type('region:"East Africa" state:off')
    assert here.view.rows.rowCount() == 12 * 12
    assert here.view.place == '*?region:"East Africa" state:off'


def test_an_address_brings_its_filter(desk) -> None:
    here = desk(place=f"{SITE}?state:off")
    assert here.view.filter.edit.text() == "state:off"
    assert here.view.rows.rowCount() == 12


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [(1366, 620), (1920, 940), (3840, 1980)])
def test_r54_to_r57_controls_have_names_and_are_large_enough(desk, size: tuple[int, int], scale: float) -> None:
    set_font_scale(scale)
    here = desk(size=size)
    here.view.set_theme(PRINT)
    for control in here.view.findChildren(QWidget):
        if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert control.accessibleName(), control
            assert min(control.width(), control.height()) >= 24, control.accessibleName()
    for button in here.view.findChildren(QAbstractButton):
        if button.isVisible() and button.accessibleName():
            assert button.width() >= button.sizeHint().width(), button.accessibleName()
    assert here.view.table.rowHeight(0) == round(26 * scale)


def test_leak_a_hundred_openings_leave_nothing_behind(desk) -> None:
    here = desk()
    counts = []
    for turn in range(104):
        here.view.hide()
        here.view.show_place(f"{SITE}?state:off" if turn % 2 else "canada-1")
        here.view.actions.columns_menu().close()
        here.view.show()
        here.settle()
        if turn in (3, 103):
            counts.append(len(here.view.findChildren(QWidget)))
    assert counts[1] <= counts[0] * 1.01
