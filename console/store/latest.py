"""The newest roll-up of every site, in full double precision: what the screen shows as now."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import msgspec
import numpy as np

from console.domain.metric import SIGNALS
from console.domain.rollup import SiteRollup
from console.store.trouble import StoreCorrupt


def put_latest(connection: sqlite3.Connection, rollup: SiteRollup, roster_version: str, latest_ms: int) -> None:
    """Replace a site's newest roll-up where this one is newer, or where the stored one lies after `latest_ms`.

    What was stamped while our clock ran ahead would else stand as fresh until time has caught up with it (T34).
    """
    connection.execute(
        "INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (site) DO UPDATE SET at_ms = excluded.at_ms,"
        " received_ms = excluded.received_ms, roster = excluded.roster, containers = excluded.containers,"
        " body = excluded.body WHERE excluded.at_ms > at_ms OR at_ms > ?",
        (
            rollup.site_id,
            rollup.at_ms,
            rollup.received_ms,
            roster_version,
            msgspec.json.encode(rollup.containers).decode(),
            rollup.values.astype("<f8").tobytes(),
            latest_ms,
        ),
    )


def rollups(connection: sqlite3.Connection) -> Mapping[str, SiteRollup]:
    """The newest roll-up of every site by site id."""
    rows = connection.execute("SELECT site, at_ms, received_ms, containers, body FROM latest")
    return {row[0]: _rollup(*row) for row in rows}


def _rollup(site_id: str, at_ms: int, received_ms: int, containers: str, body: bytes) -> SiteRollup:
    try:
        names = msgspec.json.decode(containers, type=tuple[str, ...])
        values = np.frombuffer(body, "<f8").reshape(1 + len(names), len(SIGNALS)).astype(np.float64)
    except (msgspec.DecodeError, ValueError) as error:
        raise StoreCorrupt(f"the newest roll-up of {site_id} cannot be read ({error})") from error
    return SiteRollup(site_id, at_ms, received_ms, names, values)
