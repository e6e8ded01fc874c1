"""Knows the baked outlines of countries and states, in degrees; cuts them for a meridian, finds a place's name.

Reads `resources/map` (its README states the format) and nothing else: no network, no Qt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from console.ui.assets import asset

SMALL_SCALE, WORLD, FINE, STATES = "countries-110m", "countries-50m", "countries-50m-fine", "states-us"

Line = NDArray[np.float64]  # (points, 2): longitude, latitude


@dataclass(frozen=True)
class Outlines:
    """One sheet: closed `rings`, each belonging to `names[owner]`, and `borders` between neighbours."""

    rings: tuple[Line, ...]
    owners: tuple[int, ...]
    borders: tuple[Line, ...]
    names: tuple[str, ...]

    @cached_property
    def ring_extents(self) -> NDArray[np.float64]:
        """West and east end of every ring, shape (rings, 2): a lens looks at a handful of thousands."""
        return _extents(self.rings)

    def name_at(self, longitude_deg: float, latitude_deg: float) -> str | None:
        """The country or state that holds a point; None at sea (islands below the sheet's scale are sea)."""
        west, east = self.ring_extents.T
        turns = longitude_deg + np.array([[-360.0], [0.0], [360.0]])
        near = np.flatnonzero(((west <= turns) & (turns <= east)).any(axis=0))
        inside: dict[int, bool] = {}
        for index in near.tolist():
            if _inside(self.rings[index], longitude_deg, latitude_deg):
                owner = self.owners[index]
                inside[owner] = not inside.get(owner, False)  # a hole turns it round
        return next((self.names[owner] for owner, held in inside.items() if held), None)


@lru_cache(maxsize=8)
def outlines(sheet: str) -> Outlines:
    """One sheet of `resources/map`, read once. FileNotFoundError where the program was installed without it."""
    with np.load(asset("map", f"{sheet}.npz")) as stored:
        per_degree = float(stored["per_degree"])
        return Outlines(
            rings=_lines(stored["ring_xy"], stored["ring_start"], per_degree),
            owners=tuple(stored["ring_owner"].tolist()),
            borders=_lines(stored["border_xy"], stored["border_start"], per_degree),
            names=tuple(stored["names"].tolist()),
        )


@lru_cache(maxsize=4096)
def state_at(longitude_deg: float, latitude_deg: float) -> str | None:
    """The state of the USA that holds a point, None anywhere else: one country is too large to name a place by."""
    return outlines(STATES).name_at(longitude_deg, latitude_deg)


def _lines(differences: NDArray[np.int16], starts: NDArray[np.int32], per_degree: float) -> tuple[Line, ...]:
    # the running sum wraps at 16 bits on purpose: the bake's differences did
    points = np.cumsum(differences, axis=0, dtype=np.int16).astype(np.float64) / per_degree
    return tuple(points[first:last] for first, last in pairwise(starts))


def _inside(ring: Line, longitude: float, latitude: float) -> bool:
    """Even-odd rule, with the ring's longitudes running on past 180 degrees."""
    x, y = ring[:, 0], ring[:, 1]
    if not y.min() <= latitude <= y.max():
        return False
    x1, y1, x2, y2 = x[:-1], y[:-1], x[1:], y[1:]
    crossing = (y1 > latitude) != (y2 > latitude)
    where = x1[crossing] + (latitude - y1[crossing]) / (y2[crossing] - y1[crossing]) * (x2 - x1)[crossing]
    return any(int((where > longitude + turn).sum()) % 2 for turn in (-360.0, 0.0, 360.0))


def cut_rings(
    rings: tuple[Line, ...],
    meridian_deg: float,
    reach_deg: float = 180.0,
    extents: NDArray[np.float64] | None = None,
) -> Iterator[Line]:
    """Rings as longitudes from `meridian_deg`, cut at `reach_deg` on either side; both halves of one cut are kept."""
    yield from _cut(rings, meridian_deg, reach_deg, _extents(rings) if extents is None else extents, closed=True)


def cut_borders(borders: tuple[Line, ...], meridian_deg: float, reach_deg: float = 180.0) -> Iterator[Line]:
    """Open lines as longitudes from `meridian_deg`; one that crosses the cut is left out piece by piece."""
    yield from _cut(borders, meridian_deg, reach_deg, _extents(borders), closed=False)


def _extents(lines: tuple[Line, ...]) -> NDArray[np.float64]:
    """Least and greatest longitude of each line, shape (lines, 2)."""
    if not lines:
        return np.zeros((0, 2))
    starts = np.cumsum([0, *(len(line) for line in lines[:-1])])
    longitudes = np.concatenate([line[:, 0] for line in lines])
    return np.column_stack([np.minimum.reduceat(longitudes, starts), np.maximum.reduceat(longitudes, starts)])


def _cut(
    lines: tuple[Line, ...], meridian_deg: float, reach_deg: float, extents: NDArray[np.float64], *, closed: bool
) -> Iterator[Line]:
    for turn in (-360.0, 0.0, 360.0):
        west, east = (extents + (turn - meridian_deg)).T
        for index in np.flatnonzero((west < reach_deg) & (east > -reach_deg)):
            line = lines[index]
            x = line[:, 0] + (turn - meridian_deg)
            moved = np.column_stack([x, line[:, 1]])
            if west[index] >= -reach_deg and east[index] <= reach_deg:
                yield moved
            elif closed:
                yield from _non_empty(clip_ring(clip_ring(moved, reach_deg, 1.0), -reach_deg, -1.0))
            else:
                yield from _runs(moved, np.abs(x) <= reach_deg)


def clip_ring(ring: Line, limit: float, side: float) -> Line:
    """Sutherland and Hodgman (1974) against one meridian: keeps `side * x <= side * limit`; closed in, closed out."""
    if not len(ring):
        return ring
    x, after = ring[:-1, 0] - limit, ring[1:, 0] - limit
    kept, kept_after = side * x <= 0, side * after <= 0
    crossing = kept != kept_after
    share = np.where(crossing, x / np.where(crossing, x - after, 1.0), 0.0)
    hit = ring[:-1] + share[:, None] * (ring[1:] - ring[:-1])
    hit[crossing, 0] = limit
    # per edge: its start where kept, then the crossing point
    both = np.stack([ring[:-1], hit], axis=1).reshape(-1, 2)
    points = both[np.stack([kept, crossing], axis=1).reshape(-1)]
    return np.concatenate([points, points[:1]]) if len(points) else points


def _non_empty(ring: Line) -> Iterator[Line]:
    if len(ring) >= 4:
        yield ring


def _runs(line: Line, kept: NDArray[np.bool_]) -> Iterator[Line]:
    edges = np.flatnonzero(np.diff(kept)) + 1
    for part, keep in zip(np.split(line, edges), np.split(kept, edges), strict=True):
        if keep[0] and len(part) > 1:
            yield part
