"""Paints plain text: aligned, elided, or with a halo. Knows nothing of what the words mean."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

HALO_PX = 4.0


def weighted(font: QFont, weight: QFont.Weight) -> QFont:
    """A copy of `font` in another weight; its features (tabular digits) stay."""
    copy = QFont(font)
    copy.setWeight(weight)
    return copy


def text_width(font: QFont, text: str) -> float:
    """The advance of `text` in logical pixels; the same words come again with every frame of a plot."""
    return _width(font.family(), font.pixelSize(), font.weight(), text)


@lru_cache(maxsize=4096)
def _width(family: str, size_px: int, weight: QFont.Weight, text: str) -> float:
    face = tabular(QFont(family))
    face.setPixelSize(size_px)
    face.setWeight(weight)
    return QFontMetricsF(face).horizontalAdvance(text)


def tabular(font: QFont) -> QFont:
    """The font with digits of one width."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


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
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width() + 0.5)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
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
    """Writes `text` over a picture: a stroke in the ground's colour keeps it apart from lines and hatches."""
    path = QPainterPath()
    path.addText(QPointF(_left(at.x(), text_width(font, text), align), at.y()), font, text)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(ground, HALO_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPath(path)
    painter.restore()
    paint_text(painter, at, text, font, colour, align)


def _left(x: float, width: float, align: Qt.AlignmentFlag) -> float:
    if align & Qt.AlignmentFlag.AlignRight:
        return x - width
    if align & Qt.AlignmentFlag.AlignHCenter:
        return x - width / 2
    return x
