"""The small round mark of a value's state: dashed when stale, crossed without a link (7-look.md, section 5)."""

from __future__ import annotations

import enum
import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from console.domain.freshness import Freshness

RING_PX, DASH = 1.4, (2.2, 1.8)


class ValueState(enum.StrEnum):
    """How far a shown value may be trusted (7-look.md, section 6)."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"
    NEVER = "no data"
    NO_LINK = "no link"

    @classmethod
    def of(cls, freshness: Freshness, linked: bool = True) -> ValueState:
        """The state of a value from its freshness; a broken link is only told once the value is stale."""
        if not linked and freshness in (Freshness.STALE, Freshness.NEVER):
            return cls.NO_LINK
        return cls.NEVER if freshness is Freshness.NEVER else cls(freshness.value)

    @property
    def is_old(self) -> bool:
        """Whether the value is dimmed: nobody may take it for the present."""
        return self in (ValueState.STALE, ValueState.NO_LINK)


def paint_state(painter: QPainter, centre: QPointF, radius: float, state: ValueState, colour: QColor) -> None:
    """Draws the mark of an old or missing value; a fresh or late one has none."""
    if state in (ValueState.FRESH, ValueState.LATE):
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, RING_PX)
    if state is not ValueState.NO_LINK:
        pen.setDashPattern([length / RING_PX for length in DASH])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)  # Qt's own cap would fill the gaps
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius))
    if state is ValueState.NO_LINK:
        arm = radius * math.sqrt(0.5)
        painter.drawLine(centre + QPointF(-arm, -arm), centre + QPointF(arm, arm))
        painter.drawLine(centre + QPointF(-arm, arm), centre + QPointF(arm, -arm))
    painter.restore()
