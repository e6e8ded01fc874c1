"""The columns that the miner table can show: name, unit, width, and each cell as text. Knows no Qt and no order.

A column's name is its field in the filter language, so that what is read can be asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from console.domain.freshness import age_text
from console.domain.metric import MinerState
from console.domain.miner_table import MEASURED
from console.ui.models.miners.machines import FLEET, MachinesNow
from console.ui.models.state_words import WORDS
from console.ui.numbers import NO_VALUE, decimal
from console.ui.plain import safe_text

MOST_LETTERS = 120  # of a name from outside: no cell is wider, and the tool tip has the rest


@dataclass(frozen=True, slots=True)
class Column:
    """One column; numbers are canonical times `factor` with `decimals`. `width` in px at 100 %."""

    name: str
    title: str
    meaning: str
    width: int
    unit: str = ""
    factor: float = 1.0
    decimals: int = 0
    mono: bool = False

    @property
    def numeric(self) -> bool:
        """Whether it is aligned right and summed."""
        return bool(self.unit)


COLUMNS = {
    column.name: column
    for column in (
        Column("site", "site", "the site's id", 148),
        Column("container", "container", "the container it stands in", 84),
        Column("rack", "rack", "its rack in the container", 64),
        Column("slot", "slot", "its place in the rack", 64),
        Column("id", "miner", "its name at the source", 132, mono=True),
        Column("model", "model", "what the source says it is", 132),
        Column("state", "state", "by stated rules from the measured hashrate; curtailed as told", 104),
        Column("hashrate", "TH/s", "measured hashrate", 72, "TH/s", 1e-12, 1),
        Column("rated", "rated TH/s", "its model's rated hashrate", 88, "TH/s", 1e-12, 0),
        Column("ratio", "% of rated", "measured over rated hashrate", 88, "%", 100.0, 1),
        Column("power", "W", "power at the wall", 72, "W"),
        Column("efficiency", "J/TH", "power over hashrate; a machine at rest has none", 72, "J/TH", 1.0, 1),
        Column("temp", "board °C", "hottest board", 80, "°C", 1.0, 1),
        Column("inlet", "inlet °C", "inlet air", 76, "°C", 1.0, 1),
        Column("age", "age", "since it was measured", 84, "s"),
        Column("serial", "serial", "its serial number", 148, mono=True),
        Column("mac", "MAC", "its network address", 148, mono=True),
        Column("ip", "IP", "its address in the site's network", 116, mono=True),
        Column("firmware", "firmware", "what runs on it", 132),
        Column("region", "region", "the site's region", 116),
        Column("country", "country", "the site's country", 132),
        Column("ownership", "ownership", "whose ground it stands on", 88),
    )
}
FROM_FRAME = frozenset((*MEASURED, "ratio", "efficiency"))  # these grow old with their frame
SITE_COLUMNS = (
    "id",
    "container",
    "rack",
    "slot",
    "model",
    "state",
    "hashrate",
    "ratio",
    "power",
    "efficiency",
    "temp",
    "inlet",
    "age",
)
WALL_COLUMNS = ("rated", "serial", "mac", "ip", "firmware")
FLEET_COLUMNS = ("site", *SITE_COLUMNS)


def usual_columns(scope: str, wall: bool = False) -> tuple[str, ...]:
    """What a scope shows before anybody chose; a wall has room for more."""
    return (FLEET_COLUMNS if scope == FLEET else SITE_COLUMNS) + (WALL_COLUMNS if wall else ())


def known_columns(names: Sequence[str]) -> tuple[str, ...]:
    """A kept choice without what is unknown or twice."""
    return tuple(dict.fromkeys(name for name in names if name in COLUMNS))


def state_of(machines: MachinesNow, row: int) -> MinerState:
    """A machine's state."""
    return MinerState(int(machines.table.state[row]))


def cell_text(machines: MachinesNow, row: int, column: Column, aged_s: float = 0.0) -> str:
    """One cell as the screen shows it, without its unit; `aged_s` has passed since the machines were read."""
    name = column.name
    if name == "state":
        return WORDS[state_of(machines, row)]
    if name not in machines.table.number:
        return safe_text(machines.text(row, name)[:MOST_LETTERS]) or NO_VALUE
    value = float(machines.table.number[name][row])
    if name == "age":
        return age_text(value + aged_s) if math.isfinite(value) else NO_VALUE
    if suspect(machines, row, name):
        value = machines.told(row, MEASURED[name])
    return decimal(value * column.factor, column.decimals)


def suspect(machines: MachinesNow, row: int, name: str) -> bool:
    """Whether this value is one that no machine can have: shown hollow, left out of every total."""
    if name not in MEASURED or not machines.table.suspect[row]:
        return False
    return not math.isfinite(float(machines.table.number[name][row])) and math.isfinite(
        machines.told(row, MEASURED[name])
    )
