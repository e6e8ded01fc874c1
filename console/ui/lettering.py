"""Paints plain text: aligned, elided, or with a halo. Knows nothing of what the words mean."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from console.ui.device import device_scale, has_pixels
from console.ui.fonts import Face

HALO_PX = 4.0
ONE_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
AT_LEFT, AT_RIGHT = Qt.AlignmentFlag.AlignLeft | ONE_LINE, Qt.AlignmentFlag.AlignRight | ONE_LINE


def weighted(font: QFont, weight: QFont.Weight) -> QFont:
    """A copy of `font` in another weight; its features (tabular digits) stay."""
    copy = QFont(font)
    copy.setWeight(weight)
    return copy


def text_width(font: QFont, text: str) -> float:
    """The advance of `text` in logical pixels; the same words come again with every frame of a plot."""
    return _width(*_spec(font), text)


def elided(font: QFont, text: str, room: float) -> str:
    """`text` with an ellipsis at its end where it is wider than `room`."""
    return _elided(*_spec(font), text, room)


def _spec(font: QFont) -> tuple[str, int, QFont.Weight]:
    """What a font's widths depend on."""
    return font.spec if isinstance(font, Face) else (font.family(), font.pixelSize(), font.weight())


@lru_cache(maxsize=2048)  # a table on a wall shows 1,300 words; more are words of yesterday
def _width(family: str, size_px: int, weight: QFont.Weight, text: str) -> float:
    return QFontMetricsF(Face(family, size_px, weight)).horizontalAdvance(text)


@lru_cache(maxsize=1024)
def _elided(family: str, size_px: int, weight: QFont.Weight, text: str, room: float) -> str:
    return QFontMetricsF(Face(family, size_px, weight)).elidedText(text, Qt.TextElideMode.ElideRight, room)


def paint_text(
    painter: QPainter,
    at: QPointF,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """Writes `text` with its baseline at `at` (left, centre or right of it); returns its width in logical pixels."""
    width = text_width(font, text)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(QPointF(_left(at.x(), width, align), at.y()), text)
    return width


def paint_elided(painter: QPainter, area: QRectF, text: str, font: QFont, colour: QColor, right: bool = False) -> bool:
    """Writes one line into `area`, elided where it does not fit; True when something was cut."""
    shown = _elided(*_spec(font), text, area.width() + 0.5)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(area, AT_RIGHT if right else AT_LEFT, shown)
    return shown != text


def paint_haloed(
    painter: QPainter,
    at: QPointF,
    text: str,
    font: QFont,
    colour: QColor,
    ground: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Writes `text` over a picture: a stroke in the ground's colour keeps it apart from lines and hatches.

    To stroke a line of text costs more than a millisecond, so it is kept as a small picture, on whole device pixels.
    """
    start = QPointF(_left(at.x(), text_width(font, text), align), at.y())
    if not has_pixels(painter):
        _write_haloed(painter, start, text, font, colour, ground)
        return
    ratio = device_scale(painter)
    picture, ascent = _haloed(*_spec(font), text, colour.rgba(), ground.rgba(), ratio)
    left, top = (round(edge * ratio) / ratio for edge in (start.x() - HALO_PX, start.y() - HALO_PX - ascent))
    painter.drawImage(QPointF(left, top), picture)


@lru_cache(maxsize=96)
def _haloed(
    family: str, size_px: int, weight: QFont.Weight, text: str, ink: int, ground: int, ratio: float
) -> tuple[QImage, int]:
    """The words with their halo, `HALO_PX` of room on every side, and how far their baseline lies below that."""
    face = Face(family, size_px, weight)
    metrics = QFontMetricsF(face)
    ascent = math.ceil(metrics.ascent())
    width, height = metrics.horizontalAdvance(text) + 2 * HALO_PX, ascent + metrics.descent() + 2 * HALO_PX
    picture = QImage(math.ceil(width * ratio), math.ceil(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(0)
    with QPainter(picture) as painter:
        at = QPointF(HALO_PX, HALO_PX + ascent)
        _write_haloed(painter, at, text, face, QColor.fromRgba(ink), QColor.fromRgba(ground))
    return picture, ascent


def _write_haloed(painter: QPainter, start: QPointF, text: str, font: QFont, colour: QColor, ground: QColor) -> None:
    path = QPainterPath()
    path.addText(start, font, text)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(ground, HALO_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPath(path)
    painter.restore()
    paint_text(painter, start, text, font, colour)


def _left(x: float, width: float, align: Qt.AlignmentFlag) -> float:
    if align & Qt.AlignmentFlag.AlignRight:
        return x - width
    if align & Qt.AlignmentFlag.AlignHCenter:
        return x - width / 2
    return x
