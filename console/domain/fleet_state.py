"""Judges the newest samples of every site at one moment: freshness, mark, and totals that state their coverage.

The one place where "what is the fleet doing now" is decided; the screen, `status` and the alarm engine all ask
it, so that they can never disagree.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.freshness import LATE_PERIODS, Freshness, freshness
from console.domain.link_state import Link, LinkState
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.place import FLEET, region_key
from console.domain.rollup import HOLD_MS, Matrix, SiteRollup, total
from console.domain.site import Fleet, Site

CURTAILED_SHARE = 0.5  # a site counts as curtailed when this share of its machines rests on purpose
NO_LINK = frozenset({Link.DOWN, Link.REFUSED, Link.BROKEN, Link.SLOW, Link.LIMITED})


class SiteMark(enum.StrEnum):
    """What a site's glyph says when no alarm speaks, worst first (7-look.md, section 5)."""

    NO_LINK = "no link"
    STALE = "stale"
    NEVER = "no data"
    CURTAILED = "curtailed"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class SiteNow:
    """One site at `now`: its newest roll-up (None: never a sample), how fresh it is, and its link."""

    site: Site
    rollup: SiteRollup | None
    freshness: Freshness
    link: LinkState
    mark: SiteMark

    def value(self, signal: str) -> float:
        """The last known value of a signal, however old; NaN = none."""
        return float("nan") if self.rollup is None else self.rollup.site_value(signal)

    @property
    def at_ms(self) -> int | None:
        """When the last sample was measured, or None."""
        return None if self.rollup is None else self.rollup.at_ms


@dataclass(frozen=True, slots=True)
class TotalNow:
    """A region or the fleet: `values` (SIGNALS,) include `held_hs` and `held_w`; `missing` sites are in no sum.

    `at_ms` is the age of its oldest fresh part (of its newest part when none is fresh): a sum is as old as that.
    """

    place: str
    values: NDArray[np.float64]
    at_ms: int | None
    freshness: Freshness
    sites: int
    fresh: int
    held: int
    missing: int

    def value(self, signal: str) -> float:
        """One signal of the total; NaN = no value."""
        return float(self.values[SIGNAL_INDEX[signal]])

    @property
    def operational_ratio(self) -> float:
        """Operational over deployed hashrate; NaN without a hashrate (6-economics.md)."""
        return self.value("hashrate_hs") / self.value("deployed_hs")

    @property
    def efficiency_j_per_th(self) -> float:
        """Power-weighted: sum of power over sum of hashrate, miners at the wall (6-economics.md)."""
        hashrate_th = self.value("hashrate_hs") / 1e12
        return self.value("power_w") / hashrate_th if hashrate_th else float("nan")


@dataclass(frozen=True, slots=True)
class FleetNow:
    """The whole fleet judged at `now_ms`."""

    now_ms: int
    fleet: Fleet
    sites: tuple[SiteNow, ...]
    total: TotalNow
    regions: tuple[TotalNow, ...]

    def site(self, site_id: str) -> SiteNow:
        """One site by id; KeyError where the fleet has none."""
        for entry in self.sites:
            if entry.site.id == site_id:
                return entry
        raise KeyError(site_id)


def judge(fleet: Fleet, rollups: Mapping[str, SiteRollup], links: Mapping[str, LinkState], now_ms: int) -> FleetNow:
    """The fleet at `now_ms` from the newest roll-up and link state of each site, both keyed by site id."""
    sites = tuple(_site_now(site, rollups.get(site.id), links.get(site.id), now_ms) for site in fleet.sites)
    regions = tuple(
        total_now(region_key(region), [entry for entry in sites if entry.site.region == region], now_ms)
        for region in fleet.regions()
    )
    return FleetNow(now_ms, fleet, sites, total_now(FLEET, sites, now_ms), regions)


def _site_now(site: Site, rollup: SiteRollup | None, link: LinkState | None, now_ms: int) -> SiteNow:
    link = link or LinkState(site_id=site.id, adapter=site.source.adapter)
    fresh = freshness(rollup.at_ms if rollup else None, now_ms, site.poll_period_s)
    return SiteNow(site, rollup, fresh, link, _mark(rollup, fresh, link))


def _mark(rollup: SiteRollup | None, fresh: Freshness, link: LinkState) -> SiteMark:
    if link.link in NO_LINK and fresh in (Freshness.STALE, Freshness.NEVER):
        return SiteMark.NO_LINK
    if rollup is None:
        return SiteMark.NEVER
    if fresh is Freshness.STALE:
        return SiteMark.STALE
    if rollup.site_value("curtailed") >= CURTAILED_SHARE * rollup.site_value("miners"):
        return SiteMark.CURTAILED
    return SiteMark.NORMAL


def total_now(place: str, entries: Iterable[SiteNow], now_ms: int) -> TotalNow:
    """The total of some sites, as of their newest sample: a fleet that went dark as a whole keeps its last total."""
    entries = tuple(entries)
    newest = max((entry.at_ms for entry in entries if entry.at_ms is not None), default=None)
    if newest is None:
        empty = np.full(len(SIGNALS), np.nan)
        return TotalNow(place, empty, None, Freshness.NEVER, len(entries), 0, 0, len(entries))
    values, fresh, held = _parts(entries, newest)
    sums = total(values[:, None, :], fresh[:, None], held[:, None], _deployed(entries))[0]
    at_ms = min(entry.at_ms for entry, is_fresh in zip(entries, fresh, strict=True) if is_fresh and entry.at_ms)
    live = np.array([entry.freshness in (Freshness.FRESH, Freshness.LATE) for entry in entries])
    period_s = max(entry.site.poll_period_s for entry in entries)
    state = freshness(newest, now_ms, period_s)
    sums[SIGNAL_INDEX["sites_fresh"]] = int((live & fresh).sum())
    return TotalNow(
        place,
        sums,
        at_ms,
        state,
        len(entries),
        int((live & fresh).sum()),
        int(held.sum()),
        int((~fresh & ~held).sum()),
    )


def _deployed(entries: tuple[SiteNow, ...]) -> NDArray[np.float64]:
    return np.array([entry.site.deployed_hs for entry in entries], dtype=np.float64)


def _parts(entries: tuple[SiteNow, ...], as_of_ms: int) -> tuple[Matrix, NDArray[np.bool_], NDArray[np.bool_]]:
    """Each site's vector, and whether it counts as fresh or as held at `as_of_ms`."""
    values = np.full((len(entries), len(SIGNALS)), np.nan)
    fresh = np.zeros(len(entries), dtype=np.bool_)
    held = np.zeros(len(entries), dtype=np.bool_)
    for position, entry in enumerate(entries):
        if entry.rollup is None:
            continue
        behind_ms = as_of_ms - entry.rollup.at_ms
        fresh[position] = behind_ms <= LATE_PERIODS * entry.site.poll_period_s * 1000
        held[position] = not fresh[position] and behind_ms <= HOLD_MS
        if fresh[position] or held[position]:
            values[position] = entry.rollup.values[0]
    return values, fresh, held
