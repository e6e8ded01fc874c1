"""Finds empty ocean on the screen for the lenses: near their sites, on little land, hiding no mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, permutations

import numpy as np
from numpy.typing import NDArray

from console.ui.map.labels import Box

CELL_PX = 8  # positions are tried on this grid; masks have one entry a cell
SHRINK = (1.0, 0.88, 0.76, 0.66)
MARGIN_PX = 14.0
LAND_COST, DISTANCE_COST, SHRINK_COST, NO_ROOM_COST = 1.0, 1.6, 1.1, 3.0
MOST_ORDERS = 24  # all orders of four lenses; for six a fair sample

Mask = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LensWish:
    """A lens of `width` x `height` for sites that stand about (x, y) on the map."""

    x: float
    y: float
    width: float
    height: float


def arrange(
    wishes: Sequence[LensWish], land: Mask, taken: Sequence[Box], width: float, height: float
) -> list[Box | None]:
    """A box a wish, or None where nothing fits; who may choose first is tried out, the cheapest sum wins.

    `land` has shape (rows, columns) of CELL_PX cells: the share of land in each. No box meets `taken` or another.
    """
    ground = _running_sum(land)
    start = np.zeros_like(land)
    for box in taken:
        _block(start, box)
    orders = islice(permutations(range(len(wishes))), MOST_ORDERS)
    tries = [_in_order([wishes[i] for i in order], order, ground, start.copy(), width, height) for order in orders]
    return min(tries, key=lambda found: found[0])[1] if tries else []


def _in_order(
    wishes: Sequence[LensWish], order: Sequence[int], ground: Mask, blocked: Mask, width: float, height: float
) -> tuple[float, list[Box | None]]:
    """The summed cost when the wishes choose one after the other, and the boxes back in the order of `order`."""
    cost = 0.0
    boxes: list[Box | None] = [None] * len(wishes)
    for place, wish in zip(order, wishes, strict=True):
        best = min(
            (
                found
                for share in SHRINK
                if (found := _best(wish, share, ground, _running_sum(blocked), width, height)) is not None
            ),
            key=lambda found: found[0],
            default=None,
        )
        cost += NO_ROOM_COST if best is None else best[0]
        if best is not None:
            boxes[place] = best[1]
            _block(blocked, best[1])
    return cost, boxes


def _best(
    wish: LensWish, share: float, ground: Mask, blocked: Mask, width: float, height: float
) -> tuple[float, Box] | None:
    wide, high = wish.width * share, wish.height * share
    columns, rows = int(np.ceil(wide / CELL_PX)), int(np.ceil(high / CELL_PX))
    if wide > width - 2 * MARGIN_PX or high > height - 2 * MARGIN_PX:
        return None
    land = _window(ground, rows, columns) / (rows * columns)
    free = _window(blocked, rows, columns) == 0
    top, left = np.mgrid[0 : land.shape[0], 0 : land.shape[1]] * float(CELL_PX)
    free &= (left >= MARGIN_PX) & (top >= MARGIN_PX) & (left + wide <= width - MARGIN_PX + 1)
    free &= top + high <= height - MARGIN_PX + 1
    if not free.any():
        return None
    away = np.hypot(left + wide / 2 - wish.x, top + high / 2 - wish.y) / np.hypot(width, height)
    cost = LAND_COST * land + DISTANCE_COST * away + SHRINK_COST * (1 - share)
    row, column = divmod(int(np.where(free, cost, np.inf).argmin()), land.shape[1])
    return float(cost[row, column]), Box(column * float(CELL_PX), row * float(CELL_PX), wide, high)


def _running_sum(mask: Mask) -> Mask:
    """Sums from the top left corner, with a row and a column of zeros before: any window costs four look-ups."""
    return np.pad(mask, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)


def _window(sums: Mask, rows: int, columns: int) -> Mask:
    return sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]


def _block(mask: Mask, box: Box) -> None:
    top, left = max(0, int(box.top // CELL_PX)), max(0, int(box.left // CELL_PX))
    bottom, right = int(np.ceil((box.top + box.height) / CELL_PX)), int(np.ceil((box.left + box.width) / CELL_PX))
    mask[top : max(0, bottom), left : max(0, right)] = 1.0
