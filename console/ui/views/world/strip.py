"""The fleet strip: five tiles over the world, in one row or two. Knows readings and widths only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import px
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.value_tile import Reading, ValueTile

TILES = 5
LARGE_PX, SMALL_PX = 124, 108
FIRST_SHARE = 0.298  # 560 of 1888: figures, ratio, aside and bar
ONE_ROW_FROM_PX = 1500


class FleetStrip(QWidget):
    """Hashrate first and widest. Below 1500 px it takes two rows of smaller tiles."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._gap = theme, 12
        self._readings: tuple[Reading, ...] = ()
        self._tiles: list[ValueTile] = []
        self._large = True
        self._make()
        self.setAccessibleName("fleet strip")

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What the tiles show."""
        return self._readings

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Other values, in place."""
        self._readings = tuple(readings)
        for tile, reading in zip(self._tiles, self._readings, strict=True):
            tile.set_reading(reading)

    def height_for(self, width: int, gap: int) -> int:
        """What it needs at a width."""
        return px(LARGE_PX) if width >= px(ONE_ROW_FROM_PX) else 2 * px(SMALL_PX) + gap

    def set_gap(self, gap: int) -> None:
        """Between tiles, by the density of the layout."""
        self._gap = gap
        self._place()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One row or two."""
        self._place()

    def _make(self) -> None:
        for tile in self._tiles:
            tile.hide()
            tile.deleteLater()
        self._tiles = [ValueTile(self._theme, large=self._large, parent=self) for _ in range(TILES)]
        for tile, reading in zip(self._tiles, self._readings, strict=False):
            tile.set_reading(reading)
        for tile in self._tiles:
            tile.show()

    def _place(self) -> None:
        large = self.width() >= px(ONE_ROW_FROM_PX)
        if large != self._large:
            self._large = large
            self._make()
        width, gap, height = self.width(), self._gap, px(LARGE_PX if large else SMALL_PX)
        if large:
            first = round(width * FIRST_SHARE)
            self._row(self._tiles[:1], 0, 0, first, height)
            self._row(self._tiles[1:], first + gap, 0, width - first - gap, height)
            return
        first = round((width - gap) * 0.58)
        self._row(self._tiles[:1], 0, 0, first, height)
        self._row(self._tiles[1:2], first + gap, 0, width - first - gap, height)
        self._row(self._tiles[2:], 0, height + gap, width, height)

    def _row(self, tiles: Sequence[ValueTile], left: int, top: int, width: int, height: int) -> None:
        each = (width - self._gap * (len(tiles) - 1)) / len(tiles)
        for index, tile in enumerate(tiles):
            x = round(left + index * (each + self._gap))
            tile.setGeometry(x, top, round(left + index * (each + self._gap) + each) - x, height)
