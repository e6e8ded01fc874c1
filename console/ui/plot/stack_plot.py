"""Areas by region stacked from zero with their names at the right end and the total above (7-look.md, section 8)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from console.ui.device import device_scale
from console.ui.numbers import decimal
from console.ui.plot.canvas import PlotCanvas
from console.ui.plot.column_curve import ColumnCurve
from console.ui.plot.columns import Floats, columns
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.crosshair_tag import Tag
from console.ui.plot.geometry import Geometry, round_reach
from console.ui.plot.gutter_labels import Label, paint_labels
from console.ui.plot.marks import Curve, Guide, Planned, level_text, origin_of
from console.ui.plot.paint import paint_end_dot, paint_guides, paint_planned, paint_planned_words
from console.ui.theme import DARK, Theme

SEPARATOR_PX, TOTAL_PX = 1.2, 1.4
OPACITY = (0.62, 0.50)  # by turns, so that neighbours differ in tone as well as in hue


class StackArea(pg.GraphicsObject):
    """One layer: everything between two curves, filled; a gap in either is a hole."""

    def __init__(self) -> None:
        super().__init__()
        self._x: Floats = np.zeros(0)
        self._bottom: Floats = np.zeros(0)
        self._top: Floats = np.zeros(0)
        self._fill = QColor()
        self._runs: list[QPolygonF] = []
        self._laid_for: tuple[float, ...] | None = None

    def set_samples(self, x: Floats, bottom: Floats, top: Floats, fill: QColor) -> None:
        """Arrays of shape (n,): the plot's seconds, lower and upper edge, NaN = hole."""
        self._x, self._bottom, self._top, self._fill = x, bottom, top, fill
        self._laid_for = None
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """What is in view."""
        return self.viewRect() or QRectF()

    def viewRangeChanged(self) -> None:
        """pyqtgraph moved the view."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """One polygon a run without holes, its edges not smoothed: the line that separates it from the next hides them,
        and smoothed it would cost twenty times more."""
        view, world = self.viewRect(), painter.worldTransform()
        if not self._x.size or view is None or not view.width():
            return
        self._lay_out(world, view, device_scale(painter))
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._fill)
        for run in self._runs:
            painter.drawPolygon(run)
        painter.setWorldTransform(world)

    def _lay_out(self, world: QTransform, view: QRectF, scale: float) -> None:
        """Outline the runs anew only when samples, view or scale changed."""
        left, right = world.map(QPointF(view.left(), 0)).x(), world.map(QPointF(view.right(), 0)).x()
        key = (left, right, view.left(), view.right(), world.m22(), world.dy(), scale)
        if key == self._laid_for:
            return
        self._laid_for = key
        count = max(1, round((right - left) * scale))
        low, _ = columns(self._x, self._bottom, self._bottom, view.left(), view.right(), count)
        _, high = columns(self._x, self._top, self._top, view.left(), view.right(), count)
        x = left + (np.arange(count) + 0.5) * (right - left) / count
        y_low, y_high = (world.m22() * edge + world.dy() for edge in (low, high))
        known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
        runs = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1)
        self._runs = [_outline(x[run], y_low[run], y_high[run]) for run in runs if run.size]


def _outline(x: Floats, bottom: Floats, top: Floats) -> QPolygonF:
    """Along the top and back along the bottom, handed over as one block of memory."""
    return pg.functions.arrayToQPolygonF(np.concatenate([x, x[::-1]]), np.concatenate([top, bottom[::-1]]))


class StackPlot(PlotCanvas):
    """Layers from the bottom up in the order given; the total is the line on top and may hold more than the layers."""

    def __init__(
        self,
        title: str,
        unit: str,
        theme: Theme = DARK,
        *,
        decimals: int = 0,
        header: bool = True,
        crosshair: Crosshair | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._layers: tuple[Curve, ...] = ()
        self._total: Curve | None = None
        self._guides: tuple[Guide, ...] = ()
        self._planned: tuple[Planned, ...] = ()
        self._tops: list[NDArray[np.float64]] = []
        self._areas: list[StackArea] = []
        self._edges: list[ColumnCurve] = []
        self._decimals = decimals
        super().__init__(title, unit, theme, header=header, crosshair=crosshair, parent=parent)
        self._total_item = ColumnCurve(theme.t1, TOTAL_PX)
        self._total_item.setZValue(10)
        self.add_curve(self._total_item)

    def set_layers(self, layers: Sequence[Curve], total: Curve | None = None) -> None:
        """Show other layers; all must share their times. `total` defaults to their sum."""
        self._layers, self._total = tuple(layers), total
        while len(self._areas) > len(self._layers):
            self.remove_curve(self._areas.pop())
            self.remove_curve(self._edges.pop())
        while len(self._areas) < len(self._layers):
            self._areas.append(StackArea())
            self._edges.append(ColumnCurve(self._theme.bg1, SEPARATOR_PX))
            self._edges[-1].setZValue(5)
            self.add_curve(self._areas[-1])
            self.add_curve(self._edges[-1])
        self._restack()
        self._refit()

    def set_guides(self, guides: Sequence[Guide]) -> None:
        """Horizontal lines, such as the contracted power."""
        self._guides = tuple(guides)
        self._refit()

    def set_planned(self, planned: Sequence[Planned]) -> None:
        """The planned stretches of time."""
        self._planned = tuple(planned)
        self._repaint()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        super().set_theme(theme)
        self._total_item.set_colour(theme.t1)
        for edge in self._edges:
            edge.set_colour(theme.bg1)
        self._restack()

    # for the canvas

    def curves_shown(self) -> tuple[Curve, ...]:
        """The layers from the bottom up, and the total where it is more than their sum."""
        return (*self._layers, *((self._total,) if self._total is not None else ()))

    def level_name(self) -> str:
        """The roll-up level of the layers."""
        return level_text(self._layers[0].step_ms) if self._layers else ""

    def has_data(self) -> bool:
        """Whether there is anything to see."""
        return any(layer.end() is not None for layer in self._layers)

    def crosshair_tags(self, at_ms: int) -> list[Tag]:
        """The total and each layer at a moment, from the top down."""
        rows = [] if self._total is None else [("Total", self._total.at(at_ms))]
        rows += [(layer.name, layer.at(at_ms)) for layer in reversed(self._layers)]
        return [
            Tag(name, f"{decimal(value, self._decimals)} {self.unit}" if math.isfinite(value) else "no data")
            for name, value in rows
        ]

    def _restack(self) -> None:
        """Adds the layers up and hands each its edges."""
        self._origin_ms = origin_of((*self._layers, *([self._total] if self._total else [])), self._span.start_ms)
        self._tops = []
        below: NDArray[np.float64] | None = None
        known = self._any() if self._layers else None
        for index, layer in enumerate(self._layers):
            x = layer.seconds_from(self._origin_ms)
            values = layer.mean.astype(np.float64)
            below = np.zeros_like(values) if below is None else below
            top = below + np.where(np.isfinite(values), values, 0.0)  # a region without data is missing, not the stack
            edge = np.where(known, top, np.nan)
            # a hole is one in both edges: a lower one at zero there would be drawn as a slope down to it
            self._areas[index].set_samples(x, np.where(known, below, np.nan), edge, self._fill(index))
            self._edges[index].set_samples(x, edge, edge)
            self._tops.append(top)
            below = top
        self._show_total(below)

    def _any(self) -> NDArray[np.bool_]:
        """Buckets in which one layer at least has a value."""
        known: NDArray[np.bool_] = np.isfinite(np.stack([layer.mean for layer in self._layers])).any(axis=0)
        return known

    def _show_total(self, tops: NDArray[np.float64] | None) -> None:
        total = self._total
        if total is not None:
            self._total_item.set_samples(total.seconds_from(self._origin_ms), *total.extremes(), total.held)
        elif tops is not None:
            line = np.where(self._any(), tops, np.nan)
            self._total_item.set_samples(self._layers[0].seconds_from(self._origin_ms), line, line)

    def _refit(self) -> None:
        """The value axis from zero to the highest of stack, total and guides."""
        total, tops = self._total, self._tops[-1] if self._tops else None
        highest = [guide.value for guide in self._guides]
        highest += [float(tops.max())] if tops is not None and tops.size else []
        if total is not None and np.isfinite(total.high).any():
            highest.append(float(np.nanmax(total.high)))
        self._limits = round_reach(0.0, max(highest, default=1.0), from_zero=True)
        super()._refit()

    def _fill(self, index: int) -> QColor:
        fill = QColor(self._theme.series(index))
        fill.setAlphaF(OPACITY[index % 2])
        return fill

    def paint_levels(self, painter: QPainter, at: Geometry) -> None:
        """Contract lines behind the areas."""
        paint_guides(painter, at, self._guides, self._theme)

    def paint_front(self, painter: QPainter, at: Geometry) -> None:
        """Planned spans over the areas, the total's end, and the names at the right."""
        paint_planned(painter, at, self._planned, self._theme)
        paint_planned_words(painter, at, self._planned, self._theme)
        if self._total is not None and (end := self._total.end()) is not None and at.shows(end[0]):
            held = self._total.held is not None and bool(self._total.held[-1:].any())
            dot = QPointF(at.x(end[0]), at.y(end[1]))
            paint_end_dot(painter, dot, self._total.live and not held, self._theme.t1, self._theme.bg1)
        paint_labels(painter, self.gutter(), self._labels(at), self._theme)

    def _guide_label(self, at: Geometry, guide: Guide) -> Label:
        """A guide's name with its figure, once: a name may carry it already."""
        figure = decimal(guide.value, self._decimals)
        return Label(at.y(guide.value), guide.name.removesuffix(figure).rstrip(), figure)

    def _labels(self, at: Geometry) -> list[Label]:
        labels = [self._guide_label(at, guide) for guide in self._guides]
        floor = 0.0
        for layer, tops in zip(self._layers, self._tops, strict=True):
            known = np.flatnonzero(np.isfinite(layer.mean))
            if not known.size:
                continue
            top = float(tops[known[-1]])
            figure = layer.value or decimal(float(layer.mean[known[-1]]), self._decimals)
            labels.append(Label(at.y((floor + top) / 2), layer.name, figure))
            floor = top
        if self._total is not None and (end := self._total.end()) is not None:
            figure = self._total.value or decimal(end[1], self._decimals)
            labels.append(Label(at.y(end[1]) - 1, "Total", figure, strong=True))
        return labels
