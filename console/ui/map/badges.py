"""Chooses the corners at which marks wear what they tell: a cluster its worst state, a site its alarm. Arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from console.ui.map.discs import Disc, circles_of

Corner = tuple[int, int]  # of x and y
CORNERS: tuple[Corner, ...] = ((-1, 1), (1, 1), (-1, -1), (1, -1))  # below at the left where that is free
SPARE_PX = 2.0  # between a badge and what is no part of its mark


@dataclass(frozen=True, slots=True)
class Badge:
    """A sign of `radius` px whose middle stands `reach` px outside the disc that wears it."""

    radius: float
    reach: float


def corners_of(wearers: Sequence[Disc], others: Sequence[Disc], badge: Badge) -> list[Corner]:
    """The corner for the badge of each wearer, in the order given; `others` is what else stands there.

    On another mark a badge hides a number, and says of the wrong sites that something is wrong. Where each corner is
    taken it is the freest.
    """
    taken = circles_of([*others, *wearers, *wearers])  # the last become the badges, one by one
    first_badge = len(others) + len(wearers)
    chosen = []
    for index, one in enumerate(wearers):
        spots = [badge_at(one, corner, badge) for corner in CORNERS]
        there = np.delete(taken[: first_badge + index], len(others) + index, axis=0)
        away = np.hypot(*(np.array([(spot.x, spot.y) for spot in spots]).T[:, :, None] - there.T[:2, None]))
        free = (away - there[:, 2]).min(axis=1, initial=math.inf) - badge.radius
        best = int((free >= SPARE_PX).argmax() if (free >= SPARE_PX).any() else free.argmax())
        chosen.append(CORNERS[best])
        taken[first_badge + index] = spots[best].x, spots[best].y, badge.radius
    return chosen


def badge_at(wearer: Disc, corner: Corner, badge: Badge) -> Disc:
    """Where a badge stands at a corner."""
    away = (wearer.radius + badge.reach) * math.sqrt(0.5)
    return Disc(wearer.x + corner[0] * away, wearer.y + corner[1] * away, badge.radius)
