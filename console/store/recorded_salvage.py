"""Brings over from a store that was set aside what people did and decided: alarms, notes, commands, audit, accounts.

At once, unlike the measurements, which `salvage` fetches later and in steps: an engine must not start without them,
and nobody may sign in as the first administrator because a disk failed. What cannot be read is left; a hole in the
audit chain is found and told by whoever verifies it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from console.store.damage import UNREADABLE, rows_round_damage
from console.store.database import connect

TABLES = (
    "alarm", "alarm_history", "note", "account", "command", "command_intent", "command_preview", "command_batch",
    "command_machines", "audit_anchor",
)  # fmt: skip
Row = tuple[object, ...]


def bring_over(connection: sqlite3.Connection, aside: Path) -> int:
    """Copy what can be read; returns how many rows that were. Never fails because of the damaged file."""
    try:
        old = connect(aside, read_only=True)
    except sqlite3.Error:
        return 0
    try:
        copied = sum(_insert(connection, table, _until_damage(old, table)) for table in TABLES)
        return copied + _insert(connection, "audit", _round_damage(old))
    finally:
        old.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Row]) -> int:
    copied = 0
    for row in rows:
        marks = ", ".join("?" * len(row))
        try:
            connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608  # our own names
        except sqlite3.IntegrityError:
            continue  # a damaged row may break a rule of its table
        copied += 1
    return copied


def _until_damage(old: sqlite3.Connection, table: str) -> Iterator[Row]:
    try:
        yield from old.execute(f"SELECT * FROM {table}")  # noqa: S608  # one of our own names
    except UNREADABLE:
        return  # an older store has no such table; of a damaged one the rows before the damage are good


def _round_damage(old: sqlite3.Connection) -> Iterator[Row]:
    """Rows of the chain on both sides of a damaged spot."""
    for rows, _lost in rows_round_damage(old, "SELECT * FROM audit WHERE seq BETWEEN ? AND ?", _last_seq(old)):
        yield from rows


def _last_seq(old: sqlite3.Connection) -> int:
    """The greatest number of the chain as far as it can be known; a damaged end is felt out from the front."""
    try:
        found = old.execute("SELECT max(seq) FROM audit").fetchone()[0]
    except UNREADABLE:
        found = sum(1 for _ in _until_damage(old, "audit"))
    return found or 0
