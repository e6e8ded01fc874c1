"""Keeps notes, append only: what a screen reads of them and what the collector alone writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from console.domain.note import Note, Whose, numbers_of, whose
from console.domain.place import site_of
from console.store.database import Pool, Writer
from console.store.machine_past import Identity, tells

MOST = 200
_COLUMNS = "id, at_ms, place, machine, who, desk, text"


class NoteReader(Protocol):
    """What a screen reads."""

    def notes(self, place: str, machine: str = "", most: int = MOST) -> Sequence[Note]:
        """The notes of a place, newest first; of a site, those of everything in it too.

        `machine` (see `Note`) finds those of a machine wherever it stood, and leaves out those of another that stood
        in its place. Those of another site count where that site tells none of its numbers any more: else nobody
        knows which of the two it is.
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
    if place.startswith("site:"):
        return list(islice(_rows(connection, "site = ?", site_of(place) or ""), most))
    if not place.startswith("miner:"):
        return list(islice(_rows(connection, "place = ?", place), most))
    gone = _Gone(connection, place, machine)
    own = (
        note for note in _of_machine(connection, place, machine) if whose(note, place, machine) is not Whose.ANOTHERS
    )
    return list(islice((note for note in own if gone.from_site_of(note)), most))


def _of_machine(connection: sqlite3.Connection, place: str, machine: str) -> Iterator[Note]:
    """All that may be a machine's: of its name, and where one of its numbers stands."""
    numbers = [number for number in numbers_of(machine) if number]
    held = " OR ".join("instr(machine, ?) > 0" for _ in numbers) or "FALSE"  # read off the index of those with a number
    found = f"SELECT rowid FROM note WHERE machine != '' AND ({held})"  # noqa: S608  # our own words
    among = f"SELECT rowid FROM note WHERE place = ? UNION {found}"  # noqa: S608  # our own words, as above
    return _rows(connection, f"rowid IN ({among})", place, *numbers)


def _rows(connection: sqlite3.Connection, clause: str, *wanted: str) -> Iterator[Note]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM note WHERE {clause} ORDER BY at_ms DESC, id",  # noqa: S608  # our own words
        wanted,
    )
    for key, at_ms, where, number, who, desk, text in rows:
        yield Note(id=key, at_ms=at_ms, place=where, machine=number, who=who, desk=desk, text=text)


class _Gone:
    """Knows from which other sites a machine is gone; each is looked up once."""

    def __init__(self, connection: sqlite3.Connection, place: str, machine: str) -> None:
        serial, mac = numbers_of(machine)
        self._connection = connection
        self._who = Identity("", serial.removeprefix("serial "), mac.removeprefix("mac "))
        self._gone = {site_of(place): True}  # from its own site it need not be gone

    def from_site_of(self, note: Note) -> bool:
        """Whether the site of a note tells the machine no more, or is its own."""
        site_id = site_of(note.place)
        if site_id not in self._gone:
            self._gone[site_id] = not tells(self._connection, site_id or "", self._who)
        return self._gone[site_id]
