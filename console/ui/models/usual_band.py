"""What is usual for a place: the middle nine tenths of its own last day. Knows values, no place and no pixel.

Nobody configures a normal for every site, so it is called usual, not normal (R5).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from console.domain.series import Series
from console.ui.numbers import decimal

USUAL = (0.05, 0.95)
LEAST_USUAL = 60  # samples: before an hour of them nothing is usual
Minutes = NDArray[np.float32]


def minutes_of(day: Mapping[str, Series], signal: str) -> Minutes | None:
    """A day's minutes of a signal, NaN = gap; None where none is known. `day` is by signal, as far as read."""
    series = day.get(signal)
    return None if series is None or not np.isfinite(series.mean).any() else series.mean


def usual_band(values: Minutes) -> tuple[float, float] | None:
    """The 5th and 95th percentile of the known values, or None before there are enough.

    Hyndman and Fan's seventh, as `np.quantile` gives it, whose first call costs the first screen an import of 14 ms.
    """
    known = np.sort(values[np.isfinite(values)])
    if known.size < LEAST_USUAL:
        return None
    low, high = np.interp(np.multiply(USUAL, known.size - 1), np.arange(known.size), known)
    return float(low), float(high)


def usual_text(values: Minutes | None, factor: float, decimals: int) -> str:
    """`usual 21.8 – 23.1`; each edge times `factor`. Empty where nothing is usual."""
    band = None if values is None else usual_band(values)
    if band is None:
        return ""
    low, high = (decimal(edge * factor, decimals) for edge in band)
    return f"usual {low} – {high}"
