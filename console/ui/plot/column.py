"""Plots one above another that share a time axis: equally high, the lowest with room for the times beneath it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from console.ui.fonts import px

AXIS_PX = 22  # what the lowest plot needs more, for its times


def stand_in_column(plots: Sequence[QWidget], area: QRectF) -> None:
    """Give each plot its place in the width and height of `area`."""
    axis = px(AXIS_PX)
    each = (area.height() - axis) / max(1, len(plots))
    for index, plot in enumerate(plots):
        last = index == len(plots) - 1
        plot.setGeometry(0, round(index * each), int(area.width()), round(each + (axis if last else 0)))
