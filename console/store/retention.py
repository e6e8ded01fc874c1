"""Closes days and forgets in steps: machines by the minute, then every fifth, then no more; sites for ever.

Everything happens in small transactions, so that a poll never waits behind a clean-up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from console.domain.durations import DAY_MINUTES, DAY_MS, HOUR_MS, MINUTE_MS
from console.domain.metric import METRIC_BY_NAME, SIGNALS
from console.domain.place import is_total
from console.domain.pyramid import Values
from console.store.database import Writer
from console.store.days import overlay_day, replace_minutes
from console.store.minutes import Minutes, all_signals, container_matrices, forget
from console.store.operations import EVENTS_KEPT_MS, raise_state

CLOSE_AFTER_MS = 2 * HOUR_MS  # a day is closed this long after its end: late samples still find it open
BATCH = 500
BREATH_S = 0.002  # between two transactions, so that a live frame that waits for its turn gets it


@dataclass(frozen=True, slots=True)
class Keep:
    """How long what is kept, in milliseconds (2-performance.md)."""

    miner_minutes_ms: int = 48 * HOUR_MS
    miner_fifths_ms: int = 14 * DAY_MS
    container_days_ms: int = 400 * DAY_MS
    events_ms: int = EVENTS_KEPT_MS
    command_details_ms: int = 400 * DAY_MS  # previews and batches; records and the audit chain stay for ever


@dataclass(frozen=True, slots=True)
class Tidied:
    """What a clean-up did."""

    frames: int = 0
    rosters: int = 0
    container_days: int = 0
    events: int = 0
    command_details: int = 0


def nobody(done: int, total: int) -> None:
    """Who is told of progress where nobody asked for it."""


def compact(writer: Writer, now_ms: int, most: int | None = None, tell: Callable[[int, int], None] = nobody) -> int:
    """Move every finished day's hot minutes into day blobs; returns how many place-days were closed.

    `tell(done, total)` is called before each and after the last.

    One transaction a place and day: killed in between, it goes on where it was.
    """
    closed_ms = (now_ms - CLOSE_AFTER_MS) // DAY_MS * DAY_MS
    with writer.transaction() as connection:
        raise_state(connection, "closed_ms", closed_ms)
        found = connection.execute(
            f"SELECT DISTINCT place, minute_ms / {DAY_MS} FROM minute WHERE minute_ms < ?",  # noqa: S608  # a number
            (closed_ms,),
        ).fetchall()
    due = found[:most]
    for done, (place, day) in enumerate(due):
        tell(done, len(due))
        _close(writer, place, day)
        time.sleep(BREATH_S)
    if due:
        tell(len(due), len(due))
    return len(due)


def _close(writer: Writer, place: str, day: int) -> None:
    start_ms, end_ms = day * DAY_MS, (day + 1) * DAY_MS
    with writer.transaction() as connection:
        at_ms, rows = all_signals(connection, place, start_ms, end_ms)
        if is_total(place):
            replace_minutes(connection, place, day, at_ms, rows)
        else:
            overlay_day(connection, place, day, _as_day(at_ms, rows, day))
        if place.startswith("site:"):
            inside = container_matrices(connection, place.removeprefix("site:"), start_ms, end_ms)
            for key, (minutes, values) in inside.items():
                overlay_day(connection, key, day, _as_day(minutes, values, day))
        forget(connection, place, start_ms, end_ms)


def _as_day(at_ms: Minutes, rows: Values, day: int) -> Values:
    out = np.full((len(SIGNALS), DAY_MINUTES), np.nan, dtype=np.float32)
    out[:, at_ms // MINUTE_MS - day * DAY_MINUTES] = rows.T
    return out


def retain(writer: Writer, now_ms: int, keep: Keep) -> Tidied:
    """Delete what is older than `keep` says; returns how much went."""
    frames = 0
    with writer.transaction() as connection:
        sites = [site for (site,) in connection.execute("SELECT site FROM latest")]
    for site, metric in product(sites, METRIC_BY_NAME):
        frames += _in_batches(writer, _OLD_FRAMES, (site, metric, now_ms - keep.miner_fifths_ms))
        frames += _in_batches(writer, _THIN_FRAMES, (site, metric, now_ms - keep.miner_minutes_ms))
    rosters = _in_batches(writer, _OLD_ROSTERS, (now_ms - keep.miner_fifths_ms,))
    first_day = (now_ms - keep.container_days_ms) // DAY_MS
    days = _in_batches(writer, _OLD_DAYS, (first_day,))
    with writer.transaction() as connection:
        events = connection.execute("DELETE FROM event WHERE at_ms < ?", (now_ms - keep.events_ms,)).rowcount
    details = sum(_in_batches(writer, sql, (now_ms - keep.command_details_ms,)) for sql in _OLD_DETAILS)
    return Tidied(frames, rosters, days, events, details)


_OLD_FRAMES = (
    "DELETE FROM frame WHERE id IN (SELECT id FROM frame WHERE site = ? AND metric = ? AND minute_ms < ? LIMIT ?)"
)
_THIN_FRAMES = (  # the first frame of every five minutes stays, whichever of its minutes that is
    "DELETE FROM frame WHERE id IN (SELECT f.id FROM frame f WHERE f.site = ? AND f.metric = ?"
    " AND f.minute_ms < ? AND EXISTS (SELECT 1 FROM frame g WHERE g.site = f.site AND g.metric = f.metric"
    " AND g.minute_ms >= f.minute_ms - f.minute_ms % 300000 AND g.minute_ms < f.minute_ms) LIMIT ?)"
)
_OLD_ROSTERS = (  # no frame refers to it any more
    "DELETE FROM roster WHERE (site, version) IN (SELECT r.site, r.version FROM roster r"
    " WHERE r.since_ms < ?"
    " AND NOT EXISTS (SELECT 1 FROM latest l WHERE l.site = r.site AND l.roster = r.version)"
    " AND NOT EXISTS (SELECT 1 FROM frame f WHERE f.site = r.site AND f.roster = r.version) LIMIT ?)"
)
_OLD_DAYS = (  # ';' follows ':', so this is every container
    "DELETE FROM day WHERE id IN"
    " (SELECT id FROM day WHERE place >= 'container:' AND place < 'container;' AND day < ? LIMIT ?)"
)

_OLD_COMMANDS = (  # a command that is under way keeps everything, however old it is
    "SELECT id FROM command WHERE at_ms < ? AND phase IN ('done', 'cancelled', 'expired')"
)
_OLD_DETAILS = tuple(
    f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE command IN ({_OLD_COMMANDS}) LIMIT ?)"  # noqa: S608  # our own words
    for table, key in (
        ("command_preview", "command"),
        ("command_machines", "command, number"),
        ("command_batch", "command, number"),
    )
)


def _in_batches(writer: Writer, sql: str, arguments: tuple[object, ...]) -> int:
    deleted = 0
    while True:
        with writer.transaction() as connection:
            gone = connection.execute(sql, (*arguments, BATCH)).rowcount
        deleted += gone
        if gone < BATCH:
            return deleted
        time.sleep(BREATH_S)
