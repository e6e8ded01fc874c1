"""What an order would change at a site once every target has obeyed, in W and H/s, by the machines of now."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.simulator import thermals
from console.simulator.effects import Overlay, Verb, Windows, rests_at
from console.simulator.levels import RESTING_POWER
from console.simulator.live import Machines
from console.simulator.noise import Floats
from console.simulator.yard import Yard

USUAL_LOAD = 0.96  # of the rating, of a machine that is back at work
Targets = NDArray[np.int64]


def change(verb: Verb, yard: Yard, now: Machines, targets: Targets, cap: Floats) -> tuple[float, float]:
    """Watts and H/s that the site would gain; `cap` as in `orders.Order`."""
    power: Floats = np.nan_to_num(now.power_w[targets])
    hashrate: Floats = np.nan_to_num(now.hashrate_hs[targets])
    rated_w, rated_hs = yard.rated_w[yard.row[targets]], yard.rated_hs[yard.row[targets]]
    if verb in (Verb.CURTAIL, Verb.SLEEP):
        return float((RESTING_POWER * rated_w - power).sum()), float(-hashrate.sum())
    if verb is Verb.RESUME:
        return float((USUAL_LOAD * rated_w - power).sum()), float(USUAL_LOAD * rated_hs.sum())
    if verb is Verb.POWER_TARGET:
        share = np.minimum(1.0, cap * rated_w / np.maximum(power, 1.0))
        return float((power * (share - 1.0)).sum()), float((hashrate * (thermals.output_at(share) - 1.0)).sum())
    return 0.0, 0.0


def change_by_schedule(
    windows: Windows, yard: Yard, now: Machines, targets: Targets, orders: Overlay, at_s: float
) -> tuple[float, float]:
    """The same for a sleep schedule at its wall time: machines that work and would rest, or the other way round."""
    if rests_at(windows, at_s):
        working = targets[np.nan_to_num(now.hashrate_hs[targets]) > 0]
        return change(Verb.SLEEP, yard, now, working, np.empty(0))
    woken = targets[orders.asleep[targets] & ~orders.resting[targets]]
    return change(Verb.RESUME, yard, now, woken, np.empty(0))
