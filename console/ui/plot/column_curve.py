"""A chart item that draws a curve as pixel columns: one `drawRects` a curve, whatever its width or sample count.

A polyline of 2 px costs fifty times more (2-performance.md). Knows seconds and values; must not know the store.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from console.ui.device import device_scale
from console.ui.plot.columns import Floats, columns, marked_columns

DOT_ON_PX, DOT_PERIOD_PX = 2.0, 4.6  # the held part: dotted 2 2.6
DASH_ON_PX, DASH_PERIOD_PX = 7.0, 12.0  # a curve that others are held against


class RectArray(PrimitiveArray):
    """Rectangles (n, 4) as x, y, width, height in one block of memory that `drawRects` takes as it is."""

    def __init__(self) -> None:
        super().__init__(QRectF, 4)


class ColumnCurve(pg.GraphicsObject):
    """One curve. `width_px` is its thickness in logical pixels; held samples are dotted, NaN is a gap."""

    def __init__(self, colour: QColor, width_px: float = 1.8) -> None:
        super().__init__()
        self._colour, self._width_px = colour, width_px
        self._x: Floats = np.zeros(0)
        self._low: Floats = np.zeros(0)
        self._high: Floats = np.zeros(0)
        self._held: NDArray[np.bool_] | None = None
        self._dashed = False
        self._rects = RectArray()
        self._drawn_for: tuple[float, ...] | None = None

    def set_samples(self, x: Floats, low: Floats, high: Floats, held: NDArray[np.bool_] | None = None) -> None:
        """Show other samples: `x` (n,) in the plot's seconds, ascending; `low`, `high` (n,), NaN = gap."""
        same = high is low or np.array_equal(low, high, equal_nan=True)  # minutes are their own extremes
        self._x, self._low, self._high, self._held = x, low, low if same else high, held
        self._drawn_for = None
        self.prepareGeometryChange()
        self.update()

    def set_colour(self, colour: QColor) -> None:
        """Repaint in another colour."""
        self._colour = colour
        self.update()

    def set_dashed(self, dashed: bool) -> None:
        """Draw it as dashes; an excursion shorter than a gap is drawn whole."""
        if dashed is not self._dashed:
            self._dashed, self._drawn_for = dashed, None
            self.update()

    def boundingRect(self) -> QRectF:
        """What is in view: the curve is cut to it anyhow."""
        return self.viewRect() or QRectF()

    def viewRangeChanged(self) -> None:
        """pyqtgraph moved the view."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill one rectangle a column, in device pixels so that a 2x capture is a sharper one."""
        if not self._x.size:
            return
        world = painter.worldTransform()
        view = self.viewRect()
        if view is None or not view.width():
            return
        self._lay_out(world, view, device_scale(painter))
        if not len(self._rects):
            return
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawRects(*self._rects.drawargs())
        painter.setWorldTransform(world)

    def _lay_out(self, world: QTransform, view: QRectF, scale: float) -> None:
        """Compute the rectangles anew only when samples, view or scale changed."""
        left, right = world.map(QPointF(view.left(), 0)).x(), world.map(QPointF(view.right(), 0)).x()
        key = (left, right, view.left(), view.right(), world.m22(), world.dy(), scale)
        if key == self._drawn_for:
            return
        self._drawn_for = key
        count = max(1, round((right - left) * scale))
        bottom, top = columns(self._x, self._low, self._high, view.left(), view.right(), count)
        spaces = np.zeros(count, dtype=np.bool_)
        if self._held is not None:
            held = marked_columns(self._x, self._held, view.left(), view.right(), count)
            spaces = held & (np.arange(count) / scale % DOT_PERIOD_PX >= DOT_ON_PX)
            _into_dots(bottom, top, spaces)
        shown = np.isfinite(bottom) & ~spaces
        if self._dashed:
            steep = world.m22() * (bottom - top) > DASH_PERIOD_PX  # a dip must not fall into a gap (R18)
            shown &= steep | (np.arange(count) / scale % DASH_PERIOD_PX < DASH_ON_PX)
        where = None if shown.all() else shown.nonzero()[0]
        if where is None:
            x = np.arange(count, dtype=np.float64)
        else:
            x, bottom, top = where.astype(np.float64), bottom[where], top[where]
        self._fill(left + 0.5 / scale, x / scale, world.m22() * top + world.dy(), world.m22() * (bottom - top))

    def _fill(self, left: float, x: Floats, y: Floats, height: Floats) -> None:
        """One rectangle a column, half a line's width beyond it on every side: the nib of the pen is a square."""
        spare = self._width_px / 2
        self._rects.resize(x.size)
        rects = self._rects.ndarray()
        np.add(x, left - spare, out=rects[:, 0])
        np.subtract(y, spare, out=rects[:, 1])
        rects[:, 2] = self._width_px
        np.add(height, self._width_px, out=rects[:, 3])


def _into_dots(bottom: Floats, top: Floats, spaces: NDArray[np.bool_]) -> None:
    """The last column of each dot takes the extremes of the space behind it: no dip falls in between (R18)."""
    steps = np.diff(spaces.astype(np.int8), append=0)
    edges = np.flatnonzero(steps)  # in turn the last column of a dot and of the space behind it: the first is a dot
    if edges.size:
        edges[1::2] += 1
        within = edges[edges < spaces.size]
        bottom[edges[::2]] = np.fmin.reduceat(bottom, within)[::2]
        top[edges[::2]] = np.fmax.reduceat(top, within)[::2]
