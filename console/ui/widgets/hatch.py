"""Paints a hatch at 45 degrees: what is planned, cut off, held, or not live. Knows no meaning of its own."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

PITCH_PX, WIDE_PX = 6.0, 1.0  # from line to line, and of a line


def paint_hatch(
    painter: QPainter, area: QRectF, colour: QColor, pitch_px: float = PITCH_PX, wide_px: float = WIDE_PX
) -> None:
    """Lines clipped to `area`, and not a brush: a brush is scaled up coarsely in a 2x capture."""
    step = pitch_px * math.sqrt(2)
    height = area.height()
    count = int((area.width() + height) / step) + 1
    starts = [area.left() - height + step * (index + 0.5) for index in range(count)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(area)
    painter.setPen(QPen(colour, wide_px))
    painter.drawLines([QLineF(x, area.bottom(), x + height, area.top()) for x in starts])
    painter.restore()
