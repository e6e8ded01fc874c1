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

from console.domain.economics import efficiency_j_per_th
from console.domain.freshness import Freshness, freshness
from console.domain.link_state import Link, LinkState
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.place import FLEET, region_key
from console.domain.rollup import HOLD_MS, Matrix, SiteRollup, total
from console.domain.site import Fleet, Site

CURTAILED_SHARE = 0.5  # a site counts as curtailed when this share of its machines rests on purpose
BEST_FIRST = (Freshness.FRESH, Freshness.LATE, Freshness.STALE, Freshness.NEVER)
LIVE = frozenset({Freshness.FRESH, Freshness.LATE})
NO_LINK = frozenset({Link.DOWN, Link.REFUSED, Link.BROKEN, Link.SLOW, Link.LIMITED})


class SiteMark(enum.StrEnum):
    """What a site's glyph says when no alarm speaks, worst first (7-look.md, section 5)."""

    NO_LINK = "no link"
    STALE = "stale"
    NEVER = "no data"
    CURTAILED = "curtailed"
    NORMAL = "normal"


NOTHING_LIVE = frozenset({SiteMark.STALE, SiteMark.NO_LINK, SiteMark.NEVER})  # of a site that is one of these


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
    """A region or the fleet: `values` (SIGNALS,) include `held_hs` and `held_w`.

    `fresh` + `held` + `missing` = `sites`. A held site's last value is in the sums and said to be; a missing site is
    in none. `at_ms` is the age of the oldest fresh part (of the newest held part when none is fresh): a sum is as
    old as that. `freshness` is that of the freshest part; NEVER without any.
    """

    place: str
    values: NDArray[np.float64]
    at_ms: int | None
    freshness: Freshness
    sites: int
    fresh: int
    held: int
    missing: int
    efficiency_j_per_th: float = float("nan")  # over the sites that tell both power and hashrate, power-weighted
    told_hs: float = float("nan")  # deployed hashrate of the sites that are in the sums, fresh or held

    def value(self, signal: str) -> float:
        """One signal of the total; NaN = no value."""
        return float(self.values[SIGNAL_INDEX[signal]])

    @property
    def operational_ratio(self) -> float:
        """Operational over deployed hashrate; NaN without a hashrate (6-economics.md)."""
        return self.value("hashrate_hs") / self.value("deployed_hs")


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


def judge(
    fleet: Fleet,
    rollups: Mapping[str, SiteRollup],
    links: Mapping[str, LinkState],
    now_ms: int,
    *,
    offline: bool = False,
) -> FleetNow:
    """The fleet at `now_ms` from the newest roll-up and link state of each site, both keyed by site id.

    `offline`: nobody asks the sites, so that each is last known, however young its sample is.
    """
    entries = (
        _site_now(site, rollups.get(site.id), links.get(site.id), now_ms, offline=offline) for site in fleet.sites
    )
    sites = tuple(entries)
    regions = tuple(
        total_now(region_key(region), [entry for entry in sites if entry.site.region == region], now_ms)
        for region in fleet.regions()
    )
    return FleetNow(now_ms, fleet, sites, total_now(FLEET, sites, now_ms), regions)


def _site_now(site: Site, rollup: SiteRollup | None, link: LinkState | None, now_ms: int, *, offline: bool) -> SiteNow:
    link = link or LinkState(site_id=site.id, adapter=site.source.adapter)
    fresh = freshness(rollup.at_ms if rollup else None, now_ms, site.poll_period_s, offline=offline)
    return SiteNow(site, rollup, fresh, link, _mark(rollup, fresh, link))


def _mark(rollup: SiteRollup | None, fresh: Freshness, link: LinkState) -> SiteMark:
    if link.link in NO_LINK and fresh in (Freshness.STALE, Freshness.NEVER):
        return SiteMark.NO_LINK
    if rollup is None:
        return SiteMark.NEVER
    if fresh is Freshness.STALE:
        return SiteMark.STALE
    curtailed = rollup.site_value("curtailed")
    if curtailed > 0 and curtailed >= CURTAILED_SHARE * rollup.site_value("miners"):
        return SiteMark.CURTAILED
    return SiteMark.NORMAL


def total_now(place: str, entries: Iterable[SiteNow], now_ms: int) -> TotalNow:
    """The total of some sites.

    A stale site is held for `HOLD_MS` behind the newest sample, not behind the clock: a fleet that went dark as a
    whole keeps its last total, all of it held.
    """
    entries = tuple(entries)
    moments = [entry.at_ms for entry in entries if entry.at_ms is not None]
    if not moments:
        empty = np.full(len(SIGNALS), np.nan)
        return TotalNow(place, empty, None, Freshness.NEVER, len(entries), 0, 0, len(entries))
    newest_ms = min(max(moments), now_ms)  # a stamp left in the future by a clock's jump makes nobody else old
    fresh = np.array([entry.freshness in LIVE for entry in entries])
    held = ~fresh & np.array([entry.at_ms is not None and newest_ms - entry.at_ms <= HOLD_MS for entry in entries])
    values = _summed(entries, fresh | held)
    sums = total(values[:, None, :], fresh[:, None], held[:, None], _deployed(entries))[0]
    live_ms = [entry.at_ms for entry in entries if entry.freshness in LIVE and entry.at_ms is not None]
    best = min((entry.freshness for entry in entries), key=BEST_FIRST.index)
    return TotalNow(
        place,
        sums,
        min(live_ms, default=newest_ms),
        best,
        len(entries),
        int(fresh.sum()),
        int(held.sum()),
        int((~fresh & ~held).sum()),
        efficiency_j_per_th(values[:, SIGNAL_INDEX["power_w"]], values[:, SIGNAL_INDEX["hashrate_hs"]]),
        float(_deployed(entries)[fresh | held].sum()),
    )


def _deployed(entries: tuple[SiteNow, ...]) -> NDArray[np.float64]:
    return np.array([entry.site.deployed_hs for entry in entries], dtype=np.float64)


def _summed(entries: tuple[SiteNow, ...], counts: NDArray[np.bool_]) -> Matrix:
    """Each site's vector, NaN where it counts in no sum."""
    values = np.full((len(entries), len(SIGNALS)), np.nan)
    for position, entry in enumerate(entries):
        if entry.rollup is not None and counts[position]:
            values[position] = entry.rollup.values[0]
    return values
