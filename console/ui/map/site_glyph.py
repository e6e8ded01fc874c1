"""Paints a site's mark: its form tells the state without colour (7-look.md, section 5). Knows no map and no site."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from console.domain.fleet_state import SiteMark
from console.ui.fonts import Role, font
from console.ui.map.badges import CORNERS, Badge, Corner, badge_at
from console.ui.map.discs import Disc
from console.ui.theme import Theme

RING_PX = 1.6
HALO_PX = 1.4
HOLLOW_HALO_PX = 2.3
CLUSTER_RING_GAP_PX, CLUSTER_HALO_PX = 3.0, 4.0
BADGE = Badge(5.6, CLUSTER_RING_GAP_PX + 5.6 * 0.6)
LEAST_RADIUS_PX, LEAST_CLUSTER_RADIUS_PX = 4.6, 10.0
STALE_DASH = (3.0, 2.4)
NEVER_DASH = (1.0, 2.2)


def radius_px(power_w: float, px_per_root_mw: float, *, count: int = 1) -> float:
    """Disc area is power; never too small to see, nor for its count to be read."""
    least = LEAST_RADIUS_PX if count == 1 else LEAST_CLUSTER_RADIUS_PX
    return max(least, px_per_root_mw * math.sqrt(max(0.0, power_w) / 1e6))


def paint_site(painter: QPainter, at: QPointF, radius: float, mark: SiteMark, theme: Theme, ground: QColor) -> None:
    """One site. `ground` keeps it apart from a neighbour it touches. Expects antialiasing to be on."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    if mark is SiteMark.NORMAL:
        painter.drawEllipse(at, radius + HALO_PX, radius + HALO_PX)
        painter.setBrush(theme.disc)
        painter.drawEllipse(at, radius, radius)
        return
    painter.drawEllipse(at, radius + HOLLOW_HALO_PX, radius + HOLLOW_HALO_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_ring_pen(theme.t1, mark))
    painter.drawEllipse(at, radius, radius)
    if mark is SiteMark.CURTAILED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.t1)
        painter.drawPie(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius), 180 * 16, 180 * 16)
    elif mark is SiteMark.NO_LINK:
        arm = radius * math.sqrt(0.5)
        painter.drawLine(at + QPointF(-arm, -arm), at + QPointF(arm, arm))
        painter.drawLine(at + QPointF(-arm, arm), at + QPointF(arm, -arm))
    elif mark is SiteMark.NEVER:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.t1)
        painter.drawEllipse(at, 1.6, 1.6)


def _ring_pen(colour: QColor, mark: SiteMark) -> QPen:
    pen = QPen(colour, RING_PX)
    dash = {SiteMark.STALE: STALE_DASH, SiteMark.NEVER: NEVER_DASH}.get(mark)
    if dash:
        pen.setDashPattern([length / RING_PX for length in dash])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


@dataclass(frozen=True, slots=True)
class ClusterLook:
    """How a cluster is drawn: its number, its worst state and the corner (of x and y) that this stands at.

    `dark`: nothing in it is live.
    """

    radius: float
    count: int
    state: SiteMark
    dark: bool = False
    corner: Corner = CORNERS[0]


def paint_cluster(painter: QPainter, at: QPointF, look: ClusterLook, theme: Theme, ground: QColor) -> None:
    """Several sites in one: a disc in a ring with their number, and the worst state at its side.

    Where each is old or without link the disc is hollow like theirs: nothing in it is live.
    """
    radius, hollow = look.radius, look.dark
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground if hollow else theme.land)
    painter.drawEllipse(at, radius + CLUSTER_HALO_PX, radius + CLUSTER_HALO_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else theme.disc)
    painter.setPen(_ring_pen(theme.t1, look.state) if hollow else Qt.PenStyle.NoPen)
    painter.drawEllipse(at, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.disc, 1.2))
    painter.drawEllipse(at, radius + CLUSTER_RING_GAP_PX, radius + CLUSTER_RING_GAP_PX)
    painter.setPen(theme.t1 if hollow else theme.paper)
    painter.setFont(font(Role.CAPTION_BOLD))
    painter.drawText(QRectF(at.x() - 20, at.y() - 10, 40, 20), Qt.AlignmentFlag.AlignCenter, str(look.count))
    if look.state is not SiteMark.NORMAL:
        badge = badge_at(Disc(at.x(), at.y(), radius), look.corner, BADGE)
        paint_site(painter, QPointF(badge.x, badge.y), badge.radius, look.state, theme, ground)
