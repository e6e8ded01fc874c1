"""L2: nothing clipped, nothing too small, nothing loud, at three sizes and with large text."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from console.ui.fonts import set_font_scale
from console.ui.theme import DARK, PRINT
from console.ui.views.site.layout import places
from tests.ui.chart.picture import pixels
from tests.ui.fakes import CONTAINERS
from tests.ui.site_bench import SIZES, benches

bench = pytest.fixture(benches)


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


def test_r57_large_text_asks_for_room_instead_of_squeezing_the_plots(bench) -> None:
    desk = bench(size=(1366, 650))
    small = desk.view.minimumSizeHint().height()
    set_font_scale(2.0)
    desk.view.set_theme(DARK)
    assert desk.view.minimumSizeHint().height() > small * 1.5
    assert small <= 650
    desk.view.resize(1366, desk.view.minimumSizeHint().height())
    assert all(plot.plot_area().height() >= 60 for plot in desk.view.plots.plots)
