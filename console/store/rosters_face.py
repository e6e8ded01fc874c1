"""What the store knows of rosters beside the lists: the content under a tag, numbers that two sites share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from console.domain.roster import fingerprint
from console.domain.shared_serials import SharedSerials
from console.store import frames, operations
from console.store.database import Pool, Writer

SHARED = "shared_serials"  # the name of a state
_VERSIONS = "SELECT version FROM roster WHERE site = ? ORDER BY since_ms DESC"
ByPlace = Mapping[str, tuple[SharedSerials, ...]]


class SharedReader(Protocol):
    """What the screen reads."""

    def shared_serials(self) -> ByPlace:
        """The serial numbers that a site shares with another one, by site id."""
        ...


class RosterReads:
    """The reading half, for a reader that has a pool."""

    _pool: Pool

    def shared_serials(self) -> ByPlace:
        """The serial numbers that a site shares with another one, by site id."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, SHARED, dict[str, tuple[SharedSerials, ...]]) or {}

    def roster_digest(self, site_id: str, version: str) -> str | None:
        """The fingerprint of the list that is kept under a version; None where there is none."""
        with self._pool.snapshot() as connection:
            roster = frames.roster_of(connection, site_id, version)
        return None if roster is None else fingerprint(roster.miners)

    def knows_miner(self, site_id: str, miner_id: str) -> bool:
        """Whether a kept roster of a site names a machine, the newest asked first; a no takes all of them."""
        with self._pool.snapshot() as connection:
            return any(
                any(miner.id == miner_id for miner in roster.miners)
                for (version,) in connection.execute(_VERSIONS, (site_id,)).fetchall()
                if (roster := frames.roster_of(connection, site_id, version)) is not None
            )


class RosterWrites:
    """The writing half, for a writer."""

    _writer: Writer

    def put_shared_serials(self, shared: ByPlace) -> None:
        """Replace what is shared."""
        with self._writer.transaction() as connection:
            operations.put_state(connection, SHARED, shared)
