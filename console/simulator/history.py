"""The past of a site and of its containers in buckets of time: the levels, added up without any single machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from console.domain.metric import MinerState
from console.simulator import thermals
from console.simulator.levels import FAILING_OUTPUT, FAILING_POWER, IDLE_POWER, RESTING_POWER, SILENT_PART, levels
from console.simulator.live import BOARD_SPREAD_C, Machines
from console.simulator.noise import Floats
from console.simulator.yard import Yard

COUNTED = {
    "miners_hashing": MinerState.HASHING,
    "miners_degraded": MinerState.DEGRADED,
    "miners_stopped": MinerState.OFF,
    "miners_curtailed": MinerState.CURTAILED,
    "miners_unknown": MinerState.UNKNOWN,
}
COUNTS = ("miners", *COUNTED)


@dataclass(frozen=True, slots=True)
class Past:
    """n buckets of a site: `metrics` name -> (containers, n), canonical units, NaN = no value; `ambient_c` (n,)."""

    metrics: Mapping[str, Floats]
    ambient_c: Floats


def past(yard: Yard, seed: int, at_s: Floats) -> Past:
    """Every container at the physics times `at_s`, shape (n,)."""
    now = levels(yard, seed, at_s)
    sizes = np.broadcast_to(yard.sizes[:, None], now.dead.shape)
    sound = sizes - now.resting - now.dead - now.failing
    silent = now.dead // SILENT_PART
    running = (sound + now.failing) / sizes
    inlet = thermals.inlet_c(now.ambient_c, running)
    idle = (now.dead - silent) * IDLE_POWER + now.resting * RESTING_POWER
    working = (sound + FAILING_POWER * now.failing) * thermals.load(now.level, inlet)
    hottest = inlet + thermals.IDLE_C + np.where(sound > 0, thermals.SOUND_C, 0.0)
    measured = {
        "hashrate": yard.rated_hs[:, None] * now.level * (sound + FAILING_OUTPUT * now.failing),
        "power": yard.rated_w[:, None] * (working + idle),
        "board_temperature": hottest + BOARD_SPREAD_C * highest(np.maximum(sound, 2)),
        "inlet_temperature": inlet,
    }
    counted = (sizes, sound, now.failing, now.dead - silent, now.resting, silent)
    metrics = {name: np.where(now.dark, np.nan, values) for name, values in measured.items()}
    metrics |= {name: np.where(now.dark, 0.0, values) for name, values in zip(COUNTS, counted, strict=True)}
    metrics["miners"] = sizes.astype(np.float64)
    metrics["miners_unknown"] = np.where(now.dark, sizes, silent).astype(np.float64)
    return Past(metrics, now.ambient_c)


def observed(yard: Yard, moments: Sequence[Machines]) -> Past:
    """The same from single machines, for times in which commands were obeyed: dear, but there are few of them."""
    columns = [_of_machines(yard, moment) for moment in moments]
    metrics = {name: np.stack([column[name] for column in columns], axis=1) for name in columns[0]}
    return Past(metrics, np.array([moment.ambient_c for moment in moments]))


def joined(before: Past, after: Past) -> Past:
    """Two stretches of time, one after the other."""
    metrics = {name: np.concatenate([values, after.metrics[name]], axis=1) for name, values in before.metrics.items()}
    return Past(metrics, np.concatenate([before.ambient_c, after.ambient_c]))


def _of_machines(yard: Yard, now: Machines) -> dict[str, Floats]:
    """One moment's containers: name -> (containers,)."""
    boxes, row = len(yard.sizes), yard.row
    told = now.state != MinerState.UNKNOWN
    heard = np.bincount(row[told], minlength=boxes).astype(np.float64)
    heard[heard == 0] = np.nan
    sums = {
        name: np.bincount(row[told], weights=values[told], minlength=boxes) + 0.0 * heard
        for name, values in (
            ("hashrate", now.hashrate_hs), ("power", now.power_w), ("inlet_temperature", now.inlet_c)
        )
    }  # fmt: skip
    sums["inlet_temperature"] /= heard
    hottest = np.full(boxes, -np.inf)
    np.fmax.at(hottest, row, now.board_c)
    sums["board_temperature"] = np.where(np.isfinite(hottest), hottest, np.nan)
    counts = {name: np.bincount(row[now.state == state], minlength=boxes) for name, state in COUNTED.items()}
    return sums | {"miners": yard.sizes.astype(np.float64)} | {n: c.astype(np.float64) for n, c in counts.items()}


def site_of(of_containers: Past) -> dict[str, Floats]:
    """The whole site from its containers: name -> (1, n), with the site's own meter."""
    metrics = of_containers.metrics
    sums = {name: _nansum(metrics[name]) for name in ("hashrate", "power", *COUNTS)}
    sums["meter_power"] = thermals.meter_w(np.nan_to_num(sums["power"]), of_containers.ambient_c)
    board, inlet = metrics["board_temperature"], metrics["inlet_temperature"]
    hottest = np.fmax.reduce(board, axis=0, keepdims=True)
    boxes = np.maximum(np.isfinite(board).sum(axis=0), 1)
    sums["board_temperature"] = hottest + BOARD_SPREAD_C * (highest(boxes * 400.0) - highest(np.full(1, 400.0)))
    weights = np.where(np.isfinite(inlet), metrics["miners"], 0.0)
    weighed = np.nansum(inlet * weights, axis=0, keepdims=True)
    sums["inlet_temperature"] = weighed / np.where(weights.any(axis=0), weights.sum(axis=0), np.nan)
    return sums


def highest(count: Floats) -> Floats:
    """The expected maximum of `count` standard normal values (Gumbel's limit, good to 2 % from 10 up)."""
    root = np.sqrt(2.0 * np.log(np.maximum(count, 10.0)))
    top: Floats = root - (2.0 * np.log(root) + np.log(2.0 * np.pi)) / (2.0 * root) + 0.5772 / root
    return top


def _nansum(values: Floats) -> Floats:
    """The sum of what is known over the containers, NaN where none is: shape (1, n)."""
    known = np.isfinite(values).any(axis=0, keepdims=True)
    summed: Floats = np.where(known, np.nansum(values, axis=0, keepdims=True), np.nan)
    return summed
