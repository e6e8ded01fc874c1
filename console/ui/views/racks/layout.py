"""Where the parts of the racks' view stand (7-look.md, section 12). Pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect

from console.ui.density import density_at
from console.ui.fonts import px
from console.ui.views.racks.crumbs import BESIDE_PX, HIGH_PX

LEAST_PX = (1000, 520)  # width and height with which facts and a rack are whole; the strip comes on top
SIDE_SHARE, LEAST_SIDE_PX, MOST_SIDE_PX = 0.24, 300, 520


@dataclass(frozen=True, slots=True)
class Places:
    """Rectangles in the view's own pixels."""

    crumbs: QRect
    strip: QRect
    body: QRect
    side: QRect


def places(width: int, height: int, window_width: int, strip_height: Callable[[int], int]) -> Places:
    """The places in a view of `width` x `height`; `strip_height` is what the strip needs at a width."""
    size = density_at(window_width).value
    margin, gap, wide = size.margin, size.gap, width - 2 * size.margin
    crumbs = QRect(
        margin - BESIDE_PX, gap, wide + 2 * BESIDE_PX, px(HIGH_PX)
    )  # words align with the panels, not buttons' edges
    strip = QRect(margin, crumbs.bottom() + 1 + gap // 2, wide, strip_height(wide))
    top = strip.bottom() + 1 + gap
    side = min(max(px(LEAST_SIDE_PX), min(px(MOST_SIDE_PX), round(wide * SIDE_SHARE))), wide // 2)
    body = QRect(margin, top, wide - side - gap, max(0, height - top - gap))
    return Places(crumbs, strip, body, QRect(body.right() + 1 + gap, top, side, body.height()))
