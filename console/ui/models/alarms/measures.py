"""Reads the alarm history of the last day, week or month and measures it, off the GUI thread; decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm_change import HistorySearch
from console.domain.alarm_measures import TEN_MS, Judged, Measures, judged, measure
from console.domain.durations import DAY_MS, HOUR_MS
from console.store.alarms_face import AlarmReader

SPANS = (("24 h", DAY_MS), ("7 d", 7 * DAY_MS), ("30 d", 30 * DAY_MS))
MOST_LINES = 200_000
LATELY = 18  # ten minutes each
BEFORE_MS = 2 * DAY_MS  # what stood already when the span began


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """Measures of one span beside their targets; `bars` counts announced alarms an hour (or a day), oldest first."""

    measures: Measures
    judged: tuple[Judged, ...]
    bars: NDArray[np.int64]
    bar_ms: int
    tens: NDArray[np.int64]  # announced in each ten minutes of the last three hours


def read_performance(reader: AlarmReader, span_ms: int, now_ms: int) -> Performance:
    """Measure the span that ends now; on a worker thread."""
    start_ms = now_ms - span_ms
    lines = reader.alarm_history(HistorySearch(start_ms=start_ms - BEFORE_MS, end_ms=now_ms, most=MOST_LINES))
    found = measure(lines, start_ms, now_ms)
    bar_ms = HOUR_MS if span_ms <= DAY_MS else DAY_MS
    asked = [line.at_ms for line in lines if line.announces and line.at_ms >= start_ms]
    places = (np.array(asked, dtype=np.int64) - start_ms) // bar_ms
    bars = np.bincount(places, minlength=-(-span_ms // bar_ms))
    late_ms = np.array(asked, dtype=np.int64) - (now_ms - LATELY * TEN_MS)
    tens = np.bincount(late_ms[late_ms >= 0] // TEN_MS, minlength=LATELY)
    return Performance(found, judged(found), bars, bar_ms, tens)
