"""Finds room for labels beside their marks, so that none hides a mark or another label. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

GAP_PX = 5.0
MOST_HIDDEN = 0.3  # a label that would lose more than this to others is left out: the list twin has it


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float

    def overlap(self, other: Box) -> float:
        """The common area."""
        wide = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        high = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0

    def outside(self, bounds: Box) -> float:
        """The area beyond `bounds`."""
        return self.width * self.height - self.overlap(bounds)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label of `width` x `height` for a mark of `radius` at (x, y)."""

    x: float
    y: float
    radius: float
    width: float
    height: float


def place(wanted: Sequence[Wanted], marks: Sequence[Box], bounds: Box) -> list[Box | None]:
    """Where each label goes, in the order given (the first chooses first); None where there is no room for it."""
    taken = list(marks)
    placed: list[Box | None] = []
    for label in wanted:
        costs = [(_cost(box, taken, bounds), rank, box) for rank, box in enumerate(_around(label))]
        cost, _, box = min(costs, key=lambda entry: (round(entry[0]), entry[1]))
        if cost > MOST_HIDDEN * label.width * label.height:
            placed.append(None)
            continue
        taken.append(box)
        placed.append(box)
    return placed


def _cost(box: Box, taken: Sequence[Box], bounds: Box) -> float:
    return sum(box.overlap(other) for other in taken) + 4 * box.outside(bounds)


def _around(label: Wanted) -> list[Box]:
    """Right, left, then the corners, above and below: the order in which a reader looks."""
    reach, w, h = label.radius + GAP_PX, label.width, label.height
    corner = label.radius * 0.7 + GAP_PX
    offsets = (
        (reach, -h / 2),
        (-reach - w, -h / 2),
        (corner, corner - h * 0.2),
        (-corner - w, corner - h * 0.2),
        (corner, -corner - h * 0.8),
        (-corner - w, -corner - h * 0.8),
        (-w / 2, reach),
        (-w / 2, -reach - h),
    )
    near = [Box(label.x + dx, label.y + dy, w, h) for dx, dy in offsets]
    return near + [replace(box, top=box.top + shift) for shift in (-h / 2, h / 2) for box in near[:2]]
