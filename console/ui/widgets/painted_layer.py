"""Keeps what is costly to paint and rarely changes as a picture in device pixels; knows not what it shows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from console.ui.device import device_scale


class PaintedLayer:
    """One picture. It is painted anew when its key, its size or the scale of the screen or capture changes."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._picture = QPixmap()
        self.painted = 0  # how often, for tests

    def paint(self, painter: QPainter, size: QSize, key: tuple[object, ...], draw: Callable[[QPainter], None]) -> None:
        """Show the layer at the origin of `painter`; `key` is compared by identity, so pass what is replaced whole."""
        scale = device_scale(painter)
        whole = (*key, scale, size.width(), size.height())
        if not self._same(whole):
            self._key = whole
            self._picture = QPixmap(size * scale)
            self._picture.setDevicePixelRatio(scale)
            self._picture.fill(Qt.GlobalColor.transparent)
            with QPainter(self._picture) as inner:
                draw(inner)
            self.painted += 1
        painter.drawPixmap(0, 0, self._picture)

    def _same(self, key: tuple[object, ...]) -> bool:
        return len(key) == len(self._key) and all(
            new is old or (isinstance(new, int | float | str) and new == old)
            for new, old in zip(key, self._key, strict=True)
        )
