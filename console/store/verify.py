"""Reads a whole store and says what is damaged: for the doctor, never on the way to the screen."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from console.store.audit import check
from console.store.codec import unpack
from console.store.database import connect
from console.store.opening import empty_text, schema_of
from console.store.trouble import StoreCorrupt, StoreMissing, plainly

MOST_FINDINGS = 20
_BLOBS = (
    ("frame", "site || ' ' || metric || ' ' || minute_ms"),
    ("day", "place || ' ' || signal || ' ' || day"),
    ("command_intent", "command"),
    ("command_preview", "command"),
    ("command_machines", "command || ' ' || number"),
)


@dataclass(frozen=True, slots=True)
class Verified:
    """What is in the file; `findings` is empty when all of it is well."""

    schema: int
    size_bytes: int
    frames: int
    days: int
    findings: tuple[str, ...]


def verify(path: Path) -> Verified:
    """Check structure, the checksum of every blob and the audit chain; minutes on a store of many gigabytes.

    Raises StoreMissing, StoreForeign, StoreBusy; damage is in the findings.
    """
    if not path.exists():
        raise StoreMissing(f"there is no store at {path}")
    size = sum(part.stat().st_size for part in (path, path.with_name(path.name + "-wal")) if part.exists())
    findings: list[str] = []
    counts: dict[str, int] = {}
    schema = 0
    try:
        with plainly(path):
            connection = connect(path, read_only=True)
            try:
                schema = schema_of(connection, path)
                rows = connection.execute(f"PRAGMA integrity_check({MOST_FINDINGS})")
                findings += [text for (text,) in rows if text != "ok"]
                if schema == 0 and not findings:
                    raise StoreMissing(empty_text(path))
                tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
                for table, name in _BLOBS:
                    if table in tables:
                        counts[table], damaged = _blobs(connection, table, name)
                        findings += damaged
                if "audit" in tables:
                    findings += check(connection, ()).faults
            finally:
                connection.close()
    except StoreCorrupt as damage:
        findings.append(str(damage))
    return Verified(schema, size, counts.get("frame", 0), counts.get("day", 0), tuple(findings[:MOST_FINDINGS]))


def _blobs(connection: sqlite3.Connection, table: str, name: str) -> tuple[int, list[str]]:
    """How many blobs a table has, and which of them are damaged."""
    count, damaged = 0, []
    for key, body in connection.execute(f"SELECT {name}, body FROM {table}"):  # noqa: S608  # both are constants here
        count += 1
        try:
            unpack(body)
        except StoreCorrupt:
            damaged.append(f"{table} {key} is damaged")
    return count, damaged
