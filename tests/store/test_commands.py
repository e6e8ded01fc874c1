"""What the journal keeps of commands: whole, in order, all or nothing, and little written for a little moved."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import pytest

from console.domain.access import Role
from console.domain.account import Account, new_account
from console.domain.audit import Anchor, faults
from console.domain.command import TargetState
from console.domain.command_journal import Phase
from console.domain.errors import StoreError
from console.store import StoreCorrupt, open_reader, open_writer
from console.store.reader import StoreReader
from console.store.writer import StoreWriter
from tests.store.people_and_commands import batch, preview, record, said

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path):
    writer = open_writer(tmp_path / "store.db")
    reader = open_reader(tmp_path / "store.db")
    yield writer, reader
    reader.close()
    writer.close()


Store = tuple[StoreWriter, StoreReader]


def test_a_command_its_preview_and_its_batches_come_back_as_they_were_put(store: Store) -> None:
    writer, reader = store
    batches = [batch(0), batch(1, 7, TargetState.SENT, token="t-1", sent_ms=5, due_ms=9, words="asked")]
    writer.put_command(record(), batches, preview(), [said()])
    assert reader.command("c-1") == record()
    assert reader.preview("c-1") == preview()
    assert reader.batches("c-1") == batches
    assert reader.command("c-2") is None
    assert reader.preview("c-2") is None
    assert reader.batches("c-2") == []


def test_commands_are_listed_newest_first_and_by_phase(store: Store) -> None:
    writer, reader = store
    for number in range(6):
        writer.put_command(record(number, phase=Phase.RUNNING if number % 2 else Phase.DONE))
    writer.put_command(record(3, phase=Phase.PAUSED, counts={TargetState.SENT: 4}))
    assert [found.id for found in reader.commands()] == [f"c-{number}" for number in (5, 4, 3, 2, 1, 0)]
    assert [found.id for found in reader.commands([Phase.RUNNING, Phase.PAUSED])] == ["c-5", "c-3", "c-1"]
    assert [found.id for found in reader.commands(most=2)] == ["c-5", "c-4"]
    assert reader.commands([Phase.PAUSED])[0].counts == {TargetState.SENT: 4}


def test_a_batch_that_moves_leaves_the_others_and_its_machines_unwritten(store: Store) -> None:
    writer, reader = store
    writer.put_command(record(machines=1500), [batch(number, 500) for number in range(3)], preview(machines=1500))
    before = _changes(writer)
    writer.put_command(record(machines=1500, phase=Phase.RUNNING), [batch(1, 500, TargetState.SENT)])
    assert _changes(writer) - before == 2, "the record and one batch, and neither its machines nor the intent"
    states = [next(iter(found.counts())) for found in reader.batches("c-1")]
    assert states == [TargetState.REQUESTED, TargetState.SENT, TargetState.REQUESTED]
    other = msgspec.structs.replace(batch(1, 500), machines=tuple("x" * 500))
    writer.put_command(record(), [other])
    assert reader.batches("c-1")[1].machines[0] == "x", "a batch that was cut anew has its new machines"


def _changes(writer: StoreWriter) -> int:
    return writer._writer._connection.total_changes


def test_four_hundred_thousand_machines_are_previewed_in_little_room(store: Store, tmp_path: Path) -> None:
    writer, reader = store
    writer.put_command(record(machines=400_000), (), preview(machines=400_000))
    assert len(reader.preview("c-1").targets[0].machines) == 400_000
    with sqlite3.connect(tmp_path / "store.db") as connection:
        (size,) = connection.execute("SELECT length(body) FROM command_preview").fetchone()
    connection.close()
    assert size < 2_000_000


def test_c3_a_step_that_fails_half_way_leaves_neither_record_nor_audit(store: Store) -> None:
    writer, reader = store
    writer.put_command(record(), [batch()], preview(), [said()])
    nothing = said(2, action=None)  # the chain's table refuses it, after record and batches were written
    with pytest.raises(StoreError):
        writer.put_command(record(phase=Phase.RUNNING), [batch(0, 4, TargetState.SENT)], None, [said(3), nothing])
    assert reader.command("c-1").phase is Phase.PREVIEWED
    assert reader.batches("c-1") == [batch()]
    assert [row.seq for row in reader.audit()] == [1]


def syncs(writer: StoreWriter, work: Callable[[], object]) -> list[str]:
    """How SQLite was told to sync at each commit of this work: FULL outlives a power cut, NORMAL does not."""
    heard: list[str] = []
    connection = writer._writer._connection
    connection.set_trace_callback(heard.append)
    try:
        work()
    finally:
        connection.set_trace_callback(None)
    found, mode = [], ""
    for statement in heard:
        if statement.startswith("PRAGMA synchronous"):
            mode = statement.rpartition("=")[2].strip()
        elif statement == "COMMIT":
            found.append(mode)
    return found


def test_t2_r38_every_step_of_a_command_is_one_transaction_with_a_full_sync(store: Store) -> None:
    """No kill -9 shows a missing sync, for the page cache survives it: here SQLite itself says what it was told."""
    writer, _ = store
    steps: dict[str, Callable[[], object]] = {
        "a command": lambda: writer.put_command(record(), [batch()], preview(), [said()]),
        "a refusal": lambda: writer.put_audit([said(2)]),
        "an account": lambda: writer.put_account(_ada(), [said(3)]),
        "an anchor": lambda: writer.put_anchor(Anchor(3, "a" * 64, 10)),
    }
    assert {name: syncs(writer, step) for name, step in steps.items()} == {name: ["FULL"] for name in steps}
    assert writer._writer._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


DIES = """
import os, signal, sys
from pathlib import Path
from console.domain.command import TargetState
from console.domain.command_journal import Phase
from console.store import open_writer
from tests.store.people_and_commands import batch, preview, record, said
writer = open_writer(Path(sys.argv[1]))
writer.put_command(record(), [batch(0), batch(1)], preview(), [said(1, action="preview")])
if sys.argv[2] == "sent":
    sent = [batch(0, 4, TargetState.SENT, sent_ms=7)]
    writer.put_command(record(phase=Phase.RUNNING), sent, None, [said(2, action="send")])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("step", ["requested", "sent"])
