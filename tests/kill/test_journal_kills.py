"""T2, T10: a writer of the journal killed at random moments: what it acknowledged is there, whole, in one chain."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from console.domain.command import TargetState
from console.domain.command_journal import Phase
from console.store import open_reader
from tests.kill.processes import lines_until_killed

KILLS = 50
CHILD = """
import sys
from pathlib import Path
from console.domain.command import TargetState
from console.domain.command_journal import Phase
from console.store import open_writer
from tests.store.people_and_commands import batch, preview, record, said
start = int(sys.argv[2])
writer = open_writer(Path(sys.argv[1]))
assert not writer.opened.notices, writer.opened.notices
for number in range(start, start + 100_000):
    batches, shown = [batch(0, 50), batch(1, 50)], [said(number, result="previewed")]
    writer.put_command(record(number), batches, preview(number), shown)
    print(number, "previewed", flush=True)
    sent = [batch(0, 50, TargetState.SENT, sent_ms=7)]
    writer.put_command(record(number, phase=Phase.RUNNING), sent, None, [said(number, result="sent")])
    print(number, "sent", flush=True)
    writer.put_audit([said(number, command_id="", result="noted")])
    print(number, "noted", flush=True)
"""

pytestmark = pytest.mark.slow


def run_until_killed(path: Path, start: int, after_s: float) -> list[tuple[int, str]]:
    """What a child acknowledged before it was killed."""
    told = lines_until_killed(CHILD, path, start, after_s=after_s)
    return [(int(number), step) for number, step in (line.split() for line in told)]


def test_t10_fifty_kills_lose_no_acknowledged_step_and_leave_no_half_one(tmp_path: Path) -> None:
    path, rng = tmp_path / "store.db", random.Random(10)
    acknowledged: list[tuple[int, str]] = []
    for kill in range(KILLS):
        acknowledged += run_until_killed(path, kill * 100_000, rng.uniform(0.0, 0.15))
    assert len(acknowledged) > KILLS * 5, "the kills came too early to prove anything"
    reader = open_reader(path)
    checked = reader.check_audit()
    rows = reader.audit(most=10_000_000)
    assert checked.faults == ()
    told = {(row.monotonic_ns, row.result) for row in rows}
    assert set(acknowledged) <= told
    assert len(told) == len(rows), "a step is there twice"
    assert len(rows) <= len(acknowledged) + KILLS, "at most the step that was being written is there unacknowledged"
    records = {record.command.at_ms - 1000: record for record in reader.commands(most=10_000_000)}
    assert set(records) == {number for number, result in told if result == "previewed"}
    for number, record in records.items():
        left = (number, "sent") in told
        assert (record.phase is Phase.RUNNING) is left
        first, second = reader.batches(record.id)
        assert (TargetState.SENT in first.counts()) is left
        assert TargetState.REQUESTED in second.counts()
        assert reader.preview(record.id) is not None
    reader.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    assert not list(tmp_path.glob("*.corrupt-*"))
