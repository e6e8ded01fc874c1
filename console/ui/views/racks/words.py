"""Says one machine in words and facts: who it is, where it stands, its last known values and their age. No pixel."""

from __future__ import annotations

import math

import numpy as np

from console.domain.freshness import age_text
from console.domain.metric import MinerState, is_plausible
from console.domain.roster_columns import RosterColumns
from console.ui.heat_map.picture import Rows
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.state_words import WORDS
from console.ui.numbers import NO_VALUE, decimal, in_unit, known, percent, utc_time
from console.ui.widgets.fact_list import Fact
from console.ui.widgets.racks.worst import Loss

MOST_LOSSES = 24
PLACES = ("container", "rack", "slot")


def text_of(machines: MachinesNow, row: int, field: str) -> str:
    """A text of a machine; empty where it is not told or not read."""
    column = machines.table.text.get(field)
    return "" if column is None else str(column[row])


def place_line(machines: MachinesNow, row: int) -> str:
    """`C17 · R03 · slot 12`."""
    container, rack, slot = (text_of(machines, row, field) for field in PLACES)
    return " · ".join(part for part in (container, rack, f"slot {slot}" if slot else "") if part)


def state_words(machines: MachinesNow, row: int) -> str:
    """`degraded, 82 % of expected`; suspect first, because nothing else about it may be believed."""
    if machines.table.suspect[row]:
        return "suspect"
    state = MinerState(int(machines.table.state[row]))
    ratio = float(machines.table.number["ratio"][row])
    return f"{WORDS[state]}, {percent(ratio, 0)} % of expected" if known(ratio) else WORDS[state]


def hashrate_words(machines: MachinesNow, row: int) -> str:
    """`41 of 151 TH/s`."""
    told, rated = measured(machines, row, "hashrate_hs"), float(machines.table.number["rated"][row])
    of = f" of {in_unit(rated, 'TH/s', 0)}" if known(rated) else ""
    return f"{told}{of} TH/s" + doubt(machines, row, "hashrate_hs") if told != NO_VALUE else NO_VALUE


def measured(machines: MachinesNow, row: int, metric: str) -> str:
    """A measured number in its unit of the trade, an em dash where there is none."""
    told = machines.told(row, metric)
    if not math.isfinite(told):
        return NO_VALUE
    return in_unit(told, "TH/s", 0) if metric == "hashrate_hs" else decimal(told, 0 if metric == "power_w" else 1)


def doubt(machines: MachinesNow, row: int, metric: str) -> str:
    """Behind a value that no machine can have."""
    told, rated_w = machines.told(row, metric), float(machines.table.number["rated_w"][row])
    return ", not plausible" if math.isfinite(told) and not is_plausible(metric, told, rated_w) else ""


def age_line(machines: MachinesNow, row: int, now_ms: int) -> str:
    """`12 s` since it was measured; an em dash where it never was."""
    at_ms = machines.part_of(row)[0].at_ms
    return NO_VALUE if at_ms is None else age_text((now_ms - at_ms) / 1000)


def plate(machines: MachinesNow, row: int, now_ms: int) -> str:
    """What hangs beside the pointer: name, place and model, state, values, age."""
    name = text_of(machines, row, "id")
    head = [name, " · ".join(part for part in (place_line(machines, row), text_of(machines, row, "model")) if part)]
    return "\n".join(line for line in (*head, *value_lines(machines, row, now_ms)) if line)


def fleet_plate(machines: MachinesNow, row: int, now_ms: int, names: RosterColumns | None) -> str:
    """The same over the whole fleet, where names may not be read yet: then the place in the roster stands for one."""
    part, position = machines.part_of(row)
    name, place = f"machine {position + 1:,} of {len(part.roster):,}", ""
    if names is not None:
        name = str(names.text["id"][position])
        place = str(names.text["model"][position])
    head = [name, " · ".join(word for word in (part.site.name, place) if word)]
    return "\n".join((*head, *value_lines(machines, row, now_ms)))


