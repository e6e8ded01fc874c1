"""Regions and the sites beneath them as one tree of rows: shares, bars, last hour, worst state. The map's list twin.

Knows the judged fleet; reads no store and paints nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from console.domain.fleet_state import LIVE, FleetNow, SiteMark, SiteNow, TotalNow
from console.domain.freshness import age_text
from console.domain.place import region_key
from console.ui.map.pins import reason_of, where, worst
from console.ui.models.alarms.sites import NO_ALARMS, SiteAlarm, SiteAlarms, worst_of
from console.ui.models.rows import ROW_ROLE
from console.ui.models.spark import Spark
from console.ui.numbers import in_unit, known, percent
from console.ui.plain import safe_text, tip_text


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A region (no `site_id`) or a site. Hashrate and power in H/s and W; `detail` is the second line.

    `share` and `reach` are of the fleet's deployed hashrate: the first as told, the second as the bar's length
    against the largest region. `target` is the ratio that the fleet aims at. `fresh`: no part of it is missing;
    `live`: its figures are of now.
    """

    name: str
    detail: str
    site_id: str
    share: float
    reach: float
    hashrate_hs: float
    deployed_hs: float
    power_w: float
    target: float
    mark: SiteMark
    fresh: bool
    live: bool
    alarm: SiteAlarm | None = None

    @property
    def ratio(self) -> float:
        """Operational over deployed; NaN where nothing is known."""
        return self.hashrate_hs / self.deployed_hs if self.deployed_hs else math.nan

    @property
    def under(self) -> bool:
        """Whether a known ratio misses the target."""
        return known(self.ratio) and self.ratio < self.target

    def sentence(self) -> str:
        """The whole row for a screen reader."""
        words = [self.name, self.detail, f"{percent(self.share, 0)} % of the fleet"]
        words.append(f"{in_unit(self.hashrate_hs, 'EH/s', 2)} of {in_unit(self.deployed_hs, 'EH/s', 2)} EH/s")
        words.append(f"{percent(self.ratio)} %" + (", under target" if self.under else ""))
        words += [f"{in_unit(self.power_w, 'MW', 0)} MW", self.mark.value]
        words += [f"{self.alarm.priority.name.lower()} alarm"] if self.alarm else []
        return ", ".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class Branch:
    """A region with its sites."""

    region: PlaceRow
    sites: tuple[PlaceRow, ...]


def branches_of(now: FleetNow, text: str = "", alarms: SiteAlarms = NO_ALARMS) -> tuple[Branch, ...]:
    """The tree, in the fleet's own order; with `text`, only sites whose name, state, country or region holds it."""
    deployed_hs = now.total.value("deployed_hs")
    deployed_hs = deployed_hs if known(deployed_hs) else sum(entry.site.deployed_hs for entry in now.sites)
    largest_hs = max((_deployed(now, total.place) for total in now.regions), default=0.0)
    branches = []
    for name, total in zip(now.fleet.regions(), now.regions, strict=True):
        entries = [entry for entry in now.sites if entry.site.region == name]
        shown = [entry for entry in entries if _holds(entry, text)]
        if shown:
            region = _region_row(name, total, entries, (deployed_hs, largest_hs), now.fleet.target_ratio)
            sites = tuple(
                replace(_site_row(entry, now, (deployed_hs, largest_hs)), alarm=alarms.get(entry.site.id))
                for entry in shown
            )
            region = replace(region, alarm=worst_of([alarms[e.site.id] for e in entries if e.site.id in alarms]))
            branches.append(Branch(region, sites))
    return tuple(branches)


def _holds(entry: SiteNow, text: str) -> bool:
    site, asked = entry.site, text.casefold().strip()
    return not asked or any(asked in words.casefold() for words in (site.name, site.id, where(site), site.region))


def _deployed(now: FleetNow, place: str) -> float:
    return sum(entry.site.deployed_hs for entry in now.sites if region_key(entry.site.region) == place)


