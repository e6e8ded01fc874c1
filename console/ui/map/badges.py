"""Chooses the corner at which a cluster wears the form of its worst state. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

CORNERS = ((-1, 1), (1, 1), (-1, -1), (1, -1))  # of x and y; below at the left where that is free
SPARE_PX = 2.0  # between a badge and what is no part of its cluster


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle in pixels."""

    x: float
    y: float
    radius: float


def corners_of(clusters: Sequence[Disc], others: Sequence[Disc], badge: float, reach: float) -> list[tuple[int, int]]:
    """The corner for the badge of each cluster, in the order given; `others` are the marks without a badge.

    On another mark a badge hides a number and says of the wrong sites that something is wrong. `badge` is its radius
    and `reach` how far its middle stands outside its cluster, in px. Where each corner is taken, the freest.
    """
    worn: list[Disc] = []
    chosen = []
    for one in clusters:
        taken = [*others, *(other for other in clusters if other is not one), *worn]
        free = {}
        for corner in CORNERS:
            at = badge_at(one, corner, badge, reach)
            free[corner] = min((_between(at, other) for other in taken), default=math.inf)
        corner = next((each for each in CORNERS if free[each] >= SPARE_PX), max(CORNERS, key=lambda each: free[each]))
        chosen.append(corner)
        worn.append(badge_at(one, corner, badge, reach))
    return chosen


def badge_at(cluster: Disc, corner: tuple[int, int], badge: float, reach: float) -> Disc:
    """Where a badge stands at a corner."""
    away = (cluster.radius + reach) * math.sqrt(0.5)
    return Disc(cluster.x + corner[0] * away, cluster.y + corner[1] * away, badge)


def _between(one: Disc, other: Disc) -> float:
    """Room between two circles; below zero they overlap."""
    return math.hypot(one.x - other.x, one.y - other.y) - one.radius - other.radius
