"""Connections to the store's file: pragmas, transactions, a pool for readers. Knows no table."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from console.domain.errors import StoreError
from console.store.trouble import StoreMissing, is_damage, plainly, trusting_nothing

APPLICATION_ID = 0x4D455249  # "MERI"
SCHEMA = 6  # how many steps `migrations.STEPS` has; a test holds the two together
BUSY_TIMEOUT_S = 5.0
PAGE_BYTES = 8192  # frames are 2 to 10 kB: measured fewer overflow pages than 4096
CACHE_KIB = 8 * 1024  # a connection; a pool has a few
CUT_WAIT_MS = 500  # a live frame waits no longer than this for a log that is cut off
WAL_LIMIT_BYTES = 64 << 20  # the log is cut back to this after a checkpoint


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection without implicit transactions; may raise sqlite3.Error.

    A store in a folder that cannot be written (a read-only medium) has no room for WAL's shared memory and no
    collector either: it is read as it lies there.
    """
    how = "mode=ro" if read_only else "mode=rwc"
    if read_only and not _has_room_for_shared_memory(path):
        how += "&immutable=1"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return connection


def suspect(path: Path) -> Path:
    """The note beside a store that was found damaged at work."""
    return path.with_name(f"{path.name}.suspect")


def _has_room_for_shared_memory(path: Path) -> bool:
    return os.access(path.parent, os.W_OK) or path.with_name(path.name + "-shm").exists()


def prepare_writer(connection: sqlite3.Connection) -> None:
    """WAL and its companions; a fresh file also gets its page size, which can only be set before the first table."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")


class Writer:
    """The one writing connection of a process; any thread may write, one at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._turn = threading.RLock()

    @contextmanager
    def transaction(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """All or nothing. With `durable` it returns only after the disk has it (FULL), else a kill -9 loses
        nothing but a power cut may lose the last commits. Raises a StoreError and leaves nothing behind."""
        with self._turn, plainly(self.path), self._suspicion():
            connection = self._connection
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    with suppress(sqlite3.Error):  # the first error is the one worth telling
                        connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _suspicion(self) -> Iterator[None]:
        """A file that SQLite calls damaged while it is written is set aside at the next start, whatever its size."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                with suppress(OSError):
                    suspect(self.path).write_text(str(error), encoding="utf-8")
            raise

    def checkpoint(self) -> None:
        """Move what the log holds into the file, as far as readers allow.

        Readers that overlap without a break let the log grow: a long one is cut off, which waits for the readers
        of now (new ones read the file) and gives up after `CUT_WAIT_MS`.
        """
        log = self.path.with_name(f"{self.path.name}-wal")
        long = log.exists() and log.stat().st_size > WAL_LIMIT_BYTES // 4
        with self._turn, plainly(self.path):
            self._connection.execute(f"PRAGMA busy_timeout = {CUT_WAIT_MS}")
            try:
                self._connection.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if long else 'PASSIVE'})").fetchall()
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {round(BUSY_TIMEOUT_S * 1000)}")

    def close(self) -> None:
        """Safe to call twice."""
        with self._turn:
            self._connection.close()


class Pool:
    """Read-only connections, each used by one thread at a time; reopens when the file was set aside and replaced.

    The one used last is used next and keeps its pages; those beneath it give theirs back. Each can hold `CACHE_KIB`,
    and one that only a burst of reads asks for held what a month on a graph had needed, until the next burst.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._file = self._look()
        self._closed = False

    def _look(self) -> tuple[int, bool]:
        """Which file it is and how it is read; open connections serve no other."""
        try:
            return os.stat(self.path).st_ino, _has_room_for_shared_memory(self.path)
        except FileNotFoundError:
            raise StoreMissing(f"there is no store at {self.path}") from None

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the store for as long as the block lasts. Raises a StoreError."""
        connection = self._take()
        with trusting_nothing(self.path), plainly(self.path):
            try:
                connection.execute("BEGIN")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
        self._give(connection)

    def _take(self) -> sqlite3.Connection:
        if self._closed:
            raise StoreError(f"{self.path.name}: this reader is closed")
        file = self._look()
        with self._lock:
            if file != self._file:
                self._drop()
                self._file = file
            if self._free:
                return self._free.pop()
        with plainly(self.path):
            return connect(self.path, read_only=True)

    def _give(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if self._closed:
                connection.close()
            else:
                for beneath in self._free[-1:]:
                    beneath.execute("PRAGMA shrink_memory")
                self._free.append(connection)

    def _drop(self) -> None:
        for connection in self._free:
            connection.close()
        self._free.clear()

    def close(self) -> None:
        """Close every connection that is not in use; the others close when their work ends. Safe to call twice."""
        with self._lock:
            self._closed = True
            self._drop()
