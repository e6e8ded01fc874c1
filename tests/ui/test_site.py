"""L2: what an operator sees of one site, how old it is, and how to move in it."""

from __future__ import annotations

from itertools import combinations

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from console.domain.link_state import Link
from console.domain.metric import MinerState
from console.ui.fonts import set_font_scale
from console.ui.models.containers import containers_of
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.models.zone import ZoneChoice
from console.ui.theme import DARK, PRINT
from console.ui.views.site import SiteView, worst_site
from console.ui.views.site_layout import places
from console.ui.widgets.plot_canvas import Loading
from console.ui.widgets.state_glyph import ValueState
from tests.ui.chart.picture import like, pixels
from tests.ui.fakes import CONTAINERS, NOW_MS, FakeStore, good_link

SIZES = [(1366, 650), (1920, 940), (3840, 1980)]
HOUR_MS = 3_600_000


class Bench:
    """A site view over a fake store and a clock that the test turns; no timer runs."""

    def __init__(self, qtbot: QtBot, store: FakeStore, size: tuple[int, int], site: int) -> None:
        self.now_ms, self.store, self.qtbot = NOW_MS, store, qtbot
        self.live = LiveFleet(store, store, store.of, clock=lambda: self.now_ms)
        self.live.load()
        self.span = TimeBarModel(NOW_MS)
        self.view = SiteView(self.live, self.span, DARK)
        qtbot.addWidget(self.view)
        self.view.resize(*size)
        self.view.show()
        self.site = store.of.sites[site]
        self.view.show_site(self.site.id)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.view.pending and not self.live.reads.pending)

    def pass_s(self, seconds: float) -> None:
        """Time goes on and no message comes."""
        self.now_ms += round(seconds * 1000)
        self.live._judge()

    @property
    def tiles(self) -> list:
        return [tile.reading for tile in self.view.header._tiles]


@pytest.fixture
def bench(qtbot: QtBot):
    made = []

    def make(store: FakeStore | None = None, size: tuple[int, int] = (1920, 940), site: int = 0) -> Bench:
        made.append(Bench(qtbot, store or FakeStore(), size, site))
        return made[-1]

    yield make
    for each in made:
        each.view.close()
        each.live.close()


def test_r5_five_key_values_with_unit_context_and_last_hour(bench) -> None:
    tiles = bench().tiles
    assert [tile.label for tile in tiles] == ["Hashrate", "Power", "Efficiency", "Hottest board", "Hashing"]
    assert [tile.unit for tile in tiles] == ["PH/s", "MW", "J/TH", "°C", ""]
    for tile in tiles:
        assert tile.lines[0], tile.label
        assert tile.spark is not None
        assert 55 <= tile.spark.values.size <= 61
        assert tile.spark.band is not None
        assert tile.state is ValueState.FRESH


def test_r8_silence_becomes_stale_within_a_second_and_without_a_message(bench) -> None:
    desk = bench()
    age_s = (NOW_MS - desk.live.now.site(desk.site.id).at_ms) / 1000
    desk.pass_s(75 - age_s)
    assert {tile.state for tile in desk.tiles} == {ValueState.LATE}
    before = pixels(desk.view.header)
    desk.pass_s(1)
    assert {tile.state for tile in desk.tiles} == {ValueState.STALE}
    assert (pixels(desk.view.header) != before).any()


def test_r9_a_stale_site_keeps_its_last_values_with_their_age(bench) -> None:
    desk = bench(FakeStore.troubled(), site=30)
    for tile in desk.tiles:
        assert tile.value not in ("", "0", "—")
        assert tile.age_words == "stale · 12 min ago"
        assert tile.spark is None or not tile.spark.live
    assert not any(curve.live for plot in desk.view.plots.plots for curve in plot.curves)


def test_a_site_without_link_says_why_in_plain_words(bench) -> None:
    desk = bench(FakeStore.troubled(), site=40)
    assert {tile.state for tile in desk.tiles} == {ValueState.NO_LINK}
    words = desk.view.header.accessibleDescription()
    assert "No link" in words
    assert "no connection: connection refused" in words
    facts = {fact.label: fact.value for fact in desk.view.side._link_facts.facts}
    assert facts["last error"] == "no connection: connection refused"
    assert facts["adapter"] == "siteapi, silver"


