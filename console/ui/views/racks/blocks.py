"""Puts the machines of a site into blocks: containers of a site, racks of a container, slots of a rack. No Qt.

What the source does not tell is said, never made up: without racks or slots machines stand in roster order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.metric import MinerState
from console.domain.roster_columns import Text
from console.ui.heat_map.picture import NOWHERE, Block, Rows
from console.ui.models.containers import LOOSE, share_words
from console.ui.models.miners.machines import MachinesNow
from console.ui.numbers import counted, decimal, integer, known

NO_RACK = "no rack told"
MOST_EMPTY = 4  # a rack four times as large as its machines are many is a numbering, not a plan


@dataclass(frozen=True, slots=True)
class Plan:
    """Blocks of machines; `slotted` tells whether every place in them is the source's own."""

    blocks: tuple[Block, ...]
    slotted: bool = True
    racked: bool = True


def by_name(column: Text, rows: Rows) -> dict[str, Rows]:
    """The rows by a text column, names in the order of their first row."""
    names: dict[str, int] = {}
    codes = np.fromiter(
        (names.setdefault(name, len(names)) for name in column[rows].tolist()), dtype=np.intp, count=rows.size
    )
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(1, len(names)))
    return dict(zip(names, np.split(rows[order], bounds), strict=True)) if names else {}


def containers_plan(machines: MachinesNow, framed: bool) -> Plan:
    """A site's machines, one block a container."""
    rows = np.arange(len(machines), dtype=np.intp)
    if not machines.named:
        return Plan((Block("", "machines", rows, framed=framed),) if rows.size else (), slotted=False, racked=False)
    groups = by_name(machines.table.text["container"], rows)
    return Plan(
        tuple(
            Block(name, name or LOOSE, own, hashing_words(machines, own), framed=framed) for name, own in groups.items()
        )
    )


def racks_plan(machines: MachinesNow, container: str, framed: bool) -> Plan:
    """A container's machines, one block a rack, slots in their places where they are told."""
    if not machines.named:
        return Plan(())
    rows = np.flatnonzero(machines.table.text["container"] == np.asarray(container, dtype=np.dtypes.StringDType()))
    blocks, slotted, racked = [], True, True
    for name, own in by_name(machines.table.text["rack"], rows).items():
        placed = slot_places(machines.table.text["slot"][own], own)
        slotted, racked = slotted and placed is not None, racked and bool(name)
        title = name or NO_RACK
        blocks.append(Block(name, title, own if placed is None else placed, rack_note(machines, own), framed=framed))
    return Plan(tuple(blocks), slotted, racked)


def slot_places(slots: Text, rows: Rows) -> Rows | None:
    """Rows in the order of their numbered slots, NOWHERE for an empty one; None where slots are no such numbers."""
    names = slots.tolist()
    if not all(name.isascii() and name.isdigit() and len(name) < 6 for name in names):
        return None
    numbers = np.array([int(name) for name in names], dtype=np.intp)
    if not numbers.size or np.unique(numbers).size != numbers.size:
        return None
    first = min(1, int(numbers.min()))
    if numbers.max() - first + 1 > MOST_EMPTY * numbers.size:
        return None
    placed = np.full(int(numbers.max()) - first + 1, NOWHERE, dtype=np.intp)
    placed[numbers - first] = rows
    return placed


def hashing(machines: MachinesNow, rows: Rows) -> int:
    """How many hash, degraded ones included."""
    states = machines.table.state[rows]
    return int(np.count_nonzero((states == MinerState.HASHING) | (states == MinerState.DEGRADED)))


def judged(machines: MachinesNow, rows: Rows) -> int:
    """How many tell enough for a state."""
    return int(np.count_nonzero(machines.table.state[rows] != MinerState.UNKNOWN))


def hashing_words(machines: MachinesNow, rows: Rows) -> str:
    """The share that hashes."""
    suspect = int(np.count_nonzero(machines.table.suspect[rows]))
    return share_words(hashing(machines, rows), rows.size - judged(machines, rows), suspect, rows.size)


def rack_note(machines: MachinesNow, rows: Rows) -> str:
    """`28 of 30 hash · inlet 27.8 °C`; of machines that cannot be judged nobody says that none hashes."""
    inlet_c = mean(machines.table.number["inlet"][rows])
    if judged(machines, rows):
        words = f"{integer(hashing(machines, rows))} of {integer(rows.size)} hash"
    else:
        words = f"{hashing_words(machines, rows)} · {counted(rows.size, 'machine')}"
    return f"{words} · inlet {decimal(inlet_c, 1)} °C" if known(inlet_c) else words


def mean(values: NDArray[np.float64]) -> float:
    """The mean of the known values; NaN without any."""
    told = values[np.isfinite(values)]
    return float(told.mean()) if told.size else float("nan")


def site_signs(machines: MachinesNow, rows: Rows, metric: str, plan: Plan) -> tuple[str, ...]:
    """What is odd about a site's machines: first what the values shown rest on, then the roster, which may be long."""
    signs = ["the newest cannot be read from the store"] if machines.unread else []
    suspect = int(np.count_nonzero(machines.table.suspect[rows]))
    if suspect:
        told = "1 machine tells a value" if suspect == 1 else f"{integer(suspect)} machines tell values"
        signs.append(f"{told} that cannot be: suspect, left out of totals")
    if machines.lacking(metric):
        signs.append(f"the source tells no {QUANTITIES[metric]}")
    signs += [word for words in machines.oddities.values() for word in words]
    if not plan.racked:
        signs.append("racks are not told for all: those machines stand in roster order")
    elif not plan.slotted:
        signs.append("slots are not told, or shared: machines stand in roster order")
    return tuple(signs)


QUANTITIES = {"hashrate_hs": "hashrate", "power_w": "power", "board_c": "board temperature", "inlet_c": "inlet air"}


def sites_named(site_ids: Iterable[str], names: dict[str, str], most: int = 3) -> str:
    """`Georgia 1, Adama 2 and 4 more`."""
    found = [names.get(site_id, site_id) for site_id in site_ids]
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more


def rows_of(blocks: Sequence[Block]) -> Rows:
    """The machines in all blocks; empty places are none."""
    rows = np.concatenate([np.zeros(0, dtype=np.intp), *(block.rows for block in blocks)])
    return rows[rows >= 0]
