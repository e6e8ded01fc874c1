"""Knows a stretch of one signal over time, at one roll-up level, with minimum and maximum kept (R16, R18)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Series:
    """One signal of one place between two moments; every array has shape (n,), oldest first.

    `at_ms` are bucket starts. A bucket without a sample is NaN in all three and is drawn as a gap. `step_ms` is
    the bucket's width: 60 000 at the finest level; `low` and `high` are the bucket's extremes.
    """

    place: str
    signal: str
    step_ms: int
    at_ms: NDArray[np.int64]
    mean: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]

    def newest(self) -> tuple[int, float] | None:
        """The time and mean of the last bucket that has a value, or None."""
        known = np.flatnonzero(np.isfinite(self.mean))
        if not known.size:
            return None
        last = int(known[-1])
        return int(self.at_ms[last]), float(self.mean[last])
