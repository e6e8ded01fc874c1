"""Paints the crosshair's line and its chip of plain text: the moment with its zone, and each curve's value there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from console.domain.durations import DAY_MS
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_text, text_width
from console.ui.plot.geometry import Geometry
from console.ui.plot.paint import crisp
from console.ui.plot.ticks import zone_text
from console.ui.theme import Theme

PAD_PX, LINE_PX, AWAY_PX = 8, 17, 10


@dataclass(frozen=True, slots=True)
class Tag:
    """One value under the crosshair: `text` as shown, `y` the pixel row of the curve there (None: no value)."""

    name: str
    text: str
    y: float | None = None


def moment_text(at_ms: int, zone: tzinfo, span_ms: int) -> str:
    """`14:32:07 UTC`, with the date where the span is longer than a day."""
    local = datetime.fromtimestamp(at_ms / 1000, zone)
    clock = local.strftime("%H:%M:%S" if span_ms <= DAY_MS else "%Y-%m-%d %H:%M")
    return f"{clock} {zone_text(zone, at_ms)}"


def paint_crosshair(
    painter: QPainter, at: Geometry, moment_ms: int, zone: tzinfo, tags: list[Tag], theme: Theme
) -> None:
    """A line through the moment, a dot on each curve, and a chip beside it that never leaves the plot."""
    x = crisp(at.x(moment_ms))
    painter.setPen(QPen(theme.t2, 1))
    painter.drawLine(QPointF(x, at.area.top()), QPointF(x, at.area.bottom()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for tag in tags:
        if tag.y is not None:
            painter.setPen(QPen(theme.bg1, 1.5))
            painter.setBrush(theme.t1)
            painter.drawEllipse(QPointF(x, tag.y), 3.5, 3.5)
    _paint_chip(painter, at, x, [moment_text(moment_ms, zone, at.end_ms - at.start_ms)], tags, theme)


def _paint_chip(painter: QPainter, at: Geometry, x: float, head: list[str], tags: list[Tag], theme: Theme) -> None:
    caption, bold = font(Role.CAPTION), font(Role.CAPTION_BOLD)
    rows = [(line, "") for line in head] + [(tag.name, tag.text) for tag in tags]
    widths = [text_width(caption, name) + (12 + text_width(bold, text) if text else 0) for name, text in rows]
    width, height = max(widths) + 2 * PAD_PX, px(LINE_PX) * len(rows) + PAD_PX
    left = x + AWAY_PX if x + AWAY_PX + width <= at.area.right() else x - AWAY_PX - width
    chip = QRectF(left, at.area.top() + 4, width, height)
    painter.setPen(QPen(theme.edge, 1))
    painter.setBrush(theme.bg3)
    painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    for index, (name, text) in enumerate(rows):
        baseline = chip.top() + PAD_PX / 2 + px(LINE_PX) * index + px(12.5)
        paint_text(painter, QPointF(chip.left() + PAD_PX, baseline), name, caption, theme.t2)
        right = QPointF(chip.right() - PAD_PX, baseline)
        paint_text(painter, right, text, bold, theme.t1, Qt.AlignmentFlag.AlignRight)
