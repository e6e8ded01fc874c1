"""Thirty days of the demo fleet straight from its physics, in the columns that a replay of alarm rules reads.

Links fail in it: the demo's poor link drops on its own schedule, every site loses its link a few times a month, for a
minute or for hours, and once a carrier takes a whole continent along. While a link is down no sample comes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm_rule import Level
from console.domain.alarm_signals import Columns, Values
from console.domain.place import FLEET, container_key, site_key
from console.domain.site import Fleet, Ownership, Site, Source
from console.operate.alarms.rules_replay import PlacePast, link_columns, totals
from console.simulator.history import past, site_of
from console.simulator.host import DROP_EVERY_S, DROP_S, DROPPING
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


LOSSES_A_MONTH = 4.0  # of a site's link: VPN, carrier, gateway, maintenance without notice
USUAL_LOSS_MIN, SPREAD = 9.0, 1.3  # half of them are shorter than nine minutes, one of twenty is longer than an hour
CARRIER = ("North America", 11.4 * 24 * 60, 55)  # region, when (minutes into the month), how long


def linked(plan: SitePlan, at_ms: NDArray[np.int64]) -> NDArray[np.bool_]:
    """In which minutes a site's link is there, shape (n,)."""
    minutes = np.arange(at_ms.size)
    up = np.ones(at_ms.size, dtype=np.bool_)
    if plan.id in DROPPING:
        up &= (at_ms / 1000) % DROP_EVERY_S >= DROP_S
    chance = np.random.default_rng(zlib.crc32(plan.id.encode()))
    for start in chance.uniform(0, at_ms.size, chance.poisson(LOSSES_A_MONTH * at_ms.size / 43_200)):
        length = USUAL_LOSS_MIN * np.exp(SPREAD * chance.standard_normal())
        up &= ~((minutes >= start) & (minutes < start + length))
    region, start, length = CARRIER
    if plan.region == region:
        up &= ~((minutes >= start) & (minutes < start + length))
    return up


class Month:
    """The demo fleet (each `every`th site of it) over `days` days that end at END_MS."""

    def __init__(self, days: int = 30, seed: int = 1, every: int = 1) -> None:
        self._plans, self._seed = demo_sites()[::every], seed
        self.fleet = fleet_of(self._plans)
        self.at_ms = np.arange(END_MS - days * 86_400_000, END_MS, MINUTE_MS, dtype=np.int64)

    @property
    def span(self) -> tuple[int, int]:
        return int(self.at_ms[0]), END_MS

    def places(self) -> Iterator[PlacePast]:
        """One site at a time with its containers, the fleet last: a month of all machines' sums is never in memory."""
        kept: dict[str, Columns] = {}
        for plan, site in zip(self._plans, self.fleet.sites, strict=True):
            yard = Yard.of(plan, self._seed)
            containers = past(yard, self._seed, self.at_ms / 1000 + 30.0)
            up = linked(plan, self.at_ms)
            whole = _columns({name: values[0] for name, values in site_of(containers).items()})
            columns = self._site(site, _heard(whole, up), up)
            kept[site.id] = {name: columns[name] for name in ("hashrate_hs", "power_w", "deployed_hs")}
            yield PlacePast(Level.SITE, site_key(site.id), self.at_ms, columns)
            for row, name in enumerate(yard.containers):
                inside = _columns({key: values[row] for key, values in containers.metrics.items()})
                yield PlacePast(Level.CONTAINER, container_key(site.id, name), self.at_ms, _heard(inside, up))
        yield PlacePast(Level.FLEET, FLEET, self.at_ms, totals(self.at_ms, kept, self.fleet.target_ratio))

    def _site(self, site: Site, columns: dict[str, Values], up: NDArray[np.bool_]) -> dict[str, Values]:
        same = {"deployed_hs": site.deployed_hs, "capacity_w": site.capacity_w}
        columns |= {name: np.full(self.at_ms.shape, value) for name, value in same.items()}
        return columns | link_columns(up, self.at_ms, site.poll_period_s)


def _heard(columns: dict[str, Values], up: NDArray[np.bool_]) -> dict[str, Values]:
    return {name: np.where(up, values, np.nan) for name, values in columns.items()}


def _columns(metrics: Mapping[str, Values]) -> dict[str, Values]:
    size = next(iter(metrics.values())).size
    return {SIGNAL_OF[name]: values for name, values in metrics.items()} | {"suspect": np.zeros(size)}
