"""Says in words what the miner table holds: how much of what, how old, and what is odd about it. Knows no pixel."""

from __future__ import annotations

import numpy as np

from console.domain.freshness import Freshness, age_text
from console.domain.metric import MinerState
from console.domain.miner_table import SITE_FIELDS, site_text
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.miners.rows import MinerRows
from console.ui.models.state_words import ORDER
from console.ui.numbers import integer

FEW = 400  # distinct names that a field may offer
MOST_ODD = 2
OFFERED = ("site", "region", "country", "container", "rack", "model", "firmware", "ownership")


def head_words(rows: MinerRows, pending: bool, trouble: str = "") -> tuple[str, dict[MinerState, int]]:
    """How many are shown of how many, and the shown ones by state; `trouble`: why the store tells none."""
    machines, order = rows.machines, rows.order
    if machines is None and trouble:
        return f"Cannot be read: {trouble}", {}
    if machines is None:
        return ("Reading the rosters" if pending else "No roster yet: nobody told which machines stand here"), {}
    states = np.bincount(machines.table.state[order], minlength=len(MinerState))
    note = (
        f"{integer(order.size)} of {integer(len(machines))} match" if rows.clauses else f"{integer(order.size)} miners"
    )
    totals = {state: int(states[state]) for state in ORDER}
    return note + (" · arranging" if rows.busy else ""), totals


def truth(rows: MinerRows, now_ms: int) -> str:
    """What is odd, suspect, stale in the scope, and how old the newest frame is."""
    machines = rows.machines
    if machines is None or not machines.parts:
        return ""
    suspects = int(np.count_nonzero(machines.table.suspect))
    words = [f"{site_id} cannot be read from the store" for site_id in list(machines.unread)[:MOST_ODD]]
    words += [f"{len(machines.unread) - MOST_ODD} more sites likewise"] if len(machines.unread) > MOST_ODD else []
    words += [f"{suspects:,} with a value no machine can have: hollow, in no sum"] if suspects else []
    words += [
        f"{site_id}: {odds[0]}{f' · {len(odds) - 1} more like it' if len(odds) > 1 else ''}"
        for site_id, odds in list(machines.oddities.items())[:MOST_ODD]
        if odds
    ]
    old = sum(rows.freshness_of(int(start)) is Freshness.STALE for start in machines.starts[:-1])
    words += [f"{old} of {len(machines.parts)} sites stale"] if old and len(machines.parts) > 1 else []
    newest = max((part.at_ms for part in machines.parts if part.at_ms is not None), default=None)
    if newest is not None:
        words.append(f"newest frame {age_text(max(0, now_ms - newest) / 1000)} old")
    return " · ".join(words)


def offered_values(machines: MachinesNow) -> dict[str, tuple[str, ...]]:
    """The distinct names of the fields that have few, sorted; any thread."""
    found: dict[str, set[str]] = {name: set() for name in OFFERED}
    for part in machines.parts:
        for name in [name for name, values in found.items() if len(values) <= FEW]:
            own = [site_text(part.site, name)] if name in SITE_FIELDS else np.unique(part.roster.text[name]).tolist()
            found[name].update(value for value in own if value)
    return {name: tuple(sorted(values)) for name, values in found.items() if 0 < len(values) <= FEW}
