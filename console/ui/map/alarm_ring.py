"""Paints what a site in alarm wears: a coloured ring, and the symbol of its worst alarm at its side."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from console.ui.map.badges import CORNERS, Badge, Corner, badge_at
from console.ui.map.discs import Disc
from console.ui.models.alarms.sites import SiteAlarm
from console.ui.theme import Theme
from console.ui.widgets.alarms.symbol import form_of, hue, paint_alarm

RING_PX, RING_GAP_PX, SYMBOL_PX = 2.0, 3.0, 16.0
RING_OF_MANY = 3.0  # outside a cluster's own ring
SYMBOL = Badge(SYMBOL_PX / 2, RING_GAP_PX + SYMBOL_PX * 0.4)


def paint_ring(
    painter: QPainter,
    at: QPointF,
    radius: float,
    alarm: SiteAlarm,
    theme: Theme,
    corner: Corner = CORNERS[0],
) -> None:
    """Ring, and symbol at a corner (of x and y); it does not blink, for the banner does, and one is enough."""
    reach = radius + RING_GAP_PX
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(hue(alarm.priority, theme), RING_PX))
    painter.drawEllipse(at, reach, reach)
    symbol = badge_at(Disc(at.x(), at.y(), radius), corner, SYMBOL)
    paint_alarm(painter, QPointF(symbol.x, symbol.y), SYMBOL_PX, alarm.priority, form_of(alarm.state), theme)
