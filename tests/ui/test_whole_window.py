"""The window with its real views: names, targets, keyboard, grey when well, nothing left behind."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.ui.export.camera import picture
from console.ui.export.capture import Wish
from console.ui.map.map_canvas import MapCanvas
from console.ui.theme import DARK, PRINT
from tests.ui.conftest import settle
from tests.ui.fakes import NOW_MS, FakeStore, fleet, rollup

SIZES = [(1366, 768), (1920, 1080), (3840, 2160)]


def interactive(root: QWidget) -> list[QWidget]:
    inner = ("qt_scrollarea_viewport", "qt_spinbox_lineedit")
    return [
        child
        for child in root.findChildren(QWidget)
        if child.focusPolicy() != Qt.FocusPolicy.NoFocus and child.isVisible() and child.objectName() not in inner
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("site", [False, True], ids=["world", "site"])
def test_r55_r56_every_control_has_a_name_and_is_a_target(window, qtbot: QtBot, size, site: bool) -> None:
    shell = window(FakeStore.troubled(), size)
    if site:
        shell.open_site(shell.live.now.fleet.sites[3].id)
        settle(qtbot, shell)
    for control in interactive(shell):
        assert control.accessibleName(), (type(control), control.objectName())
        assert min(control.width(), control.height()) >= 24, (type(control), control.accessibleName(), control.size())


@pytest.mark.parametrize("sizes", [(SIZES[0], SIZES[1]), (SIZES[1], SIZES[0])], ids=["wider", "narrower"])
def test_a_new_size_is_laid_out_before_it_is_painted(window, qtbot: QtBot, sizes, monkeypatch) -> None:
    shell = window(FakeStore.troubled(), sizes[0])
    laid_out: list[tuple[int, int]] = []
    lay_out = MapCanvas._lay_out
    monkeypatch.setattr(
        MapCanvas, "_lay_out", lambda canvas: laid_out.append(canvas.size().toTuple()) or lay_out(canvas)
    )
    shell.resize(*sizes[1])
    size = shell.view_widget.size().toTuple()
    settle(qtbot, shell)
    qtbot.wait(50)
    assert shell.view_widget.size().toTuple() == size, "the bars found their heights after a first paint"
    assert laid_out == [shell.view_widget.map.size().toTuple()], "the map is dear: once, and for good"


@pytest.mark.parametrize("site", [False, True], ids=["world", "site"])
def test_r3_a_healthy_window_is_grey(window, qtbot: QtBot, site: bool) -> None:
    store = FakeStore()
    for each in store.of.sites:
        store.rollups_by_site[each.id] = rollup(each, NOW_MS - 5000, 0.93)
    shell = window(store)
    if site:
        shell.open_site(store.of.sites[3].id)
        settle(qtbot, shell)
    image = shell.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(-1, 4)[:, :3].astype(np.int16)
    high, low = pixels.max(axis=1), pixels.min(axis=1)
    saturation = (high - low) / np.maximum(high, 1)
    # nearly black, one step of rounding between two blended greys is a tenth of saturation and nothing to the eye
    assert (saturation[high > 36] > 0.30).sum() == 0


@pytest.mark.parametrize("size", SIZES)
def test_r1_two_hundred_sites_need_no_scroll_bar(window, size: tuple[int, int]) -> None:
    shell = window(FakeStore(fleet(4.6)), size)
    assert shell.live.now.total.sites > 195
    assert not shell._scroll.verticalScrollBar().isVisible()
    assert not shell._scroll.horizontalScrollBar().isVisible()
    assert (shell.width(), shell.height()) == size


def test_r2_one_action_from_the_list_to_a_site_and_one_back(window, qtbot: QtBot) -> None:
    shell = window(FakeStore.troubled())
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    qtbot.keyClick(shell.focusWidget() or shell, Qt.Key.Key_F7)
    qtbot.keyClick(shell.focusWidget(), Qt.Key.Key_Return)
    assert shell.view == "site"
    settle(qtbot, shell)
    qtbot.keyClick(shell.focusWidget() or shell, Qt.Key.Key_Escape)
    assert shell.view == "world"


def test_leak_going_to_and_fro_leaves_no_widget_behind(window, qtbot: QtBot) -> None:
    shell = window(FakeStore())
    sites = [site.id for site in shell.live.now.fleet.sites[:6]]
    for site_id in sites:
        shell.open_site(site_id)
        shell.open_view("world")
    settle(qtbot, shell)
    gc.collect()
    count = len(shell.findChildren(QWidget))
    for site_id in sites * 3:
        shell.open_site(site_id)
        shell.open_view("world")
    settle(qtbot, shell)
    gc.collect()
    assert len(shell.findChildren(QWidget)) <= count


@pytest.mark.parametrize("size", SIZES)
def test_r49_both_themes_paint_both_views(window, qtbot: QtBot, size: tuple[int, int]) -> None:
    shell = window(FakeStore.troubled(), size)
    for theme in (PRINT, DARK):
        shell.set_theme(theme)
        for view in ("world", "site"):
            shell.open_view(view)
            settle(qtbot, shell)
            grounds = {shell.grab().toImage().pixelColor(size[0] // 2, 6).name()}
            assert grounds <= {theme.bg1.name(), theme.bg0.name()}


def test_r49_a_print_capture_from_a_dark_screen_has_its_map_and_the_screen_stays_dark(window, qtbot: QtBot) -> None:
    shell = window(FakeStore())
    before = shell.grab().toImage()
    paper = picture(shell, Wish(1, window=True, theme=PRINT), complete=True)
    after = shell.grab().toImage()
    assert before == after
    shell.set_theme(PRINT)
    settle(qtbot, shell)
    shown = shell.grab().toImage().convertToFormat(paper.format())
    assert paper.copy(shown.rect()) == shown
