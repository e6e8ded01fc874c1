"""Joins closed days and hot minutes into one series at the level that is asked for. Knows no SQL."""

from __future__ import annotations

import sqlite3

import numpy as np

from console.domain.durations import DAY_MINUTES, DAY_MS, MINUTE_MS
from console.domain.place import is_total
from console.domain.pyramid import KEPT_BUCKETS, Grid, Values, fold, grid
from console.domain.series import Series
from console.store.days import has_summary, signal_days, signal_summaries
from console.store.minutes import Minutes, signal_minutes


def series(connection: sqlite3.Connection, place: str, signal: str, start_ms: int, end_ms: int, buckets: int) -> Series:
    """One signal of a place at the finest level of at most `buckets` buckets; buckets align to UTC."""
    asked = grid(start_ms, end_ms, buckets)
    width = asked.step_ms // MINUTE_MS
    if not asked.count:
        empty = np.empty(0, dtype=np.float32)
        return Series(place, signal, asked.step_ms, asked.at_ms(), empty, empty, empty)
    hot = signal_minutes(connection, place, signal, asked.start_ms, asked.end_ms)
    if width in KEPT_BUCKETS and has_summary(place):
        mean, low, high = _from_summaries(connection, place, signal, asked, hot)
    else:
        mean, low, high = fold(_minutes(connection, place, signal, asked.start_ms, asked.end_ms, hot), width)
    return Series(place, signal, asked.step_ms, asked.at_ms(), mean, low, high)


def _minutes(
    connection: sqlite3.Connection,
    place: str,
    signal: str,
    start_ms: int,
    end_ms: int,
    hot: tuple[Minutes, Values],
) -> Values:
    """Every minute of [start_ms, end_ms), NaN where there is none; hot minutes lie over closed days.

    A hot minute of a total was computed after its day was written, as a whole: its "no value" counts too.
    """
    first, last = start_ms // DAY_MS, (end_ms - 1) // DAY_MS
    days, values = signal_days(connection, place, signal, first, last)
    if len(days) == last - first + 1:
        whole = values.reshape(-1)
    else:
        whole = np.full((last - first + 1, DAY_MINUTES), np.nan, dtype=np.float32)
        whole[np.array(days, dtype=np.int64) - first] = values
        whole = whole.reshape(-1)
    at_ms, measured = hot
    known = np.isfinite(measured) | is_total(place)
    whole[(at_ms[known] - first * DAY_MS) // MINUTE_MS] = measured[known]
    offset = (start_ms - first * DAY_MS) // MINUTE_MS
    return whole[offset : offset + (end_ms - start_ms) // MINUTE_MS]


def _from_summaries(
    connection: sqlite3.Connection, place: str, signal: str, asked: Grid, hot: tuple[Minutes, Values]
) -> Values:
    """Mean, low and high, shape (3, buckets): stored summaries, and the days that are still hot folded anew."""
    width = asked.step_ms // MINUTE_MS
    per_day = DAY_MINUTES // width
    first, last = asked.start_ms // DAY_MS, (asked.end_ms - 1) // DAY_MS
    days, summaries = signal_summaries(connection, place, signal, first, last)
    out = np.full((3, last - first + 1, per_day), np.nan, dtype=np.float32)
    out[:, np.array(days, dtype=np.int64) - first] = summaries[:, :, KEPT_BUCKETS[width]].transpose(1, 0, 2)
    for day in np.unique(hot[0] // DAY_MS):
        start_ms = int(day) * DAY_MS
        one = (hot[0] >= start_ms) & (hot[0] < start_ms + DAY_MS)
        # The grid may begin inside this day: its hot minutes before the grid do not matter to any bucket asked for.
        minutes = _minutes(connection, place, signal, start_ms, start_ms + DAY_MS, (hot[0][one], hot[1][one]))
        out[:, day - first] = fold(minutes, width)
    offset = (asked.start_ms - first * DAY_MS) // asked.step_ms
    return out.reshape(3, -1)[:, offset : offset + asked.count]
