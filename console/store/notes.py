"""Keeps notes, append only: what a screen reads of them and what the collector alone writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Protocol

from console.domain.note import Note
from console.domain.place import site_of
from console.store.database import Pool, Writer

MOST = 200
_COLUMNS = "id, at_ms, place, machine, who, desk, text"


class NoteReader(Protocol):
    """What a screen reads."""

    def notes(self, place: str, machine: str = "", most: int = MOST) -> Sequence[Note]:
        """The notes of a place, newest first; of a site, those of everything in it too.

        `machine` (see `Note`) finds those of a machine wherever it stood, and leaves out those of another that stood
        in its place.
        """
        ...


class NoteWriter(Protocol):
    """What the collector keeps. What returned is on the disk, through a power cut too."""

    def put_note(self, note: Note, received_ms: int) -> bool:
        """Append a note; False when this very one is there already."""
        ...


class NoteReads:
    """The reading half, for a reader that has a pool."""

    _pool: Pool

    def notes(self, place: str, machine: str = "", most: int = MOST) -> Sequence[Note]:
        """The notes of a place, newest first."""
        with self._pool.snapshot() as connection:
            return _find(connection, place, machine, most)


class NoteWrites:
    """The writing half, for a writer."""

    _writer: Writer

    def put_note(self, note: Note, received_ms: int) -> bool:
        """Append a note; on the disk when this returns. False when this very one is there already."""
        row = (note.id, note.at_ms, received_ms, site_of(note.place), note.place, note.machine, note.who, note.desk)
        with self._writer.transaction(durable=True) as connection:
            done = connection.execute(
                "INSERT OR IGNORE INTO note (id, at_ms, received_ms, site, place, machine, who, desk, text)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, note.text),
            )
        return done.rowcount == 1


def _find(connection: sqlite3.Connection, place: str, machine: str, most: int) -> list[Note]:
    clause, wanted = "place = ?", [place]
    if place.startswith("site:"):
        clause, wanted = "site = ?", [site_of(place) or ""]
    elif machine:
        clause, wanted = "(machine = ? OR (place = ? AND machine = ''))", [machine, place]
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM note WHERE {clause} ORDER BY at_ms DESC, id LIMIT ?",  # noqa: S608  # our own words
        (*wanted, most),
    )
    return [
        Note(id=key, at_ms=at_ms, place=where, machine=number, who=who, desk=desk, text=text)
        for key, at_ms, where, number, who, desk, text in rows
    ]
