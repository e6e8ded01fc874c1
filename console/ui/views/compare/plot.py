"""The graph of a comparison: room for names; at coarse levels the extremes stand veiled behind the means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from console.domain.durations import MINUTE_MS
from console.ui.fonts import px
from console.ui.models.comparison import Axis
from console.ui.plot.column_curve import ColumnCurve
from console.ui.plot.columns import Floats
from console.ui.plot.marks import Curve
from console.ui.plot.trend_plot import TrendPlot
from console.ui.theme import DARK, Theme

VEIL = 0.20  # how much of a curve's tone is in the veil behind it
EXCURSION = 2.5  # of the usual reach of a bucket: what goes further is drawn as strong as the mean
VEILED = "line: mean; behind it: lowest to highest"
WIDE_PX, WIDE_GUTTER_PX = 1000, 230


class ComparePlot(TrendPlot):
    """Its title and unit change with what is compared."""

    compares = True

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        self._veils: list[ColumnCurve] = []
        super().__init__("Comparison", "", theme, parent=parent)

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Show other curves. Six bands of extremes over each other would hide which one is which."""
        super().set_curves(curves)
        while len(self._veils) > len(self._curves):
            self.remove_curve(self._veils.pop())
        while len(self._veils) < len(self._curves):
            self._veils.append(ColumnCurve(self._theme.plain, 1.0))
            self._veils[-1].setZValue(-1)
            self.add_curve(self._veils[-1])
        for veil, item, curve in zip(self._veils, self._items, self._curves, strict=True):
            x, coarse = curve.seconds_from(self._origin_ms), curve.step_ms > MINUTE_MS
            veil.setVisible(coarse)
            veil.set_samples(x, *curve.extremes())
            if coarse:
                item.set_samples(x, *strong_part(curve), curve.held)
        self.set_coverage(VEILED if any(curve.step_ms > MINUTE_MS for curve in self._curves) else "")
        self._colour()

    def _colour(self) -> None:
        super()._colour()
        for veil, curve in zip(self._veils, self._curves, strict=False):
            veil.set_colour(veiled(getattr(self._theme, curve.tone), self._theme.bg1))

    def show_words(self, title: str, axis: Axis) -> None:
        """What is drawn and in which unit."""
        if (title, axis.unit) != (self.title, self.unit):
            self.title = title
            for part in (self, self.viewport()):
                part.setAccessibleName(title)
        self.set_unit(axis.unit, axis.decimals)

    def _margins(self) -> tuple[int, int, int, int]:
        left, top, right, bottom = super()._margins()
        if self.width() >= px(WIDE_PX):
            right = px(WIDE_GUTTER_PX)
        return left, top, right, bottom


def strong_part(curve: Curve) -> tuple[Floats, Floats]:
    """The mean, reaching to extremes that leave the usual: a dip of one minute stays a stroke (R18)."""
    mean, (low, high) = curve.mean.astype(np.float64), curve.extremes()
    reach = high - low
    known = np.isfinite(reach)
    usual = float(np.median(reach[known])) if known.any() else 0.0
    return np.where(mean - low > EXCURSION * usual, low, mean), np.where(high - mean > EXCURSION * usual, high, mean)


def veiled(tone: QColor, ground: QColor) -> QColor:
    """The tone as a veil on the ground, opaque: a translucent fill costs ten times more (R17)."""
    parts = zip(tone.getRgbF()[:3], ground.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(over * VEIL + under * (1 - VEIL) for over, under in parts))
