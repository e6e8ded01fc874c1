"""Machines put together by site, container, rack, model or state: how many are how, and their sums.

Pure columns; a sum leaves out what has no value and says how many that are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.domain.metric import MinerState
from console.domain.query import EXACTLY
from console.ui.models.filter_line import quoted
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.miners.order import Names, Rows, keys_of
from console.ui.models.state_words import ORDER

GROUPINGS = {  # what is chosen -> the columns that make a group
    "site": ("site",),
    "container": ("site", "container"),
    "rack": ("site", "container", "rack"),
    "model": ("model",),
    "state": ("state",),
}
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Every array has one entry a group; `first` is a row of each, from which its names are read."""

    by: str
    machines: MachinesNow
    first: Rows
    miners: NDArray[np.int64]
    states: dict[MinerState, NDArray[np.int64]]
    number: dict[str, Floats]  # hashrate, power: sums; ratio, efficiency: of the sums; temp: hottest

    def __len__(self) -> int:
        return int(self.first.size)

    def names(self, group: int) -> tuple[str, ...]:
        """The group's name in each of its columns; a name that is not told is empty."""
        return tuple(_name(self.machines, int(self.first[group]), column) for column in GROUPINGS[self.by])

    def clause(self, group: int) -> str:
        """The filter that leads into this group and no other; a name that is not told is asked for as an empty one."""
        mark, named = ":" if self.by == "state" else EXACTLY, zip(GROUPINGS[self.by], self.names(group), strict=True)
        return " ".join(f"{column}{mark}{quoted(name)}" for column, name in named)


def group(machines: MachinesNow, names: Names, rows: Rows, by: str) -> Groups:
    """The groups of some rows, in the order of their names; any thread."""
    keys = [keys_of(machines.table, names, column)[rows].astype(np.uint64) for column in GROUPINGS[by]]
    code = reduce(_joined, keys)
    _, first, where = np.unique(code, return_index=True, return_inverse=True)
    count = int(first.size)
    state = machines.table.state[rows]
    states = {each: np.bincount(where[state == each], minlength=count) for each in ORDER}
    return Groups(
        by, machines, rows[first], np.bincount(where, minlength=count), states, _sums(machines, rows, where, count)
    )


def _joined(code: NDArray[Any], keys: NDArray[Any]) -> NDArray[Any]:
    """Two codes as one, small enough for a third."""
    _, dense = np.unique(code, return_inverse=True)
    return dense.astype(np.uint64) * np.uint64(1 << 32) + keys


def _sums(machines: MachinesNow, rows: Rows, where: NDArray[np.intp], count: int) -> dict[str, Floats]:
    number = {name: machines.table.number[name][rows] for name in ("hashrate", "rated", "power", "temp")}
    sums = {name: _sum(number[name], where, count) for name in ("hashrate", "power")}
    both = np.isfinite(number["hashrate"]) & np.isfinite(number["rated"])
    paired = np.isfinite(number["hashrate"]) & np.isfinite(number["power"])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = _sum(number["hashrate"], where, count, both) / _sum(number["rated"], where, count, both)
        efficiency = _sum(number["power"], where, count, paired) / _sum(number["hashrate"], where, count, paired) * 1e12
    hottest = np.full(count, -np.inf)
    np.maximum.at(hottest, where, np.where(np.isfinite(number["temp"]), number["temp"], -np.inf))
    hottest[np.isinf(hottest)] = np.nan
    efficiency[~np.isfinite(efficiency)] = np.nan
    return {**sums, "ratio": ratio, "efficiency": efficiency, "temp": hottest}


def _sum(column: Floats, where: NDArray[np.intp], count: int, only: NDArray[np.bool_] | None = None) -> Floats:
    """The sum of a group's known values; NaN where it has none."""
    known = np.isfinite(column) if only is None else only
    total = np.bincount(where[known], weights=column[known], minlength=count).astype(np.float64)  # of none: whole
    total[np.bincount(where[known], minlength=count) == 0] = np.nan
    return total


def _name(machines: MachinesNow, row: int, column: str) -> str:
    if column == "state":
        return MinerState(int(machines.table.state[row])).name.lower()
    return machines.text(row, column)
