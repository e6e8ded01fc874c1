"""Brings over what can still be read of a store that was set aside: the fleet, its events and its closed days.

Sources tell again what they still know; this is for the years that none of them does. Rows are read one page of
numbers at a time, so that a damaged spot costs its neighbours only. Frames are left: they are gone in days anyway.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from console.domain.pyramid import Values
from console.store.codec import from_days, unpack
from console.store.damage import UNREADABLE, rows_round_damage
from console.store.database import Writer, connect
from console.store.days import fill_signal
from console.store.operations import state
from console.store.retention import BREATH_S
from console.store.trouble import StoreCorrupt


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was brought over; `lost` counts day blobs that could not be read, as far as their numbers are known."""

    days: int = 0
    events: int = 0
    fleet: bool = False
    lost: int = 0


def salvage(writer: Writer, aside: Path) -> Salvaged:
    """Fill the fresh store from the damaged one; what the fresh one has already stays. Raises a StoreError of the
    fresh store only: a damaged one that cannot be opened at all gives nothing."""
    try:
        old = connect(aside, read_only=True)
    except UNREADABLE:
        return Salvaged()
    try:
        days, lost = _days(writer, old)
        return Salvaged(days, _events(writer, old), _fleet(writer, old), lost)
    finally:
        old.close()


def _days(writer: Writer, old: sqlite3.Connection) -> tuple[int, int]:
    saved = lost = 0
    read = "SELECT place, signal, day, body FROM day WHERE id BETWEEN ? AND ?"
    for rows, unread in rows_round_damage(old, read, _last_id(old)):
        lost += unread
        with writer.transaction() as connection:
            for place, signal, day, body in rows:
                minutes = _minutes(body)
                if minutes is None:
                    lost += 1
                else:
                    fill_signal(connection, place, signal, day, minutes)
                    saved += 1
        time.sleep(BREATH_S)
    return saved, lost


def _minutes(body: object) -> Values | None:
    try:
        return from_days([unpack(body)]) if isinstance(body, bytes) else None
    except StoreCorrupt:
        return None


def _last_id(old: sqlite3.Connection) -> int:
    try:
        found = old.execute("SELECT max(id) FROM day").fetchone()[0]
    except UNREADABLE:
        return 0
    return found or 0


def _events(writer: Writer, old: sqlite3.Connection) -> int:
    rows: list[tuple[object, ...]] = []
    try:
        for row in old.execute("SELECT at_ms, place, kind, text FROM event"):
            rows.append(row)
    except UNREADABLE:
        pass
    with writer.transaction(durable=True) as connection:
        connection.executemany("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)", rows)
    return len(rows)


def _fleet(writer: Writer, old: sqlite3.Connection) -> bool:
    try:
        row = old.execute("SELECT body FROM state WHERE name = 'fleet'").fetchone()
    except UNREADABLE:
        return False
    with writer.transaction(durable=True) as connection:
        if row is None or state(connection, "fleet", object) is not None:
            return False
        connection.execute("INSERT INTO state VALUES ('fleet', ?)", row)
    return True
