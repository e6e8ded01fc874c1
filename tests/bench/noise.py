"""Realistic measurements for the benchmarks of the store: a fleet's frames and a year of a site's minutes."""

from __future__ import annotations

import numpy as np

from console.domain.frame import Frame, Reading
from console.domain.rollup import RosterIndex, SiteRollup, roll_up
from console.domain.roster import Miner, Roster, fingerprint
from console.domain.site import Fleet, Ownership, Site, Source

MINUTE_MS = 60_000
DAY_MS = 86_400_000
T0 = 20_500 * DAY_MS
REGIONS = ("Kentucky", "Georgia", "Texas", "East Africa", "Nordics")


def make_fleet(sites: int) -> Fleet:
    """A fleet of sites alike."""
    return Fleet(
        name="Bench",
        sites=tuple(
            Site(
                id=f"b-{number:02d}", name=f"B {number}", region=REGIONS[number % 5], country="US", latitude_deg=37.0,
                longitude_deg=-85.0, time_zone="UTC", ownership=Ownership.HOSTED, deployed_hs=1e18, capacity_w=3e7,
                power_price_usd_per_mwh=45.0, poll_period_s=60.0, source=Source("siteapi"),
            )
            for number in range(sites)
        ),
    )  # fmt: skip


def make_roster(site_id: str, miners: int, per_container: int = 250) -> Roster:
    """Machines in containers of the usual size."""
    machines = tuple(
        Miner(id=f"{site_id}-{number:05d}", container=f"C{number // per_container:02d}", rated_hs=1.41e14)
        for number in range(miners)
    )
    return Roster(site_id, fingerprint(machines), machines)


def make_frame(roster: Roster, at_ms: int, noise: np.random.Generator) -> Frame:
    """5 % noise of hashrate, a heap of temperatures, two machines in a hundred off, one in two hundred silent."""
    miners = len(roster.miners)
    off = noise.random(miners) < 0.02
    hashrate = np.where(off, 0.0, noise.normal(1.41e14, 7e12, miners))
    columns = {
        "hashrate_hs": hashrate,
        "power_w": np.where(off, 12.0, hashrate * 23.5e-12 + noise.normal(0, 15, miners)),
        "board_c": noise.normal(67, 4, miners),
        "inlet_c": noise.normal(24, 1.0, miners),
        "state": np.where(off, 3.0, 1.0),
    }
    silent = noise.random(miners) < 0.005
    packed = {}
    for name, values in columns.items():
        packed[name] = values.astype(np.float32)
        packed[name][silent] = np.nan
    return Frame(roster.site_id, at_ms, at_ms + 800, roster.version, packed)


def rolled(site: Site, roster: Roster, frame: Frame) -> SiteRollup:
    """The frame's roll-up."""
    return roll_up(site, RosterIndex.of(roster), Reading(frame))


def site_year(seed: int = 1, days: int = 365) -> np.ndarray:
    """A site's hashrate by the minute, shape (1440 * days,): day and night, noise, curtailments."""
    noise = np.random.default_rng(seed)
    minutes = np.arange(days * 1440)
    values = 1.1e18 * (1 + 0.01 * np.sin(minutes / 1440 * 2 * np.pi)) + noise.normal(0, 2e15, minutes.size)
    for start in noise.integers(0, minutes.size - 200, days // 5):
        values[start : start + 120] *= 0.1
    return values
