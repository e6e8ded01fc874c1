"""Knows every metric of a miner and every signal of a place: name, unit, plausible range, how it adds up.

A *metric* is measured at one machine (a column of a frame, in roster order). A *signal* belongs to a place
(container, site, region, fleet) and is rolled up from metrics, or told by the source itself. Canonical units
inside the program are H/s, W, °C and counts; whatever a source speaks is converted at the adapter's door.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


class MinerState(enum.IntEnum):
    """What a machine does, by derived or told state; the codes are stored, so they never change meaning."""

    UNKNOWN = 0
    HASHING = 1
    DEGRADED = 2
    OFF = 3
    CURTAILED = 4


@dataclass(frozen=True, slots=True)
class Metric:
    """One measured quantity of a machine.

    `low` and `high` bound what is plausible for one machine; outside it a value is suspect and left out of
    totals. `step` is the resolution at which a frame is stored.
    """

    name: str
    unit: str
    low: float
    high: float
    step: float


HASHRATE = Metric("hashrate_hs", "H/s", 0.0, 2e15, 5e10)
POWER = Metric("power_w", "W", 0.0, 20_000.0, 1.0)
BOARD_C = Metric("board_c", "°C", -40.0, 130.0, 0.5)
INLET_C = Metric("inlet_c", "°C", -50.0, 90.0, 0.5)
STATE = Metric("state", "", 0.0, 4.0, 1.0)
METRICS = (HASHRATE, POWER, BOARD_C, INLET_C, STATE)
METRIC_BY_NAME = {metric.name: metric for metric in METRICS}
MOST_OF_RATED = 2.0


def most_plausible(name: str, rated_w: NDArray[np.float64]) -> NDArray[np.float64] | float:
    """The highest value that the metric can have in rows of that rated power (W, NaN = not told).

    A row may stand for more than a machine, such as a container's breaker: then its power is bounded by its rating.
    """
    high = METRIC_BY_NAME[name].high
    if name != POWER.name or not (rated_w * MOST_OF_RATED > high).any():
        return high
    most: NDArray[np.float64] = np.fmax(high, rated_w * MOST_OF_RATED)
    return most


def implausible(name: str, values: NDArray[Any], most: NDArray[np.float64] | float) -> NDArray[np.bool_]:
    """Which values no machine can have; `most` as of `most_plausible`. NaN is no value, and none to doubt."""
    wrong: NDArray[np.bool_] = (values < METRIC_BY_NAME[name].low) | (values > most)
    return wrong


def is_plausible(name: str, value: float, rated_w: float) -> bool:
    """Whether one row's value lies within its bounds."""
    most = np.asarray(most_plausible(name, np.array([rated_w])))
    return bool(METRIC_BY_NAME[name].low <= value <= most.max())


@dataclass(frozen=True, slots=True)
class Signal:
    """One rolled-up quantity of a place; `adds` tells whether places sum up to the place above them."""

    name: str
    unit: str
    adds: bool


SIGNALS = (
    Signal("hashrate_hs", "H/s", adds=True),
    Signal("power_w", "W", adds=True),  # miners, at the wall
    Signal("meter_w", "W", adds=True),  # the site's own meter: miners, cooling and the rest
    Signal("board_c", "°C", adds=False),  # hottest board
    Signal("inlet_c", "°C", adds=False),  # mean inlet air
    Signal("deployed_hs", "H/s", adds=True),
    Signal("miners", "", adds=True),
    Signal("hashing", "", adds=True),
    Signal("degraded", "", adds=True),
    Signal("off", "", adds=True),
    Signal("curtailed", "", adds=True),
    Signal("unknown", "", adds=True),
    Signal("suspect", "", adds=True),  # machines whose value is outside the plausible range
    Signal("sites", "", adds=True),
    Signal("sites_fresh", "", adds=True),
    Signal("held_hs", "H/s", adds=True),  # the part of hashrate_hs that is a stale site's last value
    Signal("held_w", "W", adds=True),
)
SIGNAL_INDEX = {signal.name: index for index, signal in enumerate(SIGNALS)}
SIGNAL_BY_NAME = {signal.name: signal for signal in SIGNALS}
