"""Looks at a grabbed widget: which pixels wear a colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget


def pixels(widget: QWidget, area: QRectF | None = None) -> NDArray[np.uint8]:
    """The widget as (height, width, 3) RGB, or a part of it."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    height, width, stride = image.height(), image.width(), image.bytesPerLine()
    flat = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(height, stride)[:, : width * 3]
    rgb = flat.reshape(height, width, 3).copy()
    if area is None:
        return rgb
    box = area.toAlignedRect()
    return rgb[box.top() : box.bottom() + 1, box.left() : box.right() + 1]


def like(rgb: NDArray[np.uint8], colour: QColor, within: int = 40) -> NDArray[np.bool_]:
    """Which pixels are near a colour, shape (height, width)."""
    wanted = np.array([colour.red(), colour.green(), colour.blue()], dtype=int)
    near: NDArray[np.bool_] = np.abs(rgb.astype(int) - wanted).max(axis=2) <= within
    return near