def test_a_site_never_seen_shows_dashes_and_no_containers(bench) -> None:
    desk = bench(FakeStore.troubled(), site=22)
    assert [tile.value for tile in desk.tiles] == ["—"] * 5
    assert {tile.state for tile in desk.tiles} == {ValueState.NEVER}
    assert desk.view.containers.grid.grab().width() > 0


def test_header_tells_contract_clock_and_price(bench) -> None:
    desk = bench()
    words = desk.view.header.accessibleDescription()
    for part in ("hosted", "MW", "miners", f"{CONTAINERS} containers", "75.8 $/MWh", "site time 08:32 CST", "84 ms"):
        assert part in words


def test_text_from_a_source_is_never_mark_up(bench) -> None:
    store = FakeStore()
    site = store.of.sites[0]
    evil = good_link(site.id)
    store.links_by_site[site.id] = type(evil)(
        site_id=site.id, adapter="siteapi", link=Link.BROKEN, error="<img src=x>\u202egnp", last_try_ms=NOW_MS
    )
    desk = bench(store)
    facts = {fact.label: fact.value for fact in desk.view.side._link_facts.facts}
    assert facts["last error"] == "<img src=x>\\u202egnp"
    assert "&lt;img" in desk.view.side._link_facts.toolTip()


def test_the_plots_show_the_span_of_the_time_bar_and_its_mode(bench) -> None:
    desk = bench()
    for plot in desk.view.plots.plots:
        assert plot.span == desk.span.span
        assert plot.has_data()
        assert plot.loading is Loading.COMPLETE
    desk.span.freeze()
    desk.settle()
    assert not any(plot.span.live for plot in desk.view.plots.plots)
    assert like(pixels(desk.view.plots), DARK.mode, 12).sum() > 3000


def test_r16_zooming_in_loads_the_finer_level(bench) -> None:
    desk = bench()
    plot = desk.view.plots.hashrate
    desk.span.set_preset(30 * 86_400)
    desk.settle()
    coarse = plot.curves[0].step_ms
    assert coarse > 60_000
    assert "min/max" in plot.level_name()
    desk.span.show(NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS)
    desk.settle()
    assert plot.curves[0].step_ms == 60_000
    assert plot.level_name() == "1 min mean"


def test_an_answer_for_an_older_span_is_dropped(bench) -> None:
    desk = bench()
    desk.span.set_preset(30 * 86_400)
    desk.span.set_preset(900)
    desk.settle()
    curve = desk.view.plots.hashrate.curves[0]
    assert curve.step_ms == 60_000
    assert curve.at_ms[0] >= NOW_MS - 20 * 60_000


def test_r50_a_series_that_cannot_be_read_is_said_and_takes_no_other_with_it(bench) -> None:
    store = FakeStore()
    whole = store.series

    def broken(place: str, signal: str, *rest: int):
        if signal == "board_c":
            raise OSError("disk")
        return whole(place, signal, *rest)

    store.series = broken
    desk = bench(store)
    assert desk.view.plots.hashrate.loading is Loading.INCOMPLETE
    assert desk.view.plots.hashrate.has_data()


def test_r15_the_axis_follows_the_chosen_zone(bench) -> None:
    desk = bench()
    assert desk.view.plots.hashrate.subtitle().endswith("UTC")
    desk.span.choose_zone(ZoneChoice.SITE)
    assert desk.view.plots.hashrate.subtitle().endswith("CST")
    assert "CST" in desk.view.plots._subtitle


