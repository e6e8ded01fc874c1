"""The read side of both faces over one SQLite file; may be called from any thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from console.domain.link_state import LinkState
from console.domain.rollup import SiteRollup
from console.domain.roster import Roster
from console.domain.roster_columns import RosterColumns
from console.domain.series import Series
from console.domain.site import Fleet
from console.store import frames, latest, operations
from console.store.alarms_face import AlarmReads
from console.store.commands_face import CommandReads
from console.store.database import Pool
from console.store.face import BackfillState, Event, MinerSeries, StoredColumn
from console.store.machine_past import MachinePasts
from console.store.notes import NoteReads
from console.store.opening import Opened, look_before_reading
from console.store.rosters_face import RosterReads
from console.store.series import series


class StoreReader(AlarmReads, CommandReads, NoteReads, RosterReads):
    """Implements the readers of both faces: measurements, alarms, commands, notes; raises only StoreError."""

    def __init__(self, path: Path) -> None:
        self.opened: Opened = look_before_reading(path)
        self._pool = Pool(path)
        self._pasts = MachinePasts()

    def rollups(self) -> Mapping[str, SiteRollup]:
        """The newest roll-up of every site that ever had one, by site id."""
        with self._pool.snapshot() as connection:
            return latest.rollups(connection)

    def series(self, place: str, signal: str, start_ms: int, end_ms: int, buckets: int = 2000) -> Series:
        """One signal of a place in [start_ms, end_ms); KeyError for a signal that does not exist."""
        with self._pool.snapshot() as connection:
            return series(connection, place, signal, start_ms, end_ms, buckets)

    def roster(self, site_id: str) -> Roster | None:
        """The newest roster of a site."""
        with self._pool.snapshot() as connection:
            return frames.newest_roster(connection, site_id)

    def ratings(self, site_id: str) -> RosterColumns | None:
        """The newest roster's ratings without its names."""
        with self._pool.snapshot() as connection:
            return frames.newest_ratings(connection, site_id)

    def column(self, site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        """One metric of all machines of a site, the newest or the last one at or before `at_ms`."""
        with self._pool.snapshot() as connection:
            return frames.column(connection, site_id, metric, at_ms)

    def miner_series(self, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
        """One metric of one machine by the minute, as far as frames are kept."""
        with self._pool.snapshot() as connection:
            return self._pasts.series(connection, site_id, miner_id, metric, start_ms, end_ms)

    def newest_ms(self) -> int | None:
        """The time of the newest sample of the whole store."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, "newest_ms", int)

    def links(self) -> Mapping[str, LinkState]:
        """The link state of each site, by site id."""
        with self._pool.snapshot() as connection:
            return operations.links(connection)

    def events(self, since_ms: int, most: int = 500) -> Sequence[Event]:
        """Events since a moment, newest first."""
        with self._pool.snapshot() as connection:
            return operations.events(connection, since_ms, most)

    def backfill(self) -> BackfillState | None:
        """Progress of the back-fill, or None when none was ever started."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, "backfill", BackfillState)

    def heartbeat_ms(self) -> int | None:
        """When the collector last said that it lives."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, "heartbeat_ms", int)

    def fleet(self) -> Fleet | None:
        """The fleet as the collector last loaded it."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, "fleet", Fleet)

    def close(self) -> None:
        """Safe to call twice."""
        self._pool.close()
