"""Keeps the painted ground and marks as pixmaps larger than the window, so that a pan is one blit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap

from console.ui.map.labels import Box
from console.ui.map.land import paint_ground
from console.ui.map.scene import Label, Mark, Scene
from console.ui.map.scene_painter import paint_labels, paint_lens, paint_marks
from console.ui.map.viewport import Viewport
from console.ui.theme import Theme

SPARE = 1.3  # of the window, either way: a pan of 15 % of the width needs no new ground


class MapPicture:
    """Ground alone, ground with marks, and one pixmap a lens, all for one theme and device pixel ratio."""

    def __init__(self) -> None:
        self._ground: QPixmap | None = None
        self._whole: QPixmap | None = None
        self._lenses: list[QPixmap] = []
        self._view: Viewport | None = None
        self._look: tuple[str, float] | None = None

    @property
    def view(self) -> Viewport | None:
        """The enlarged viewport of what is painted, or None."""
        return self._view

    def forget(self) -> None:
        """The next render paints the ground anew."""
        self._view = None

    def render(self, scene: Scene, theme: Theme, ratio: float) -> None:
        """Paint the ground where view, theme or ratio changed, then marks and lenses over a copy of it."""
        wide = scene.view.resized(round(scene.view.width * SPARE), round(scene.view.height * SPARE))
        if wide != self._view or (theme.name, ratio) != self._look or self._ground is None:
            self._ground = self._painted(wide, ratio, theme, lambda painter: paint_ground(painter, wide, theme))
            self._view, self._look = wide, (theme.name, ratio)
        dx, dy = (wide.width - scene.view.width) / 2, (wide.height - scene.view.height) / 2
        whole = self._ground.copy()
        with QPainter(whole) as painter:
            paint_marks(painter, [_moved(mark, dx, dy) for mark in scene.marks], theme, theme.bg1)
            paint_labels(painter, [_moved_label(label, dx, dy) for label in scene.labels], theme)
        self._whole = whole
        self._lenses = [
            self._painted(lens.view, ratio, None, lambda painter, lens=lens: paint_lens(painter, lens, theme))
            for lens in scene.lenses
        ]

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """The picture under `view`: moved, and stretched while a sharper one is not painted yet."""
        if self._whole is None or self._view is None:
            return
        stretch = view.scale / self._view.scale
        left = view.width / 2 - self._view.width / 2 * stretch + (self._view.x - view.x) * view.scale
        top = view.height / 2 - self._view.height / 2 * stretch - (self._view.y - view.y) * view.scale
        if abs(stretch - 1) < 1e-9:
            painter.drawPixmap(QPointF(left, top), self._whole)
            return
        target = QRectF(left, top, self._view.width * stretch, self._view.height * stretch)
        painter.drawPixmap(target, self._whole, QRectF(self._whole.rect()))

    def draw_lens(self, painter: QPainter, index: int, box: Box) -> None:
        """One lens at its place."""
        painter.drawPixmap(QPointF(box.left, box.top), self._lenses[index])

    @staticmethod
    def _painted(view: Viewport, ratio: float, theme: Theme | None, paint: Callable[[QPainter], None]) -> QPixmap:
        pixmap = QPixmap(QSize(round(view.width * ratio), round(view.height * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        if theme is None:
            pixmap.fill("transparent")
        else:
            pixmap.fill(theme.bg1)
        with QPainter(pixmap) as painter:
            paint(painter)
        return pixmap


def _moved(mark: Mark, dx: float, dy: float) -> Mark:
    return replace(mark, x=mark.x + dx, y=mark.y + dy)


def _moved_label(label: Label, dx: float, dy: float) -> Label:
    return replace(label, box=replace(label.box, left=label.box.left + dx, top=label.box.top + dy))
