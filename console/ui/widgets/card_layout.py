"""Where equal cards lie in a viewport: how many a row, and how large. Arithmetic; paints nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize

from console.ui.fonts import px

CARD_WIDTH_PX, CARD_GAP_PX = 80, 13
LEAST_CARD_PX, MOST_CARD_PX = 96, 300
CARD_ASPECT = 1.9  # height to width of a card as it is drawn in the mock-up


@dataclass(frozen=True, slots=True)
class CardLayout:
    """`across` cards a row of `width` x `height` logical px, `rows` of them."""

    across: int
    rows: int
    width: float
    height: float

    @classmethod
    def fitting(cls, count: int, viewport: QSize) -> CardLayout:
        """`count` cards in rows of equal length (14 + 14), as near to their aspect as the viewport lets them be."""
        wide, high = viewport.width() + CARD_GAP_PX, viewport.height() + CARD_GAP_PX
        across = _across(max(1, count), wide, high)
        rows = -(-count // across)
        width = min(px(MOST_CARD_PX), wide / across - CARD_GAP_PX)
        return cls(across, rows, width, float(max(px(LEAST_CARD_PX), high // max(1, rows) - CARD_GAP_PX)))

    def card(self, index: int, scrolled_px: int) -> QRectF:
        """Where a card lies in the viewport."""
        top = (index // self.across) * (self.height + CARD_GAP_PX) - scrolled_px
        return QRectF(round((index % self.across) * (self.width + CARD_GAP_PX)), top, int(self.width), self.height)

    @property
    def whole_px(self) -> int:
        """The height of all rows."""
        return int(self.rows * (self.height + CARD_GAP_PX) - CARD_GAP_PX)


def _across(count: int, room: int, height: int) -> int:
    most = min(count, max(1, room // (px(CARD_WIDTH_PX) + CARD_GAP_PX)))
    least_px = px(LEAST_CARD_PX)

    def misfit(across: int) -> float:
        high = max(least_px, height / -(-count // across))
        return abs(math.log(high * across / room / CARD_ASPECT))

    best = min(range(1, most + 1), key=misfit)
    if -(-count // best) * (least_px + CARD_GAP_PX) > height:
        best = most  # what does not fit without scrolling scrolls least when rows are full
    return -(-count // -(-count // best))
