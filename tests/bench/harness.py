"""What a benchmark needs: one shape of result, and timing that is fair to both sides."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


class NotRun(Exception):
    """This machine or tree lacks what the benchmark needs; the text says what."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure and its baseline in `unit`; OK when figure / baseline <= target (or figure itself, if absolute).

    `part` names the side of a target that has several: `P7` and `P7.rows`. `note` is printed, not judged.
    """

    figure: float
    baseline: float
    unit: str
    target: float
    absolute: bool = False
    part: str = ""
    note: str = ""

    @property
    def ratio(self) -> float:
        """What the target limits."""
        return self.figure if self.absolute else self.figure / self.baseline

    @property
    def ok(self) -> bool:
        """Whether the target is met."""
        return self.ratio <= self.target


def took_ms(work: Callable[[], object]) -> float:
    """How long one run of `work` takes, in milliseconds, with the collector of garbage at rest."""
    gc.collect()
    gc.disable()
    try:
        start_ns = time.perf_counter_ns()
        work()
        return (time.perf_counter_ns() - start_ns) / 1e6
    finally:
        gc.enable()


def side_by_side(figure: Callable[[], object], *baselines: Callable[[], object], rounds: int = 15) -> tuple[float, ...]:
    """Median milliseconds of the figure and of each baseline, run in turn so that a busy moment hits them alike.

    One round in front of the counted ones warms caches up for all sides.
    """
    works = (figure, *baselines)
    for work in works:
        work()
    taken = [[took_ms(work) for work in works] for _ in range(rounds)]
    return tuple(statistics.median(column) for column in zip(*taken, strict=True))


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
