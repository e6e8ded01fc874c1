"""Sites for a soak: the simulator's own arithmetic without its HTTP, and links that fail now and then by a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from console.adapters.base import Deadline
from console.domain.errors import Unreachable
from console.domain.frame import Frame, HistoryChunk, Reading
from console.domain.place import site_key
from console.domain.roster import Miner, Roster
from console.domain.site import Fleet, Site
from console.fleet import load_fleet
from console.simulator.fleet_file import fleet_toml
from console.simulator.live import machines
from console.simulator.plan import SitePlan, demo_sites, scaled
from console.simulator.yard import Yard

SEED, MINUTE_MS, HOUR_MS = 7, 60_000, 3_600_000
OUTAGE_SHARE = 0.02  # of a site's hours it does not answer
METRICS = ("hashrate_hs", "power_w", "board_c", "inlet_c")


@cache
def plans(sites: int, miners: int) -> tuple[SitePlan, ...]:
    """So many sites of the demo fleet with about so many machines in all."""
    return scaled(demo_sites(), sites, miners)


def fleet_of(folder: Path, sites: int, miners: int) -> Fleet:
    """Their fleet, polled once a minute, as the console reads it from a file."""
    path = folder / "fleet.toml"
    text = fleet_toml(plans(sites, miners), "http://127.0.0.1:9", None).replace('"30 s"', '"60 s"')
    path.write_text(text, encoding="utf-8")
    return load_fleet(path)


class QuickSite:
    """An adapter's session of one site, answering for the moment that `now_ms` tells."""

    def __init__(self, site: Site, plan: SitePlan, now_ms: Callable[[], int]) -> None:
        self._site, self._now_ms = site, now_ms
        self._yard = Yard.of(plan, SEED)
        self._roster = _roster(site.id, self._yard)
        self._told = False

    def read(self, deadline: Deadline) -> Reading:
        """Every machine now; raises Unreachable in the hours of an outage."""
        at_ms = self._now_ms()
        if out_of_reach(self._site.id, at_ms):
            raise Unreachable("no connection: connection refused")
        now = machines(self._yard, SEED, at_ms / 1000)
        columns = {name: getattr(now, name).astype(np.float32) for name in METRICS}
        columns["state"] = now.state.astype(np.float32)
        roster, self._told = None if self._told else self._roster, True
        return Reading(
            Frame(self._site.id, at_ms, at_ms, self._roster.version, columns), roster, {"meter_w": now.meter_w}
        )

    def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
        """A plain past: what matters is that it is stored."""
        at_ms = np.arange(start_ms, end_ms, MINUTE_MS, dtype=np.int64)
        level = float(self._site.deployed_hs) * 0.93
        values = {"hashrate_hs": np.full(at_ms.size, level), "power_w": np.full(at_ms.size, level * 22e-12)}
        yield HistoryChunk(site_key(self._site.id), 60, at_ms, values)

    def close(self) -> None:
        """Nothing is open."""


def out_of_reach(site_id: str, at_ms: int) -> bool:
    """Whether a site's link is down in this hour; a few of them are, by the seed."""
    noise = np.random.default_rng([SEED, sum(site_id.encode()), at_ms // HOUR_MS])
    return bool(noise.random() < OUTAGE_SHARE)


def _roster(site_id: str, yard: Yard) -> Roster:
    rows = yard.miners(SEED)
    words = ("id", "model", "serial", "mac", "ip", "container", "rack", "slot", "firmware")
    listed = tuple(
        Miner(**{word: str(row[word]) for word in words}, rated_hs=float(row["rated_hashrate"]) * 1e12,
              rated_w=float(row["rated_power"]))
        for row in rows
    )  # fmt: skip
    return Roster(site_id, "v1", listed)
