"""Which units a site speaks, and how columns of numbers become JSON lists with null for "no value"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.metric import MinerState
from console.simulator.noise import Floats

STATE_WORDS = ("unknown", "mining", "degraded", "stopped", "curtailed")  # at the index of their MinerState
SILENT = int(MinerState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit on the wire: its name, how a canonical value becomes one of it, and the digits that are told."""

    name: str
    of: Callable[[Floats], Floats]
    digits: int


TERAHASH = Unit("TH/s", lambda hs: hs / 1e12, 2)
GIGAHASH = Unit("GH/s", lambda hs: hs / 1e9, 0)
WATT = Unit("W", lambda w: w, 0)
KILOWATT = Unit("kW", lambda w: w / 1e3, 3)
CELSIUS = Unit("°C", lambda c: c, 1)
FAHRENHEIT = Unit("°F", lambda c: c * 1.8 + 32.0, 1)
ONE = Unit("1", lambda n: n, 0)


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one site's answers."""

    hashrate: Unit
    power: Unit
    temperature: Unit


DIALECTS = {
    "metric": Units(TERAHASH, WATT, CELSIUS),
    "gigahash": Units(GIGAHASH, KILOWATT, CELSIUS),
    "fahrenheit": Units(TERAHASH, WATT, FAHRENHEIT),
}


def column(values: Floats, unit: Unit) -> list[float | int | None]:
    """The values in `unit`, rounded to its digits; NaN becomes None."""
    told = np.round(unit.of(values), unit.digits)
    missing = np.flatnonzero(np.isnan(told))
    listed = told.tolist() if unit.digits else np.nan_to_num(told).astype(np.int64).tolist()
    for index in missing.tolist():
        listed[index] = None
    return listed  # type: ignore[no-any-return]  # numpy's tolist() is typed Any


def quantity(values: Floats, unit: Unit) -> dict[str, object]:
    """A column with its unit, as the Site API writes it."""
    return {"unit": unit.name, "values": column(values, unit)}


def state_codes(state: NDArray[np.uint8]) -> list[int | None]:
    """Indices into STATE_WORDS; a machine that tells nothing has no state either."""
    return [None if code == SILENT else code for code in state.tolist()]
