"""Keeps the newest read of every site for the commands, and gets a fresh one when asked; knows no adapter.

A read counts when it was received, stored or not: of two polls within one sample of the site the second is a fresh
read of the same measurement.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from console.domain.command import FRESH_READ_MS
from console.domain.errors import StoreError
from console.domain.fleet_state import LIVE
from console.domain.frame import Frame
from console.domain.freshness import age_text, freshness
from console.domain.machines_now import MachinesNow, NamedRoster
from console.domain.metric import METRICS
from console.domain.site import Fleet, Site
from console.store.face import TelemetryReader

WITHIN_S = (
    9.0  # below the ten seconds of a fresh read, so that the first site's is still fresh when the last one's comes
)
LOOK_S = 0.25  # a frame may come a moment before its roster is in the store


@dataclass(frozen=True, slots=True)
class Measured:
    """What one poll brought: a frame, and the site's own meter (NaN: none)."""

    frame: Frame
    meter_w: float


class FreshReads:
    """`heard` comes from poll threads, all else from threads that may wait. `refresh` asks the collector to poll."""

    def __init__(
        self, fleet: Fleet, reader: TelemetryReader, refresh: Callable[[str], None], wall_ms: Callable[[], int]
    ) -> None:
        self._fleet, self._reader, self._refresh, self._wall_ms = fleet, reader, refresh, wall_ms
        self._newest: dict[str, Measured] = {}
        self._named: dict[str, tuple[Measured, MachinesNow]] = {}
        self._changed = threading.Condition()
        self._rosters: dict[str, NamedRoster] = {}

    def heard(self, measured: Measured) -> None:
        """A poll brought something; the newest counts."""
        site_id = measured.frame.site_id
        with self._changed:
            known = self._newest.get(site_id)
            if known is None or measured.frame.received_ms >= known.frame.received_ms:
                self._newest[site_id] = measured
                self._changed.notify_all()

    def fetch(self, site_ids: Iterable[str], within_s: float = WITHIN_S) -> Mapping[str, MachinesNow]:
        """Poll these sites now and wait for them; those that were read, others are missing. Never raises."""
        asked_ms, ends_s = self._wall_ms(), time.monotonic() + within_s
        waiting = list(site_ids)
        for site_id in waiting:
            self._refresh(site_id)
        found: dict[str, MachinesNow] = {}
        while True:
            for site_id in waiting:
                now = self.now(site_id)
                if now is not None and now.received_ms >= asked_ms:
                    found[site_id] = now
            waiting = [site_id for site_id in waiting if site_id not in found]
            left_s = ends_s - time.monotonic()
            if not waiting or left_s <= 0:
                return found
            with self._changed:
                self._changed.wait(min(left_s, LOOK_S))

    def now(self, site_id: str) -> MachinesNow | None:
        """The newest read with its machines' names; None where there is none, or its roster is not at hand yet."""
        with self._changed:
            measured = self._newest.get(site_id)
            known = self._named.get(site_id)
        if measured is None:
            return None
        if known is not None and known[0] is measured:
            return known[1]
        roster = self._roster(site_id, measured.frame.roster_version)
        if roster is None:
            return None
        now = MachinesNow.of(roster, measured.frame, measured.meter_w)
        with self._changed:
            self._named[site_id] = measured, now
        return now

    def last(self, site_id: str) -> MachinesNow | None:
        """The last thing that is known of a site, however old: for an emergency (R36)."""
        return self.now(site_id) or self._stored(site_id)

    def not_fresh(self, site: Site, now: MachinesNow | None) -> str:
        """Why a read of a site may not be commanded on; empty where it may (R8, R36)."""
        at_ms = self._wall_ms()
        if now is None:
            return "it was never read"
        if not -FRESH_READ_MS <= at_ms - now.received_ms <= FRESH_READ_MS:
            return f"no answer; read {age_text((at_ms - now.received_ms) / 1000)} ago"
        return self.too_old(site, now)

    def too_old(self, site: Site, now: MachinesNow | None) -> str:
        """Why a measurement is stale or missing; empty where it is neither (R8)."""
        if now is None:
            return "it was never read"
        at_ms = self._wall_ms()
        if freshness(now.at_ms, at_ms, site.poll_period_s) in LIVE:
            return ""
        return f"measured {age_text((at_ms - now.at_ms) / 1000)} ago"

    def sites_on(self) -> frozenset[str]:
        """Sites whose newest fresh sample shows a machine that hashes. Raises StoreError."""
        at_ms, rollups = self._wall_ms(), self._reader.rollups()
        found = set()
        for site in self._fleet.sites:
            rollup = rollups.get(site.id)
            if rollup is not None and freshness(rollup.at_ms, at_ms, site.poll_period_s) in LIVE:
                hashing = rollup.site_value("hashing") > 0 or rollup.site_value("degraded") > 0
                found.update([site.id] if hashing else [])
        return frozenset(found)

    def _roster(self, site_id: str, version: str) -> NamedRoster | None:
        known = self._rosters.get(site_id)
        if known is not None and known.version == version:
            return known
        try:
            roster = self._reader.roster(site_id)
        except StoreError:
            return None
        if roster is None or roster.version != version:
            return None
        self._rosters[site_id] = named = NamedRoster.of(roster)
        return named

    def _stored(self, site_id: str) -> MachinesNow | None:
        try:
            columns = {metric.name: self._reader.column(site_id, metric.name) for metric in METRICS}
            meter_w = self._reader.rollups()[site_id].site_value("meter_w")
        except (StoreError, KeyError):
            return None
        told = [column for column in columns.values() if column is not None]
        if not told:
            return None
        newest = max(told, key=lambda column: column.at_ms)
        same = {name: column.values for name, column in columns.items() if column and column.at_ms == newest.at_ms}
        roster = self._roster(site_id, newest.roster_version)
        frame = Frame(site_id, newest.at_ms, newest.at_ms, newest.roster_version, same)
        return None if roster is None else MachinesNow.of(roster, frame, meter_w)