def _region_row(
    name: str, total: TotalNow, entries: list[SiteNow], fleet_and_largest: tuple[float, float], target: float
) -> PlaceRow:
    deployed_hs = sum(entry.site.deployed_hs for entry in entries)
    whole, largest = fleet_and_largest
    missing = total.sites - total.fresh
    count = f"{total.sites} {'site' if total.sites == 1 else 'sites'}"
    return PlaceRow(
        name=name,
        detail=count if not missing else f"{count} · {missing} not fresh",
        site_id="",
        share=deployed_hs / whole if whole else math.nan,
        reach=deployed_hs / largest if largest else 0.0,
        hashrate_hs=total.value("hashrate_hs"),
        deployed_hs=deployed_hs,
        power_w=_best_power(total),
        target=target,
        mark=worst(tuple(entry.mark for entry in entries)),
        fresh=not missing,
        live=total.freshness in LIVE,
    )


def _site_row(entry: SiteNow, now: FleetNow, fleet_and_largest: tuple[float, float]) -> PlaceRow:
    site = entry.site
    whole, largest = fleet_and_largest
    age = "" if entry.at_ms is None else age_text((now.now_ms - entry.at_ms) / 1000)
    reason = reason_of(entry, now.now_ms)
    return PlaceRow(
        name=safe_text(site.name),
        detail=safe_text(reason or " · ".join(part for part in (age, where(site)) if part)),
        site_id=site.id,
        share=site.deployed_hs / whole if whole else math.nan,
        reach=site.deployed_hs / largest if largest else 0.0,
        hashrate_hs=entry.value("hashrate_hs"),
        deployed_hs=site.deployed_hs,
        power_w=_best_power(entry),
        target=now.fleet.target_ratio,
        mark=entry.mark,
        fresh=entry.mark in (SiteMark.NORMAL, SiteMark.CURTAILED),
        live=entry.freshness in LIVE,
    )


def _best_power(place: TotalNow | SiteNow) -> float:
    """The site's own meter where it has one, else the miners."""
    meter_w = place.value("meter_w")
    return meter_w if known(meter_w) else place.value("power_w")


class RegionTree(QAbstractItemModel):
    """Regions at the top, their sites beneath. Values change in place; the shape only with the fleet or the filter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._branches: tuple[Branch, ...] = ()
        self._hours: Mapping[str, Spark] = {}

    @property
    def branches(self) -> tuple[Branch, ...]:
        """What is listed."""
        return self._branches

    def set_branches(self, branches: tuple[Branch, ...]) -> bool:
        """Show other rows; True when the shape changed and a view has lost its expanded rows."""
        if branches == self._branches:
            return False
        before, changed = self._branches, _shape(branches) != _shape(self._branches)
        if changed:
            self.beginResetModel()
        self._branches = branches
        if changed:
            self.endResetModel()
        else:
            self._tell(before)
        return changed

    def set_hours(self, hours: Mapping[str, Spark]) -> None:
        """The last 60 minutes by region name."""
        if hours != self._hours:
            self._hours = hours
            if self._branches:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._branches) - 1, 0))

    def hour(self, row: PlaceRow) -> Spark | None:
        """The last hour of a region; a site's is on its own view."""
        return None if row.site_id else self._hours.get(row.name)

    def _tell(self, before: tuple[Branch, ...]) -> None:
        """Of the regions, and of the sites of each, where one of them differs."""
        for number, (old, new) in enumerate(zip(before, self._branches, strict=True)):
            top = self.index(number, 0)
            if new.region != old.region:
                self.dataChanged.emit(top, top)
            if new.sites != old.sites:
                self.dataChanged.emit(self.index(0, 0, top), self.index(len(new.sites) - 1, 0, top))

    def index(self, row: int, column: int, parent: QModelIndex = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own
        """A region's id is 0, a site's the number of its region plus one."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: QModelIndex = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own signature
        """The region of a site."""
        if not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Regions, or the sites of one."""
        if not parent.isValid():
            return len(self._branches)
        return 0 if parent.internalId() else len(self._branches[parent.row()].sites)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One: the delegate paints the row as a whole."""
        return 1

    def row(self, index: QModelIndex) -> PlaceRow | None:
        """The row at an index."""
        if not index.isValid():
            return None
        inside = index.internalId()
        if inside:
            return self._branches[inside - 1].sites[index.row()]
        return self._branches[index.row()].region

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, or its sentence for whoever reads text."""
        row = self.row(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.sentence()
        return tip_text(row.sentence()) if role == Qt.ItemDataRole.ToolTipRole else None


def _shape(branches: tuple[Branch, ...]) -> list[tuple[str, list[str]]]:
    return [(branch.region.name, [site.site_id for site in branch.sites]) for branch in branches]
