"""Every machine of a scope (one site, or the fleet) as one frozen table of columns, read off the GUI thread.

Names are kept per roster version and measurements per frame, so that a refresh reads new columns only. Knows the
store's reader and no pixel; holds no Python object a machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from console.domain.errors import StoreError
from console.domain.fleet_state import FleetNow
from console.domain.metric import METRICS
from console.domain.miner_table import SITE_FIELDS, MinerTable, SitePart, build, site_text, text_columns
from console.domain.roster_columns import RosterColumns, Text, odd
from console.domain.site import Site
from console.store.face import StoredColumn, TelemetryReader
from console.ui.models.live import LiveFleet

FLEET = ""  # the scope of all sites
FLEET_EVERY_MS = 5000  # of many sites some have a new frame at any moment: together, not one by one


@dataclass(frozen=True, slots=True)
class MachinesNow:
    """A scope's machines at one moment: sites in fleet order, machines in roster order.

    Site `i` has the rows `starts[i]` to `starts[i + 1]`; a site without a roster has no part. `unread` says why the
    store could not tell the newest of a site, by its id: what is shown of it was read before, or nothing.
    """

    scope: str
    now_ms: int
    parts: tuple[SitePart, ...]
    starts: NDArray[np.int64]
    table: MinerTable
    oddities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def named(self) -> bool:
        """Whether names are at hand, not numbers only."""
        return "id" in self.table.text

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Which rosters these rows follow: the same tuple means the same machine in the same row."""
        return tuple((part.site.id, part.roster.version) for part in self.parts)

    def part_of(self, row: int) -> tuple[SitePart, int]:
        """The site of a row and the row's position in its roster."""
        index = int(self.starts.searchsorted(row, side="right")) - 1
        return self.parts[index], row - int(self.starts[index])

    def rows_of(self, site_id: str) -> range:
        """The rows of a site; none where it is not in the scope."""
        for index, part in enumerate(self.parts):
            if part.site.id == site_id:
                return range(int(self.starts[index]), int(self.starts[index + 1]))
        return range(0)

    def name(self, row: int) -> str:
        """A machine's name; empty while names are not read."""
        return self.text(row, "id")

    def text(self, row: int, name: str) -> str:
        """One name of one machine, without joining the names of all sites for it; empty where it is not read."""
        if name not in self.table.text:
            return ""
        part, position = self.part_of(row)
        return site_text(part.site, name) if name in SITE_FIELDS else str(part.roster.text[name][position])

    def told(self, row: int, metric: str) -> float:
        """A metric as the source told it, suspect values too; NaN where it told none."""
        part, position = self.part_of(row)
        return float(part.column(metric)[position])

    def lacking(self, metric: str) -> tuple[str, ...]:
        """The sites that tell nothing of a metric although they have a frame, by id."""
        return tuple(part.site.id for part in self.parts if part.at_ms is not None and metric not in part.columns)


class MachineReader:
    """Reads parts for worker threads, one call at a time; keeps what did not change."""

    def __init__(self) -> None:
        self._rosters: dict[str, RosterColumns] = {}
        self._parts: dict[str, SitePart] = {}
        self._oddities: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._text: tuple[object, Mapping[str, Text]] | None = None

    def read(
        self,
        telemetry: TelemetryReader,
        scope: str,
        sites: Sequence[Site],
        now_ms: int,
        names: bool,
        shared: Mapping[str, tuple[str, ...]] | None = None,
    ) -> MachinesNow:
        """All of `sites` that have a roster; `shared` says what rosters of two sites tell alike.

        Where a damaged store cannot tell one site, the others stand. Raises StoreError where it tells none.
        """
        found, unread = self._readable(telemetry, sites, names)
        parts = tuple(part for part in found if part is not None)
        kept = {part.site.id for part in parts}
        for held in (self._rosters, self._parts, self._oddities):
            for site_id in held.keys() - kept:
                del held[site_id]
        starts = np.concatenate([[0], np.cumsum([len(part.roster) for part in parts])]).astype(np.int64)
        told = {site_id: (*words, *(shared or {}).get(site_id, ())) for site_id, (_, words) in self._oddities.items()}
        oddities = {site_id: words for site_id, words in told.items() if words}
        table = build(parts, now_ms, self._names(parts))
        return MachinesNow(scope, now_ms, parts, starts, table, oddities, unread)

    def _readable(
        self, telemetry: TelemetryReader, sites: Sequence[Site], names: bool
    ) -> tuple[list[SitePart | None], dict[str, str]]:
        """The parts, and why those of some sites are old or missing."""
        parts, unread, trouble = [], {}, None
        for site in sites:
            try:
                parts.append(self._part(telemetry, site, names))
            except StoreError as error:
                unread[site.id], trouble = str(error), error
                held = self._parts.get(site.id)
                parts.append(held if held is not None and (held.roster.named or not names) else None)
        if trouble is not None and all(part is None for part in parts):
            raise trouble
        return parts, unread

    def _names(self, parts: tuple[SitePart, ...]) -> Mapping[str, Text]:
        """The text columns, made anew only when a roster or a site's own entry changed."""
        key = tuple((part.site, part.roster.version, part.roster.named) for part in parts)
        if self._text is None or self._text[0] != key:
            self._text = (key, text_columns(parts))
        return self._text[1]

    def _part(self, telemetry: TelemetryReader, site: Site, names: bool) -> SitePart | None:
        first = telemetry.column(site.id, METRICS[0].name)
        roster = self._roster(telemetry, site.id, first.roster_version if first else None, names)
        if roster is None:
            return None
        held = self._parts.get(site.id)
        if held is not None and held.roster is roster and held.site == site and first and held.at_ms == first.at_ms:
            return held
        stored = {METRICS[0].name: first} | {
            metric.name: telemetry.column(site.id, metric.name) for metric in METRICS[1:]
        }
        part = _made(site, roster, stored)
        self._parts[site.id] = part
        return part

    def _roster(
        self, telemetry: TelemetryReader, site_id: str, version: str | None, names: bool
    ) -> RosterColumns | None:
        held = self._rosters.get(site_id)
        if held is not None and held.version == version and (held.named or not names):
            return held
        if names:
            told = telemetry.roster(site_id)
            found = None if told is None else RosterColumns.of(told)
        else:
            found = telemetry.ratings(site_id)
        if found is None:
            return None
        if held is not None and held.version == found.version and held.named:
            return held
        self._rosters[site_id] = found
        self._oddities[site_id] = (found.version, odd(found))
        return found


