"""L1 as its operator meets it, in the window's three layouts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractScrollArea, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from console.domain.site import Fleet
from console.store.face import Event
from console.ui.export.subject import subject_of
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.no_store import NoStore
from console.ui.models.span import TimeBarModel
from console.ui.numbers import NO_VALUE
from console.ui.plot.canvas import Loading
from console.ui.shell import Shell, ViewSlot
from console.ui.theme import DARK, PRINT, Theme
from console.ui.views.site.view import SiteView
from console.ui.views.world import attention
from console.ui.views.world.view import WorldView
from tests.ui import fakes

SIZES = [(1366, 768), (1920, 1080), (3840, 2160)]
Open = Callable[..., WorldView]


@pytest.fixture
def world(qtbot: QtBot) -> Open:
    kept: list[LiveFleet] = []

    def open_world(store: fakes.FakeStore, width: int = 1920, height: int = 1080, theme: Theme = DARK) -> WorldView:
        live = LiveFleet(store, store, store.of, clock=lambda: store.now_ms)
        kept.append(live)
        slots = [ViewSlot("world", "World", "F1", WorldView), ViewSlot("site", "Site", "F2", SiteView)]
        shell = Shell(live, TimeBarModel(store.now_ms), slots, "operator", theme)
        qtbot.addWidget(shell)
        shell.resize(width, height)
        live.load()
        view = shell.open_view("world")
        with qtbot.waitActive(shell):
            shell.show()
            shell.activateWindow()
        view.load()
        return view

    yield open_world
    for live in kept:
        live.close()


def visible(view: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [child for child in view.findChildren(kind) if child.isVisible()]


def test_r1_two_hundred_sites_need_no_scroll_bar(world: Open) -> None:
    view = world(fakes.FakeStore(fakes.fleet(4.6)))
    assert len(view.map.pins) > 200
    members = [member for mark in view.map.scene.marks for member in mark.members]
    assert sorted(members) == list(range(len(view.map.pins)))
    for area in visible(view, QAbstractScrollArea):
        assert not area.verticalScrollBar().isVisible(), area
        assert not area.horizontalScrollBar().isVisible(), area


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_clipped_and_nothing_overlaps(world: Open, width: int, height: int) -> None:
    view = world(fakes.FakeStore.troubled(), width, height)
    parts = [part for part in (view.strip, view.map, view.attention, view.regions, view.graphs) if part.isVisible()]
    for index, part in enumerate(parts):
        assert view.rect().contains(part.geometry())
        assert all(not part.geometry().intersects(other.geometry()) for other in parts[:index])
    assert len(parts) == (3 if width < 1600 else 5)


def test_compact_keeps_the_attention_list_beside_each_tab(world: Open) -> None:
    view = world(fakes.FakeStore.troubled(), 1366, 768)
    for name, part in (("Map", view.map), ("Regions", view.regions), ("Graphs", view.graphs)):
        view.tabs.show_tab(name)
        assert part.isVisible()
        assert view.attention.isVisible()


def test_a_wall_shows_five_graphs_and_unfolds_regions(world: Open) -> None:
    view = world(fakes.FakeStore(), 3840, 2160)
    assert len([plot for plot in view.graphs.plots if plot.isVisible()]) == 5
    assert view.regions.tree.isExpanded(view.regions.model.index(0, 0))


@pytest.mark.parametrize("theme", [DARK, PRINT])
def test_r3_a_healthy_world_is_grey(world: Open, theme: Theme) -> None:
    view = world(fakes.FakeStore(), theme=theme)
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)[..., :3]
    high, low = data.max(axis=2).astype(float), data.min(axis=2).astype(float)
    saturation = np.where(high > 0, (high - low) / np.maximum(high, 1), 0)
    assert (saturation > 0.30).mean() < 2e-4
    assert saturation.max() < 0.36


@pytest.mark.parametrize("row", [0, 2])
@pytest.mark.parametrize("how", ["Enter", "click"])
def test_r2_enter_or_a_click_in_the_attention_list_opens_that_site(
    world: Open, qtbot: QtBot, row: int, how: str
) -> None:
    view = world(fakes.FakeStore.troubled())
    rows, wanted = view.attention.list, view.attention.model.rows[row].site_id
    rows.setFocus()
    with qtbot.waitSignal(view.site_opened) as opened:
        if how == "click":
            at = rows.visualRect(view.attention.model.index(row)).center()
            qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
        else:
            for _ in range(row):
                qtbot.keyClick(rows, Qt.Key.Key_Down)
            qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert opened.args == [wanted]
    assert view.window().view == "site"
    assert view.window().view_widget.site_id == wanted


def test_r2_one_click_in_the_unfolded_regions_opens_the_site(world: Open, qtbot: QtBot) -> None:
    view = world(fakes.FakeStore())
    tree = view.regions.tree
    top = view.regions.model.index(0, 0)
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(top).center())
    assert tree.isExpanded(top)
    site = view.regions.model.index(2, 0, top)
    with qtbot.waitSignal(view.site_opened) as opened:
        qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualRect(site).center())
    assert opened.args == [view.regions.model.row(site).site_id]


def test_r43_the_filter_finds_a_site_by_keyboard_alone(world: Open, qtbot: QtBot) -> None:
    view = world(fakes.FakeStore(), 1366, 768)
    view.map.setFocus()
    qtbot.keyClicks(view.map, "/")
    assert view.regions.filter.hasFocus()
    qtbot.keyClicks(view.regions.filter, "East Africa 7")
    qtbot.keyClick(view.regions.filter, Qt.Key.Key_Down)
    assert view.regions.tree.hasFocus()
    tree = view.regions.tree
    tree.setCurrentIndex(view.regions.model.index(0, 0, view.regions.model.index(0, 0)))
    with qtbot.waitSignal(view.site_opened) as opened:
        qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert opened.args == ["east-africa-7"]


def test_f7_goes_between_the_map_and_its_twin(world: Open, qtbot: QtBot) -> None:
    view = world(fakes.FakeStore.troubled())
    view.map.setFocus()
    view.map.focus_site(view.attention.model.rows[2].site_id)
    view.toggle_twin()
    assert view.attention.list.hasFocus()
    assert view.attention.list.currentIndex().row() == 2
    qtbot.keyClick(view.attention.list, Qt.Key.Key_Up)
    view.toggle_twin()
    assert view.map.hasFocus()
    assert view.map.focused_site == view.attention.model.rows[1].site_id


def test_r55_everything_one_can_touch_has_a_name(world: Open) -> None:
    view = world(fakes.FakeStore.troubled())
    for kind in (QAbstractButton, QAbstractItemView, QLineEdit):
        for child in view.findChildren(kind):
            assert child.accessibleName(), child
    for part in (view, view.map, view.strip, view.regions, view.attention, view.graphs):
        assert part.accessibleName()


def test_r56_rows_and_fields_are_large_enough_to_hit(world: Open) -> None:
    view = world(fakes.FakeStore.troubled())
    view.regions.unfold(0)
    tree, model = view.regions.tree, view.regions.model
    assert tree.visualRect(model.index(0, 0)).height() >= 24
    assert tree.visualRect(model.index(0, 0, model.index(0, 0))).height() >= 24
    assert view.attention.list.visualRect(view.attention.model.index(0)).height() >= 24
    assert view.regions.filter.height() >= 24


def test_r10_graphs_and_tiles_tell_the_coverage(world: Open) -> None:
    view = world(fakes.FakeStore.troubled())
    assert any(
        "held from 1 stale site" in (tile.bullet.left_text if tile.bullet else "") for tile in view.strip.readings
    )
    assert view.graphs.hashrate.loading is Loading.COMPLETE
    names = [guide.name for guide in view.graphs.hashrate._guides]
    assert names == ["deployed 50.00", "target 45.00"]


def judge_again(view: WorldView, qtbot: QtBot) -> None:
    """A second later: what changed is shown piece by piece."""
    view._live._judge()
    qtbot.waitUntil(lambda: not view._pieces.busy)


def test_r8_silence_turns_the_map_stale_without_a_message(world: Open, qtbot: QtBot) -> None:
    store = fakes.FakeStore()
    view = world(store)
    assert not view.attention.model.rows
    store.now_ms += 76_000
    judge_again(view, qtbot)
    assert len(view.attention.model.rows) == 44
    assert {pin.reason.split()[0] for pin in view.map.pins} == {"stale"}


def test_the_calm_line_stands_where_nothing_needs_a_look(world: Open) -> None:
    view = world(fakes.FakeStore())
    assert not view.attention.list.isVisible()
    assert view.attention._calm == "All 44 sites fresh and normal"


def test_a_pointed_row_rings_its_site_on_the_map(world: Open, qtbot: QtBot) -> None:
    view = world(fakes.FakeStore.troubled())
    view.attention.list.setFocus()
    qtbot.keyClick(view.attention.list, Qt.Key.Key_Down)
    assert view.map.focused_site == view.attention.model.rows[1].site_id
    assert view.map.rect().contains(QPoint(5, 5))


@pytest.mark.parametrize("scale", [1.5, 2.0])
def test_r57_large_text_takes_the_layout_of_a_small_window(world: Open, scale: float) -> None:
    view = world(fakes.FakeStore.troubled())
    view.window().scale_fonts(scale)
    assert view.tabs.isVisible()
    assert view.map.height() >= 200
    for tile, reading in zip(view.strip._tiles, view.strip.readings, strict=True):
        assert tile.reading == reading
        assert tile.width() >= tile.minimumSizeHint().width()


def test_r11_behind_the_cut_off_the_graphs_show_a_hatch(world: Open, qtbot: QtBot) -> None:
    store = fakes.FakeStore()
    view = world(store)
    assert view.graphs.hashrate._cutoff_ms is None
    store.now_ms += 10 * 60_000
    judge_again(view, qtbot)
    assert view.graphs.hashrate._cutoff_ms == store.newest_ms()


def test_r12_link_loss_and_return_are_lines_in_the_list(world: Open, qtbot: QtBot) -> None:
    store = fakes.FakeStore()
    site = store.of.sites[7]
    store.event_list = [
        Event(fakes.NOW_MS - 60_000, f"site:{site.id}", "link back", f"{site.name}: link back after 4 min"),
        Event(fakes.NOW_MS - 300_000, f"site:{site.id}", "link lost", f"{site.name}: no link (down). <b>refused</b>"),
    ]
    view = world(store)
    assert view.attention.events.isVisible()
    assert [row.moment for row in view.attention.news.rows] == ["14:31", "14:27"]
    assert "<b>refused</b>" in view.attention.news.rows[1].text
    assert not view.attention.events.verticalScrollBar().isVisible()
    view.attention.events.setFocus()
    view.attention.events.setCurrentIndex(view.attention.news.index(0))
    with qtbot.waitSignal(view.site_opened) as opened:
        qtbot.keyClick(view.attention.events, Qt.Key.Key_Return)
    assert opened.args == [site.id]


def test_events_give_way_to_sites_that_need_a_look(world: Open) -> None:
    store = fakes.FakeStore()
    store.event_list = [Event(fakes.NOW_MS - n * 1000, "fleet", "x", f"event {n}") for n in range(30)]
    store.now_ms += 80_000
    view = world(store)
    assert len(view.attention.model.rows) == 44
    assert not view.attention.events.isVisible()


def test_a_store_that_cannot_be_read_is_no_healthy_fleet(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = NoStore()
    live = LiveFleet(nothing, nothing, Fleet(name="", sites=()), Mode.OFFLINE, clock=lambda: fakes.NOW_MS)
    shell = Shell(live, TimeBarModel(fakes.NOW_MS), [ViewSlot("world", "World", "F1", WorldView)])
    qtbot.addWidget(shell)
    shell.resize(1920, 1080)
    view = shell.open_view("world")
    shell.show()
    view.load()
    assert view.attention._calm == "No site is known: the store was not read yet"
    live.refused("meridian.db: the file is damaged (file is not a database)")
    qtbot.waitUntil(lambda: not view.pending)
    assert shell.banner.text.startswith(
        "Offline - nothing can be read   ·   meridian.db: the file is damaged (file is not a database)"
    )
    assert "meridian.db" in shell.banner.toolTip()
    assert view.attention._calm == "No site is known: meridian.db: the file is damaged (file is not a database)"
    discs: list[object] = []
    monkeypatch.setattr(attention, "paint_site", lambda *told: discs.append(told))
    view.attention.grab()
    assert not discs, "there is no site that could be normal"
    words = " ".join(tile.accessibleDescription() + tile.accessibleName() for tile in view.strip._tiles)
    assert {reading.value for reading in view.strip.readings} == {NO_VALUE}
    assert "normal" not in words
    assert "0.00" not in words + view.strip.readings[0].context
    assert view.map._words == "none is known"
    assert [plot._guides for plot in (view.graphs.hashrate, view.graphs.power)] == [(), ()]
    assert subject_of(shell) == ("World", "no site is known")
    live.attach(nothing, nothing)
    live.load()
    qtbot.waitUntil(lambda: not view.pending)
    assert "this store has no sample" in shell.banner.text
    assert view.attention._calm == "No site is known: the store tells no fleet"
    shell.close()
    live.close()
