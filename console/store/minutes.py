"""The hot tier: one small row a place and minute, in the order of SIGNALS, until its day is closed.

Sites, regions and the fleet stand in `minute`; the containers of a site stand together in one matrix a minute.
"""

from __future__ import annotations

import hashlib
import sqlite3

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.domain.frame import minute_of
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.place import container_key, container_of, site_key
from console.domain.pyramid import Values
from console.domain.rollup import SiteRollup

WIDTH = len(SIGNALS)
ROW_BYTES = 4 * WIDTH  # a row of another length is damaged and does not count
Minutes = NDArray[np.int64]


def put_minute(connection: sqlite3.Connection, rollup: SiteRollup) -> bool:
    """Store a site's minute with its containers; False when a sample as new is there already."""
    minute_ms = minute_of(rollup.at_ms)
    place = site_key(rollup.site_id)
    known = connection.execute(
        "SELECT at_ms FROM minute WHERE place = ? AND minute_ms = ?", (place, minute_ms)
    ).fetchone()
    if known is not None and known[0] >= rollup.at_ms:
        return False
    body = rollup.values.astype("<f4")
    connection.execute(
        "INSERT OR REPLACE INTO minute VALUES (?, ?, ?, ?, ?)",
        (place, minute_ms, rollup.at_ms, rollup.received_ms, body[0].tobytes()),
    )
    if rollup.containers:
        connection.execute(
            "INSERT OR REPLACE INTO container VALUES (?, ?, ?, ?)",
            (rollup.site_id, minute_ms, _put_layout(connection, rollup.containers), body[1:].tobytes()),
        )
    return True


def _put_layout(connection: sqlite3.Connection, containers: tuple[str, ...]) -> str:
    text = msgspec.json.encode(containers).decode()
    layout = hashlib.sha256(text.encode()).hexdigest()[:16]
    connection.execute("INSERT OR IGNORE INTO layout VALUES (?, ?)", (layout, text))
    return layout


def put_totals(connection: sqlite3.Connection, place: str, minutes: Minutes, rows: Values) -> None:
    """Replace a region's or the fleet's minutes; `rows` has shape (n, SIGNALS)."""
    body = rows.astype("<f4")
    connection.executemany(
        "INSERT OR REPLACE INTO minute VALUES (?, ?, ?, ?, ?)",
        [(place, int(at), int(at), int(at), body[position].tobytes()) for position, at in enumerate(minutes)],
    )


def signal_minutes(
    connection: sqlite3.Connection, place: str, signal: str, start_ms: int, end_ms: int
) -> tuple[Minutes, Values]:
    """One signal's hot minutes in [start_ms, end_ms), cut out of the rows by SQLite itself."""
    offset = 1 + 4 * SIGNAL_INDEX[signal]
    container = container_of(place)
    if container is not None:
        return _container_minutes(connection, container, offset, start_ms, end_ms)
    rows = connection.execute(
        "SELECT minute_ms, substr(body, ?, 4) FROM minute"
        " WHERE place = ? AND minute_ms >= ? AND minute_ms < ? AND length(body) = ?",
        (offset, place, start_ms, end_ms, ROW_BYTES),
    ).fetchall()
    return _columns(rows)


def _container_minutes(
    connection: sqlite3.Connection, container: tuple[str, str], offset: int, start_ms: int, end_ms: int
) -> tuple[Minutes, Values]:
    site_id, name = container
    found: list[tuple[int, bytes]] = []
    for layout, row, rows in _rows_by_layout(connection, name):
        found += connection.execute(
            "SELECT minute_ms, substr(body, ?, 4) FROM container"
            " WHERE site = ? AND minute_ms >= ? AND minute_ms < ? AND layout = ? AND length(body) = ?",
            (offset + ROW_BYTES * row, site_id, start_ms, end_ms, layout, ROW_BYTES * rows),
        ).fetchall()
    return _columns(sorted(found))


def _rows_by_layout(connection: sqlite3.Connection, name: str) -> list[tuple[str, int, int]]:
    """In which row of which layout a container of that name stands, and of how many."""
    told = msgspec.json.encode(name).decode()  # as `_put_layout` wrote it: a quote in a name is two characters there
    layouts = connection.execute("SELECT id, containers FROM layout WHERE instr(containers, ?)", (told,)).fetchall()
    read = [(layout, msgspec.json.decode(text, type=list[str])) for layout, text in layouts]
    return [(layout, names.index(name), len(names)) for layout, names in read if name in names]


def _columns(rows: list[tuple[int, bytes]]) -> tuple[Minutes, Values]:
    at_ms = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
    return at_ms, np.frombuffer(b"".join([row[1] for row in rows]), "<f4").astype(np.float32, copy=False)


def all_signals(connection: sqlite3.Connection, place: str, start_ms: int, end_ms: int) -> tuple[Minutes, Values]:
    """Every signal of a site, region or the fleet: minutes (n,) and values (n, SIGNALS)."""
    rows = connection.execute(
        "SELECT minute_ms, body FROM minute WHERE place = ? AND minute_ms >= ? AND minute_ms < ? AND length(body) = ?",
        (place, start_ms, end_ms, ROW_BYTES),
    ).fetchall()
    at_ms, values = _columns(rows)
    return at_ms, values.reshape(-1, WIDTH)


def container_matrices(
    connection: sqlite3.Connection, site_id: str, start_ms: int, end_ms: int
) -> dict[str, tuple[Minutes, Values]]:
    """Every container's hot minutes by place key: minutes (n,) and values (n, SIGNALS)."""
    parts: dict[str, list[tuple[Minutes, Values]]] = {}
    for layout, text in connection.execute("SELECT id, containers FROM layout").fetchall():
        names = msgspec.json.decode(text, type=list[str])
        rows = connection.execute(
            "SELECT minute_ms, body FROM container"
            " WHERE site = ? AND minute_ms >= ? AND minute_ms < ? AND layout = ? AND length(body) = ?",
            (site_id, start_ms, end_ms, layout, ROW_BYTES * len(names)),
        ).fetchall()
        at_ms, values = _columns(rows)
        cube = values.reshape(len(rows), len(names), WIDTH)
        for position, name in enumerate(names if rows else ()):
            parts.setdefault(container_key(site_id, name), []).append((at_ms, cube[:, position]))
    return {
        key: (np.concatenate([at_ms for at_ms, _ in part]), np.concatenate([values for _, values in part]))
        for key, part in parts.items()
    }


def forget(connection: sqlite3.Connection, place: str, start_ms: int, end_ms: int) -> None:
    """Delete a place's hot minutes in [start_ms, end_ms); a site's containers go with it."""
    connection.execute(
        "DELETE FROM minute WHERE place = ? AND minute_ms >= ? AND minute_ms < ?", (place, start_ms, end_ms)
    )
    if place.startswith("site:"):
        connection.execute(
            "DELETE FROM container WHERE site = ? AND minute_ms >= ? AND minute_ms < ?",
            (place.removeprefix("site:"), start_ms, end_ms),
        )
