"""Chooses the corners at which marks wear what they tell: a cluster its worst state, a site its alarm. Arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from console.ui.map.discs import Disc

CORNERS = ((-1, 1), (1, 1), (-1, -1), (1, -1))  # of x and y; below at the left where that is free
SPARE_PX = 2.0  # between a badge and what is no part of its mark


@dataclass(frozen=True, slots=True)
class Badge:
    """A sign of `radius` px whose middle stands `reach` px outside the disc that wears it."""

    radius: float
    reach: float


def corners_of(wearers: Sequence[Disc], others: Sequence[Disc], badge: Badge) -> list[tuple[int, int]]:
    """The corner for the badge of each wearer, in the order given; `others` is what else stands there.

    On another mark a badge hides a number, and says of the wrong sites that something is wrong. Where each corner is
    taken it is the freest.
    """
    worn: list[Disc] = []
    chosen = []
    for one in wearers:
        taken = [*others, *(other for other in wearers if other is not one), *worn]
        free = {
            corner: min((badge_at(one, corner, badge).room_to(other) for other in taken), default=math.inf)
            for corner in CORNERS
        }
        corner = next((each for each in CORNERS if free[each] >= SPARE_PX), max(CORNERS, key=lambda each: free[each]))
        chosen.append(corner)
        worn.append(badge_at(one, corner, badge))
    return chosen


def badge_at(wearer: Disc, corner: tuple[int, int], badge: Badge) -> Disc:
    """Where a badge stands at a corner."""
    away = (wearer.radius + badge.reach) * math.sqrt(0.5)
    return Disc(wearer.x + corner[0] * away, wearer.y + corner[1] * away, badge.radius)
