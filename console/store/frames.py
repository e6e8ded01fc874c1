"""Keeps what every machine of a site measured, one blob a metric and minute, and the rosters they refer to.

Frames are written in the roster's order of their time; whose values they are is for `machine_past` to find out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.domain.frame import Frame, minute_of
from console.domain.metric import METRIC_BY_NAME
from console.domain.roster import Miner, Roster
from console.domain.roster_columns import RosterColumns, ratings
from console.store.codec import decode_column, encode_column, pack, unpack
from console.store.face import StoredColumn
from console.store.trouble import StoreCorrupt

T = TypeVar("T")


def encode_frame(frame: Frame) -> dict[str, bytes]:
    """The packed columns of a frame by metric; done before the write lock is taken."""
    return {name: encode_column(column, METRIC_BY_NAME[name].step) for name, column in frame.columns.items()}


def put_frame(connection: sqlite3.Connection, frame: Frame, bodies: Mapping[str, bytes]) -> None:
    """Store a frame's columns; an older sample of the same minute gives way, an equal or newer one stays."""
    minute_ms = minute_of(frame.at_ms)
    connection.executemany(
        "INSERT INTO frame (site, metric, minute_ms, at_ms, roster, body) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (site, metric, minute_ms) DO UPDATE SET at_ms = excluded.at_ms, roster = excluded.roster,"
        " body = excluded.body WHERE excluded.at_ms > at_ms",
        [(frame.site_id, name, minute_ms, frame.at_ms, frame.roster_version, body) for name, body in bodies.items()],
    )


def put_roster(connection: sqlite3.Connection, roster: Roster, since_ms: int) -> None:
    """Keep a roster version once, with the earliest moment at which it was seen."""
    key = (roster.site_id, roster.version)
    known = connection.execute("SELECT since_ms FROM roster WHERE site = ? AND version = ?", key).fetchone()
    if known is None:
        body, numbers = pack(msgspec.msgpack.encode(roster)), pack(_rated(roster.miners).astype("<f8").tobytes())
        connection.execute("INSERT INTO roster VALUES (?, ?, ?, ?, ?)", (*key, since_ms, body, numbers))
    elif since_ms < known[0]:
        connection.execute("UPDATE roster SET since_ms = ? WHERE site = ? AND version = ?", (since_ms, *key))


def newest_roster(connection: sqlite3.Connection, site_id: str) -> Roster | None:
    """The roster of the newest reading, else the one first seen last."""
    body = _newest_body(connection, site_id)
    return None if body is None else _roster(body)


def roster_of(connection: sqlite3.Connection, site_id: str, version: str) -> Roster | None:
    """The roster kept under a version."""
    row = connection.execute("SELECT body FROM roster WHERE site = ? AND version = ?", (site_id, version)).fetchone()
    return None if row is None else _roster(row[0])


def newest_ratings(connection: sqlite3.Connection, site_id: str) -> RosterColumns | None:
    """The same roster's ratings alone, without a look at its names."""
    row = _newest(connection, site_id, "version, ratings, CASE WHEN ratings IS NULL THEN roster.body END")
    if row is None:
        return None
    version, numbers, body = row
    if numbers is None:  # kept before its numbers stood apart: the names are skipped and never made
        rated = _rated(_decoded(body, _RatedRoster).miners)
    else:
        rated = np.frombuffer(unpack(numbers), "<f8").reshape(2, -1)
    return RosterColumns(site_id, version, rated[0], rated[1], {})


def _rated(miners: Sequence[Miner] | Sequence[_Rated]) -> NDArray[np.float64]:
    """What the models can do, as (2, miners): H/s, then W."""
    return np.stack([ratings([miner.rated_hs for miner in miners]), ratings([miner.rated_w for miner in miners])])


def _newest_body(connection: sqlite3.Connection, site_id: str) -> bytes | None:
    row = _newest(connection, site_id, "roster.body")
    return None if row is None else bytes(row[0])


def _newest(connection: sqlite3.Connection, site_id: str, wanted: str) -> tuple[Any, ...] | None:
    found: tuple[Any, ...] | None = connection.execute(
        f"SELECT {wanted} FROM roster LEFT JOIN latest ON latest.site = roster.site AND latest.roster = version"  # noqa: S608 - names of ours
        " WHERE roster.site = ? ORDER BY latest.site IS NOT NULL DESC, since_ms DESC, version DESC LIMIT 1",
        (site_id,),
    ).fetchone()
    return found


class _Rated(msgspec.Struct, gc=False):
    """Of a stored machine, what its model can do."""

    rated_hs: float | None = None
    rated_w: float | None = None


class _RatedRoster(msgspec.Struct):
    version: str
    miners: list[_Rated]


def _roster(body: bytes) -> Roster:
    return _decoded(body, Roster)


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.msgpack.decode(unpack(body), type=kind)
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"a stored roster cannot be read ({error})") from error


def column(connection: sqlite3.Connection, site_id: str, metric: str, at_ms: int | None) -> StoredColumn | None:
    """The column of the newest roll-up, or the last one measured at or before `at_ms`."""
    if at_ms is None:  # never after the roll-up: a frame from a clock that ran ahead is not the newest
        newest = connection.execute("SELECT at_ms FROM latest WHERE site = ?", (site_id,)).fetchone()
        at_ms = newest[0] if newest else 2**62
    row = connection.execute(
        "SELECT at_ms, roster, body FROM frame WHERE site = ? AND metric = ? AND minute_ms <= ? AND at_ms <= ?"
        " ORDER BY minute_ms DESC LIMIT 1",
        (site_id, metric, at_ms, at_ms),
    ).fetchone()
    return None if row is None else StoredColumn(row[0], row[1], decode_column(row[2]))
