"""Thirty days of the demo fleet straight from its physics, in the columns that a replay of alarm rules reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from console.domain.alarm_rule import Level, Rule
from console.domain.alarm_signals import Columns, Values
from console.domain.place import FLEET, container_key, site_key
from console.domain.site import Fleet, Ownership, Site, Source
from console.operate.rules_replay import PlacePast, link_columns, totals
from console.simulator.history import past, site_of
from console.simulator.plan import SitePlan, demo_sites
from console.simulator.yard import Yard

END_MS = 1_793_491_200_000  # 2026-11-01T00:00Z, a midnight
MINUTE_MS = 60_000
SIGNAL_OF = {
    "hashrate": "hashrate_hs", "power": "power_w", "meter_power": "meter_w", "board_temperature": "board_c",
    "inlet_temperature": "inlet_c", "miners": "miners", "miners_hashing": "hashing", "miners_degraded": "degraded",
    "miners_stopped": "off", "miners_curtailed": "curtailed", "miners_unknown": "unknown",
}  # fmt: skip


def fleet_of(plans: Sequence[SitePlan]) -> Fleet:
    return Fleet(name="Demo", sites=tuple(_site(plan) for plan in plans), simulated=True)


def _site(plan: SitePlan) -> Site:
    return Site(
        id=plan.id, name=plan.name, region=plan.region, country=plan.country, latitude_deg=plan.latitude_deg,
        longitude_deg=plan.longitude_deg, time_zone=plan.time_zone, ownership=Ownership(plan.ownership),
        deployed_hs=plan.deployed_hs, capacity_w=plan.capacity_w,
        power_price_usd_per_mwh=plan.price_usd_per_mwh, poll_period_s=30.0, source=Source("siteapi"),
    )  # fmt: skip


def month(days: int = 30, seed: int = 1, every: int = 1) -> tuple[Fleet, list[PlacePast], tuple[int, int]]:
    """The fleet (each `every`th site of it), the past of each place by the minute, and its span."""
    plans = demo_sites()[::every]
    fleet = fleet_of(plans)
    at_ms = np.arange(END_MS - days * 86_400_000, END_MS, MINUTE_MS, dtype=np.int64)
    places: list[PlacePast] = []
    sites: dict[str, Columns] = {}
    for plan, site in zip(plans, fleet.sites, strict=True):
        yard = Yard.of(plan, seed)
        containers = past(yard, seed, at_ms / 1000 + 30.0)
        columns = _columns({name: values[0] for name, values in site_of(containers).items()})
        columns |= {"deployed_hs": np.full(at_ms.shape, site.deployed_hs)}
        columns |= {"capacity_w": np.full(at_ms.shape, site.capacity_w)}
        columns |= link_columns(np.ones(at_ms.shape, dtype=np.bool_), at_ms, site.poll_period_s)
        sites[site.id] = columns
        places.append(PlacePast(Level.SITE, site_key(site.id), at_ms, columns))
        for row, name in enumerate(yard.containers):
            inside = _columns({key: values[row] for key, values in containers.metrics.items()})
            places.append(PlacePast(Level.CONTAINER, container_key(site.id, name), at_ms, inside))
    places.append(PlacePast(Level.FLEET, FLEET, at_ms, totals(at_ms, sites, fleet.target_ratio)))
    return fleet, places, (int(at_ms[0]), END_MS)


def _columns(metrics: Mapping[str, Values]) -> dict[str, Values]:
    size = next(iter(metrics.values())).size
    return {SIGNAL_OF[name]: values for name, values in metrics.items()} | {"suspect": np.zeros(size)}


def lazily(places: Iterable[PlacePast], rules: Sequence[Rule]) -> Iterator[PlacePast]:
    """Only the places of levels that a rule watches."""
    levels = {rule.level for rule in rules}
    return (place for place in places if place.level in levels)
