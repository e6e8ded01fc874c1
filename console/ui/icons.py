"""Paints the shipped line icons in a colour of the theme; knows names and files, no meaning."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtSvg import QSvgRenderer

from console.ui.assets import asset


def paint_icon(painter: QPainter, name: str, box: QRectF, colour: QColor) -> None:
    """Draw the icon `name` into `box`, sharp at every scale."""
    _renderer(name, colour.name()).render(painter, box)


def application_icon() -> QIcon:
    """The program's own icon."""
    return QIcon(str(asset("icons", "meridian.svg")))


@lru_cache(maxsize=128)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    drawing = asset("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(drawing.encode()))
