"""Brings alarms, their history and notes over from a store that was set aside, at once: nobody must miss them.

They are small, unlike the measurements, which `salvage` fetches later and in steps. What cannot be read is left.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from console.store.database import connect

TABLES = ("alarm", "alarm_history", "note")


def bring_over(connection: sqlite3.Connection, aside: Path) -> int:
    """Copy what can be read; returns how many rows that were. Never fails because of the damaged file."""
    try:
        old = connect(aside, read_only=True)
    except sqlite3.Error:
        return 0
    try:
        return sum(_table(connection, old, table) for table in TABLES)
    finally:
        old.close()


def _table(connection: sqlite3.Connection, old: sqlite3.Connection, table: str) -> int:
    rows: list[tuple[object, ...]] = []
    try:
        for row in old.execute(f"SELECT * FROM {table}"):  # noqa: S608  # one of our own names
            rows.append(row)
    except sqlite3.Error:
        pass  # an older store has no such table; of a damaged one the rows before the damage are good
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", rows)  # noqa: S608  # our own names
    return len(rows)
