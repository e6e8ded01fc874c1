"""Finds what is missing of the past and cuts it into tasks, newest day first. Pure arithmetic over spans of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from console.domain.durations import DAY_MS, MINUTE_MS
from console.domain.series import Series

LEAST_GAP_MS = 3 * MINUTE_MS  # a shorter one is a late poll, not a gap
Span = tuple[int, int]  # [start_ms, end_ms)


@dataclass(frozen=True, slots=True)
class Task:
    """One stretch of one UTC day of one site that shall be asked for."""

    site_id: str
    start_ms: int
    end_ms: int

    @property
    def day(self) -> int:
        """Days since the epoch."""
        return self.start_ms // DAY_MS


def missing(series: Series, least_ms: int = LEAST_GAP_MS) -> list[Span]:
    """The spans without a value, each at least `least_ms` long, oldest first."""
    empty = np.concatenate(([False], ~np.isfinite(series.mean), [False]))
    edges = np.flatnonzero(empty[1:] != empty[:-1])
    spans = []
    for first, last in zip(edges[0::2], edges[1::2], strict=True):
        start_ms, end_ms = int(series.at_ms[first]), int(series.at_ms[last - 1]) + series.step_ms
        if end_ms - start_ms >= least_ms:
            spans.append((start_ms, end_ms))
    return spans


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same moments as few spans as can be, oldest first."""
    out: list[Span] = []
    for start_ms, end_ms in sorted(span for span in spans if span[0] < span[1]):
        if out and start_ms <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end_ms))
        else:
            out.append((start_ms, end_ms))
    return out


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The moments of `spans` that are in none of `taken`, oldest first."""
    out: list[Span] = []
    holes = merged(taken)
    for start_ms, end_ms in merged(spans):
        for hole_start_ms, hole_end_ms in holes:
            if hole_end_ms <= start_ms or hole_start_ms >= end_ms:
                continue
            if hole_start_ms > start_ms:
                out.append((start_ms, hole_start_ms))
            start_ms = max(start_ms, hole_end_ms)
        if start_ms < end_ms:
            out.append((start_ms, end_ms))
    return out


def by_day(span: Span) -> list[Span]:
    """A span cut at the midnights of UTC."""
    start_ms, end_ms = span
    cuts = [start_ms, *range((start_ms // DAY_MS + 1) * DAY_MS, end_ms, DAY_MS), end_ms]
    return list(pairwise(cuts))


def plan(missing_of: Mapping[str, Sequence[Span]], asked_of: Mapping[str, Sequence[Span]]) -> list[Task]:
    """The tasks for what is missing and was not asked for before; newest day first, sites in the order given.

    The pieces of one day of one site become one task from the first to the last: one request instead of many.
    """
    tasks: list[Task] = []
    for site_id, spans in missing_of.items():
        days: dict[int, Span] = {}
        for whole in without(spans, asked_of.get(site_id, ())):
            if whole[1] - whole[0] < LEAST_GAP_MS:
                continue
            for start_ms, end_ms in by_day(whole):
                known = days.get(start_ms // DAY_MS, (start_ms, end_ms))
                days[start_ms // DAY_MS] = (min(known[0], start_ms), max(known[1], end_ms))
        tasks += [Task(site_id, *span) for span in days.values()]
    return sorted(tasks, key=lambda task: -task.day)