def _made(site: Site, roster: RosterColumns, stored: Mapping[str, StoredColumn | None]) -> SitePart:
    """The newest frame's columns; a column of another roster version would land on the wrong machines."""
    usable = {
        name: column
        for name, column in stored.items()
        if column is not None and column.roster_version == roster.version and column.values.size == len(roster)
    }
    at_ms = max((column.at_ms for column in usable.values()), default=None)
    return SitePart(
        site, roster, {name: column.values for name, column in usable.items() if column.at_ms == at_ms}, at_ms
    )


class Machines(QObject):
    """`open` a scope and follow it: `changed` carries a MachinesNow, at first and after each new frame.

    `troubled` says that a read failed; what is known stays, and `trouble` says why until another one went well.
    With `names` false only numbers are read: enough for a heat map, at a third of the time and a tenth of the memory.
    """

    changed = Signal(object)
    troubled = Signal()

    def __init__(self, live: LiveFleet, parent: QObject | None = None, *, names: bool = True) -> None:
        super().__init__(parent)
        self._live, self._names = live, names
        self._reader = MachineReader()
        self._scope: str | None = None
        self._now: MachinesNow | None = None
        self._stamp: tuple[object, ...] = ()
        self._asked_ms = 0
        self._reading = False
        self._trouble = ""
        live.changed.connect(self._follow)

    @property
    def now(self) -> MachinesNow | None:
        """The newest answer of the open scope; None before the first."""
        return self._now

    @property
    def trouble(self) -> str:
        """Why the last read failed; empty where it did not."""
        return self._trouble

    @property
    def scope(self) -> str | None:
        """The open site's id, FLEET for all sites, None when nothing is followed."""
        return self._scope

    @property
    def busy(self) -> bool:
        """Whether something asked for is still to come (R50)."""
        return self._reading

    def open(self, scope: str) -> None:
        """Follow a site by its id, or the FLEET."""
        if scope != self._scope:
            self._scope, self._now, self._stamp, self._trouble = scope, None, (), ""
        self._follow(self._live.now)

    def rest(self) -> None:
        """Follow nothing; what was read stays for the next opening of the same scope."""
        self._stamp = ()
        self._scope, self._now = None, None

    def forget(self) -> None:
        """Follow nothing and keep nothing: the names of a whole fleet are a hundred megabytes."""
        self.rest()
        self._reader = MachineReader()

    def load(self) -> None:
        """Read at once on this thread: for captures and tests, not for a running window."""
        if self._scope is not None:
            now = self._live.now
            self._stamp = self._stamp_of(now)
            self._take(self._fetch(self._scope, now)())

    def _sites(self, now: FleetNow, scope: str) -> tuple[Site, ...]:
        return tuple(entry.site for entry in now.sites if scope in (FLEET, entry.site.id))

    def _stamp_of(self, now: FleetNow) -> tuple[object, ...]:
        return (self._live.telemetry, *(entry.at_ms for entry in now.sites if self._scope in (FLEET, entry.site.id)))

    def _follow(self, now: FleetNow) -> None:
        """Read where a frame is newer than what is shown."""
        if self._scope is None or self._reading:
            return
        stamp = self._stamp_of(now)
        soon = self._scope == FLEET and self._now is not None and now.now_ms - self._asked_ms < FLEET_EVERY_MS
        if stamp == self._stamp or soon:
            return
        self._stamp, self._asked_ms, self._reading = stamp, now.now_ms, True
        self._live.reads.run(self._fetch(self._scope, now), self._take, partial(self._failed, self._scope))

    def _fetch(self, scope: str, now: FleetNow) -> Callable[[], MachinesNow]:
        telemetry, sites, reader, names = self._live.telemetry, self._sites(now, scope), self._reader, self._names
        operations, called = self._live.operations, now.fleet.site_names()

        def fetch() -> MachinesNow:
            shared = {
                site_id: tuple(each.words(called.get(each.site_id, each.site_id)) for each in found)
                for site_id, found in operations.shared_serials().items()
            }
            return reader.read(telemetry, scope, sites, now.now_ms, names, shared)

        return fetch

    def _take(self, found: MachinesNow) -> None:
        self._reading = False
        if found.scope != self._scope:  # another scope was opened meanwhile
            self._follow(self._live.now)
            return
        self._now, self._trouble = found, ""
        if found.unread:
            self._stamp = ()  # asked again, as after a failure
        self.changed.emit(found)

    def _failed(self, scope: str, error: Exception) -> None:
        """The store did not answer: what is known stays, and the next frame asks again."""
        self._reading, self._stamp = False, ()
        if scope != self._scope:  # another scope was opened meanwhile, of which nothing is known yet
            self._follow(self._live.now)
            return
        self._trouble = str(error)
        self.troubled.emit()
