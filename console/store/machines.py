"""Reads every machine of a fleet, with its newest measurements, into one table of columns."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.metric import METRICS
from console.domain.miner_table import MinerTable, SitePart, build
from console.domain.site import Fleet, Site
from console.store.face import TelemetryReader


def machines(telemetry: TelemetryReader, fleet: Fleet, now_ms: int) -> MinerTable:
    """The machines of all sites that have a roster, sites in fleet order, judged at `now_ms`."""
    return build(tuple(_parts(telemetry, fleet.sites)), now_ms)


def _parts(telemetry: TelemetryReader, sites: Iterable[Site]) -> Iterable[SitePart]:
    for site in sites:
        roster = telemetry.roster(site.id)
        if roster is None:
            continue
        stored = {metric.name: telemetry.column(site.id, metric.name) for metric in METRICS}
        # a column of another roster version is in another order: its values would land on the wrong machines
        usable = {name: column for name, column in stored.items() if column and column.roster_version == roster.version}
        at_ms = max((column.at_ms for column in usable.values()), default=None)
        columns = {name: column.values for name, column in usable.items() if column.at_ms == at_ms}
        yield SitePart(site, roster, columns, at_ms)
