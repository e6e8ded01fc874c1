"""Turns samples into one lowest and one highest value a pixel column, so that no spike is ever lost (R18).

Pure arithmetic: knows no Qt, no unit and no time zone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def columns(x: Floats, low: Floats, high: Floats, left: float, right: float, count: int) -> tuple[Floats, Floats]:
    """The extremes in each of `count` equal columns of [left, right): two arrays of shape (count,), NaN = nothing.

    `x` (n,) ascending, `low` and `high` (n,) with NaN as gaps. The curve between two samples counts as well: each
    column also holds the curve's values at its own edges, so that neighbours always touch and samples wider than a
    pixel come out as straight lines. Next to a NaN there is no curve, so a gap stays a gap.
    """
    first = max(0, int(np.searchsorted(x, left)) - 1)
    last = int(np.searchsorted(x, right)) + 1
    x, low, high = x[first:last], low[first:last], high[first:last]
    if not x.size or not right > left or count < 1:
        empty = np.full(max(0, count), np.nan)
        return empty, empty.copy()
    edges = np.linspace(left, right, count + 1)
    bottom = _between_edges(np.interp(edges, x, low, left=np.nan, right=np.nan), np.fmin)
    top = _between_edges(np.interp(edges, x, high, left=np.nan, right=np.nan), np.fmax)
    inside = np.flatnonzero(np.isfinite(low) & (x >= left) & (x < right))
    if inside.size:
        where = np.minimum(((x[inside] - left) / (right - left) * count).astype(np.int64), count - 1)
        starts = np.flatnonzero(np.diff(where, prepend=-1))
        hit = where[starts]
        bottom[hit] = np.fmin(bottom[hit], np.minimum.reduceat(low[inside], starts))
        top[hit] = np.fmax(top[hit], np.maximum.reduceat(high[inside], starts))
    return bottom, top


def _between_edges(at_edges: Floats, pick: np.ufunc) -> Floats:
    """One value a column from the values at its two edges; a missing edge leaves the other."""
    chosen: Floats = pick(at_edges[:-1], at_edges[1:])
    return chosen


def marked_columns(x: Floats, marked: NDArray[np.bool_], left: float, right: float, count: int) -> NDArray[np.bool_]:
    """Which columns belong to marked samples (n,): each sample reaches to the one before it; shape (count,)."""
    if not x.size or not marked.any():
        return np.zeros(count, dtype=np.bool_)
    centres = left + (np.arange(count) + 0.5) * (right - left) / count
    behind = np.minimum(np.searchsorted(x, centres), x.size - 1)
    found: NDArray[np.bool_] = marked[behind]
    return found
