"""The scale of a heat map, drawn: each tone and form as in a cell, its words, and how many machines have it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.heat_map.scale import HASHRATE, HeatMetric, Tone, shown_in_key
from console.ui.heat_map.tiles import tile_gap, tiles
from console.ui.lettering import paint_text, text_width
from console.ui.numbers import NO_VALUE, integer
from console.ui.plain import set_tip
from console.ui.theme import DARK, Theme

CELL_PX, SPACE_PX, GAP_PX, LINE_PX = 12, 6, 18, 22
TILE_PX = 15  # a tile whose inside is CELL_PX


class HeatKey(QWidget):
    """Counts stand in the key beside each tone (7-look.md, section 8); it wraps where it does not fit."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._metric = theme, HASHRATE
        self._counts: Mapping[Tone, int] = dict.fromkeys((tone for tone in Tone if tone is not Tone.BLANK), 0)
        self._counted = False  # before the first count a nought would be a lie
        self.setAccessibleName("scale")

    @property
    def words(self) -> str:
        """The key as one line of text."""
        return " · ".join(f"{self._metric.word(tone)} {self._count(tone)}" for tone in self._shown)

    @property
    def _shown(self) -> tuple[Tone, ...]:
        return shown_in_key(self._metric, self._counts)

    @property
    def counts(self) -> Mapping[Tone, int]:
        """Machines by tone."""
        return self._counts

    def show_counts(self, metric: HeatMetric, counts: Mapping[Tone, int]) -> None:
        """Another metric, or other machines."""
        if self._counted and (metric, counts) == (self._metric, self._counts):
            return
        self._metric, self._counts, self._counted = metric, counts, True
        self.setAccessibleDescription(self.words)
        set_tip(self, f"tone = {metric.meaning}; the scale is fixed, not stretched\n{self.words}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.update()

    def height_for(self, width: float) -> int:
        """The lines that all entries take at a width."""
        return px(LINE_PX) * (1 + max((line for line, _, _ in self._spots(width)), default=0))

    def width_wanted(self) -> float:
        """All entries in one line."""
        return sum(self._width(tone) + px(GAP_PX) for tone in self._shown)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(round(self.width_wanted()), px(LINE_PX))

    def _width(self, tone: Tone) -> float:
        words = text_width(font(Role.CAPTION), self._metric.word(tone) + " ")
        return px(CELL_PX) + SPACE_PX + words + text_width(font(Role.CAPTION_BOLD), self._count(tone))

    def _count(self, tone: Tone) -> str:
        return integer(self._counts[tone]) if self._counted else NO_VALUE

    def _spots(self, width: float) -> list[tuple[int, float, Tone]]:
        """Line, left and tone of every entry."""
        spots, line, left = [], 0, 0.0
        for tone in self._shown:
            own = self._width(tone)
            if left and left + own > width:
                line, left = line + 1, 0.0
            spots.append((line, left, tone))
            left += own + px(GAP_PX)
        return spots

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the entries."""
        stamps = tiles(self._theme, TILE_PX, TILE_PX, some_marked=False)
        inside = TILE_PX - tile_gap(TILE_PX)
        theme, caption, strong = self._theme, font(Role.CAPTION), font(Role.CAPTION_BOLD)
        with QPainter(self) as painter:
            for line, left, tone in self._spots(self.width()):
                top = line * px(LINE_PX)
                stamp = stamps[tone, :inside, :inside].copy()
                image = QImage(stamp.data, inside, inside, 4 * inside, QImage.Format.Format_RGB32)
                side = px(CELL_PX)
                painter.drawImage(QRectF(left, top + (px(LINE_PX) - side) / 2, side, side), image)
                at = QPointF(left + side + SPACE_PX, top + px(15))
                at.setX(at.x() + paint_text(painter, at, self._metric.word(tone) + " ", caption, theme.t2))
                paint_text(painter, at, self._count(tone), strong, theme.t1)
