"""Finds empty ocean on the screen for the lenses: near their sites, on little land, hiding no mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, permutations

import numpy as np
from numpy.typing import NDArray

from console.ui.map.labels import Box

SHAPES = ((1.0, 1.0), (0.88, 0.88), (0.8, 1.0), (1.0, 0.8), (0.76, 0.76), (0.7, 0.9), (0.66, 0.66))  # of the wish
MARGIN_PX, GAP_PX = 14.0, 6.0
LAND_COST, DISTANCE_COST, SHRINK_COST, NO_ROOM_COST = 0.8, 1.6, 1.0, 3.0
MIDDLE_COST = 1.0  # corners are the best places: what is between stays readable, and two lenses share an edge
MOST_ORDERS = 24  # all orders of four lenses; for six a fair sample

Mask = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LensWish:
    """A lens of `width` x `height` for sites that stand about (x, y) on the map."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sea:
    """The map as a grid of `cell_px` squares: `land` (rows, columns) is how much land each shows, 0.0 - 1.0."""

    land: Mask
    cell_px: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Size:
    """One size of one wish: `cost` of every top left corner (infinite outside the map), and its cells."""

    cost: Mask
    rows: int
    columns: int
    width: float
    height: float


def arrange(wishes: Sequence[LensWish], sea: Sea, taken: Sequence[Box]) -> list[Box | None]:
    """A box a wish, or None where nothing fits; who may choose first is tried out, the cheapest sum wins.

    No box meets `taken` or another box.
    """
    ground = _running_sum(sea.land)
    sizes = [[size for shape in SHAPES if (size := _size(wish, shape, ground, sea)) is not None] for wish in wishes]
    start = np.zeros_like(sea.land)
    for box in taken:
        _block(start, box, sea.cell_px)
    orders = islice(permutations(range(len(wishes))), MOST_ORDERS)
    tries = [_in_order(order, sizes, start.copy(), sea.cell_px) for order in orders]
    return min(tries, key=lambda found: found[0])[1] if tries else []


def _size(wish: LensWish, shape: tuple[float, float], ground: Mask, sea: Sea) -> _Size | None:
    wide, high = wish.width * shape[0], wish.height * shape[1]
    if wide > sea.width - 2 * MARGIN_PX or high > sea.height - 2 * MARGIN_PX:
        return None
    columns, rows = int(np.ceil(wide / sea.cell_px)), int(np.ceil(high / sea.cell_px))
    land = _window(ground, rows, columns) / (rows * columns)
    top, left = np.mgrid[0 : land.shape[0], 0 : land.shape[1]] * sea.cell_px
    away = np.hypot(left + wide / 2 - wish.x, top + high / 2 - wish.y) / np.hypot(sea.width, sea.height)
    inside = (left >= MARGIN_PX) & (left + wide <= sea.width - MARGIN_PX + 1)
    inside &= (top >= MARGIN_PX) & (top + high <= sea.height - MARGIN_PX + 1)
    inland = (
        np.minimum(left, sea.width - left - wide) / sea.width + np.minimum(top, sea.height - top - high) / sea.height
    )
    cost = (
        LAND_COST * land
        + DISTANCE_COST * away
        + SHRINK_COST * (1 - (shape[0] * shape[1]) ** 0.5)
        + MIDDLE_COST * inland
    )
    return _Size(np.where(inside, cost, np.inf), rows, columns, wide, high)


def _in_order(
    order: Sequence[int], sizes: Sequence[Sequence[_Size]], blocked: Mask, cell_px: float
) -> tuple[float, list[Box | None]]:
    """The summed cost when the wishes choose in `order`, and a box a wish."""
    cost = 0.0
    boxes: list[Box | None] = [None] * len(order)
    for index in order:
        sums = _running_sum(blocked)
        best, box = min((_best(size, sums, cell_px) for size in sizes[index]), default=(np.inf, None), key=_cost_of)
        cost += best if box is not None else NO_ROOM_COST
        boxes[index] = box
        if box is not None:
            _block(blocked, box, cell_px, GAP_PX)
    return cost, boxes


def _cost_of(found: tuple[float, Box | None]) -> float:
    return found[0]


def _best(size: _Size, blocked: Mask, cell_px: float) -> tuple[float, Box | None]:
    cost = np.where(_window(blocked, size.rows, size.columns) == 0, size.cost, np.inf)
    row, column = divmod(int(cost.argmin()), cost.shape[1])
    if not np.isfinite(cost[row, column]):
        return np.inf, None
    return float(cost[row, column]), Box(column * cell_px, row * cell_px, size.width, size.height)


def _running_sum(mask: Mask) -> Mask:
    """Sums from the top left corner, with a row and a column of zeros before: any window costs four look-ups."""
    return np.pad(mask, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)


def _window(sums: Mask, rows: int, columns: int) -> Mask:
    return sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]


def _block(mask: Mask, box: Box, cell_px: float, gap_px: float = 0.0) -> None:
    top, left = (max(0, int((edge - gap_px) // cell_px)) for edge in (box.top, box.left))
    bottom = int(np.ceil((box.top + box.height + gap_px) / cell_px))
    right = int(np.ceil((box.left + box.width + gap_px) / cell_px))
    mask[top : max(0, bottom), left : max(0, right)] = 1.0
