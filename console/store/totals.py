"""Computes region and fleet minutes from the sites' stored minutes: a pure function, so doing it twice is once."""

from __future__ import annotations

import sqlite3

import numpy as np
from numpy.typing import NDArray

from console.domain.durations import DAY_MINUTES, DAY_MS, MINUTE_MS
from console.domain.frame import minute_of
from console.domain.metric import SIGNALS
from console.domain.place import FLEET, region_key, site_key
from console.domain.pyramid import Values
from console.domain.rollup import HOLD_MS, Matrix, fresh_steps, hold, total
from console.domain.site import Fleet
from console.store.days import read_day, replace_minutes
from console.store.minutes import all_signals, forget, put_totals

HOT_SPAN = 60  # a longer stretch of a day is written as a day, a shorter one of a recent day as hot minutes
HOLD_STEPS = HOLD_MS // MINUTE_MS
Mask = NDArray[np.bool_]


def refresh(connection: sqlite3.Connection, fleet: Fleet, start_ms: int, end_ms: int, newest_ms: int) -> None:
    """Recompute [start_ms, end_ms), a UTC day at a time; nothing is written after the newest sample.

    A sample that comes late also changes the minutes after it, in which an older one was held: they follow.
    """
    start_ms, end_ms = minute_of(start_ms), min(end_ms + HOLD_MS, minute_of(newest_ms) + MINUTE_MS)
    while start_ms < end_ms:
        day_end_ms = min(end_ms, (start_ms // DAY_MS + 1) * DAY_MS)
        hot = day_end_ms - start_ms <= HOT_SPAN * MINUTE_MS and start_ms >= newest_ms - DAY_MS
        _refresh_within_day(connection, fleet, start_ms, day_end_ms, hot)
        start_ms = day_end_ms


def _refresh_within_day(connection: sqlite3.Connection, fleet: Fleet, start_ms: int, end_ms: int, hot: bool) -> None:
    stored = site_minutes(connection, fleet, start_ms - HOLD_MS, end_ms)
    present: Mask = np.asarray(np.isfinite(stored).any(axis=2))
    fresh = np.array([fresh_steps(site.poll_period_s) for site in fleet.sites], dtype=np.int64)
    values, told, held = hold(stored, present, HOLD_STEPS, fresh)
    values, told, held = values[:, HOLD_STEPS:], told[:, HOLD_STEPS:], held[:, HOLD_STEPS:]
    minutes = np.arange(start_ms, end_ms, MINUTE_MS, dtype=np.int64)
    deployed = np.array([site.deployed_hs for site in fleet.sites], dtype=np.float64)
    for place, members in _places(fleet):
        known = (told | held)[members].any(axis=0)
        rows = total(values[members], told[members], held[members], deployed[members]).astype(np.float32)
        if hot:
            put_totals(connection, place, minutes[known], rows[known])
        elif known.any():
            _write_day(connection, place, minutes[known], rows[known])


def _places(fleet: Fleet) -> list[tuple[str, list[int]]]:
    """The fleet and every region, with the positions of their sites."""
    out = [(FLEET, list(range(len(fleet.sites))))]
    for region in fleet.regions():
        out.append((region_key(region), [at for at, site in enumerate(fleet.sites) if site.region == region]))
    return out


def _write_day(connection: sqlite3.Connection, place: str, minutes: NDArray[np.int64], rows: Values) -> None:
    replace_minutes(connection, place, int(minutes[0]) // DAY_MS, minutes, rows)
    forget(connection, place, int(minutes[0]), int(minutes[-1]) + MINUTE_MS)


def site_minutes(connection: sqlite3.Connection, fleet: Fleet, start_ms: int, end_ms: int) -> Matrix:
    """Every site's minutes in [start_ms, end_ms): shape (sites, minutes, SIGNALS), NaN = no value."""
    start_ms = minute_of(start_ms)
    steps = -((start_ms - end_ms) // MINUTE_MS)
    out = np.full((len(fleet.sites), steps, len(SIGNALS)), np.nan)
    for position, site in enumerate(fleet.sites):
        place = site_key(site.id)
        _lay_days(connection, place, start_ms, out[position])
        at_ms, rows = all_signals(connection, place, start_ms, end_ms)
        where = (at_ms - start_ms) // MINUTE_MS
        out[position, where] = np.where(np.isfinite(rows), rows, out[position, where])
    return out


def _lay_days(connection: sqlite3.Connection, place: str, start_ms: int, out: Matrix) -> None:
    """Lay the stored days of a place into `out` (minutes, SIGNALS) that begins at `start_ms`."""
    first = start_ms // MINUTE_MS
    last = first + len(out)
    for day in range(first // DAY_MINUTES, (last - 1) // DAY_MINUTES + 1):
        begin, end = max(first, day * DAY_MINUTES), min(last, (day + 1) * DAY_MINUTES)
        part = read_day(connection, place, day)[:, begin - day * DAY_MINUTES : end - day * DAY_MINUTES]
        out[begin - first : end - first] = part.T
