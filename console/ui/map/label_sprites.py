"""Keeps each line of a label as a small picture: text, and a halo of the sea's colour that keeps it off the lines.

Stroking a text's outline costs 1.6 ms a line; eight shifted copies, made once, look the same and cost a blit.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from console.ui.fonts import Role, font, font_scale, px
from console.ui.map.marks import LINE_PX, Label
from console.ui.theme import Theme

HALO_PX, HALO_OPACITY = 1.75, 0.85
MARGIN_PX = 3.0


class LabelSprites:
    """One picture a line, ink, theme and device pixel ratio, as long as the map writes that line.

    A reason names a time of day, so there is no end of lines that were written once.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], QPixmap] = {}
        self._before: dict[tuple[object, ...], QPixmap] = {}

    def __len__(self) -> int:
        return len(self._kept) + len(self._before)

    def turn_over(self) -> None:
        """The map is painted anew: what neither this nor the last painting writes is forgotten."""
        self._before, self._kept = self._kept, {}

    def draw(self, painter: QPainter, label: Label, theme: Theme) -> None:
        """Name in bold and reason below it, at the side that faces the mark."""
        lines = ((label.name, Role.CAPTION_BOLD, theme.t1), (label.reason, Role.CAPTION, theme.t2))
        ratio = painter.device().devicePixelRatioF()
        for row, (text, role, ink) in enumerate(lines):
            if not text:
                continue
            sprite = self._sprite(text, role, ink, theme, ratio)
            width = sprite.width() / ratio - 2 * MARGIN_PX
            left = label.box.left + (label.box.width - width if label.right else 0.0)
            painter.drawPixmap(QPointF(left - MARGIN_PX, label.box.top + row * px(LINE_PX) - MARGIN_PX), sprite)

    def _sprite(self, text: str, role: Role, ink: QColor, theme: Theme, ratio: float) -> QPixmap:
        key = (text, role, theme.name, ratio, font_scale())
        sprite = self._kept.get(key) or self._before.pop(key, None) or _paint(text, role, ink, theme, ratio)
        self._kept[key] = sprite
        return sprite


def _paint(text: str, role: Role, ink: QColor, theme: Theme, ratio: float) -> QPixmap:
    face = font(role)
    metrics = QFontMetricsF(face)
    width = math.ceil(metrics.horizontalAdvance(text) + 2 * MARGIN_PX)
    height = math.ceil(px(LINE_PX) + 2 * MARGIN_PX)
    sprite = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    sprite.setDevicePixelRatio(ratio)
    sprite.fill(Qt.GlobalColor.transparent)
    at = QPointF(MARGIN_PX, MARGIN_PX + (px(LINE_PX) + metrics.capHeight()) / 2)
    with QPainter(sprite) as painter:
        painter.setFont(face)
        painter.setPen(theme.bg0)
        for turn in range(8):
            angle = turn * math.pi / 4
            painter.drawText(at + QPointF(HALO_PX * math.cos(angle), HALO_PX * math.sin(angle)), text)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(QRectF(0, 0, width, height), theme.faded("bg0", HALO_OPACITY))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(ink)
        painter.drawText(at, text)
    return sprite
