"""The two faces of the store as protocols: nothing above `store` knows which engine is behind them.

Every method of a reader may be called from any thread of a process that opened its own reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.domain.frame import Column, Frame, HistoryChunk
from console.domain.link_state import LinkState
from console.domain.rollup import SiteRollup
from console.domain.roster import Roster
from console.domain.roster_columns import RosterColumns
from console.domain.series import Series
from console.domain.site import Fleet


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """One metric of every machine of a site at one minute; `values` shape (miners,), roster order, NaN = none."""

    at_ms: int
    roster_version: str
    values: Column


@dataclass(frozen=True, slots=True)
class MinerSeries:
    """One metric of one machine: `at_ms` and `values` of shape (n,), minutes without a frame are absent."""

    at_ms: NDArray[np.int64]
    values: Column


class BackfillState(msgspec.Struct, frozen=True):
    """How far the past is there; `running` is false once it is done or cancelled."""

    done: int
    total: int
    running: bool


class Event(msgspec.Struct, frozen=True):
    """Something that happened and asks nothing of anybody: link lost, link back, back-fill done (R12)."""

    at_ms: int
    place: str
    kind: str
    text: str


class TelemetryReader(Protocol):
    """What the screen and the commands read of measurements."""

    def rollups(self) -> Mapping[str, SiteRollup]:
        """The newest roll-up of every site that ever had one, by site id, values in full double precision."""
        ...

    def series(self, place: str, signal: str, start_ms: int, end_ms: int, buckets: int = 2000) -> Series:
        """One signal of a place in [start_ms, end_ms), at the finest level that needs at most `buckets` buckets."""
        ...

    def roster(self, site_id: str) -> Roster | None:
        """The newest roster of a site."""
        ...

    def ratings(self, site_id: str) -> RosterColumns | None:
        """The newest roster's ratings without its names: a third of the work of reading it whole."""
        ...

    def column(self, site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        """One metric of all machines of a site, the newest or the last one at or before `at_ms`."""
        ...

    def miner_series(self, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
        """One metric of one machine by the minute, as far as frames are kept: after 48 h one in five minutes."""
        ...

    def newest_ms(self) -> int | None:
        """The time of the newest sample of the whole store: the cut-off when offline (R11)."""
        ...


class TelemetryWriter(Protocol):
    """What the collector writes of measurements; one thread of one process."""

    def put_reading(self, frame: Frame, roster: Roster | None, rollup: SiteRollup) -> bool:
        """Store a poll in one transaction; False when a sample as new is there for that minute (nothing changes).

        Of two polls within a minute the newer one stands: still one minute, and the newest roll-up stays fresh.
        """
        ...

    def put_history(self, chunks: Sequence[HistoryChunk]) -> int:
        """Store minutes of the past that are not there yet; returns how many were new."""
        ...

    def refresh_totals(self, fleet: Fleet, start_ms: int, end_ms: int) -> None:
        """Recompute region and fleet minutes in [start_ms, end_ms) from the sites' (idempotent)."""
        ...


class OperationsReader(Protocol):
    """What the screen reads of the collector's own doings."""

    def links(self) -> Mapping[str, LinkState]:
        """The link state of each site, by site id."""
        ...

    def events(self, since_ms: int, most: int = 500) -> Sequence[Event]:
        """Events since a moment, newest first."""
        ...

    def backfill(self) -> BackfillState | None:
        """Progress of the back-fill, or None when none was ever started."""
        ...

    def heartbeat_ms(self) -> int | None:
        """When the collector last said that it lives."""
        ...

    def fleet(self) -> Fleet | None:
        """The fleet as the collector last loaded it, so that offline needs no fleet file."""
        ...


class OperationsWriter(Protocol):
    """What the collector writes of its own doings."""

    def put_link(self, state: LinkState) -> None:
        """Replace a site's link state."""
        ...

    def put_event(self, event: Event) -> None:
        """Append an event."""
        ...

    def put_backfill(self, state: BackfillState) -> None:
        """Replace the back-fill's progress."""
        ...

    def put_heartbeat(self, at_ms: int) -> None:
        """Say that the collector lives."""
        ...

    def put_fleet(self, fleet: Fleet) -> None:
        """Keep the fleet as loaded."""
        ...
