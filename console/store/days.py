"""Days of minutes, one blob a place, signal and UTC day, with the day's summary beside it.

A day here is a matrix of shape (SIGNALS, 1440), NaN = no value. Containers have no summaries: they are thirty times
as many as all other places, and a year of one still folds from its minutes in a few milliseconds.
"""

from __future__ import annotations

import logging
import sqlite3

import numpy as np
from numpy.typing import NDArray

from console.domain.durations import DAY_MINUTES, MINUTE_MS
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.place import container_of
from console.domain.pyramid import SUMMARY_BUCKETS, Values, summary
from console.store.codec import DAY_BYTES, encode_day, from_days, room_for_days, unpack, unpack_rows
from console.store.trouble import StoreCorrupt

_SIGNAL_DAYS = "SELECT day, body FROM day WHERE place = ? AND signal = ? AND day BETWEEN ? AND ? ORDER BY day"
_ONE_DAY = (  # by every name, else SQLite would walk through all days of the place
    f"SELECT signal, body FROM day WHERE place = ? AND day = ? AND signal IN ({', '.join('?' * len(SIGNALS))})"  # noqa: S608  # marks
)
_NAMES = tuple(signal.name for signal in SIGNALS)
_PUT_DAY = (
    "INSERT INTO day (place, signal, day, body) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (place, signal, day) DO UPDATE SET body = excluded.body"
)
_PUT_SUMMARY = "INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?)"
_log = logging.getLogger(__name__)


def has_summary(place: str) -> bool:
    """Whether a place's days keep their coarse levels too."""
    return container_of(place) is None


def read_day(connection: sqlite3.Connection, place: str, day: int) -> Values:
    """All signals of a place's day; all NaN where nothing is stored."""
    out = np.full((len(SIGNALS), DAY_MINUTES), np.nan, dtype=np.float32)
    rows = connection.execute(_ONE_DAY, (place, day, *_NAMES))
    read = [(SIGNAL_INDEX[signal], _minutes(body, place, signal, day)) for signal, body in rows]
    known = [(row, minutes) for row, minutes in read if minutes is not None]
    if known:
        out[[row for row, _ in known]] = from_days([minutes for _, minutes in known]).reshape(-1, DAY_MINUTES)
    return out


def _minutes(body: bytes, place: str, signal: str, day: int) -> bytes | None:
    """An unpacked day; a damaged one is a gap and a line in the log, never a wrong number."""
    try:
        minutes = unpack(body)
    except StoreCorrupt as damage:
        _log.warning("%s %s day %d is lost: %s", place, signal, day, damage)
        return None
    return minutes if len(minutes) == DAY_BYTES else None


def write_day(connection: sqlite3.Connection, place: str, day: int, before: Values, after: Values) -> None:
    """Write the signals that differ between two states of a day."""
    for position, signal in enumerate(SIGNALS):
        if not np.array_equal(before[position], after[position], equal_nan=True):
            _write_signal(connection, place, signal.name, day, after[position])


def _write_signal(connection: sqlite3.Connection, place: str, signal: str, day: int, minutes: Values) -> None:
    connection.execute(_PUT_DAY, (place, signal, day, encode_day(minutes)))
    if has_summary(place):
        connection.execute(_PUT_SUMMARY, (place, signal, day, summary(minutes).astype("<f4").tobytes()))


def fill_signal(connection: sqlite3.Connection, place: str, signal: str, day: int, values: Values) -> None:
    """Put one signal's minutes (1440,) where the day has none yet."""
    days, before = signal_days(connection, place, signal, day, day)
    after = np.where(np.isfinite(before[0]), before[0], values) if days else values
    if not days or not np.array_equal(before[0], after, equal_nan=True):
        _write_signal(connection, place, signal, day, after)


def fill_day(connection: sqlite3.Connection, place: str, day: int, values: Values) -> tuple[Values, Values]:
    """Put values where the day has none yet; returns the day before and after."""
    before = read_day(connection, place, day)
    after = np.where(np.isfinite(before), before, values)
    write_day(connection, place, day, before, after)
    return before, after


def replace_minutes(
    connection: sqlite3.Connection, place: str, day: int, minutes: NDArray[np.int64], rows: Values
) -> None:
    """Put whole minutes, rows (n, SIGNALS), in place of what the day has there: "no value" too replaces a value."""
    before = read_day(connection, place, day)
    after = before.copy()
    after[:, minutes // MINUTE_MS - day * DAY_MINUTES] = rows.T
    write_day(connection, place, day, before, after)


def overlay_day(connection: sqlite3.Connection, place: str, day: int, values: Values) -> None:
    """Put every known value over what the day has: what was measured live wins over told history."""
    before = read_day(connection, place, day)
    write_day(connection, place, day, before, np.where(np.isfinite(values), values, before))


def signal_days(
    connection: sqlite3.Connection, place: str, signal: str, first: int, last: int
) -> tuple[list[int], Values]:
    """The stored days in first..last and their minutes, shape (days, 1440)."""
    key = (place, signal, first, last)
    try:
        return _read_days(connection.execute(_SIGNAL_DAYS, key), last - first + 1)
    except StoreCorrupt:  # once more with care: one damaged day must not take the others along
        read = [(day, _minutes(body, place, signal, day)) for day, body in connection.execute(_SIGNAL_DAYS, key)]
        good = [(day, minutes) for day, minutes in read if minutes is not None]
        return [day for day, _ in good], from_days([minutes for _, minutes in good]).reshape(-1, DAY_MINUTES)


def _read_days(rows: sqlite3.Cursor, most: int) -> tuple[list[int], Values]:
    """At most `most` days, a month at a time: what is unpacked is laid out while the processor still has it at hand."""
    room, days = room_for_days(most), list[int]()
    while month := unpack_rows(rows.fetchmany(32)):
        from_days([minutes for _, minutes in month], room[len(days) : len(days) + len(month)])
        days += [day for day, _ in month]
    return days, np.asarray(room[: len(days)].reshape(-1).view("<f4"), dtype=np.float32).reshape(-1, DAY_MINUTES)


def signal_summaries(
    connection: sqlite3.Connection, place: str, signal: str, first: int, last: int
) -> tuple[list[int], Values]:
    """The stored days in first..last and their summaries, shape (days, 3, 37)."""
    rows = connection.execute(
        "SELECT day, body FROM summary WHERE place = ? AND signal = ? AND day BETWEEN ? AND ?",
        (place, signal, first, last),
    ).fetchall()
    body = np.frombuffer(b"".join([body for _, body in rows]), "<f4").astype(np.float32, copy=False)
    return [day for day, _ in rows], body.reshape(-1, 3, SUMMARY_BUCKETS)
