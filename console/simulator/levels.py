"""What every container of a site does at any moment, as a pure function of seed and time: the past and the present.

History is this function; the live machines are it spread over single machines (`live`), so that the two agree.
Machines fail by their rank: the frailest are dead, the next have lost a board, and the sturdiest rest first when
the host curtails. That keeps every sum exact without computing any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.simulator.noise import Floats, key_of, keys_of, smooth, uniform
from console.simulator.plan import SitePlan
from console.simulator.weather import DAY_S, ambient_c
from console.simulator.yard import Yard

HOUR_S = 3600.0
FAILING_OUTPUT = 2.0 / 3.0  # one of three boards lost
FAILING_POWER = 0.70
IDLE_POWER = 0.006  # a controller without boards
RESTING_POWER = 0.02  # asleep
FEW_CONTAINERS = 2
SILENT_PART = 3  # one of so many dead machines does not even answer

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Levels:
    """A site at n moments: arrays of shape (containers, n), or (n,) where one value holds for the site.

    `dead`, `failing` and `resting` count machines; a `dark` container has lost its network and tells nothing.
    """

    at_s: Floats
    level: Floats  # (n,): share of the rated hashrate that a sound machine gives
    ambient_c: Floats  # (n,)
    dead: Ints
    failing: Ints
    resting: Ints
    dark: NDArray[np.bool_]


def levels(yard: Yard, seed: int, at_s: Floats) -> Levels:
    """The site at the physics times `at_s`, shape (n,)."""
    site = yard.site
    air = ambient_c(site, seed, at_s)
    sizes = yard.sizes[:, None]
    resting = _resting(yard, resting_share(site, seed, at_s))
    quality = 0.5 + uniform(key_of(seed, site.id, "quality"), np.zeros(1, dtype=np.int64))[0]
    dead = _count(yard, key_of(seed, site.id, "dead"), at_s, 8 * HOUR_S, 0.035 * quality)
    failing = _count(yard, key_of(seed, site.id, "failing"), at_s, 24 * HOUR_S, 0.026 * quality)
    dead = np.minimum(dead, sizes - resting)
    failing = np.minimum(failing, sizes - resting - dead)
    dark = _dark(yard, key_of(seed, site.id, "dark"), at_s)
    return Levels(at_s, _level(site, seed, at_s, air), air, dead, failing, resting, dark)


def _level(site: SitePlan, seed: int, at_s: Floats, air: Floats) -> Floats:
    """Around 0.96: tuning, slow and fast wander, heat above 33 °C, and now and then a pool switch."""
    key = key_of(seed, site.id, "level")
    tuning = 0.953 + 0.014 * uniform(key, np.zeros(1, dtype=np.int64))[0]
    wander = 0.004 * smooth(key ^ np.uint64(1), at_s, 1_800.0) + 0.003 * smooth(key ^ np.uint64(2), at_s, 240.0)
    hot = 0.004 * np.clip(air - 33.0, 0.0, 12.0)
    day = np.floor(at_s / DAY_S).astype(np.int64)
    into = at_s - day * DAY_S
    start = uniform(key ^ np.uint64(3), day) * (DAY_S - HOUR_S)
    switched = (uniform(key ^ np.uint64(4), day) < 0.10) & (into >= start) & (into < start + 16 * 60)
    level: Floats = (tuning + wander - hot) * np.where(switched, 0.94, 1.0)
    return level


def resting_share(site: SitePlan, seed: int, at_s: Floats) -> Floats:
    """The share of the site's machines that the host's own plan lets rest, with its ramps: shape of `at_s`."""
    chance, deepest, first_hour, last_hour = _habit(site)
    key = key_of(seed, site.id, "plan")
    solar_s = at_s + site.longitude_deg / 15.0 * HOUR_S
    day = np.floor(solar_s / DAY_S).astype(np.int64)
    hour = (solar_s - day * DAY_S) / HOUR_S
    start = first_hour + (last_hour - first_hour) * uniform(key, day)
    end = start + 1.5 + 1.2 * uniform(key ^ np.uint64(1), day)
    depth = deepest * (0.6 + 0.4 * uniform(key ^ np.uint64(2), day))
    planned = uniform(key ^ np.uint64(3), day) < chance
    ramp = np.clip((hour - start) / 0.2, 0.0, 1.0) * (1.0 - np.clip((hour - end) / 0.4, 0.0, 1.0))
    share: Floats = np.where(planned, depth * ramp, 0.0)
    return share


def _habit(site: SitePlan) -> tuple[float, float, float, float]:
    """How a host curtails: chance a day, deepest share, and the solar hours between which it begins."""
    if site.ownership == "owned":
        return 0.0, 0.0, 12.0, 12.0  # no host there: it rests when we tell it to
    if site.id.startswith("us-tx"):
        return 0.55, 0.95, 6.0, 18.0  # the morning and evening peaks of the Texas grid
    if site.country == "Ethiopia":
        return 0.35, 0.35, 17.5, 19.5  # the evening peak of a grid on water power
    return 0.25, 0.90, 0.0, 20.5  # whenever the host's power market pays for it


def _resting(yard: Yard, share: Floats) -> Ints:
    """How many machines of each container rest: the last containers first, until the share is met."""
    wanted = np.rint(share * yard.sizes.sum())[None, :]
    behind = (yard.sizes.sum() - np.cumsum(yard.sizes))[:, None]
    resting: Ints = np.clip(wanted - behind, 0, yard.sizes[:, None]).astype(np.int64)
    return resting


def _count(yard: Yard, key: np.uint64, at_s: Floats, block_s: float, share: float) -> Ints:
    """A count of machines a container that stays for a block of time: repairs and failures come in shifts."""
    keys = keys_of(key, len(yard.sizes))[:, None]
    shift = uniform(keys, np.zeros((1, 1), dtype=np.int64)) * block_s
    block = np.floor((at_s[None, :] + shift) / block_s).astype(np.int64)
    wanted = yard.sizes[:, None] * share * (0.4 + 1.2 * uniform(keys, block))
    count: Ints = np.floor(wanted + uniform(keys ^ np.uint64(1), block)).astype(np.int64)
    return count


def _dark(yard: Yard, key: np.uint64, at_s: Floats) -> NDArray[np.bool_]:
    """Containers that lost power or network: about one in forty shifts of six hours, for half an hour to three.

    A site of one or two containers is spared: there it would be the whole site, which is another kind of failure.
    """
    if len(yard.sizes) <= FEW_CONTAINERS:
        return np.zeros((len(yard.sizes), at_s.size), dtype=np.bool_)
    keys = keys_of(key, len(yard.sizes))[:, None]
    block = np.floor(at_s[None, :] / (6 * HOUR_S)).astype(np.int64)
    into = at_s[None, :] - block * 6 * HOUR_S
    start = uniform(keys ^ np.uint64(1), block) * 3 * HOUR_S
    length = (0.5 + 2.5 * uniform(keys ^ np.uint64(2), block)) * HOUR_S
    dark: NDArray[np.bool_] = (uniform(keys, block) < 0.025) & (into >= start) & (into < start + length)
    return dark
