"""Circles in pixels, and what of a straight line they leave. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle around (x, y)."""

    x: float
    y: float
    radius: float

    def room_to(self, other: Disc) -> float:
        """Between this and another; below zero they overlap."""
        return math.hypot(self.x - other.x, self.y - other.y) - self.radius - other.radius


Point = tuple[float, float]
Circles = NDArray[np.float64]  # (n, 3): x, y, radius


def circles_of(discs: Sequence[Disc]) -> Circles:
    """Discs as one array."""
    return np.array([(disc.x, disc.y, disc.radius) for disc in discs], dtype=np.float64).reshape(-1, 3)


def outside(start: Point, end: Point, circles: Circles) -> list[tuple[Point, Point]]:
    """The pieces of the line from `start` to `end` that lie in no circle, in order; a few microseconds for a map."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    pieces, free_from = [], 0.0
    for enter, leave in _covered(start, (dx, dy), circles):
        if enter > free_from:
            pieces.append((free_from, enter))
        free_from = max(free_from, leave)
    pieces.append((free_from, 1.0))

    def at(share: float) -> Point:
        return start[0] + share * dx, start[1] + share * dy

    return [(at(first), at(last)) for first, last in pieces if first < last]


def _covered(start: Point, step: Point, circles: Circles) -> list[tuple[float, float]]:
    """From where to where the line runs inside each circle that it meets, as shares of its length, ascending."""
    length = math.hypot(*step)
    if not length:
        return []
    x, y, radius = circles[:, 0] - start[0], circles[:, 1] - start[1], circles[:, 2]
    beside = np.abs(x * step[1] - y * step[0]) / length
    met = np.flatnonzero(beside < radius)
    middle = (x[met] * step[0] + y[met] * step[1]) / length
    half = np.sqrt(radius[met] ** 2 - beside[met] ** 2)
    ends = np.clip(np.column_stack([middle - half, middle + half]) / length, 0.0, 1.0)
    return sorted((enter, leave) for enter, leave in ends.tolist() if enter < leave)
