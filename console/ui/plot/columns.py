"""Turns samples into one lowest and one highest value a pixel column, so that no spike is ever lost (R18).

Pure arithmetic: knows no Qt, no unit and no time zone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def columns(x: Floats, low: Floats, high: Floats, left: float, right: float, count: int) -> tuple[Floats, Floats]:
    """The extremes in each of `count` equal columns of [left, right): two arrays of shape (count,), NaN = nothing.

    `x` (n,) ascending, `low` and `high` (n,) with NaN as gaps; where they are the same object, half the work is
    saved. The curve between two samples counts as well: each column also holds the curve's values at its own edges,
    so that neighbours always touch and samples wider than a pixel come out as straight lines. Next to a NaN there is
    no curve, so a gap stays a gap.
    """
    first = max(0, int(x.searchsorted(left)) - 1)
    last = int(x.searchsorted(right)) + 1
    if last <= first or not x.size or not right > left or count < 1:
        empty = np.full(max(0, count), np.nan)
        return empty, empty.copy()
    place = (x[first:last] - left) * (count / (right - left))  # 0 at the left edge, `count` at the right one
    below = low[first:last]
    above = below if high is low else high[first:last]
    edges = np.arange(count + 1.0)
    at_edges = np.interp(edges, place, below, left=np.nan, right=np.nan)
    bottom = np.fmin(at_edges[:-1], at_edges[1:])
    if above is not below:
        at_edges = np.interp(edges, place, above, left=np.nan, right=np.nan)
    top = np.fmax(at_edges[:-1], at_edges[1:])
    _include_samples(bottom, top, place, below, above)
    return bottom, top


def _include_samples(bottom: Floats, top: Floats, place: Floats, below: Floats, above: Floats) -> None:
    """Widens each column to the samples inside it; fmin and fmax pass over NaN by themselves."""
    first, last = place.searchsorted((0.0, float(bottom.size)))
    if first == last:
        return
    where = place[first:last].astype(np.int64)
    new = np.empty(where.size, dtype=np.bool_)
    new[0] = True
    np.not_equal(where[1:], where[:-1], out=new[1:])
    starts = new.nonzero()[0]
    lowest, highest = np.fmin.reduceat(below[first:last], starts), np.fmax.reduceat(above[first:last], starts)
    if starts.size == bottom.size:  # a sample in every column, as when a day is on screen: nothing to look up
        np.fmin(bottom, lowest, out=bottom)
        np.fmax(top, highest, out=top)
        return
    hit = where[starts]
    bottom[hit] = np.fmin(bottom[hit], lowest)
    top[hit] = np.fmax(top[hit], highest)


def marked_columns(x: Floats, marked: NDArray[np.bool_], left: float, right: float, count: int) -> NDArray[np.bool_]:
    """Which columns belong to marked samples (n,): each sample reaches to the one before it; shape (count,)."""
    if not x.size or not marked.any():
        return np.zeros(count, dtype=np.bool_)
    centres = left + (np.arange(count) + 0.5) * (right - left) / count
    behind = np.minimum(np.searchsorted(x, centres), x.size - 1)
    found: NDArray[np.bool_] = marked[behind]
    return found
