"""The graph of a comparison: a trend plot with a gutter wide enough for names. Knows no place."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from console.ui.fonts import px
from console.ui.models.comparison import Axis
from console.ui.theme import DARK, Theme
from console.ui.widgets.trend_plot import TrendPlot

WIDE_PX, WIDE_GUTTER_PX = 1000, 230


class ComparePlot(TrendPlot):
    """Its title and unit change with what is compared."""

    compares = True

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Comparison", "", theme, parent=parent)

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
