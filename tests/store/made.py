"""Small made-up sites, frames and roll-ups for the store's tests; every number follows from a seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from console.domain.errors import StoreError
from console.domain.frame import Frame, Reading
from console.domain.place import site_key
from console.domain.rollup import RosterIndex, SiteRollup, roll_up
from console.domain.roster import Miner, Roster, fingerprint
from console.domain.site import Fleet, Ownership, Site, Source
from console.store import open_reader
from console.store.writer import StoreWriter

MINUTE = 60_000
DAY = 86_400_000
T0 = 20_000 * DAY  # a midnight in 2024


def make_site(site_id: str = "ky-1", region: str = "Kentucky") -> Site:
    return Site(
        id=site_id, name=site_id.upper(), region=region, country="US", latitude_deg=37.0, longitude_deg=-85.0,
        time_zone="America/New_York", ownership=Ownership.HOSTED, deployed_hs=1e18, capacity_w=2e7,
        power_price_usd_per_mwh=45.0, poll_period_s=30.0, source=Source("siteapi"),
    )  # fmt: skip


def make_fleet(count: int = 3) -> Fleet:
    regions = ("Kentucky", "Texas")
    return Fleet(name="Test", sites=tuple(make_site(f"s-{number}", regions[number % 2]) for number in range(count)))


def make_roster(site_id: str = "ky-1", miners: int = 40, containers: int = 4) -> Roster:
    machines = tuple(
        Miner(id=f"m{number}", container=f"C{number * containers // miners:02d}", rated_hs=1.1e14)
        for number in range(miners)
    )
    return Roster(site_id, fingerprint(machines), machines)


def make_frame(roster: Roster, at_ms: int, seed: int = 0) -> Frame:
    noise = np.random.default_rng([seed, at_ms // 1000])
    miners = len(roster.miners)
    columns = {
        "hashrate_hs": noise.normal(1.1e14, 2e12, miners).astype(np.float32),
        "power_w": noise.normal(3300, 40, miners).astype(np.float32),
        "board_c": noise.normal(68, 3, miners).astype(np.float32),
        "inlet_c": noise.normal(24, 1, miners).astype(np.float32),
        "state": np.ones(miners, dtype=np.float32),
    }
    for column in columns.values():
        column[noise.random(miners) < 0.02] = np.nan
    return Frame(roster.site_id, at_ms, at_ms + 900, roster.version, columns)


def make_rollup(site: Site, roster: Roster, frame: Frame) -> SiteRollup:
    return roll_up(site, RosterIndex.of(roster), Reading(frame, None, {"meter_w": 1.5e5}))


def bare_frame(site_id: str, at_ms: int) -> Frame:
    """A reading of a site that tells of no machine."""
    return Frame(site_id, at_ms, at_ms, "", {})


def put(writer: StoreWriter, minute: int, miners: int = 40) -> bool:
    site, roster = make_site(), make_roster(miners=miners)
    frame = make_frame(roster, T0 + minute * MINUTE)
    return writer.put_reading(frame, roster, make_rollup(site, roster, frame))


def read_everything(path: Path) -> None:
    """Every method of a reader once; only a StoreError may come out."""
    reader = open_reader(path)
    try:
        for read in (
            reader.rollups, reader.newest_ms, reader.links, reader.backfill, reader.heartbeat_ms, reader.fleet,
            lambda: reader.events(0), lambda: reader.roster("ky-1"), lambda: reader.column("ky-1", "power_w"),
            lambda: reader.miner_series("ky-1", "m3", "power_w", T0, T0 + 10**10),
            lambda: reader.series(site_key("ky-1"), "power_w", T0, T0 + 10**9),
        ):  # fmt: skip
            try:
                read()
            except StoreError:
                continue
    finally:
        reader.close()
