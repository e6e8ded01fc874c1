"""A bar of two halves beside each other, or one above the other where the window is too narrow for both."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QWidget

from console.ui.density import Density
from console.ui.fonts import px

ROW_GAP = 4


class TwoHalves(QBoxLayout):
    """`first` and `second` are rows to fill; `fit` decides how they stand and how high `bar` becomes."""

    def __init__(self, bar: QWidget) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight, bar)
        self._bar = bar
        self.first, self.second = QHBoxLayout(), QHBoxLayout()
        self.addLayout(self.first)
        self.addLayout(self.second, 1)

    def fit(self, density: Density, width: int, height: int, gap: int) -> None:
        """Side by side in one row of `height` if `width` allows, else as two rows."""
        margin = density.value.margin
        forget_sizes(self)
        for half in (self.first, self.second):
            half.setSpacing(gap)
        self.setSpacing(gap)
        self.setContentsMargins(margin, 0, margin, 0)
        needed = 2 * margin + gap + self.first.minimumSize().width() + self.second.minimumSize().width()
        one_row = needed <= width
        self.setDirection(QBoxLayout.Direction.LeftToRight if one_row else QBoxLayout.Direction.TopToBottom)
        if not one_row:
            self.setSpacing(ROW_GAP)
        self._bar.setFixedHeight(px(height) if one_row else 2 * px(height) - ROW_GAP)


def forget_sizes(layout: QLayout) -> None:
    """Layouts within layouts keep the old sizes of their widgets until the next event; this one cannot wait."""
    for index in range(layout.count()):
        inner = layout.itemAt(index).layout()
        if inner is not None:
            forget_sizes(inner)
    layout.invalidate()
