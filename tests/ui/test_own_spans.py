"""R13: one time bar rules all plots; each may be unlinked, says so, and comes back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.plot.trend_plot import TrendPlot
from console.ui.views.world.view import WorldView
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.site_bench import HOUR_MS, benches

bench = pytest.fixture(benches)


@pytest.fixture
def world(qtbot):
    store = FakeStore()
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    view = WorldView(live, TimeBarModel(NOW_MS))
    qtbot.addWidget(view)
    view.resize(1920, 940)
    view.show()
    qtbot.waitUntil(lambda: not view.pending)
    yield view
    view.close()
    live.close()


def press_u(plot: TrendPlot) -> None:
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_U)


def painted(plot: TrendPlot) -> np.ndarray:
    """The pixels of the panel, shape (h, w, 4)."""
    image = plot.grab().toImage()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width()].copy()


def has_colour(pixels: np.ndarray, colour) -> bool:
    return bool((pixels[..., :3] == (colour.blue(), colour.green(), colour.red())).all(axis=-1).any())


def test_r13_u_unlinks_a_plot_that_stays_while_the_others_follow_the_bar(world, qtbot) -> None:
    graphs, bar = world.graphs, world._span
    before = bar.span
    press_u(graphs.hashrate)
    assert graphs.hashrate.header_now().unlinked == "unlinked · 08:32 – 14:32 UTC"
    assert not graphs.hashrate.header_now().live, "it does not follow now, so it is marked FIXED"
    bar.set_preset(15 * 60)
    qtbot.waitUntil(lambda: not world.pending)
    assert graphs.power.span == bar.span
    assert graphs.power.header_now().unlinked == ""
    assert graphs.power.header_now().live
    assert (graphs.hashrate.span.start_ms, graphs.hashrate.span.end_ms) == (before.start_ms, before.end_ms)
    (curve,) = graphs.hashrate.curves
    assert curve.at_ms[-1] - curve.at_ms[0] > 5 * HOUR_MS, "its curve is that of its own span"
    assert has_colour(painted(graphs.hashrate), world._theme.mode)
    assert not has_colour(painted(graphs.power), world._theme.mode)


def test_r13_linked_again_it_shows_the_bars_span_and_its_curve(world, qtbot) -> None:
    graphs, bar = world.graphs, world._span
    press_u(graphs.hashrate)
    bar.set_preset(15 * 60)
    qtbot.waitUntil(lambda: not world.pending)
    press_u(graphs.hashrate)
    assert graphs.hashrate.span == bar.span
    assert graphs.hashrate.header_now().unlinked == ""
    assert graphs.hashrate.header_now().live
    (curve,) = graphs.hashrate.curves
    assert curve.at_ms[-1] - curve.at_ms[0] < HOUR_MS
    assert not graphs.hashrate.loading.value


def test_r13_an_unlinked_plot_is_zoomed_by_itself_and_not_beyond_now(world, qtbot) -> None:
    graphs, bar = world.graphs, world._span
    press_u(graphs.power)
    before = bar.span
    for factor in (-120, -120):
        graphs.power._gestures.wheel(QPointF(graphs.power.plot_area().center()), factor)
    qtbot.waitUntil(lambda: not graphs.power._gestures.busy and not world.pending)
    assert bar.span == before
    assert graphs.hashrate.span == before
    assert graphs.power.span.length_ms > before.length_ms
    assert graphs.power.span.end_ms == NOW_MS
    assert "2026-11-22" not in graphs.power.unlinked_text()
    graphs.power.link.asked.emit((NOW_MS - 40 * HOUR_MS, NOW_MS))
    assert graphs.power.unlinked_text().startswith("unlinked · 2026-11-20 22:32 – 2026-11-22 14:32")


def test_r13_a_sites_unlinked_plot_has_its_own_axis_and_the_title_line_counts_it(bench) -> None:
    desk = bench()
    plots = desk.view.plots
    quiet = painted(plots.hashrate)
    press_u(plots.hashrate)
    desk.settle()
    assert plots.hashrate.unlinked_text() == "unlinked · 08:32 – 14:32 UTC"
    assert "1 of 3 unlinked" in plots._subtitle
    assert not plots._note.startswith("FIXED"), "the bar is LIVE still"
    assert not has_colour(quiet, plots._theme.mode)
    assert has_colour(painted(plots.hashrate), plots._theme.mode)
    assert plots.hashrate.plot_area().bottom() < plots.hashrate.height() - 20, "room for its own times"
    plots.power.glide(desk.span.span)
    assert plots.hashrate.span != desk.span.span, "another plot's drag does not take it along"
    press_u(plots.hashrate)
    assert "one time axis" in plots._subtitle
    assert plots.hashrate.span == desk.span.span


def test_r13_another_place_goes_into_the_unlinked_plot_too(bench) -> None:
    desk = bench()
    plots = desk.view.plots
    press_u(plots.temperature)
    desk.settle()
    desk.view.show_container("C03")
    desk.settle()
    assert plots.temperature.curves
    assert not plots.temperature.loading.value
    assert plots.temperature.unlinked_text()
    press_u(plots.temperature)
    assert plots.temperature.curves


def test_a_plot_that_nobody_feeds_by_itself_does_not_offer_it(qtbot) -> None:
    plot = TrendPlot("Power", "MW")
    qtbot.addWidget(plot)
    assert not plot.toggle_link()
    assert plot.unlinked_text() == ""
