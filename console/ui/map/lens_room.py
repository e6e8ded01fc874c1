"""Finds empty ocean on the screen for the lenses: near their sites, on little land, hiding no mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.ui.map.labels import Box

SHAPES = ((1.0, 1.0), (0.88, 0.88), (0.8, 1.0), (1.0, 0.8), (0.76, 0.76), (0.7, 0.9), (0.66, 0.66))  # of the wish
MARGIN_PX, GAP_PX = 14.0, 6.0
LAND_COST, DISTANCE_COST, SHRINK_COST, NO_ROOM_COST = 0.8, 1.6, 1.0, 3.0
MIDDLE_COST = 1.0  # corners are the best places: what is between stays readable, and two lenses share an edge
MOST_ORDERS = 24  # all orders of four lenses; for six a fair sample

Mask = NDArray[Any]  # shares of land as float64, what is blocked as int32


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


class _Size:
    """One size of one wish. `cost` of every top left corner (infinite outside the map) is worked out when it is asked
    for; `floor` is known before, `least` with it.
    """

    def __init__(self, wish: LensWish, shape: tuple[float, float], ground: Mask, sea: Sea) -> None:
        self.width, self.height = wish.width * shape[0], wish.height * shape[1]
        self.columns, self.rows = int(np.ceil(self.width / sea.cell_px)), int(np.ceil(self.height / sea.cell_px))
        self.floor = SHRINK_COST * (1 - (shape[0] * shape[1]) ** 0.5)
        self._wish, self._ground, self._sea = wish, ground, sea

    @cached_property
    def cost(self) -> Mask:
        """Land beneath, distance from its sites, distance from the edges, and its being small."""
        wide, high, sea = self.width, self.height, self._sea
        land = _window(self._ground, self.rows, self.columns) / (self.rows * self.columns)
        top, left = np.arange(land.shape[0])[:, None] * sea.cell_px, np.arange(land.shape[1])[None] * sea.cell_px
        away = np.hypot(left + wide / 2 - self._wish.x, top + high / 2 - self._wish.y) / np.hypot(sea.width, sea.height)
        inland = np.minimum(left, sea.width - left - wide) / sea.width
        inland = inland + np.minimum(top, sea.height - top - high) / sea.height
        cost: Mask = LAND_COST * land + DISTANCE_COST * away + self.floor + MIDDLE_COST * inland
        cost[:, ((left < MARGIN_PX) | (left + wide > sea.width - MARGIN_PX + 1))[0]] = np.inf
        cost[((top < MARGIN_PX) | (top + high > sea.height - MARGIN_PX + 1))[:, 0]] = np.inf
        return cost

    @cached_property
    def least(self) -> float:
        """The cheapest corner on an empty map."""
        return float(self.cost.min())


def arrange(wishes: Sequence[LensWish], sea: Sea, taken: Sequence[Box]) -> list[Box | None]:
    """A box a wish, or None where nothing fits; who may choose first is tried out, the cheapest sum wins.

    No box meets `taken` or another box.
    """
    start = np.zeros(sea.land.shape, dtype=np.int32)
    for box in taken:
        _block(start, box, sea.cell_px)
    ground = _running_sum(sea.land)
    sizes = [[_Size(wish, shape, ground, sea) for shape in SHAPES if _fits(wish, shape, sea)] for wish in wishes]
    tries = _Tries(sizes, start, sea.cell_px)
    for order in islice(permutations(range(len(wishes))), MOST_ORDERS):
        tries.follow(order)
    return list(tries.boxes)


Choice = tuple[float, Box | None]


class _Tries:
    """The cheapest arrangement of the orders followed so far; orders that begin alike share their beginning."""

    def __init__(self, sizes: Sequence[Sequence[_Size]], blocked: Mask, cell_px: float) -> None:
        self._sizes, self._cell_px = sizes, cell_px
        self._placed: list[tuple[int, float, Box | None]] = []  # wish, summed cost until here, its box
        self._blocked = [blocked]  # before each step
        self._choices = [self._cheapest(range(len(sizes)), blocked)]  # of each wish left, before each step
        self._least = np.inf
        self.boxes: Sequence[Box | None] = ()

    def follow(self, order: Sequence[int]) -> None:
        """Let the wishes choose in `order`, as long as the sum can still become the cheapest."""
        same = 0
        while same < len(self._placed) and self._placed[same][0] == order[same]:
            same += 1
        del self._placed[same:], self._blocked[same + 1 :], self._choices[same + 1 :]
        for step in range(same, len(order)):
            so_far, choices = self._placed[-1][1] if self._placed else 0.0, self._choices[-1]
            # what is placed in between only makes the others dearer, at most as dear as no room at all
            if so_far + sum(min(choices[wish][0], NO_ROOM_COST) for wish in order[step:]) >= self._least:
                return
            self._place(order[step], so_far)
        if self._placed and self._placed[-1][1] < self._least:
            self._least = self._placed[-1][1]
            self.boxes = [box for _, _, box in sorted(self._placed, key=lambda placed: placed[0])]

    def _place(self, wish: int, so_far: float) -> None:
        cost, box = self._choices[-1][wish]
        self._placed.append((wish, so_far + (cost if box is not None else NO_ROOM_COST), box))
        left = [other for other in self._choices[-1] if other != wish]
        blocked = self._blocked[-1]
        if box is not None and left:
            blocked = blocked.copy()
            _block(blocked, box, self._cell_px, GAP_PX)
        self._blocked.append(blocked)
        self._choices.append(self._cheapest(left, blocked))

    def _cheapest(self, wishes: Iterable[int], blocked: Mask) -> dict[int, Choice]:
        """Of each wish the cheapest size at a free place; one whose best place is dearer in any case is not tried."""
        sums = _running_sum(blocked)
        found: dict[int, Choice] = {}
        for wish in wishes:
            best: Choice = (np.inf, None)
            for size in self._sizes[wish]:
                if size.floor < best[0] and size.least < best[0]:
                    best = min(best, _best(size, sums, self._cell_px), key=_cost_of)
            found[wish] = best
        return found


def _fits(wish: LensWish, shape: tuple[float, float], sea: Sea) -> bool:
    wide, high = wish.width * shape[0], wish.height * shape[1]
    return wide <= sea.width - 2 * MARGIN_PX and high <= sea.height - 2 * MARGIN_PX


def _cost_of(found: Choice) -> float:
    return found[0]


def _best(size: _Size, blocked: Mask, cell_px: float) -> Choice:
    cost = np.where(_window(blocked, size.rows, size.columns) == 0, size.cost, np.inf)
    row, column = divmod(int(cost.argmin()), cost.shape[1])
    if not np.isfinite(cost[row, column]):
        return np.inf, None
    return float(cost[row, column]), Box(column * cell_px, row * cell_px, size.width, size.height)


def _running_sum(mask: Mask) -> Mask:
    """Sums from the top left corner, with a row and a column of zeros before: any window costs four look-ups."""
    return np.pad(mask, ((1, 0), (1, 0))).cumsum(axis=0, dtype=mask.dtype).cumsum(axis=1, dtype=mask.dtype)


def _window(sums: Mask, rows: int, columns: int) -> Mask:
    return sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]


def _block(mask: Mask, box: Box, cell_px: float, gap_px: float = 0.0) -> None:
    top, left = (max(0, int((edge - gap_px) // cell_px)) for edge in (box.top, box.left))
    bottom = int(np.ceil((box.top + box.height + gap_px) / cell_px))
    right = int(np.ceil((box.left + box.width + gap_px) / cell_px))
    mask[top : max(0, bottom), left : max(0, right)] = 1
