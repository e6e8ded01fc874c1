"""Knows the order in which the keyboard walks sites: round the map by Tab, to the nearest in a direction by arrows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SIDEWAYS_COST = 2.5  # a site beside the asked direction counts as this much further away


def reading_order(longitudes: Sequence[float], latitudes: Sequence[float]) -> list[int]:
    """West to east, north before south on one meridian."""
    return sorted(range(len(longitudes)), key=lambda index: (longitudes[index], -latitudes[index]))


def neighbour(x: Sequence[float], y: Sequence[float], start: int, dx: int, dy: int) -> int:
    """The nearest point from `start` in the direction (dx, dy), y downwards; `start` itself where there is none."""
    away_x, away_y = np.asarray(x) - x[start], np.asarray(y) - y[start]
    along = away_x * dx + away_y * dy
    across = np.abs(away_x * dy) + np.abs(away_y * dx)
    cost = np.where(along > 1e-9, np.hypot(along, SIDEWAYS_COST * across), np.inf)
    best = int(cost.argmin())
    return best if np.isfinite(cost[best]) else start
