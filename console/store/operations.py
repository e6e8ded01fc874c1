"""Keeps what the collector tells of itself: links, events, back-fill, heartbeat and the fleet as loaded."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from console.domain.durations import DAY_MS
from console.domain.link_state import LinkState
from console.domain.site import Fleet
from console.store.face import BackfillState, Event
from console.store.trouble import StoreCorrupt

EVENTS_KEPT_MS = 400 * DAY_MS
T = TypeVar("T")


def put_state(connection: sqlite3.Connection, name: str, value: object) -> None:
    """Replace one named value."""
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, msgspec.json.encode(value).decode()))


def forget_state(connection: sqlite3.Connection, name: str) -> None:
    """Take one named value away."""
    connection.execute("DELETE FROM state WHERE name = ?", (name,))


def state(connection: sqlite3.Connection, name: str, kind: type[T]) -> T | None:
    """One named value, or None when it was never put."""
    row = connection.execute("SELECT body FROM state WHERE name = ?", (name,)).fetchone()
    return None if row is None else _decode(row[0], kind)


def _decode(text: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"a stored {kind.__name__} cannot be read ({error})") from error


def raise_state(connection: sqlite3.Connection, name: str, value: int, most: int | None = None) -> None:
    """Replace a named number where the new one is greater, so that order of arrival never matters.

    A stored one above `most` cannot be true and is replaced by any.
    """
    known = state(connection, name, int)
    if known is None or value > known or (most is not None and known > most):
        put_state(connection, name, value)


def put_link(connection: sqlite3.Connection, link: LinkState) -> None:
    """Replace a site's link state."""
    body = msgspec.json.encode(link).decode()
    connection.execute("INSERT OR REPLACE INTO link VALUES (?, ?)", (link.site_id, body))


def links(connection: sqlite3.Connection) -> Mapping[str, LinkState]:
    """The link state of each site, by site id."""
    rows = connection.execute("SELECT site, body FROM link")
    return {site: _decode(body, LinkState) for site, body in rows}


def put_event(connection: sqlite3.Connection, event: Event) -> None:
    """Append an event; the same one twice is one."""
    row = (event.at_ms, event.place, event.kind, event.text)
    connection.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)", row)


def events(connection: sqlite3.Connection, since_ms: int, most: int) -> Sequence[Event]:
    """Events since a moment, newest first."""
    rows = connection.execute("SELECT * FROM event WHERE at_ms >= ? ORDER BY at_ms DESC LIMIT ?", (since_ms, most))
    return [Event(*row) for row in rows]


def put_backfill(connection: sqlite3.Connection, progress: BackfillState) -> None:
    """Replace the back-fill's progress."""
    put_state(connection, "backfill", progress)


def put_fleet(connection: sqlite3.Connection, fleet: Fleet) -> None:
    """Keep the fleet as loaded."""
    put_state(connection, "fleet", fleet)
