"""Paints what a site in alarm wears: a coloured ring, and the symbol of its worst alarm at its side."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from console.ui.models.alarms.sites import SiteAlarm
from console.ui.theme import Theme
from console.ui.widgets.alarms.symbol import form_of, hue, paint_alarm

RING_PX, RING_GAP_PX, SYMBOL_PX = 2.0, 3.0, 16.0
RING_OF_MANY = 3.0  # outside a cluster's own ring


def paint_ring(painter: QPainter, at: QPointF, radius: float, alarm: SiteAlarm, theme: Theme) -> None:
    """Ring and symbol; it does not blink, for the banner does, and one blinking thing is enough."""
    reach = radius + RING_GAP_PX
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(hue(alarm.priority, theme), RING_PX))
    painter.drawEllipse(at, reach, reach)
    side = (reach + SYMBOL_PX * 0.4) * math.sqrt(0.5)
    paint_alarm(painter, at + QPointF(-side, side), SYMBOL_PX, alarm.priority, form_of(alarm.state), theme)
