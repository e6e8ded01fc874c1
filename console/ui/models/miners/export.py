"""Writes machines as text for files and spreadsheets: canonical units in the head, formula-safe.

Any thread may call it; knows no Qt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from console.domain.csv_text import Cell, write_rows
from console.domain.query import CANONICAL, STATES
from console.ui.models.miners.columns import COLUMNS
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.miners.order import Rows
from console.ui.numbers import utc_date, utc_time


def heads(columns: Sequence[str]) -> list[str]:
    """The head of each column with the unit in which its values are written."""
    return [f"{name} [{CANONICAL[name]}]" if name in CANONICAL else COLUMNS[name].title for name in columns]


def cells(machines: MachinesNow, rows: Rows, name: str, aged_s: float = 0.0) -> Iterable[Cell]:
    """One column of some rows; no value is an empty cell, a suspect one too. `aged_s` as in `table_text`."""
    table = machines.table
    if name == "age":
        return np.round(table.number[name][rows] + aged_s, 3).tolist()
    if name == "state":
        return [STATES[code] for code in table.state[rows].tolist()]
    if name in table.number:
        return table.number[name][rows].tolist()
    return table.text[name][rows].tolist() if name in table.text else [""] * rows.size


def table_text(machines: MachinesNow, rows: Rows, columns: Sequence[str], aged_s: float, delimiter: str = ",") -> str:
    """The chosen columns of some rows with their heads; `aged_s` has passed since the machines were read."""
    written = (cells(machines, rows, name, aged_s) for name in columns)
    return write_rows(heads(columns), zip(*written, strict=True), delimiter)


def measured_words(machines: MachinesNow) -> str:
    """When the values were measured, oldest and newest site."""
    moments = [part.at_ms for part in machines.parts if part.at_ms is not None]
    if not moments:
        return "nothing measured yet"
    oldest, newest = (f"{utc_date(at_ms)} {utc_time(at_ms)}" for at_ms in (min(moments), max(moments)))
    return f"measured {newest} UTC" if oldest == newest else f"measured {oldest} – {newest} UTC"
