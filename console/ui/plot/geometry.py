"""Where a moment and a value lie on a plot's canvas, and how far its value axis reaches. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF

from console.ui.plot.marks import Band, Curve, Guide
from console.ui.plot.ticks import round_step

STEPS = 4  # of the value axis, about
LEAST_REACH = 0.02  # of the value: noise of a steady curve is not blown up to full height
HEAD_ROOM = 0.06  # of the reach, above and below


@dataclass(frozen=True, slots=True)
class Geometry:
    """The plot's inner rectangle in logical px, its span in epoch ms and its value axis in the plot's unit."""

    area: QRectF
    start_ms: int
    end_ms: int
    low: float
    high: float

    def x(self, at_ms: float) -> float:
        """The pixel column of a moment; outside the area where the moment is outside the span."""
        share = (at_ms - self.start_ms) / max(1, self.end_ms - self.start_ms)
        return self.area.left() + share * self.area.width()

    def y(self, value: float) -> float:
        """The pixel row of a value."""
        return self.area.bottom() - (value - self.low) / (self.high - self.low) * self.area.height()

    def moment(self, x: float) -> int:
        """The moment at a pixel column."""
        share = (x - self.area.left()) / max(1.0, self.area.width())
        return round(self.start_ms + share * (self.end_ms - self.start_ms))

    def shows(self, at_ms: float) -> bool:
        """Whether a moment is inside the span."""
        return self.start_ms <= at_ms <= self.end_ms


def reach(
    curves: Iterable[Curve],
    guides: Iterable[Guide],
    band: Band | None,
    start_ms: int,
    end_ms: int,
    *,
    from_zero: bool,
) -> tuple[float, float]:
    """The value axis that holds everything shown in the span: (low, high), on round steps with a little room.

    Round ends keep the axis still while a live curve breathes. `from_zero` is for bars, stacks and site plots.
    """
    edges = [guide.value for guide in guides]
    edges += [] if band is None else [band.low, band.high]
    for curve in curves:
        first, last = curve.at_ms.searchsorted([start_ms, end_ms + 1])
        if last > first:
            extremes = np.fmin.reduce(curve.low[first:last]), np.fmax.reduce(curve.high[first:last])
            edges += [float(edge) for edge in extremes if np.isfinite(edge)]
    if not edges:
        return 0.0, 1.0
    return round_reach(min(edges), max(edges), from_zero=from_zero)


def round_reach(low: float, high: float, *, from_zero: bool) -> tuple[float, float]:
    """Widens [low, high] to round steps; never empty."""
    if from_zero:
        low, high = min(0.0, low), max(0.0, high)
    least = max(abs(low), abs(high)) * LEAST_REACH or 1.0
    spare = max(0.0, least - (high - low)) / 2
    low, high = low - spare * (not from_zero), high + spare
    step = round_step((high - low) / STEPS) / 2
    bottom, top = np.floor(low / step + 1e-9) * step, np.ceil(high / step - 1e-9) * step
    room = (top - bottom) * HEAD_ROOM
    return (float(bottom) if from_zero and bottom >= 0 else float(bottom - room)), float(top + room)
