"""Two parts of a view: beside each other, or one above the other where the window is narrow. Knows no view."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QWidget

from console.ui.density import Density
from console.ui.fonts import px

MOST_PX = 16_777_215  # Qt's own "as much as you like"
WALL = 1.4


class TwoParts(QBoxLayout):
    """`sized`, one of both, has a width of its own, or a height where they stand above each other."""

    def __init__(self, first: QWidget, second: QWidget, sized: QWidget, wide_px: int, high_px: int) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._sized, self._wide_px, self._high_px = sized, wide_px, high_px
        self.setContentsMargins(0, 0, 0, 0)
        for part in (first, second):
            self.addWidget(part, 0 if part is sized else 1)

    def fit(self, density: Density) -> bool:
        """Whether they stand above each other."""
        low = density is Density.COMPACT
        self.setDirection(QBoxLayout.Direction.TopToBottom if low else QBoxLayout.Direction.LeftToRight)
        self.setSpacing(density.value.gap)
        wide = px(self._wide_px if density is Density.STANDARD else round(self._wide_px * WALL))
        for least, most, length in (
            (self._sized.setMinimumHeight, self._sized.setMaximumHeight, px(self._high_px) if low else None),
            (self._sized.setMinimumWidth, self._sized.setMaximumWidth, None if low else wide),
        ):
            least(length or 0)
            most(length or MOST_PX)
        return low
