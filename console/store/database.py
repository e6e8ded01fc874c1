"""Connections to the store's file: pragmas, transactions, a pool for readers. Knows no table."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from console.domain.errors import StoreError
from console.store.trouble import StoreMissing, plainly

APPLICATION_ID = 0x4D455249  # "MERI"
SCHEMA = 2  # how many steps `migrations.STEPS` has; a test holds the two together
BUSY_TIMEOUT_S = 5.0
PAGE_BYTES = 8192  # frames are 2 to 10 kB: measured fewer overflow pages than 4096
CACHE_KIB = 16 * 1024
WAL_LIMIT_BYTES = 64 << 20  # the log is cut back to this after a checkpoint


def connect(path: Path, *, read_only: bool = False, busy_timeout_s: float = BUSY_TIMEOUT_S) -> sqlite3.Connection:
    """A connection without implicit transactions; may raise sqlite3.Error."""
    if not read_only:
        return _connect(path, "mode=rwc", busy_timeout_s)
    connection = _connect(path, "mode=ro", busy_timeout_s)
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        # A folder that cannot be written has no room for WAL's shared memory: then nobody writes there either.
        return _connect(path, "mode=ro&immutable=1", busy_timeout_s)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connect(path: Path, how: str, busy_timeout_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}",
        uri=True,
        timeout=busy_timeout_s,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    return connection


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
        with self._turn, plainly(self.path):
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

    def checkpoint(self) -> None:
        """Move what the log holds into the file, as far as readers allow."""
        with self._turn, plainly(self.path):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Safe to call twice."""
        with self._turn:
            self._connection.close()


class Pool:
    """Read-only connections, each used by one thread at a time; reopens when the file was set aside and replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._free: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._inode = self._file_inode()
        self._closed = False

    def _file_inode(self) -> int:
        try:
            return os.stat(self.path).st_ino
        except FileNotFoundError:
            raise StoreMissing(f"there is no store at {self.path}") from None

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the store for as long as the block lasts. Raises a StoreError."""
        connection = self._take()
        with plainly(self.path):
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
        inode = self._file_inode()
        with self._lock:
            if inode != self._inode:
                self._drop()
                self._inode = inode
            if self._free:
                return self._free.pop()
        with plainly(self.path):
            return connect(self.path, read_only=True)

    def _give(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if self._closed:
                connection.close()
            else:
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
