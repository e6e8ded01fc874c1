"""The machines of one site at one moment: the levels of its containers, spread over single machines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.metric import MinerState
from console.simulator import thermals
from console.simulator.effects import Overlay
from console.simulator.levels import (
    FAILING_OUTPUT,
    FAILING_POWER,
    IDLE_POWER,
    RESTING_POWER,
    SILENT_PART,
    Levels,
    levels,
)
from console.simulator.noise import Floats, key_of
from console.simulator.yard import Yard

SPREAD = 0.012  # one machine against another, standard deviation
INLET_SPREAD_C = 0.8
WEAK_OUTPUT, WEAK_POWER = 0.4, 0.9  # of a machine that woke poorly
BOARD_SPREAD = 0.06  # of a board's own warming
BOARD_SPREAD_C = float(np.hypot(INLET_SPREAD_C, BOARD_SPREAD * thermals.SOUND_C))
_NOISE = np.random.default_rng(1).standard_normal(1 << 17)  # one pool of noise, read from a moving place

Words = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Machines:
    """Every machine of a site at `at_s`: arrays of shape (miners,), canonical units, NaN where it tells nothing."""

    at_s: float
    hashrate_hs: Floats
    power_w: Floats
    board_c: Floats
    inlet_c: Floats
    state: Words
    meter_w: float
    ambient_c: float


@dataclass(frozen=True, slots=True)
class _Part:
    """Each machine's state, and its output and power as shares of a sound machine's."""

    state: Words
    output: Floats
    draw: Floats

    def put(self, where: NDArray[np.bool_], word: MinerState, output: float, draw: float) -> None:
        self.state[where], self.output[where], self.draw[where] = word, output, draw


def machines(yard: Yard, seed: int, at_s: float, orders: Overlay | None = None) -> Machines:
    """The site's machines at the physics time `at_s`, as the plan and `orders` let them run."""
    now = levels(yard, seed, np.array([at_s]))
    part = _parts(yard, now)
    if orders is not None:
        _obey(part, orders, float(now.level[0]))
    row = yard.row
    noise = _noise(yard, seed, at_s)
    running = np.bincount(row, weights=part.output > 0, minlength=len(yard.sizes)) / yard.sizes
    inlet = thermals.inlet_c(now.ambient_c[0], running)[row] + INLET_SPREAD_C * noise[::-1]
    hashrate = yard.rated_hs[row] * now.level[0] * part.output * (1.0 + SPREAD * noise)
    working = thermals.load(now.level[0], inlet) * (1.0 + 0.5 * SPREAD * noise)
    power = yard.rated_w[row] * part.draw * np.where(part.output > 0, working, 1.0)
    board = inlet + thermals.IDLE_C + thermals.SOUND_C * part.draw * (1.0 + BOARD_SPREAD * noise)
    meter = float(thermals.meter_w(np.nansum(power, keepdims=True), now.ambient_c)[0])
    silent = part.state == MinerState.UNKNOWN
    for values in (hashrate, power, board, inlet):
        values[silent] = np.nan
    return Machines(at_s, hashrate, power, board, inlet, part.state, meter, float(now.ambient_c[0]))


def _parts(yard: Yard, now: Levels) -> _Part:
    """What each machine does by itself: failed by its rank, resting by the host's plan, or sound."""
    row, rank = yard.row, yard.rank
    dead, failing = now.dead[row, 0], now.failing[row, 0]
    part = _Part(np.full(rank.shape, MinerState.HASHING, dtype=np.uint8), np.ones(rank.shape), np.ones(rank.shape))
    part.put(rank < dead + failing, MinerState.DEGRADED, FAILING_OUTPUT, FAILING_POWER)
    part.put(rank < dead, MinerState.OFF, 0.0, IDLE_POWER)
    part.put(rank < dead // SILENT_PART, MinerState.UNKNOWN, 0.0, 0.0)
    part.put(rank >= yard.sizes[row] - now.resting[row, 0], MinerState.CURTAILED, 0.0, RESTING_POWER)
    part.put(now.dark[row, 0], MinerState.UNKNOWN, 0.0, 0.0)
    return part


def _obey(part: _Part, orders: Overlay, level: float) -> None:
    """Commands on top: the silent hear nothing, the dead may come back, a power target holds output down with it."""
    part.put(orders.revived & (part.state == MinerState.OFF), MinerState.HASHING, 1.0, 1.0)
    runs = part.output > 0
    held = runs & np.isfinite(orders.cap)
    share = np.minimum(1.0, orders.cap[held] / thermals.load(np.array(level), np.array(25.0)))
    part.draw[held] *= share
    part.output[held] *= thermals.output_at(share)
    part.output[orders.weak & runs] *= WEAK_OUTPUT
    part.draw[orders.weak & runs] *= WEAK_POWER
    part.put((orders.resting | orders.asleep) & runs, MinerState.CURTAILED, 0.0, RESTING_POWER)
    part.put(orders.off & runs, MinerState.OFF, 0.0, IDLE_POWER)


def _noise(yard: Yard, seed: int, at_s: float) -> Floats:
    """Fresh noise for every machine at every step, at the cost of one slice."""
    start = int(key_of(seed, yard.site.id, round(at_s * 1000))) % _NOISE.size
    return np.take(_NOISE, np.arange(start, start + yard.row.size), mode="wrap")
