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


def on_ring(ink: NDArray[np.bool_], centre: int, radius: int) -> float:
    """How much of a ring is inked, 0..1: little of a dashed one, all of a whole one."""
    turns = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    spokes = [np.round(centre + reach * np.array([np.sin(turns), np.cos(turns)])) for reach in (radius - 1, radius)]
    return float(np.logical_or(*(ink[tuple(spoke.astype(int))] for spoke in spokes)).mean())
