"""The map widget as its user meets it: what is drawn, what a click and a key do."""

from __future__ import annotations

import itertools
import socket

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from console.domain.fleet_state import SiteMark
from console.ui.fonts import Role, set_font_scale
from console.ui.map import map_canvas
from console.ui.map.hit import HIT_RADIUS_PX, Target
from console.ui.map.label_sprites import LabelSprites
from console.ui.map.labels import Box
from console.ui.map.marks import Label
from console.ui.map.site_glyph import ClusterLook, paint_cluster, paint_site
from console.ui.map.world_map import WorldMap
from console.ui.theme import DARK, PRINT, Theme
from tests.ui import fakes
from tests.ui.chart.picture import on_ring


@pytest.fixture
def world_map(qtbot: QtBot) -> WorldMap:
    return shown(qtbot, fakes.FakeStore.troubled())


def shown(qtbot: QtBot, store: fakes.FakeStore, width: int = 1096, height: int = 460) -> WorldMap:
    widget = WorldMap(DARK)
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    widget.set_fleet(store.now())
    return widget


def where(widget: WorldMap, site_id: str) -> Target:
    index = [pin.site_id for pin in widget.pins].index(site_id)
    return Target.of_member(widget.scene, index, 0.0, 0.0)


def pixels(widget: WorldMap) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return data[..., 2::-1].astype(float)


def test_every_site_is_on_the_map_or_in_a_cluster_that_counts_it(world_map: WorldMap) -> None:
    members = sorted(member for mark in world_map.scene.marks for member in mark.members)
    assert members == list(range(44))


def test_r43_a_cluster_wears_its_worst_state(world_map: WorldMap) -> None:
    order = tuple(SiteMark)
    for mark in world_map.scene.marks:
        states = [world_map.pins[member].mark for member in mark.members]
        assert mark.state is min(states, key=order.index)