def test_r38_c3_a_crash_right_after_a_step_leaves_its_row(tmp_path: Path, step: str) -> None:
    path = tmp_path / "store.db"
    child = subprocess.run([sys.executable, "-c", DIES, path, step], cwd=ROOT, capture_output=True, check=False)
    assert (child.returncode, child.stderr) == (-9, b"")
    reader = open_reader(path)
    sent = step == "sent"
    assert [row.action for row in reader.audit()] == ["preview", *["send"] * sent]
    assert faults(reader.audit()) == ()
    assert reader.command("c-1").phase is (Phase.RUNNING if sent else Phase.PREVIEWED)
    first, second = reader.batches("c-1")
    assert first.counts() == {TargetState.SENT if sent else TargetState.REQUESTED: 4}
    assert second.counts() == {TargetState.REQUESTED: 4}
    reader.close()


def test_rows_are_chained_by_the_store_in_the_order_in_which_they_come(store: Store) -> None:
    writer, reader = store
    writer.put_audit([said(1), said(2, target="Ø\n\x1b[31m \u202e x")])
    writer.put_command(record(), (), None, [said(4)])
    writer.put_account(_ada(), [said(5)])
    rows = reader.audit()
    assert [row.seq for row in rows] == [1, 2, 3, 4]
    assert [row.action for row in rows] == ["step 1", "step 2", "step 4", "step 5"]
    assert faults(rows) == ()
    assert reader.audit_head() == rows[-1]
    assert [row.seq for row in reader.audit(after_seq=2, most=1)] == [3]
    assert [row.seq for row in reader.audit_of("c-2")] == [2, 4]
    assert reader.audit_of("") == []


def _ada(role: Role = Role.ADMINISTRATOR) -> Account:
    return new_account("Ada", role, "correct horse", 5)


def test_accounts_are_one_a_name_without_case(store: Store) -> None:
    writer, reader = store
    writer.put_account(_ada())
    writer.put_account(msgspec.structs.replace(_ada(Role.VIEWER), name="ADA", disabled=True))
    writer.put_account(msgspec.structs.replace(_ada(), name="Bo"))
    assert [(one.name, one.role, one.disabled) for one in reader.accounts()] == [
        ("ADA", Role.VIEWER, True), ("Bo", Role.ADMINISTRATOR, False),
    ]  # fmt: skip


def test_anchors_are_remembered(store: Store) -> None:
    writer, reader = store
    writer.put_anchor(Anchor(3, "a" * 64, 10))
    writer.put_anchor(Anchor(9, "b" * 64, 20))
    writer.put_anchor(Anchor(9, "b" * 64, 30))
    assert reader.anchors() == [Anchor(3, "a" * 64, 10), Anchor(9, "b" * 64, 30)]


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_r38_the_chain_is_append_only_for_whoever_opens_the_file(store: Store, tmp_path: Path, statement: str) -> None:
    store[0].put_audit([said()])
    connection = sqlite3.connect(tmp_path / "store.db")
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE command SET body = '{}'",
        "UPDATE command SET body = 'x'",
        "UPDATE command_intent SET body = x'00'",
        "UPDATE command_batch SET states = x'0000'",
        "UPDATE command_batch SET states = x'000000ff'",
        "UPDATE command_machines SET body = x'00'",
        "UPDATE command_preview SET body = x'00'",
        "UPDATE account SET body = '{}'",
        "DROP TRIGGER audit_stays; UPDATE audit SET at_ms = 'x'",
    ],
)
def test_t24_what_is_damaged_is_said_and_never_shown(store: Store, tmp_path: Path, damage: str) -> None:
    writer, reader = store
    writer.put_command(record(), [batch()], preview(), [said()])
    writer.put_account(_ada())
    with sqlite3.connect(tmp_path / "store.db") as connection:
        connection.executescript(damage)
    connection.close()
    told = 0
    batches, shown = partial(reader.batches, "c-1"), partial(reader.preview, "c-1")
    for read in (reader.commands, reader.audit, reader.accounts, batches, shown):
        try:
            read()
        except StoreCorrupt:
            told += 1
    assert told == 1
    writer.put_audit([said(2)])  # a damaged row does not end the chain


def test_what_was_recorded_outlives_a_store_that_had_to_be_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    writer = open_writer(path)
    writer.put_command(record(), [batch()], preview(), [said(1), said(2)])
    writer.put_account(_ada())
    writer.put_anchor(Anchor(2, "a" * 64, 10))
    writer.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")  # the header contradicts the list of migrations: damaged
    connection.close()
    writer, reader = open_writer(path), open_reader(path)
    assert writer.opened.set_aside is not None
    writer.put_audit([said(3)])
    assert reader.commands() == [record()]
    assert reader.batches("c-1") == [batch()]
    assert reader.preview("c-1") == preview()
    assert [one.name for one in reader.accounts()] == ["Ada"]
    assert reader.anchors() == [Anchor(2, "a" * 64, 10)]
    assert [row.seq for row in reader.audit()] == [1, 2, 3]
    assert faults(reader.audit()) == ()
    reader.close()
    writer.close()