def value_lines(machines: MachinesNow, row: int, now_ms: int) -> tuple[str, ...]:
    """State, values and age."""
    values = f"{hashrate_words(machines, row)} · {power_words(machines, row)} · {board_words(machines, row)}"
    return state_words(machines, row), values, f"age {age_line(machines, row, now_ms)}"


def power_words(machines: MachinesNow, row: int) -> str:
    """`3,172 W`, or that nobody tells it."""
    return _with_unit(measured(machines, row, "power_w"), "W") + doubt(machines, row, "power_w")


def board_words(machines: MachinesNow, row: int) -> str:
    """`74.0 °C` of the hottest board."""
    return _with_unit(measured(machines, row, "board_c"), "°C") + doubt(machines, row, "board_c")


def _with_unit(number: str, unit: str) -> str:
    return number if number == NO_VALUE else f"{number} {unit}"


def machine_facts(machines: MachinesNow, row: int, now_ms: int) -> tuple[Fact, ...]:
    """The side panel's list: who and where, then the last known values, then how old they are."""
    number, at_ms = machines.table.number, machines.part_of(row)[0].at_ms
    rated_w = float(number["rated_w"][row])
    power = power_words(machines, row) + (f" of {decimal(rated_w, 0)}" if known(rated_w) else "")
    identity = [
        Fact(label, text_of(machines, row, field) or NO_VALUE)
        for label, field in (
            ("model", "model"),
            ("serial", "serial"),
            ("MAC", "mac"),
            ("IP", "ip"),
            ("firmware", "firmware"),
        )
    ]
    return (
        Fact("place", place_line(machines, row) or NO_VALUE),
        *identity,
        Fact("state", state_words(machines, row), wrap=True),
        Fact("hashrate", _or_lacking(machines, row, "hashrate_hs", hashrate_words(machines, row))),
        Fact("power", _or_lacking(machines, row, "power_w", power)),
        Fact("efficiency", _with_unit(decimal(float(number["efficiency"][row]), 1), "J/TH")),
        Fact("hottest board", _or_lacking(machines, row, "board_c", board_words(machines, row))),
        Fact("inlet air", _or_lacking(machines, row, "inlet_c", _with_unit(measured(machines, row, "inlet_c"), "°C"))),
        Fact("measured", f"{age_line(machines, row, now_ms)} ago · {utc_time(at_ms)} UTC" if at_ms else "never"),
    )


def _or_lacking(machines: MachinesNow, row: int, metric: str, words: str) -> str:
    part = machines.part_of(row)[0]
    return "the source tells none" if part.at_ms is not None and metric not in part.columns else words


def losses(machines: MachinesNow, rows: Rows, most: int = MOST_LOSSES) -> tuple[Loss, ...]:
    """The machines of `rows` that fall furthest behind what is expected of them, the worst first.

    A curtailed machine rests on purpose and is none; one that tells nothing comes last, for nobody knows what it does.
    """
    state = machines.table.state[rows]
    failing = np.isin(state, (MinerState.DEGRADED, MinerState.OFF, MinerState.UNKNOWN)) & ~machines.table.suspect[rows]
    rows = rows[failing]
    rated, hashrate = machines.table.number["rated"][rows], machines.table.number["hashrate"][rows]
    lost = np.nan_to_num(rated - hashrate, nan=0.0)
    return tuple(_loss(machines, int(row)) for row in rows[np.argsort(-lost, kind="stable")[:most]])


def no_loss(machines: MachinesNow, rows: Rows) -> str:
    """What is said where `losses` finds none: never more than the values of the machines allow."""
    table = machines.table
    judged = np.isfinite(table.number["ratio"][rows]) | (table.state[rows] == MinerState.CURTAILED)
    judged &= ~table.suspect[rows]
    if judged.all():
        return "No machine here loses hashrate" if rows.size else "No machine here"
    return "None that can be judged loses hashrate" if judged.any() else "No machine here can be judged"


def _loss(machines: MachinesNow, row: int) -> Loss:
    number = machines.table.number
    done, rated = (in_unit(float(number[name][row]), "TH/s", 0) for name in ("hashrate", "rated"))
    return Loss(
        row, text_of(machines, row, "id"), f"{done} / {rated}", WORDS[MinerState(int(machines.table.state[row]))]
    )
