"""What a painter paints on: how many device pixels a logical one has, and whether there are pixels at all."""

from __future__ import annotations

from PySide6.QtGui import QPaintEngine, QPainter


def device_scale(painter: QPainter) -> float:
    """Device pixels a logical pixel: the screen's ratio, or the scale of a capture."""
    world, device = painter.worldTransform(), painter.deviceTransform()
    ratio = device.m11() / world.m11() if world.m11() else 1.0
    return ratio if ratio > 0 else 1.0


def has_pixels(painter: QPainter) -> bool:
    """A screen or a picture; False for an SVG or a PDF, where words stay words."""
    engine = painter.paintEngine()
    return engine is not None and engine.type() is QPaintEngine.Type.Raster
