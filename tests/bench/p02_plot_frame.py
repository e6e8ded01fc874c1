"""P2: a frame of 4 plots x 6 curves at 2 px, beside the same plots without curves plus the bare rectangles."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from console.ui.fonts import load_fonts
from console.ui.models.span import Span
from console.ui.plot import trend_plot
from console.ui.plot.column_curve import RectArray
from console.ui.plot.columns import columns
from console.ui.plot.marks import Curve
from console.ui.theme import DARK
from tests.bench.harness import Measurement, side_by_side
from tests.bench.noise import DAY_MS, MINUTE_MS, T0

ID, TITLE, TARGET, UNIT = "P2", "frame of 4 plots x 6 curves, 2 px", 1.2, "ms"
PLOTS, CURVES, WIDTH, HEIGHT, LINE_PX = 4, 6, 936, 300, 2.0
R17_MS = 100.0
STEP_MS = 7 * MINUTE_MS


def curve(seed: int, days: float, step_ms: int = MINUTE_MS) -> Curve:
    """A noisy day and night; above a minute's step with its extremes apart."""
    at_ms = T0 + np.arange(0, int(days * DAY_MS), step_ms, dtype=np.int64)
    noise = np.random.default_rng(seed)
    mean = (40 + 2 * seed + np.sin(at_ms / DAY_MS * 6.28) + 0.2 * noise.standard_normal(at_ms.size)).astype(np.float32)
    spread = np.float32(0.0 if step_ms == MINUTE_MS else 0.3)
    return Curve(f"curve {seed}", at_ms, mean, mean - spread, mean + spread, step_ms)


def make_plots(curves: list[Curve], span: Span) -> list[trend_plot.TrendPlot]:
    """Four plots of the size in mock-up 1."""
    plots = []
    for number in range(PLOTS):
        plot = trend_plot.TrendPlot(f"plot {number}", "EH/s", DARK, width_px=LINE_PX)
        plot.resize(WIDTH, HEIGHT)
        plot.set_span(span)
        plot.set_curves(curves)
        plots.append(plot)
    return plots


class Panning:
    """Each call of `frame` moves every plot by a few minutes and paints it anew, as a drag does."""

    def __init__(self, plots: list[trend_plot.TrendPlot], span: Span, step_ms: int = STEP_MS) -> None:
        self._plots, self._start, self._step_ms, self._count = plots, span, step_ms, 0
        self._image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)

    def frame(self) -> None:
        """Move and paint."""
        self._count = (self._count + 1) % 8
        shift_ms = self._count * self._step_ms
        span = Span(self._start.start_ms + shift_ms, self._start.end_ms + shift_ms, live=True)
        for plot in self._plots:
            plot.set_span(span)
            QWidget.render(plot, self._image, QPoint())  # what grab() does, into memory that is there


class BareRects:
    """The same columns as rectangles that are there already."""

    def __init__(self, curves: list[Curve]) -> None:
        self._image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
        self._arrays = [self._rects(curve) for curve in curves]

    @staticmethod
    def _rects(curve: Curve) -> RectArray:
        width, height = WIDTH - 206, HEIGHT - 80
        x = (curve.at_ms - T0) / 1000
        low, high = columns(x, curve.low.astype(float), curve.high.astype(float), 0.0, DAY_MS / 1000, width)
        known = np.flatnonzero(np.isfinite(low))
        scale = height / 16.0
        top = height - (high[known] - 38) * scale
        rects = RectArray()
        rects.resize(known.size)
        rects.ndarray()[:] = np.column_stack(
            [56 + known - 0.5, 46 + top - 1, np.full(known.size, LINE_PX), (high - low)[known] * scale + LINE_PX]
        )
        return rects

    def frame(self) -> None:
        """Fill them, as often as there are plots."""
        for _ in range(PLOTS):
            with QPainter(self._image) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(DARK.plain)
                painter.setClipRect(QRectF(56, 46, WIDTH - 206, HEIGHT - 80))
                for rects in self._arrays:
                    painter.drawRects(*rects.drawargs())


class StockAxes:
    """Four of pyqtgraph's own plots with axes and grid and nothing in them, panned alike."""

    def __init__(self) -> None:
        self._image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
        self._count = 0
        self._plots = [pg.PlotWidget() for _ in range(PLOTS)]
        for plot in self._plots:
            plot.resize(WIDTH, HEIGHT)
            plot.showGrid(x=True, y=True, alpha=0.3)
            plot.setYRange(38, 54)

    def frame(self) -> None:
        """Move and paint."""
        self._count = (self._count + 1) % 8
        start_s = self._count * STEP_MS / 1000
        for plot in self._plots:
            plot.setXRange(start_s, start_s + DAY_MS / 1000, padding=0)
            QWidget.render(plot, self._image, QPoint())


def measure() -> list[Measurement]:
    """A day by the minute, panned: every frame computes its columns anew.

    The axes-only frame is the toolkit's own. The note tells the harder comparison, with our own plot whose curves are
    hidden: what is left then is the arithmetic of the columns.
    """
    app = QApplication.instance() or QApplication([])
    load_fonts()
    span = Span(T0, T0 + DAY_MS, live=True)
    curves = [curve(seed, 2) for seed in range(CURVES)]
    drawn = make_plots(curves, span)
    empty = make_plots(curves, span)
    for plot in empty:  # all that a frame has but the curves: axes, header, direct labels, end dots
        for item in plot.box.addedItems:
            item.hide()
    full, axes, bare = Panning(drawn, span), Panning(empty, span), BareRects(curves)
    full_ms, stock_ms, axes_ms, bare_ms = side_by_side(full.frame, StockAxes().frame, axes.frame, bare.frame)
    twelve = Panning(make_plots([curve(seed, 2) for seed in range(12)], span)[:1], span)
    (twelve_ms,) = side_by_side(twelve.frame)
    app.processEvents()
    own = full_ms / (axes_ms + bare_ms)
    return [
        Measurement(
            full_ms,
            stock_ms + bare_ms,
            UNIT,
            TARGET,
            note=f"(axes {stock_ms:.1f}, rectangles {bare_ms:.1f}; {own:.2f}x our plot without curves + rectangles)",
        ),
        Measurement(twelve_ms, 1.0, UNIT, R17_MS, absolute=True, part="R17", note="(24 h x 12 curves, one repaint)"),
    ]
