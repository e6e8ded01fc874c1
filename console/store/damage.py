"""Reads round the damaged spots of a store that was set aside, so that a hole is as small as can be. Knows no table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

UNREADABLE = (sqlite3.Error, UnicodeDecodeError)  # SQLite quotes damaged bytes in its own messages
ROWS_AT_ONCE = 100


def rows_round_damage(old: sqlite3.Connection, query: str, last: int) -> Iterator[tuple[list[Any], int]]:
    """A stretch of rows at a time, and how many of it cannot be read: such a stretch is read row by row.

    `query` takes the first and the last of the numbers that are wanted; they go from 1 to `last`.
    """
    for first in range(1, last + 1, ROWS_AT_ONCE):
        end = first + ROWS_AT_ONCE - 1
        found = _read(old, query, first, end)
        if found is None:
            parts = [_read(old, query, number, number) for number in range(first, end + 1)]
            yield [row for part in parts if part for row in part], sum(part is None for part in parts)
        else:
            yield found, 0


def _read(old: sqlite3.Connection, query: str, first: int, last: int) -> list[Any] | None:
    try:
        return old.execute(query, (first, last)).fetchall()
    except UNREADABLE:
        return None
