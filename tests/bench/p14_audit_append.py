"""P14: one step of a command on the disk, record, batch and two chained audit rows with a full sync (T21: 5 ms p99)."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from console.domain.command import TargetState
from console.domain.command_journal import Phase
from console.store import open_writer
from console.store.database import prepare_writer
from tests.bench.harness import Measurement, percentile, took_ms
from tests.store.people_and_commands import batch, preview, record, said

ID, TITLE, UNIT = "P14", "append to the audit chain", "ms"
MOST_MS = 5.0  # T21
RATIO = 3.0
STEPS = 400


def measure() -> list[Measurement]:
    """p99 of a lone row and of a whole step, in turn with a bare insert of one row with the same full sync."""
    with tempfile.TemporaryDirectory() as folder:
        writer = open_writer(Path(folder) / "store.db")
        writer.put_command(record(machines=500), [batch(0, 500)], preview(machines=500))
        bare = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        prepare_writer(bare)
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT)")
        sent = record(machines=500, phase=Phase.RUNNING)

        def step(number: int) -> None:
            moved = batch(0, 500, TargetState.SENT if number % 2 else TargetState.REQUESTED)
            writer.put_command(sent, [moved], None, [said(number), said(number)])

        taken: dict[str, list[float]] = {"row": [], "step": [], "bare": []}
        for number in range(STEPS):
            taken["row"].append(took_ms(lambda number=number: writer.put_audit([said(number)])))
            taken["step"].append(took_ms(lambda number=number: step(number)))
            taken["bare"].append(took_ms(lambda: bare.execute("INSERT INTO log (text) VALUES (?)", ("x" * 500,))))
        bare.close()
        writer.close()
    return [
        _measurement("row", taken, "one row"),
        _measurement("step", taken, "a whole step"),
    ]


def _measurement(part: str, taken: dict[str, list[float]], what: str) -> Measurement:
    """A disk that others keep busy is slow for both sides: the ratio is judged, the milliseconds of T21 are shown."""
    figure, bare = percentile(taken[part], 0.99), percentile(taken["bare"], 0.99)
    note = f"({what}, p99; its median {percentile(taken[part], 0.5):.2f} ms; T21 on a quiet disk: {MOST_MS:g} ms p99)"
    return Measurement(figure, bare, UNIT, RATIO, part=part, note=note)
