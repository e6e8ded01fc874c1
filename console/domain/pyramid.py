"""Knows how minutes fold into wider buckets with mean, low and high, so that no spike is lost (R16, R18).

Pure arithmetic on numpy arrays; knows nothing of places, files or screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from console.domain.durations import DAY_MINUTES, MINUTE_MS

LADDER_MINUTES = (1, 5, 15, 30, 60, 180, 360, 1440)  # each divides the next, and all divide a day
KEPT_MINUTES = (60, 180, 360, 1440)  # the levels that are stored; finer ones fold in no time when asked for
KEPT_BUCKETS = {
    step: slice(start, start + DAY_MINUTES // step) for step, start in zip(KEPT_MINUTES, (0, 24, 32, 36), strict=True)
}  # where a level's buckets stand in a day's summary of 37
SUMMARY_BUCKETS = 37

Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Grid:
    """Buckets of one width, aligned to UTC: `count` of them from `start_ms` on."""

    step_ms: int
    start_ms: int
    count: int

    @property
    def end_ms(self) -> int:
        """Where the last bucket ends."""
        return self.start_ms + self.count * self.step_ms

    def at_ms(self) -> NDArray[np.int64]:
        """The start of every bucket, read-only: the curves of a plot share one array."""
        return _starts(self)


@lru_cache(maxsize=4)
def _starts(of: Grid) -> NDArray[np.int64]:
    starts = np.arange(of.start_ms, of.end_ms, of.step_ms, dtype=np.int64)
    starts.setflags(write=False)
    return starts


def grid(start_ms: int, end_ms: int, buckets: int) -> Grid:
    """The finest grid over [start_ms, end_ms) with at most `buckets` buckets, or the coarsest there is."""
    for minutes in LADDER_MINUTES:
        step_ms = minutes * MINUTE_MS
        first = start_ms - start_ms % step_ms
        count = max(0, -((first - end_ms) // step_ms))
        if count <= buckets:
            break
    return Grid(step_ms, first, count)


def fold(minutes: Values, width: int) -> tuple[Values, Values, Values]:
    """Mean, low and high of every `width` values; NaN where none is known. The length is a multiple of `width`."""
    if width == 1:
        return minutes, minutes, minutes
    rows = minutes.reshape(-1, width)
    low, high = np.fmin.reduce(rows, axis=1), np.fmax.reduce(rows, axis=1)
    known = np.isfinite(rows)
    if known.all():
        return rows.mean(axis=1, dtype=np.float64).astype(np.float32), low, high
    counts = known.sum(axis=1)
    sums = np.where(known, rows, np.float32(0)).sum(axis=1, dtype=np.float64)
    mean = np.divide(sums, counts, out=np.full(len(rows), np.nan), where=counts > 0)
    return mean.astype(np.float32), low, high


def summary(day: Values) -> Values:
    """The stored levels of a day of minutes (1440,): shape (3, 37) of mean, low, high; see `KEPT_BUCKETS`."""
    out = np.empty((3, SUMMARY_BUCKETS), dtype=np.float32)
    for step, where in KEPT_BUCKETS.items():
        out[:, where] = fold(day, step)
    return out
