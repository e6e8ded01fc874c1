"""Turns what SQLite and the disk complain about into typed store errors in plain words. Knows no table."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from console.domain.errors import StoreError


class StoreMissing(StoreError):
    """There is no store at that path yet."""


class StoreBusy(StoreError):
    """Another process held the store for longer than we wait; trying again later may succeed."""


class StoreFull(StoreError):
    """The disk is full or refuses to write; nothing of the transaction was kept."""


class StoreCorrupt(StoreError):
    """The file is damaged or is no database."""


class StoreNewer(StoreError):
    """A newer Meridian wrote the file: it may be read and is never written."""


class StoreOlder(StoreError):
    """An older Meridian wrote the file; the next writer brings it up to date."""


class StoreForeign(StoreError):
    """The file is a database of some other program: it is never touched."""


_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is damaged; a damaged format number has no code of its own."""
    return primary_code(error) in _CORRUPT or "unsupported file format" in str(error)


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code without its extension; 0 for an error of the driver itself."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def typed(error: sqlite3.Error, path: Path) -> StoreError:
    """The store error that says what an operator can act on."""
    code = primary_code(error)
    if code in _BUSY:
        return StoreBusy(f"{path.name}: another process is writing and did not finish in time")
    if code in _FULL:
        return StoreFull(f"{path.name}: cannot be written ({error}); is the disk full?")
    if is_damage(error):
        return StoreCorrupt(f"{path.name}: the file is damaged ({error})")
    return StoreError(f"{path.name}: {error}")


@contextmanager
def trusting_nothing(path: Path) -> Iterator[None]:
    """What was read but does not fit together (lengths, counts, words) leaves as a `StoreCorrupt`."""
    try:
        yield
    except (ValueError, TypeError, struct.error, msgspec.DecodeError) as error:
        raise StoreCorrupt(f"{path.name}: what is stored does not fit together ({error})") from error


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Whatever SQLite raises inside leaves as a `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise typed(error, path) from error
    except UnicodeDecodeError as error:  # SQLite quotes damaged bytes in its own messages
        raise StoreCorrupt(f"{path.name}: the file is damaged (text that is no text)") from error
    except OSError as error:
        raise StoreFull(f"{path.name}: {error.strerror or error}") from error
