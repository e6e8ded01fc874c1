"""Decides what to do with the file that is found: fresh, current, older, newer, foreign or damaged (T24, T25).

A damaged file is never deleted and never repaired in place: it is set aside beside the fresh one, and said.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from console.store.database import APPLICATION_ID, SCHEMA, connect, prepare_writer, suspect
from console.store.trouble import (
    StoreCorrupt,
    StoreForeign,
    StoreMissing,
    StoreNewer,
    StoreOlder,
    plainly,
    primary_code,
)

WHOLE_BELOW_BYTES = 512 << 20  # a store of many gigabytes must not hold up the start: `verify` checks all of it
SMALL_TABLES = (
    "latest", "roster", "minute", "layout", "summary", "link", "event", "state", "alarm",
    "command", "command_intent", "command_batch", "account", "audit", "audit_anchor",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """How the store was found; `notices` are plain sentences for the screen, empty when all was well."""

    path: Path
    schema: int
    read_only: bool = False
    set_aside: Path | None = None
    backup: Path | None = None
    checked_whole: bool = True
    notices: tuple[str, ...] = ()


def stamp() -> str:
    """Now in UTC, fit for a file name."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def schema_of(connection: sqlite3.Connection, path: Path) -> int:
    """The schema's number, 0 for an empty file. Raises StoreForeign, StoreCorrupt or sqlite3.Error."""
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    schema: int = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables:
        return 0
    if "_sqlite_migrations" not in tables or "frame" not in tables:
        if application == APPLICATION_ID:
            raise StoreCorrupt(f"{path.name}: its list of tables is damaged")
        raise StoreForeign(f"{path.name}: is a database, but not a Meridian store; it was left as it is")
    applied = connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0]
    if application != APPLICATION_ID or schema != applied:
        raise StoreCorrupt(f"{path.name}: the header contradicts the list of migrations")
    return schema


def check(connection: sqlite3.Connection, path: Path, whole_below: int = WHOLE_BELOW_BYTES) -> bool:
    """Run quick_check, over the whole file or, in a large one, over the small tables; True when it saw all of it.

    Raises StoreCorrupt with the first finding. It finds damaged structure, not every flipped bit: blobs carry
    checksums of their own.
    """
    whole = path.stat().st_size < whole_below
    for part in ("",) if whole else SMALL_TABLES:
        finding = connection.execute(f"PRAGMA quick_check({part or 1})").fetchone()[0]
        if finding != "ok":
            raise StoreCorrupt(f"{path.name}: {' '.join(finding.replace('*** in database main ***', '').split())}")
    return whole


def set_aside(path: Path) -> Path:
    """Rename a damaged store with its log to `*.corrupt-<UTC>`; returns the new name of the main file."""
    moved = path.with_name(f"{path.name}.corrupt-{stamp()}")
    with plainly(path):
        for suffix in ("", "-wal", "-shm"):
            source = path.with_name(path.name + suffix)
            if source.exists():
                source.rename(moved.with_name(moved.name + suffix))
    return moved


def open_for_writing(path: Path) -> tuple[sqlite3.Connection, Opened]:
    """The writing connection with the newest schema, whatever was found at `path`.

    Raises StoreNewer and StoreForeign (nothing was touched), StoreBusy, StoreFull.
    """
    with plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _open_found(path)
    except StoreCorrupt as damage:
        aside = set_aside(path)
        connection, opened = _open_found(path)
        notice = f"The store was damaged ({damage}). It was set aside as {aside.name} and a fresh one was begun."
        return connection, Opened(path, opened.schema, set_aside=aside, notices=(notice,))


def _open_found(path: Path) -> tuple[sqlite3.Connection, Opened]:
    with plainly(path):
        connection = connect(path)
        try:
            schema = _writable_schema(connection, path)
            _heed_suspicion(path)
            prepare_writer(connection)
            _try_to_write(connection, path, schema)
            whole = check(connection, path) if schema else True
            backup = _upgrade(connection, path, schema) if schema < SCHEMA else None
        except BaseException:
            connection.close()
            raise
    notices = (f"The store was brought to schema {SCHEMA}; the old one is kept as {backup.name}.",) if backup else ()
    return connection, Opened(path, SCHEMA, backup=backup, checked_whole=whole, notices=notices)


def _writable_schema(connection: sqlite3.Connection, path: Path) -> int:
    schema = schema_of(connection, path)
    if schema > SCHEMA:
        raise StoreNewer(newer_text(path, schema))
    return schema


def _try_to_write(connection: sqlite3.Connection, path: Path, schema: int) -> None:
    """A damaged head can make a file read-only for SQLite though the disk would take it; better known now."""
    try:
        connection.execute(f"PRAGMA user_version = {schema}")
    except sqlite3.OperationalError as error:
        if primary_code(error) == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK):
            raise StoreCorrupt(f"{path.name}: its head calls it read-only") from error
        raise


def _heed_suspicion(path: Path) -> None:
    """Raises StoreCorrupt when SQLite called this file damaged while it was written; the note is used up by it."""
    note = suspect(path)
    if note.exists():
        reason = note.read_text(encoding="utf-8", errors="replace")
        note.unlink()
        raise StoreCorrupt(f"{path.name}: found at work: {reason}")


def empty_text(path: Path) -> str:
    """The sentence for a file that has no table yet."""
    return f"the store at {path} is empty: no collector has written to it yet"


def newer_text(path: Path, schema: int) -> str:
    """The sentence for a store from the future."""
    return (
        f"{path.name} was written by a newer Meridian (schema {schema}; this program knows {SCHEMA}). "
        "It is shown read-only and nothing is recorded until Meridian is updated."
    )


def _upgrade(connection: sqlite3.Connection, path: Path, schema: int) -> Path | None:
    """Migrate; a store that holds something is copied first. Returns the copy."""
    from console.store.migrations import migrate  # sqlite-utils is heavy and only needed here

    backup = None
    if schema:
        backup = path.with_name(f"{path.name}.schema-{schema}-{stamp()}.bak")
        target = sqlite3.connect(backup)
        try:
            connection.backup(target)
        finally:
            target.close()
    migrate(connection, APPLICATION_ID)
    return backup


def look_before_reading(path: Path) -> Opened:
    """What a reader may expect at `path`. Raises StoreMissing, StoreOlder, StoreForeign, StoreCorrupt, StoreBusy."""
    if not path.exists():
        raise StoreMissing(f"there is no store at {path}")
    with plainly(path):
        connection = connect(path, read_only=True)
        try:
            schema = schema_of(connection, path)
        finally:
            connection.close()
    if schema == 0:
        raise StoreMissing(empty_text(path))
    if schema < SCHEMA:
        raise StoreOlder(
            f"{path.name} was written by an older Meridian (schema {schema}; this program needs {SCHEMA}). "
            "The collector brings it up to date when it starts."
        )
    notices = (newer_text(path, schema),) if schema > SCHEMA else ()
    return Opened(path, schema, read_only=True, checked_whole=False, notices=notices)
