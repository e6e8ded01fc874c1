"""What a plot can be told to show besides its axes: curves, levels, bands, planned spans. Frozen data, no drawing."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.durations import MINUTE_MS
from console.domain.series import Series


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One curve in the plot's own unit; arrays of shape (n,), oldest first, NaN = gap.

    `at_ms` are the centres of the samples. `held` marks samples that rest on stale parts (dotted). A curve that is
    not `live` ends in a hollow dot. `value` is the newest value as the gutter writes it. `tone` names a token of the
    theme; a `dashed` curve is one that others are held against.
    """

    name: str
    at_ms: NDArray[np.int64]
    mean: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    step_ms: int = MINUTE_MS
    held: NDArray[np.bool_] | None = None
    live: bool = True
    value: str = ""
    tone: str = "plain"
    dashed: bool = False

    @classmethod
    def of(
        cls,
        series: Series,
        factor: float,
        *,
        name: str = "",
        value: str = "",
        live: bool = True,
        held: NDArray[np.bool_] | None = None,
        tone: str = "plain",
        dashed: bool = False,
    ) -> Curve:
        """A stored series times `factor` (canonical unit -> the plot's); a bucket stands in its own middle."""
        scale = np.float32(factor)
        middle = series.at_ms + (series.step_ms - MINUTE_MS) // 2
        mean, low, high = series.mean * scale, series.low * scale, series.high * scale
        return cls(name, middle, mean, low, high, series.step_ms, held, live, value, tone, dashed)

    def seconds_from(self, origin_ms: int) -> NDArray[np.float64]:
        """The plot's x: seconds since its origin, because epoch seconds collapse to one x in SVG."""
        return (self.at_ms - origin_ms) / 1000

    def extremes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Low and high for drawing."""
        return self.low.astype(np.float64), self.high.astype(np.float64)

    def begin_ms(self) -> int | None:
        """Time of the oldest known sample, or None."""
        known = np.isfinite(self.mean)
        return int(self.at_ms[known.argmax()]) if known.any() else None

    def end(self) -> tuple[int, float] | None:
        """Time and mean of the newest known sample, or None."""
        return self._last_known(0, self.at_ms.size)

    def end_in(self, start_ms: int, end_ms: int) -> tuple[int, float] | None:
        """Time and mean of the newest known sample in [start_ms, end_ms], or None."""
        return self._last_known(*self.at_ms.searchsorted([start_ms, end_ms + 1]))

    def _last_known(self, first: int, last: int) -> tuple[int, float] | None:
        known = np.isfinite(self.mean[first:last])
        if not known.any():
            return None
        index = int(last) - 1 - int(known[::-1].argmax())
        return int(self.at_ms[index]), float(self.mean[index])

    def at(self, moment_ms: int) -> float:
        """The mean of the sample whose bucket holds `moment_ms`; NaN where there is none."""
        if not self.at_ms.size:
            return float("nan")
        index = int(np.searchsorted(self.at_ms, moment_ms - self.step_ms // 2))
        if index >= self.at_ms.size or abs(int(self.at_ms[index]) - moment_ms) > self.step_ms:
            return float("nan")
        return float(self.mean[index])


def origin_of(curves: Sequence[Curve], otherwise_ms: int) -> int:
    """The origin of a plot's x: its oldest sample."""
    starts = [int(curve.at_ms[0]) for curve in curves if curve.at_ms.size]
    return min(starts, default=otherwise_ms)


class Level(enum.Enum):
    """What kind of horizontal line."""

    TARGET = "target"
    LIMIT = "limit"
    CONTRACT = "contract"  # deployed hashrate, contracted power


@dataclass(frozen=True, slots=True)
class Guide:
    """A named horizontal line at `value` in the plot's unit."""

    level: Level
    value: float
    name: str


@dataclass(frozen=True, slots=True)
class Band:
    """The normal band in the plot's unit."""

    low: float
    high: float
    name: str = "normal band"


@dataclass(frozen=True, slots=True)
class Planned:
    """A stretch of time in which something was agreed: hatched, with a title and a line of detail."""

    start_ms: int
    end_ms: int
    title: str
    detail: str = ""


def level_text(step_ms: int) -> str:
    """The roll-up level as a plot names it (R16): `1 min mean`, `15 min min/max`, `6 h min/max`."""
    minutes = max(1, round(step_ms / MINUTE_MS))
    if minutes == 1:
        return "1 min mean"
    if minutes < 60:
        return f"{minutes} min min/max"
    hours, rest = divmod(minutes, 60)
    if hours < 24 or hours % 24:
        return f"{hours} h min/max" if not rest else f"{hours} h {rest:02d} min/max"
    return f"{hours // 24} d min/max"
