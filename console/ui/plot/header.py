"""The line above a plot: title, unit, roll-up level and zone at the left; mode, coverage and age at the right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.theme import Theme

RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Header:
    """Its words; a plot that is not `live` says FIXED, and one with a span of its own which one."""

    title: str
    subtitle: str
    note: str
    live: bool
    unlinked: str = ""


def paint_header(painter: QPainter, width: float, header: Header, theme: Theme) -> None:
    """Writes the header along the top of a panel `width` px wide; the subtitle is cut first, the title never."""
    bold, caption, strong = font(Role.BODY_BOLD), font(Role.CAPTION), font(Role.CAPTION_BOLD)
    baseline, right = px(24), width - 16
    right -= paint_text(painter, QPointF(right, baseline), header.note, caption, theme.t2, RIGHT) + 12
    if header.unlinked:
        right -= paint_text(painter, QPointF(right, baseline), header.unlinked, strong, theme.t1, RIGHT) + 12
    if not header.live:
        right -= paint_text(painter, QPointF(right, baseline), "FIXED", strong, theme.mode, RIGHT) + 12
    left = 16 + paint_text(painter, QPointF(16, baseline), header.title, bold, theme.t1) + 10
    room = min(right - left, text_width(caption, header.subtitle) + 1)
    if room > 24:
        paint_elided(painter, QRectF(left, baseline - px(13), room, px(18)), header.subtitle, caption, theme.t2)
