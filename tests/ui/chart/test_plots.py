"""What a plot shows, by its pixels and its words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.series import Series
from console.ui.fonts import set_font_scale
from console.ui.models.span import Span
from console.ui.plot.canvas import Loading
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.marks import Band, Curve, Guide, Level, Planned, level_text
from console.ui.plot.stack_plot import StackPlot
from console.ui.plot.trend_plot import TrendPlot
from console.ui.theme import DARK, PRINT
from tests.ui.chart.picture import like, pixels

T0 = 1_795_334_400_000  # 2026-11-22 08:00 UTC
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MODE_NEAR = 12  # the mode colour itself, not its blends


def series(days: float, value: float = 45.0, spike_at: int | None = None, step_ms: int = MINUTE) -> Series:
    """A flat line, with one sample a tenth lower where asked; coarser steps keep it in `low` only."""
    at_ms = T0 - int(days * DAY) + step_ms * np.arange(int(days * DAY / step_ms), dtype=np.int64)
    mean = np.full(at_ms.size, value, dtype=np.float32)
    low = mean.copy()
    if spike_at is not None:
        low[np.searchsorted(at_ms, spike_at, side="right") - 1] = value * 0.9
        if step_ms == MINUTE:
            mean = low.copy()
    return Series("fleet", "hashrate_hs", step_ms, at_ms, mean, low, np.maximum(mean, value).astype(np.float32))


def plot_of(qtbot: QtBot, curve: Curve | None, span: Span, **arguments: object) -> TrendPlot:
    plot = TrendPlot("Fleet hashrate", "EH/s", DARK, **arguments)
    qtbot.addWidget(plot)
    plot.resize(936, 300)
    plot.set_span(span)
    if curve is not None:
        plot.set_curves([curve])
    plot.set_loading(Loading.COMPLETE)
    return plot


def test_r57_text_made_larger_and_back_while_hidden_moves_no_sample_in_time(qtbot: QtBot) -> None:
    """The newest sample stands at the right edge, not sixteen days later among the labels."""
    window = QWidget()
    qtbot.addWidget(window)
    plot = TrendPlot("Fleet hashrate", "EH/s", DARK, parent=window)
    plot.resize(936, 300)
    window.show()
    plot.hide()
    set_font_scale(2.0)
    plot.resize(551, 500)
    plot.set_theme(DARK)
    set_font_scale(1.0)
    plot.set_theme(DARK)
    plot.resize(936, 300)
    plot.show()
    qtbot.wait(20)
    box, area = plot.box.sceneBoundingRect(), plot.plot_area()
    assert abs(box.left() - area.left()) < 1
    assert abs(box.right() - area.right()) < 1


@pytest.mark.parametrize(
    ("days", "step_ms"),
    [(1 / 96, MINUTE), (1 / 24, MINUTE), (0.25, MINUTE), (1, MINUTE), (7, 15 * MINUTE), (30, HOUR), (365, 6 * HOUR)],
)
def test_r18_a_one_sample_dip_stays_visible_at_every_zoom(qtbot: QtBot, days: float, step_ms: int) -> None:
    curve = Curve.of(series(days, spike_at=T0 - int(days * DAY / 2), step_ms=step_ms), 1.0)
    dip_ms = int(curve.at_ms[curve.low.argmin()])
    plot = plot_of(qtbot, curve, Span(T0 - int(days * DAY), T0, live=True))
    at = plot.geometry_now()
    seen = like(pixels(plot), DARK.plain, 90)
    column = seen[:, int(at.x(dip_ms)) - 12 : int(at.x(dip_ms)) + 13]
    deep = int(at.y(45.0 * 0.902))
    assert column[deep - 4 : deep + 5].any(), "the dip's bottom is not drawn"
    elsewhere = seen[deep - 4 : deep + 5, int(at.area.left()) + 2 : int(at.x(dip_ms)) - 30]
    assert not elsewhere.any(), "only the dip goes that deep"


def test_r9_a_gap_is_a_gap_and_not_a_line(qtbot: QtBot) -> None:
    stored = series(0.25)
    hole = (stored.at_ms > T0 - 4 * HOUR) & (stored.at_ms < T0 - 3 * HOUR)
    mean = np.where(hole, np.float32(np.nan), stored.mean)
    curve = Curve("", stored.at_ms, mean, mean, mean)
    plot = plot_of(qtbot, curve, Span(T0 - 6 * HOUR, T0, live=True))
    at = plot.geometry_now()
    seen = like(pixels(plot), DARK.plain)
    assert not seen[:, int(at.x(T0 - 4 * HOUR)) + 3 : int(at.x(T0 - 3 * HOUR)) - 3].any()
    assert seen[:, int(at.x(T0 - 5 * HOUR))].any()
    plot.crosshair.point(T0 - 3 * HOUR - 30 * MINUTE)
    assert [tag.text for tag in plot.crosshair_tags(T0 - 3 * HOUR - 30 * MINUTE)] == ["no data"]


def test_r9_a_stale_curve_ends_in_a_hollow_dot(qtbot: QtBot) -> None:
    stored = series(0.25)
    filled = []
    for live in (True, False):
        plot = plot_of(qtbot, Curve.of(stored, 1.0, live=live), Span(T0 - 6 * HOUR, T0 + HOUR, live=True))
        at = plot.geometry_now()
        end = plot.curves[0].end()
        rgb = pixels(plot)[int(at.y(end[1])), int(at.x(end[0]))]
        filled.append(like(rgb.reshape(1, 1, 3), DARK.plain, 60).item())
    assert filled == [True, False]


def test_r10_a_held_part_is_dotted(qtbot: QtBot) -> None:
    stored = series(0.25)
    held = stored.at_ms > T0 - 2 * HOUR
    plot = plot_of(qtbot, Curve.of(stored, 1.0, held=held), Span(T0 - 6 * HOUR, T0, live=True))
    at = plot.geometry_now()
    row = like(pixels(plot), DARK.plain, 60)[int(at.y(45.0))]
    solid = row[int(at.x(T0 - 5 * HOUR)) : int(at.x(T0 - 3 * HOUR))]
    dotted = row[int(at.x(T0 - 2 * HOUR)) + 4 : int(at.x(T0)) - 6]
    assert solid.mean() > 0.95
    assert 0.2 < dotted.mean() < 0.8


@pytest.mark.parametrize("minute", range(61, 67))
@pytest.mark.parametrize("kind", ["dotted", "dashed"])
def test_r18_a_dip_of_one_minute_falls_into_no_space_between_dots_or_dashes(
    qtbot: QtBot, minute: int, kind: str
) -> None:
    stored = series(0.25, spike_at=T0 - minute * MINUTE)
    held = stored.at_ms > T0 - 2 * HOUR if kind == "dotted" else None
    curve = Curve.of(stored, 1.0, held=held, dashed=kind == "dashed")
    plot = plot_of(qtbot, curve, Span(T0 - 6 * HOUR, T0, live=True))
    at = plot.geometry_now()
    seen = like(pixels(plot), DARK.plain, 90)
    dip, deep = int(at.x(T0 - minute * MINUTE)), int(at.y(45.0 * 0.902))
    assert seen[deep - 4 : deep + 5, dip - 5 : dip + 6].any()
    assert not seen[deep - 4 : deep + 5, int(at.area.left()) + 2 : dip - 12].any(), "only the dip goes that deep"


@pytest.mark.parametrize("theme", [DARK, PRINT], ids=lambda theme: theme.name)
def test_r13_fixed_is_framed_in_the_mode_colour_and_live_is_not(qtbot: QtBot, theme: object) -> None:
    plot = plot_of(qtbot, Curve.of(series(0.25), 1.0), Span(T0 - 6 * HOUR, T0, live=True))
    plot.set_theme(theme)
    assert not like(pixels(plot), theme.mode, MODE_NEAR).any()
    plot.set_span(Span(T0 - 6 * HOUR, T0, live=False))
    framed = like(pixels(plot), theme.mode, MODE_NEAR)
    area = plot.plot_area()
    top, left = int(area.top()) - 2, int(area.left()) - 1
    assert framed[top : top + 2].mean(axis=1).min() > area.width() / plot.width() * 0.95
    assert framed[int(area.center().y()), left - 1 : left + 2].sum() >= 2


def test_r11_nothing_is_drawn_behind_the_cut_off_but_the_hatch_of_the_mode(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, Curve.of(series(0.25), 1.0), Span(T0 - 6 * HOUR, T0 + 2 * HOUR, live=False))
    at = plot.geometry_now()
    plot.set_cutoff(T0)
    rgb = pixels(plot)[int(at.area.top()) + 4 : int(at.area.bottom()) - 4, int(at.x(T0)) + 6 : int(at.area.right()) - 4]
    assert not like(rgb, DARK.plain).any()
    mode = np.array([DARK.mode.red(), DARK.mode.green(), DARK.mode.blue()], dtype=int)
    ground = np.array([DARK.bg1.red(), DARK.bg1.green(), DARK.bg1.blue()], dtype=int)
    towards = ((rgb.astype(int) - ground) @ (mode - ground)) / ((mode - ground) @ (mode - ground))
    assert (towards > 0.3).mean() > 0.08


@pytest.mark.parametrize(
    ("step_ms", "words"),
    [
        (MINUTE, "1 min mean"),
        (15 * MINUTE, "15 min min/max"),
        (HOUR, "1 h min/max"),
        (6 * HOUR, "6 h min/max"),
        (DAY, "1 d min/max"),
    ],
)
def test_r16_the_roll_up_level_is_named(qtbot: QtBot, step_ms: int, words: str) -> None:
    assert level_text(step_ms) == words
    plot = plot_of(qtbot, Curve.of(series(7, step_ms=step_ms), 1.0), Span(T0 - 7 * DAY, T0, live=True))
    assert plot.subtitle() == f"EH/s, {words}, UTC"


def test_r16_a_coarse_bucket_stands_in_the_middle_of_its_time_and_answers_for_all_of_it() -> None:
    at_ms, step_ms = T0 + 6 * HOUR * np.arange(3, dtype=np.int64), 6 * HOUR
    values = np.array([1, 2, 3], dtype=np.float32)
    curve = Curve.of(Series("fleet", "hashrate_hs", step_ms, at_ms, values, values, values), 1.0)
    assert np.abs(curve.at_ms - (at_ms + step_ms // 2)).max() <= MINUTE
    assert [curve.at(T0 + hour * HOUR + 30 * MINUTE) for hour in range(18)] == [1] * 6 + [2] * 6 + [3] * 6
    assert np.isnan([curve.at(T0 - 4 * HOUR), curve.at(T0 + 24 * HOUR)]).all()


def test_r16_the_crosshair_finds_nothing_between_samples_that_lie_far_apart() -> None:
    minutes = np.array([0, 1, 2, 30, 31], dtype=np.int64)
    values = np.full(minutes.size, 45, dtype=np.float32)
    curve = Curve.of(Series("m", "hashrate_hs", MINUTE, T0 + MINUTE * minutes, values, values, values), 1.0)
    found = np.array([curve.at(T0 + minute * MINUTE) for minute in range(32)])
    assert np.isnan(found[4:29]).all()
    assert (found[minutes] == 45).all()


def test_r15_the_zone_is_named_on_the_axis(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, Curve.of(series(0.25), 1.0), Span(T0 - 6 * HOUR, T0, live=True))
    before = pixels(plot)
    plot.set_zone(ZoneInfo("America/New_York"))
    assert plot.subtitle().endswith("EST")
    below = int(plot.plot_area().bottom()) + 4
    assert (pixels(plot)[below:] != before[below:]).any()


def test_r55_a_plot_tells_its_newest_values_to_a_screen_reader(qtbot: QtBot) -> None:
    span = Span(T0 - 6 * HOUR, T0, live=True)
    plot = plot_of(qtbot, None, span)
    plot.set_curves([Curve.of(series(0.25), 1.0, name="meter"), Curve.of(series(0.25, 40.0), 1.0, name="miners")])
    assert plot.accessibleDescription() == "meter 45.00 EH/s, miners 40.00 EH/s"


def test_r50_a_plot_without_its_data_says_so(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, None, Span(T0 - 6 * HOUR, T0, live=True))
    silent = pixels(plot)
    plot.set_loading(Loading.WAITING)
    waiting = pixels(plot)
    plot.set_loading(Loading.INCOMPLETE)
    assert (waiting != silent).any()
    assert (pixels(plot) != waiting).any()


def test_the_crosshair_is_shared_and_its_text_is_plain(qtbot: QtBot) -> None:
    shared = Crosshair()
    span = Span(T0 - 6 * HOUR, T0, live=True)
    plots = [plot_of(qtbot, Curve.of(series(0.25), 1.0, name="<b>x</b>"), span, crosshair=shared) for _ in range(2)]
    bare = [pixels(plot) for plot in plots]
    area = plots[0].plot_area()
    plots[0]._gestures.move(area.center(), Qt.MouseButton.NoButton)
    assert shared.at_ms == pytest.approx(T0 - 3 * HOUR, abs=MINUTE)
    for plot, before in zip(plots, bare, strict=True):
        assert (pixels(plot) != before).any()
        tag = plot.crosshair_tags(shared.at_ms)[0]
        assert (tag.name, tag.text) == ("<b>x</b>", "45.00 EH/s")


def test_keys_walk_the_crosshair_and_zoom(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, Curve.of(series(0.25), 1.0), Span(T0 - 6 * HOUR, T0, live=True))
    asked: list[tuple[int, int]] = []
    plot.span_asked.connect(asked.append)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    first = plot.crosshair.at_ms
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.crosshair.at_ms > first
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: bool(asked))
    assert asked[0][1] - asked[0][0] == pytest.approx(6 * HOUR * 0.8, abs=2)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.crosshair.at_ms is None


def test_a_drag_moves_the_span_and_asks_once(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, Curve.of(series(0.25), 1.0), Span(T0 - 6 * HOUR, T0, live=True))
    asked: list[tuple[int, int]] = []
    plot.span_asked.connect(asked.append)
    middle = plot.plot_area().center().toPoint()
    qtbot.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    for step in (20, 60, 100):
        qtbot.mouseMove(plot.viewport(), middle + QPoint(step, 0))
        plot._gestures.move(QPointF(middle + QPoint(step, 0)), Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle + QPoint(100, 0))
    assert len(asked) == 1
    assert asked[0][0] < T0 - 6 * HOUR
    assert plot.span.live, "nobody took up the question, so the plot shows what it was told"


def test_the_wheel_zooms_about_the_pointer_and_settles_to_one_question(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, Curve.of(series(0.25), 1.0), Span(T0 - 6 * HOUR, T0, live=True))
    asked: list[tuple[int, int]] = []
    plot.span_asked.connect(asked.append)
    at = plot.plot_area().center()
    none = QPoint()
    for _ in range(3):
        plot.wheelEvent(
            QWheelEvent(
                at, at, none, QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase, False,
            )
        )  # fmt: skip
    qtbot.waitUntil(lambda: bool(asked))
    qtbot.wait(250)
    assert len(asked) == 1
    assert (asked[0][0] + asked[0][1]) / 2 == pytest.approx(T0 - 3 * HOUR, abs=MINUTE)


def test_targets_bands_and_plans_are_named_and_drawn(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, Curve.of(series(0.25), 1.0), Span(T0 - 6 * HOUR, T0, live=True))
    bare = pixels(plot)
    plot.set_guides(
        [Guide(Level.TARGET, 45.5, "target 45.50"), Guide(Level.CONTRACT, 50, "deployed 50.00")], Band(44, 46)
    )
    plot.set_planned([Planned(T0 - 2 * HOUR, T0 - HOUR, "curtailed", "planned 06:00 – 07:00")])
    at = plot.geometry_now()
    rgb = pixels(plot)
    assert like(rgb, DARK.t1)[int(at.y(45.5))].sum() > at.area.width() * 0.4
    assert like(rgb, DARK.band, 3)[int(at.y(44.3)), int(at.x(T0 - 5 * HOUR)) + 20]
    assert (rgb != bare).any()
    names = [label.text for label in plot._labels(at)]
    assert {"target 45.50", "deployed 50.00", "normal band"} < set(names)


def test_a_stack_starts_at_zero_and_holds_its_total(qtbot: QtBot) -> None:
    plot = StackPlot("Power by region", "MW", DARK)
    qtbot.addWidget(plot)
    plot.resize(936, 300)
    plot.set_span(Span(T0 - 6 * HOUR, T0, live=True))
    plot.set_layers(
        [Curve.of(series(0.25, value=value), 1.0, name=name) for name, value in (("A", 400.0), ("B", 300.0))],
        Curve.of(series(0.25, value=700.0), 1.0, name="Total"),
    )
    at = plot.geometry_now()
    assert at.low == 0.0
    assert at.high > 700
    rgb = pixels(plot)
    x = int(at.area.center().x()) + 3
    assert like(rgb, DARK.t1)[int(at.y(700)) - 2 : int(at.y(700)) + 3, x].any()
    lower, upper = rgb[int(at.y(200)), x], rgb[int(at.y(550)), x]
    assert (lower != upper).any()
    assert [(tag.name, tag.text) for tag in plot.crosshair_tags(T0 - HOUR)] == [
        ("Total", "700 MW"), ("B", "300 MW"), ("A", "400 MW"),
    ]  # fmt: skip


def test_a_hole_in_a_stack_has_upright_edges(qtbot: QtBot) -> None:
    plot = StackPlot("Power by region", "MW", DARK)
    qtbot.addWidget(plot)
    plot.resize(900, 300)
    at_ms = np.arange(0, 3_600_000, 60_000, dtype=np.int64)
    level = np.full(at_ms.size, 10.0, dtype=np.float32)
    level[20:30] = np.nan
    plot.set_span(Span(0, 3_600_000, live=True))
    plot.set_layers([Curve(name, at_ms, level, level, level, 60_000) for name in ("lower", "upper")])
    plot.grab()
    boundary = plot.geometry_now().y(10.0)
    for run in plot._areas[1]._runs:
        assert max(point.y() for point in run) <= boundary + 0.5, "the upper area reaches down into the lower one"
    assert len(plot._areas[1]._runs) == 2


def test_a_stack_without_layers_paints_its_axes(qtbot: QtBot) -> None:
    plot = StackPlot("Power by region", "MW", DARK)
    qtbot.addWidget(plot)
    plot.set_layers([])
    assert pixels(plot).size


def test_a_2x_grab_draws_the_curve_in_device_pixels(qtbot: QtBot) -> None:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    plot = plot_of(qtbot, Curve.of(series(0.25), 1.0), Span(T0 - 6 * HOUR, T0, live=True))
    image = QImage(936 * 2, 600, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2.0)
    QWidget.render(plot, image, QPoint())
    at = plot.geometry_now()
    row = int(at.y(45.0) * 2)
    bright = [
        image.pixelColor(x, row).lightness() > 150
        for x in range(int(at.area.left() * 2) + 4, int(at.area.right() * 2) - 8)
    ]
    assert np.mean(bright) > 0.95
