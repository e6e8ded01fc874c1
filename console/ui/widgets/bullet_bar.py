"""A value on its track with a target tick (7-look.md, section 11); knows shares only, not what they are of."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_text, text_width
from console.ui.theme import Theme
from console.ui.widgets.hatch import paint_hatch

BAR_PX, TICK_PX, TICK_OUT_PX, LABEL_PX = 8.0, 2.0, 4.0, 16.0
HELD_PITCH_PX = 3.0


@dataclass(frozen=True, slots=True)
class Bullet:
    """`share` and `target` of the track's full length (1.0); NaN share = no value, an empty track.

    `held` of `share` is the part that rests on stale sites' last values: it is drawn hatched, never solid.
    """

    share: float
    target: float | None = None
    held: float = 0.0
    left_text: str = ""
    target_text: str = ""


def paint_bullet(painter: QPainter, area: QRectF, bullet: Bullet, theme: Theme, labels: bool = True) -> None:
    """Draws `bullet` at the top of `area`, its labels below; also for delegates (`labels` False)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    track = QRectF(area.left(), area.top() + TICK_OUT_PX, area.width(), BAR_PX)
    painter.setBrush(theme.bg3)
    painter.drawRoundedRect(track, 1, 1)
    if math.isfinite(bullet.share):
        _paint_value(painter, track, bullet, theme)
    if bullet.target is not None:
        x = track.left() + track.width() * min(1.0, bullet.target)
        painter.fillRect(
            QRectF(x - TICK_PX / 2, track.top() - TICK_OUT_PX, TICK_PX, BAR_PX + 2 * TICK_OUT_PX), theme.t1
        )
    if labels:
        _paint_labels(painter, track, bullet, theme)
    painter.restore()


def _paint_value(painter: QPainter, track: QRectF, bullet: Bullet, theme: Theme) -> None:
    share, held = min(1.0, max(0.0, bullet.share)), min(1.0, max(0.0, bullet.held))
    painter.setBrush(theme.plain)
    painter.drawRoundedRect(QRectF(track.left(), track.top(), track.width() * (share - held), BAR_PX), 1, 1)
    if held:
        rests = QRectF(track.left() + track.width() * (share - held), track.top(), track.width() * held, BAR_PX)
        paint_hatch(painter, rests, theme.edge, HELD_PITCH_PX)


def _paint_labels(painter: QPainter, track: QRectF, bullet: Bullet, theme: Theme) -> None:
    caption = font(Role.CAPTION)
    baseline = track.bottom() + TICK_OUT_PX + px(12)
    taken = 0.0
    if bullet.left_text:
        taken = paint_text(painter, QPointF(track.left(), baseline), bullet.left_text, caption, theme.t2)
    if bullet.target is None or not bullet.target_text:
        return
    half = text_width(caption, bullet.target_text) / 2
    centre = track.left() + track.width() * min(1.0, bullet.target)
    centre = min(track.right() - half, max(track.left() + taken + 8 + half, centre))
    paint_text(painter, QPointF(centre, baseline), bullet.target_text, caption, theme.t2, Qt.AlignmentFlag.AlignHCenter)
