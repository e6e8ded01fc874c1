"""The machines of one site at one moment: the levels of its containers, spread over single machines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.metric import MinerState
from console.simulator import thermals
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


def machines(yard: Yard, seed: int, at_s: float) -> Machines:
    """The site's machines at the physics time `at_s`."""
    now = levels(yard, seed, np.array([at_s]))
    state, output, draw = _share(yard, now)
    row = yard.row
    noise = _noise(yard, seed, at_s)
    running = np.bincount(row, weights=output > 0, minlength=len(yard.sizes)) / yard.sizes
    inlet = thermals.inlet_c(now.ambient_c[0], running)[row] + INLET_SPREAD_C * noise[::-1]
    hashrate = yard.rated_hs[row] * now.level[0] * output * (1.0 + SPREAD * noise)
    working = thermals.load(now.level[0], inlet) * (1.0 + 0.5 * SPREAD * noise)
    power = yard.rated_w[row] * draw * np.where(output > 0, working, 1.0)
    board = inlet + thermals.IDLE_C + thermals.SOUND_C * draw * (1.0 + BOARD_SPREAD * noise)
    meter = float(thermals.meter_w(np.nansum(power, keepdims=True), now.ambient_c)[0])
    silent = state == MinerState.UNKNOWN
    for values in (hashrate, power, board, inlet):
        values[silent] = np.nan
    return Machines(at_s, hashrate, power, board, inlet, state, meter)


def _share(yard: Yard, now: Levels) -> tuple[Words, Floats, Floats]:
    """Each machine's state, and its output and power as shares of a sound machine's."""
    row, rank = yard.row, yard.rank
    dead, failing = now.dead[row, 0], now.failing[row, 0]
    state = np.full(rank.shape, MinerState.HASHING, dtype=np.uint8)
    output, draw = np.ones(rank.shape), np.ones(rank.shape)
    masks = (
        (rank < dead + failing, MinerState.DEGRADED, FAILING_OUTPUT, FAILING_POWER),
        (rank < dead, MinerState.OFF, 0.0, IDLE_POWER),
        (rank < dead // SILENT_PART, MinerState.UNKNOWN, 0.0, 0.0),
        (rank >= yard.sizes[row] - now.resting[row, 0], MinerState.CURTAILED, 0.0, RESTING_POWER),
        (now.dark[row, 0], MinerState.UNKNOWN, 0.0, 0.0),
    )
    for mask, word, part, watts in masks:
        state[mask], output[mask], draw[mask] = word, part, watts
    return state, output, draw


def _noise(yard: Yard, seed: int, at_s: float) -> Floats:
    """Fresh noise for every machine at every step, at the cost of one slice."""
    start = int(key_of(seed, yard.site.id, round(at_s * 1000))) % _NOISE.size
    return np.take(_NOISE, np.arange(start, start + yard.row.size), mode="wrap")
