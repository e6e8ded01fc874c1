"""Where the large dialogs of a command stand in their window: under its bars where there is room (7-look.md, 12)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from console.ui.density import Density, density_at
from console.ui.fonts import px

SIZES = {Density.STANDARD: (1240, 880), Density.WALL: (1600, 1200)}
MARGIN_PX, LOW_MARGIN_PX, LEAST_BODY_PX = 12, 18, 560  # below it the corner words of a simulated fleet are read


def place_in(dialog: QWidget, window: QWidget, top: int) -> Density:
    """Size and place for a dialog over `window`, whose bars end at `top`; full width where it is narrow."""
    density = density_at(window.width())
    if window.height() - top < px(LEAST_BODY_PX):
        top = 0
    room = (window.width() - 2 * MARGIN_PX, window.height() - top - MARGIN_PX - LOW_MARGIN_PX)
    wanted = SIZES.get(density, room)
    width, height = min(px(wanted[0]), room[0]), min(px(wanted[1]), room[1])
    left = (window.width() - width) // 2
    y = top + max(MARGIN_PX, min((window.height() - top - height) // 2, px(24)))
    at = window.mapToGlobal(window.rect().topLeft())
    dialog.setGeometry(at.x() + left, at.y() + y, width, height)
    return density
