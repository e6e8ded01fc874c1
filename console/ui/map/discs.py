"""Circles in pixels, and what of a straight line they leave. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


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


def outside(start: Point, end: Point, discs: Sequence[Disc]) -> list[tuple[Point, Point]]:
    """The pieces of the line from `start` to `end` that lie in no disc, in order."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    pieces, free_from = [], 0.0
    for enter, leave in sorted(_within(start, (dx, dy), disc) for disc in discs):
        if enter > free_from:
            pieces.append((free_from, min(enter, 1.0)))
        free_from = max(free_from, leave)
    if free_from < 1.0:
        pieces.append((free_from, 1.0))
    at = [tuple((start[0] + share * dx, start[1] + share * dy) for share in piece) for piece in pieces if piece[0] < 1]
    return [(first, last) for first, last in at]


def _within(start: Point, step: Point, disc: Disc) -> tuple[float, float]:
    """From where to where the line runs inside a disc, as shares of its length; (0, 0) where it does not."""
    length = math.hypot(*step)
    if not length:
        return 0.0, 0.0
    x, y = disc.x - start[0], disc.y - start[1]
    along, beside = (x * step[0] + y * step[1]) / length, (x * step[1] - y * step[0]) / length
    if abs(beside) >= disc.radius:
        return 0.0, 0.0
    half = math.sqrt(disc.radius**2 - beside**2)
    return max(0.0, (along - half) / length), max(0.0, (along + half) / length)
