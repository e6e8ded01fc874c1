"""Keeps the painted ground and marks as pixmaps larger than the window, so that a pan is one blit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap

from console.ui.fonts import font_scale
from console.ui.map.label_sprites import LabelSprites
from console.ui.map.labels import Box
from console.ui.map.land import paint_ground
from console.ui.map.lens_scene import Lens
from console.ui.map.scene import Scene
from console.ui.map.scene_painter import paint_labels, paint_lens, paint_marks
from console.ui.map.viewport import Viewport
from console.ui.theme import Theme

SPARE = 1.3  # of the window, either way: a pan of 15 % of the width needs no new ground


class MapPicture:
    """Ground alone, ground with marks, and one pixmap a lens, all for one theme and device pixel ratio."""

    def __init__(self) -> None:
        self._ground: QPixmap | None = None
        self._whole: QPixmap | None = None
        self._lenses: dict[Lens, QPixmap] = {}
        self._lens_look: tuple[object, ...] | None = None
        self._view: Viewport | None = None
        self._look: tuple[object, ...] | None = None
        self._sprites = LabelSprites()
        self._furniture: dict[str, tuple[object, QPixmap]] = {}

    @property
    def view(self) -> Viewport | None:
        """The enlarged viewport of what is painted, or None."""
        return self._view

    def forget(self) -> None:
        """The next render paints the ground anew."""
        self._view = None

    def has_ground(self, view: Viewport, theme: Theme, ratio: float) -> bool:
        """Whether the ground for this view is painted; else the next render costs about 20 ms, not three."""
        return self._ground is not None and (self._view, self._look) == (_wide(view), _look(theme, ratio))

    def in_colours_of(self, theme: Theme) -> bool:
        """Whether what is painted was painted in this theme."""
        return self._look is not None and self._look[0] == theme.name

    def render(self, scene: Scene, theme: Theme, ratio: float) -> None:
        """Paint the ground where view, theme or ratio changed, then marks and lenses over a copy of it."""
        look, wide = _look(theme, ratio), _wide(scene.view)
        if not self.has_ground(scene.view, theme, ratio):
            self._ground = _room_for(self._ground, wide, ratio)
            self._ground.fill(theme.bg1)
            with QPainter(self._ground) as painter:
                paint_ground(painter, wide, theme)
            self._view, self._look = wide, look
        self._sprites.turn_over()
        dx, dy = (wide.width - scene.view.width) / 2, (wide.height - scene.view.height) / 2
        self._whole = _room_for(self._whole, wide, ratio)
        with QPainter(self._whole) as painter:
            painter.drawPixmap(QPointF(0, 0), self._ground)
            painter.translate(dx, dy)
            paint_marks(painter, scene.marks, theme, theme.bg1)
            paint_labels(painter, scene.labels, self._sprites, theme)
        before = self._lenses if self._lens_look == look else {}
        self._lenses = {
            lens: before.get(lens) or _painted_lens(lens, ratio, self._sprites, theme) for lens in scene.lenses
        }
        self._lens_look = look

    def covers(self, view: Viewport) -> bool:
        """Whether the picture reaches every edge of `view`."""
        if self._view is None or self._whole is None:
            return False
        reach_x = (self._view.width / self._view.scale - view.width / view.scale) / 2
        reach_y = (self._view.height / self._view.scale - view.height / view.scale) / 2
        return abs(self._view.x - view.x) <= reach_x and abs(self._view.y - view.y) <= reach_y

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """The picture under `view`: moved, and stretched while a sharper one is not painted yet."""
        if self._whole is None or self._view is None:
            return
        stretch = view.scale / self._view.scale
        left = view.width / 2 - self._view.width / 2 * stretch + (self._view.x - view.x) * view.scale
        top = view.height / 2 - self._view.height / 2 * stretch - (self._view.y - view.y) * view.scale
        if abs(stretch - 1) < 1e-9:
            ratio = self._whole.devicePixelRatio()  # on whole device pixels: sharp, and the fast path of a blit
            shift_x, shift_y = round(left * ratio), round(top * ratio)
            x, y = max(0, shift_x), max(0, shift_y)
            # only what the widget shows: an SVG or PDF knows no clip, and would show the spare ground over others
            shown = QRectF(x - shift_x, y - shift_y, view.width * ratio - x, view.height * ratio - y)
            painter.drawPixmap(QPointF(x / ratio, y / ratio), self._whole, shown)
            return
        target = QRectF(left, top, self._view.width * stretch, self._view.height * stretch)
        painter.drawPixmap(target, self._whole, QRectF(self._whole.rect()))

    def draw_lens(self, painter: QPainter, lens: Lens) -> None:
        """One lens at its place."""
        painter.drawPixmap(QPointF(lens.box.left, lens.box.top), self._lenses[lens])

    def draw_furniture(
        self, painter: QPainter, name: str, box: Box, look: tuple[object, ...], paint: Callable[[QPainter], None]
    ) -> None:
        """What `paint` paints into `box` of the window, one picture a name, kept as long as all stays the same."""
        ratio = painter.device().devicePixelRatioF()
        look, kept = (*look, box, ratio), self._furniture.get(name)
        if kept is None or kept[0] != look:
            pixmap = QPixmap(QSize(round(box.width * ratio), round(box.height * ratio)))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill("transparent")
            with QPainter(pixmap) as inner:
                inner.translate(-box.left, -box.top)
                paint(inner)
            kept = self._furniture[name] = (look, pixmap)
        painter.drawPixmap(QPointF(box.left, box.top), kept[1])


def _wide(view: Viewport) -> Viewport:
    return view.resized(round(view.width * SPARE), round(view.height * SPARE))


def _look(theme: Theme, ratio: float) -> tuple[object, ...]:
    return (theme.name, ratio, font_scale())


def _room_for(pixmap: QPixmap | None, view: Viewport, ratio: float) -> QPixmap:
    """The same memory again where the size has not changed: fresh pages cost more than the blit into them."""
    size = QSize(round(view.width * ratio), round(view.height * ratio))
    if pixmap is None or pixmap.size() != size or pixmap.devicePixelRatio() != ratio:
        pixmap = QPixmap(size)
        pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _painted_lens(lens: Lens, ratio: float, sprites: LabelSprites, theme: Theme) -> QPixmap:
    pixmap = _room_for(None, lens.view, ratio)
    pixmap.fill("transparent")
    with QPainter(pixmap) as painter:
        paint_lens(painter, lens, sprites, theme)
    return pixmap