def test_r42_the_map_is_there_without_a_network_and_before_any_fleet(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the map asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    widget = WorldMap(DARK)
    qtbot.addWidget(widget)
    widget.resize(800, 400)
    widget.show()
    land = np.array(DARK.land.getRgb()[:3])
    share = (np.abs(pixels(widget) - land).max(axis=2) < 2).mean()
    assert 0.2 < share < 0.6


def test_what_changes_before_a_paint_is_laid_out_once(
    world_map: WorldMap, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    world_map.grab()
    laid_out: list[object] = []
    lay_out = map_canvas.lay_out
    monkeypatch.setattr(map_canvas, "lay_out", lambda *told: laid_out.append(told) or lay_out(*told))
    for width in (700, 800, 900):
        world_map.resize(width, 460)
        world_map.set_fleet(fakes.FakeStore().now())
        world_map.set_theme(PRINT)
    assert not laid_out
    world_map.grab()
    qtbot.waitUntil(lambda: not world_map.pending)
    world_map.grab()
    assert len(laid_out) == 1


def test_t11_in_another_size_the_picture_of_before_stands_for_one_turn(world_map: WorldMap, qtbot: QtBot) -> None:
    world_map.grab()
    world_map.resize(700, 400)
    before, meanwhile = world_map._scene, pixels(world_map)
    assert world_map._scene is before
    assert world_map.pending
    qtbot.waitUntil(lambda: not world_map.pending)
    sharp = pixels(world_map)
    land = np.array(DARK.land.getRgb()[:3])
    shares = [(np.abs(picture - land).max(axis=2) < 2).mean() for picture in (meanwhile, sharp)]
    assert min(shares) > 0.2
    assert world_map.scene.view.width == 700


def test_t38_an_edge_that_is_dragged_leaves_no_picture_of_title_and_key_behind(world_map: WorldMap) -> None:
    def pictures() -> int:
        world_map.grab()
        return sum(isinstance(kept, QPixmap) for kept in shiboken6.getAllValidWrappers())

    world_map.resize(700, 400)
    before = pictures()
    for more in range(1, 31):
        world_map.resize(700 + more, 400 + more)
        assert pictures() <= before + 1


def test_no_picture_of_another_theme_is_shown_meanwhile(world_map: WorldMap, qtbot: QtBot) -> None:
    world_map.grab()
    world_map.set_theme(PRINT)
    assert pixels(world_map).mean() > 200
    qtbot.waitUntil(lambda: not world_map.pending)
    assert pixels(world_map).mean() > 200


def test_lines_that_the_map_writes_no_more_are_not_kept(qtbot: QtBot) -> None:
    sprites = LabelSprites()
    canvas = QImage(300, 60, QImage.Format.Format_RGB32)

    def paint(*reasons: str) -> None:
        sprites.turn_over()
        with QPainter(canvas) as painter:
            for reason in reasons:
                sprites.draw(painter, Label(Box(0, 0, 200, 32), "Texas 1", reason, False), DARK)

    for minute in range(100):
        paint(f"No samples since 12:{minute}")
    assert len(sprites) <= 4
    before = sprites._sprite("Texas 1", Role.CAPTION_BOLD, DARK.t1, DARK, 1.0)
    paint("No samples since 14:00")
    assert sprites._sprite("Texas 1", Role.CAPTION_BOLD, DARK.t1, DARK, 1.0) is before


def test_r2_one_click_on_a_site_opens_it(world_map: WorldMap, qtbot: QtBot) -> None:
    alone = next(mark for mark in world_map.scene.marks if len(mark.members) == 1)
    site_id = world_map.pins[alone.members[0]].site_id
    at = where(world_map, site_id)
    with qtbot.waitSignal(world_map.site_opened) as opened:
        qtbot.mouseClick(world_map, Qt.MouseButton.LeftButton, pos=QPoint(round(at.x), round(at.y)))
    assert opened.args == [site_id]


def test_r2_a_site_in_a_lens_opens_with_one_click(world_map: WorldMap, qtbot: QtBot) -> None:
    lens = max(world_map.scene.lenses, key=lambda lens: len(lens.members))
    mark = next(mark for mark in lens.marks if len(mark.members) == 1)
    at = QPoint(round(lens.box.left + mark.x), round(lens.box.top + mark.y))
    with qtbot.waitSignal(world_map.site_opened) as opened:
        qtbot.mouseClick(world_map, Qt.MouseButton.LeftButton, pos=at)
    assert opened.args == [world_map.pins[mark.members[0]].site_id]


def test_a_click_on_a_cluster_shows_its_sites_apart(qtbot: QtBot) -> None:
    widget = shown(qtbot, fakes.FakeStore(), 500, 280)  # too small for lenses
    assert not widget.scene.lenses
    cluster = max(widget.scene.marks, key=lambda mark: len(mark.members))
    before = len(widget.scene.marks)
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(round(cluster.x), round(cluster.y)))
    qtbot.waitUntil(lambda: len(widget.scene.marks) > before)


def test_a_drag_pans_and_opens_nothing(world_map: WorldMap, qtbot: QtBot) -> None:
    opened: list[str] = []
    world_map.site_opened.connect(opened.append)
    view = world_map.scene.view
    start = QPoint(620, 60)
    qtbot.mousePress(world_map, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(world_map, start + QPoint(40, 20))
    qtbot.mouseRelease(world_map, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 20))
    qtbot.waitUntil(lambda: world_map.scene.view.x < view.x)
    assert not opened


def test_r54_every_site_is_reached_by_tab_and_opened_by_enter(world_map: WorldMap, qtbot: QtBot) -> None:
    world_map.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(world_map.hasFocus)
    seen = []
    for _ in range(44):
        qtbot.keyClick(world_map, Qt.Key.Key_Tab)
        seen.append(world_map.focused_site)
    assert sorted(seen) == sorted(pin.site_id for pin in world_map.pins)
    with qtbot.waitSignal(world_map.site_opened) as opened:
        qtbot.keyClick(world_map, Qt.Key.Key_Return)
    assert opened.args == [seen[-1]]


def test_arrows_walk_and_the_reader_hears_the_site(world_map: WorldMap, qtbot: QtBot) -> None:
    world_map.setFocus()
    qtbot.keyClick(world_map, Qt.Key.Key_Right)
    first = world_map.focused_site
    qtbot.keyClick(world_map, Qt.Key.Key_Right)
    assert world_map.focused_site not in (None, first)
    name = next(pin.name for pin in world_map.pins if pin.site_id == world_map.focused_site)
    assert name in world_map.accessibleDescription()
    qtbot.keyClick(world_map, Qt.Key.Key_Escape)
    assert world_map.focused_site is None


def test_keys_zoom_in_and_home_comes_back(world_map: WorldMap, qtbot: QtBot) -> None:
    scale = world_map.scene.view.scale
    qtbot.keyClick(world_map, Qt.Key.Key_Plus)
    qtbot.keyClick(world_map, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: world_map.scene.view.scale > scale * 1.5)
    assert not world_map.scene.lenses
    qtbot.keyClick(world_map, Qt.Key.Key_Home)
    assert world_map.scene.view.scale == scale


def test_only_what_is_wrong_or_planned_has_a_name(world_map: WorldMap) -> None:
    named = {
        label.name
        for scene in (world_map.scene, *world_map.scene.lenses)
        for label in scene.labels
        if "sites" not in label.name
    }
    wrong = {pin.name for pin in world_map.pins if pin.mark is not SiteMark.NORMAL}
    assert named <= wrong
    assert len(named) >= 3


def test_r9_a_stale_site_says_its_age(world_map: WorldMap) -> None:
    reasons = {pin.reason for pin in world_map.pins if pin.mark is SiteMark.STALE}
    assert reasons == {"stale 12 min"}
    assert "no link 1 h 34" in {pin.reason for pin in world_map.pins}


@pytest.mark.parametrize("theme", [DARK, PRINT])
def test_r3_a_healthy_map_is_grey(qtbot: QtBot, theme: Theme) -> None:
    widget = shown(qtbot, fakes.FakeStore())
    widget.set_theme(theme)
    colours = pixels(widget)
    high, low = colours.max(axis=2), colours.min(axis=2)
    saturation = np.where(high > 0, (high - low) / np.maximum(high, 1), 0)
    # blends of two dark greys round to 8 bits: one pixel in ten thousand may show it, by a hair
    assert (saturation > 0.30).mean() < 1e-4
    assert saturation.max() < 0.34


@pytest.mark.parametrize("theme", [DARK, PRINT])
def test_r6_states_differ_in_form_without_colour(qtbot: QtBot, theme: Theme) -> None:
    def grey(mark: SiteMark) -> np.ndarray:
        image = QImage(28, 28, QImage.Format.Format_Grayscale8)
        image.fill(theme.bg1)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_site(painter, QPointF(14, 14), 7.2, mark, theme, theme.bg1)
        return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(28, image.bytesPerLine())[:, :28].astype(float)

    glyphs = {mark: grey(mark) for mark in SiteMark}
    for one, other in itertools.combinations(SiteMark, 2):
        assert np.abs(glyphs[one] - glyphs[other]).sum() / 255 > 6, f"{one} and {other} look alike"


@pytest.mark.parametrize("theme", [DARK, PRINT])
def test_r6_each_state_has_the_form_that_tells_it(qtbot: QtBot, theme: Theme) -> None:
    """Full when all is well, half when it rests, dashed and empty when stale, crossed without a link."""

    def inked(mark: SiteMark) -> np.ndarray:
        image = QImage(56, 56, QImage.Format.Format_Grayscale8)
        image.fill(theme.bg1)
        ground = image.pixelColor(0, 0).lightness()
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_site(painter, QPointF(28, 28), 20, mark, theme, theme.bg1)
        grey = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(56, image.bytesPerLine())[:, :56].astype(int)
        return abs(grey - ground) > 50

    forms = {}
    for mark in SiteMark:
        ink = inked(mark)
        centre, cross, above, below = ink[28, 28], ink[21:23, 21:23].all(), ink[18, 28], ink[38, 28]
        forms[mark] = (on_ring(ink, 28, 20) > 0.8, bool(centre), bool(cross), bool(above), bool(below))
    assert forms == {
        SiteMark.NORMAL: (True, True, True, True, True),
        SiteMark.CURTAILED: (True, True, False, False, True),
        SiteMark.STALE: (False, False, False, False, False),
        SiteMark.NO_LINK: (True, True, True, False, False),
        SiteMark.NEVER: (False, True, False, False, False),
    }


def test_a_cluster_shows_its_worst_state_in_form(qtbot: QtBot) -> None:
    def painted(mark: SiteMark) -> bytes:
        image = QImage(60, 60, QImage.Format.Format_Grayscale8)
        image.fill(DARK.bg1)
        with QPainter(image) as painter:
            paint_cluster(painter, QPointF(30, 30), ClusterLook(12, 5, mark), DARK, DARK.bg1)
        return bytes(image.constBits())

    assert len({painted(mark) for mark in SiteMark}) == len(SiteMark)


def test_r56_a_site_may_be_missed_by_twelve_pixels() -> None:
    assert HIT_RADIUS_PX >= 12


def test_discs_do_not_breathe_with_noise(world_map: WorldMap) -> None:
    before = world_map.scene
    store = fakes.FakeStore.troubled()
    for site in store.of.sites[:3]:
        store.rollups_by_site[site.id] = fakes.rollup(site, fakes.NOW_MS - 1000, 0.91)
    world_map.set_fleet(store.now())
    assert world_map.scene is before


def test_a_stale_site_is_laid_out_anew(world_map: WorldMap) -> None:
    before = world_map.scene
    world_map.set_fleet(fakes.FakeStore().now())
    assert world_map.scene is not before
    assert not any(label.reason for label in world_map.scene.labels)


def test_lenses_name_their_place_and_hold_each_site_once(world_map: WorldMap) -> None:
    titles = [lens.title for lens in world_map.scene.lenses]
    assert "East Africa" in titles
    assert len(titles) == len(set(titles))
    held = [member for lens in world_map.scene.lenses for member in lens.members]
    assert len(held) == len(set(held))
    for lens in world_map.scene.lenses:
        assert sorted(member for mark in lens.marks for member in mark.members) == sorted(lens.members)


def test_pointing_at_a_site_tells_its_name_values_state_and_error(world_map: WorldMap, qtbot: QtBot) -> None:
    dark = next(pin for pin in world_map.pins if pin.mark is SiteMark.NO_LINK)
    at = where(world_map, dark.site_id)
    before = pixels(world_map)
    qtbot.mouseMove(world_map, QPoint(round(at.x), round(at.y)))
    qtbot.waitUntil(lambda: world_map._hover is not None)
    words = world_map._hover.words(world_map.pins)
    assert any(dark.name in line for line in words)
    assert np.abs(pixels(world_map) - before).max() > 20  # the plate is painted
    assert "no connection: connection refused" in " ".join(dark.words)


def test_pointing_at_a_cluster_lists_the_worst_first(world_map: WorldMap) -> None:
    cluster = max(world_map.scene.marks, key=lambda mark: len(mark.members))
    words = Target(cluster.x, cluster.y, cluster.radius, cluster.members).words(world_map.pins)
    assert words[0] == f"{len(cluster.members)} sites"
    assert len(words) <= 11
    states = [line.partition(" · ")[2] for line in words[1:]]
    assert states[0] != "normal" or set(states) == {"normal"}


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_r57_words_on_the_map_grow_with_the_font(qtbot: QtBot, scale: float) -> None:
    set_font_scale(scale)
    widget = shown(qtbot, fakes.FakeStore.troubled(), 1920, 1080)
    heights = {
        label.box.height for label in (*widget.scene.labels, *(x for n in widget.scene.lenses for x in n.labels))
    }
    assert heights <= {16 * scale, 32 * scale}
    assert heights


def test_when_the_whole_fleet_is_old_forms_tell_it_and_names_do_not_drown_the_map(qtbot: QtBot) -> None:
    store = fakes.FakeStore()
    store.now_ms += 22 * 60_000
    widget = shown(qtbot, store)
    assert {pin.mark for pin in widget.pins} == {SiteMark.STALE}
    assert not widget.scene.labels
    assert all(mark.dark and mark.state is SiteMark.STALE for mark in widget.scene.marks)


def test_a_cluster_of_old_sites_and_one_without_link_is_not_drawn_as_live(qtbot: QtBot) -> None:
    store = fakes.FakeStore.troubled()
    assert not any(mark.dark for mark in shown(qtbot, store).scene.marks if len(mark.members) > 1)
    store.now_ms += 22 * 60_000
    widget = shown(qtbot, store)
    clusters = [mark for mark in widget.scene.marks if len(mark.members) > 1]
    assert any(len({widget.pins[member].mark for member in mark.members}) > 1 for mark in clusters), "mixed ones"
    assert all(mark.dark for mark in clusters)