def test_containers_count_every_machine_once(bench) -> None:
    desk = bench(FakeStore.troubled(), site=4)
    rollup = desk.live.now.site(desk.site.id).rollup
    containers = containers_of(rollup)
    assert len(containers) == CONTAINERS
    for container in containers:
        assert sum(container.counts.values()) == pytest.approx(container.miners, abs=2)
    assert sum(container.counts[MinerState.CURTAILED] for container in containers) > 0


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
    rollup = desk.store.rollups_by_site[desk.site.id]
    from console.domain.metric import SIGNAL_INDEX

    rollup.values[1:, SIGNAL_INDEX["hashrate_hs"]] = np.array([9, 100, 20, 3, 8, 7, 6, 5]) * 1e15
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


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda theme: theme.name)
def test_nothing_is_clipped_or_overlaps_at_three_sizes(bench, size: tuple[int, int], theme) -> None:
    desk = bench(size=size)
    view = desk.view
    view.set_theme(theme)
    inside = view.rect()
    shown = [part for part in (view.header, view.tabs, view.plots, view.containers, view.side) if part.isVisible()]
    for part in shown:
        assert inside.contains(part.geometry()), part.accessibleName()
    for one, other in combinations(shown, 2):
        assert not one.geometry().intersects(other.geometry())
    for tile in view.header._tiles:
        assert view.header.rect().contains(tile.geometry())
        assert tile.width() >= tile.minimumSizeHint().width()
    for plot in view.plots.plots:
        assert plot.plot_area().height() >= 40
    grid = view.containers.grid
    assert view.containers.isHidden() or grid.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_layout_keeps_its_parts_apart(qtbot: QtBot, width: int, height: int, scale: float) -> None:
    set_font_scale(scale)
    spots = places(width, height, 120, width)
    whole = QRect(0, 0, width, height)
    areas = [spots.header, spots.tabs, spots.plots, spots.containers, spots.side]
    areas = [area for area in areas if area is not None]
    assert all(whole.contains(area) for area in areas)
    distinct = list({(a.x(), a.y(), a.width(), a.height()): a for a in areas}.values())
    assert not any(one.intersects(other) for one, other in combinations(distinct, 2))


def test_compact_tabs_lead_to_every_part(bench) -> None:
    desk = bench(size=(1366, 650))
    view = desk.view
    seen = {}
    for name, part in (("Graphs", view.plots), ("Miners", view.containers), ("Details", view.side)):
        view.tabs.show_tab(name)
        seen[name] = part.isVisible()
        assert sum(each.isVisible() for each in (view.plots, view.containers, view.side)) == 1
    assert all(seen.values())


def test_r55_every_interactive_widget_has_an_accessible_name(bench) -> None:
    view = bench().view
    nameless = [
        widget
        for widget in view.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not isinstance(widget.parent(), QTableView)
    ]
    assert not nameless


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_r56_targets_are_large_enough(bench, size: tuple[int, int]) -> None:
    desk = bench(size=size)
    for button in desk.view.findChildren(QAbstractButton):
        if button.isVisible() and button.accessibleName():
            assert min(button.width(), button.height()) >= 24, button.accessibleName()
    grid = desk.view.containers.grid
    assert all(min(grid.card_rect(i).width(), grid.card_rect(i).height()) >= 24 for i in range(CONTAINERS))
    assert desk.view.side.table.verticalHeader().defaultSectionSize() >= 24


def test_r3_a_healthy_site_wears_no_loud_colour(bench) -> None:
    rgb = pixels(bench().view).astype(float)
    highest, lowest = rgb.max(axis=2), rgb.min(axis=2)
    saturation = np.where(highest > 40, (highest - lowest) / np.maximum(highest, 1), 0)
    assert (saturation > 0.30).mean() < 0.001


def test_a_hidden_view_asks_for_nothing(bench) -> None:
    desk = bench()
    desk.view.hide()
    asked = []
    desk.store.series = lambda *question: asked.append(question)
    desk.span.set_preset(900)
    desk.pass_s(60)
    desk.qtbot.wait(100)
    assert not asked


def test_r16_the_join_of_history_and_live_polls_is_visible(bench) -> None:
    store = FakeStore()
    site = store.of.sites[0]
    since_ms = NOW_MS - HOUR_MS
    good = store.links_by_site[site.id]
    store.links_by_site[site.id] = msgspec.structs.replace(good, since_ms=since_ms)
    desk = bench(store)
    assert "polled without a break since 13:32" in desk.view.plots._subtitle
    plot = desk.view.plots.power
    at = plot.geometry_now()
    foot = pixels(plot)[
        int(at.area.bottom()) - 6 : int(at.area.bottom()) - 1, int(at.x(since_ms)) - 1 : int(at.x(since_ms)) + 2
    ]
    assert like(foot, DARK.t3, 70).any()


def test_r57_large_text_asks_for_room_instead_of_squeezing_the_plots(bench) -> None:
    desk = bench(size=(1366, 650))
    small = desk.view.minimumSizeHint().height()
    set_font_scale(2.0)
    desk.view.set_theme(DARK)
    assert desk.view.minimumSizeHint().height() > small * 1.5
    assert small <= 650
    desk.view.resize(1366, desk.view.minimumSizeHint().height())
    assert all(plot.plot_area().height() >= 60 for plot in desk.view.plots.plots)
