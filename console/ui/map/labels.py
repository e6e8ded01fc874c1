"""Finds room for labels beside their marks, so that none hides a mark or another label. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GAP_PX = 5.0
MOST_HIDDEN = 0.3  # a label that would lose more than this to others is left out: the list twin has it
MOST_OF_A_MARK = 0.5  # of any that a label may cover: what lies beneath words is missed
LABEL_COST = 5.0  # two words over each other can be read neither
OUTSIDE_COST = 4.0  # a word cut off at the edge is worse than one over a disc

Boxes = NDArray[np.float64]  # (n, 4): left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float


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
    taken = np.empty((len(marks) + len(wanted), 4))
    weight = np.ones(len(taken))
    weight[len(marks) :] = LABEL_COST
    count = len(marks)
    taken[:count] = [_edges(mark) for mark in marks] or np.empty((0, 4))
    most = MOST_OF_A_MARK * np.array([mark.width * mark.height for mark in marks])
    inside = np.array([_edges(bounds)])
    placed: list[Box | None] = []
    for label in wanted:
        spots = _around(label)
        area = label.width * label.height
        hidden = _overlaps(spots, taken[:count])
        covered = (hidden[:, : len(marks)] > most).any(axis=1)
        cost = hidden @ weight[:count] + OUTSIDE_COST * (area - _overlaps(spots, inside)[:, 0]) + area * covered
        best = int(np.round(cost).argmin())
        if cost[best] > MOST_HIDDEN * area:
            placed.append(None)
            continue
        taken[count] = spots[best]
        count += 1
        placed.append(Box(float(spots[best, 0]), float(spots[best, 1]), label.width, label.height))
    return placed


def overlap(one: Box, other: Box) -> float:
    """The common area of two boxes."""
    return float(_overlaps(np.array([_edges(one)]), np.array([_edges(other)]))[0, 0])


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.left + box.width, box.top + box.height


def _overlaps(spots: Boxes, others: Boxes) -> Boxes:
    """The common area of each spot with each other box, shape (spots, others)."""
    wide = np.minimum(spots[:, None, 2], others[:, 2]) - np.maximum(spots[:, None, 0], others[:, 0])
    high = np.minimum(spots[:, None, 3], others[:, 3]) - np.maximum(spots[:, None, 1], others[:, 1])
    return np.maximum(wide, 0.0) * np.maximum(high, 0.0)


def _around(label: Wanted) -> Boxes:
    """Right, left, then the corners, above and below, then a little further: the order in which a reader looks."""
    reach, w, h = label.radius + GAP_PX, label.width, label.height
    corner = label.radius * 0.7 + GAP_PX
    offsets = [
        (reach, -h / 2),
        (-reach - w, -h / 2),
        (corner, corner - h * 0.2),
        (-corner - w, corner - h * 0.2),
        (corner, -corner - h * 0.8),
        (-corner - w, -corner - h * 0.8),
        (-w / 2, reach),
        (-w / 2, -reach - h),
        (reach, -h),
        (-reach - w, -h),
        (reach, 0.0),
        (-reach - w, 0.0),
        (-w / 4, reach),
        (-w * 3 / 4, reach),
        (-w / 4, -reach - h),
        (-w * 3 / 4, -reach - h),
    ]
    corners = np.add(offsets, (label.x, label.y))
    return np.column_stack([corners, np.add(corners, (w, h))])
