"""T21, T24: whatever is done to the chain in the file itself, verifier and anchor find it; so does the one for exports.

The store's own triggers are dropped first and the file is changed with plain SQLite, as its owner could.
"""

from __future__ import annotations

import importlib.util
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from console.domain.audit import ACKNOWLEDGE, Anchor, AuditRow, accepted, chained, named
from console.domain.errors import StoreError
from console.store import open_reader, open_writer
from console.store.audit import FIELDS
from console.store.verify import verify
from tests.store.people_and_commands import batch, preview, record, said

ROOT = Path(__file__).resolve().parents[2]
ROWS = 12
PAGE = 8192
INSERT = f"INSERT INTO audit VALUES ({', '.join('?' * len(FIELDS))})"  # noqa: S608  # question marks
FILES = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def standalone() -> ModuleType:
    """The verifier that is handed out with an export."""
    spec = importlib.util.spec_from_file_location("verify_audit", ROOT / "resources" / "audit" / "verify_audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = standalone()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a chain, without triggers."""
    path = tmp_path_factory.mktemp("chain") / "store.db"
    writer = open_writer(path)
    writer.put_audit([said(number, target=f'Ø {number}\t\u2028\x7f\\"', result="done") for number in range(ROWS)])
    writer.close()
    with sqlite3.connect(path) as connection:
        connection.executescript("DROP TRIGGER audit_stays; DROP TRIGGER audit_whole; PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def rows_in(path: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT * FROM audit ORDER BY seq").fetchall()
    connection.close()
    return rows


def tampered(whole: Path, change: Callable[[sqlite3.Connection], None]) -> tuple[tuple[str, ...], list[str]]:
    """What the store's verifier and the handed-out one find after a change, both with the anchor of the true head."""
    copy = whole.with_name("copy.db")
    shutil.copy(whole, copy)
    connection = sqlite3.connect(copy)
    try:
        change(connection)
        connection.commit()
    except sqlite3.IntegrityError:
        reject()  # the file's own rules refuse such a cell
    finally:
        connection.close()
    if rows_in(copy) == rows_in(whole):
        reject()
    reader = open_reader(copy)
    anchor = Anchor(ROWS, str(rows_in(whole)[-1][-1]), 0)
    found = reader.check_audit([anchor]).faults
    export = copy.with_name("export.jsonl")
    export.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in reader.witnessed_audit()))
    reader.close()
    return found, VERIFIER.faults(VERIFIER.read_rows(export), [(anchor.seq, anchor.digest)])


CELLS = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
    | st.integers(-(2**63), 2**63 - 1)
    | st.binary(max_size=4)
)


@FILES
@given(st.integers(1, ROWS), st.sampled_from(FIELDS), CELLS)
def test_t21_any_edit_of_one_row_is_found(whole: Path, seq: int, field: str, cell: object) -> None:
    change = f"UPDATE audit SET {field} = ? WHERE seq = ?"  # noqa: S608  # one of our own names
    found, outside = tampered(whole, lambda file: file.execute(change, (cell, seq)))
    assert found
    assert list(found) == outside


@FILES
@given(st.sets(st.integers(1, ROWS), min_size=1))
def test_t21_any_deletion_and_any_truncation_is_found(whole: Path, gone: set[int]) -> None:
    found, outside = tampered(
        whole, lambda file: file.executemany("DELETE FROM audit WHERE seq = ?", [(seq,) for seq in gone])
    )
    assert found
    assert list(found) == outside


@FILES
@given(st.permutations(range(1, ROWS + 1)))
def test_t21_any_reordering_is_found(whole: Path, order: list[int]) -> None:
    def reorder(file: sqlite3.Connection) -> None:
        file.execute("UPDATE audit SET seq = -seq")
        for seq, old in enumerate(order, 1):
            file.execute("UPDATE audit SET seq = ? WHERE seq = ?", (seq, -old))

    found, outside = tampered(whole, reorder)
    assert found
    assert list(found) == outside


@FILES
@given(st.integers(1, ROWS), st.sampled_from(("actor", "target", "result", "at_ms")), st.integers(0, ROWS))
def test_t21_a_chain_forged_with_its_own_hashes_is_found_by_the_anchor(
    whole: Path, seq: int, field: str, cut: int
) -> None:
    """Whoever can write the file can also compute hashes: from the edited row on, and cut off where they like."""

    def forge(file: sqlite3.Connection) -> None:
        values = file.execute("SELECT * FROM audit ORDER BY seq").fetchall()
        last: AuditRow | None = None
        file.execute("DELETE FROM audit")
        for row in (msgspec.convert(dict(zip(FIELDS, row, strict=True)), AuditRow) for row in values):
            new = {field: 7 if field == "at_ms" else "eve"} if row.seq == seq else {}
            last = chained(msgspec.structs.replace(row, **new), last)
            if row.seq <= ROWS - cut:
                file.execute(INSERT, [getattr(last, name) for name in FIELDS])

    found, outside = tampered(whole, forge)
    assert len(found) == 1
    assert "anchored" in found[0]
    assert list(found) == outside


def test_the_first_fault_is_told_by_its_number_and_reading_goes_on_after_it(whole: Path) -> None:
    change = "UPDATE audit SET actor = 'eve' WHERE seq = 4; DELETE FROM audit WHERE seq = 9"
    with sqlite3.connect(shutil.copy(whole, whole.with_name("two.db"))) as file:
        file.executescript(change)
    file.close()
    reader = open_reader(whole.with_name("two.db"))
    found = reader.check_audit().faults
    reader.close()
    assert found == (
        "row 4 was changed after it was written",
        "row 9 is missing: row 10 stands in its place",
        "row 10 does not follow the row before it",
    )


def test_a_whole_chain_is_whole_inside_and_outside(whole: Path) -> None:
    reader = open_reader(whole)
    checked = reader.check_audit([Anchor(ROWS, reader.audit_head().digest, 0)])
    assert (checked.rows, checked.faults, checked.accepted) == (ROWS, (), True)
    assert all(VERIFIER.digest_of(msgspec.to_builtins(row)) == row.digest for row in reader.audit())
    reader.close()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))  # neither SQLite nor the link takes half a pair
def test_the_canonical_form_is_the_same_for_any_text(text: str) -> None:
    row = chained(said(1, actor=text, reason=text), None)
    assert VERIFIER.digest_of(msgspec.to_builtins(row)) == row.digest


def test_acknowledged_faults_are_accepted_and_new_ones_are_not(whole: Path) -> None:
    def ack(*faults: str) -> AuditRow:
        return chained(said(1, action=ACKNOWLEDGE, before="\n".join(named(faults))), None)

    gone, rewritten = (
        "row 5 was anchored and is gone: the chain was cut",
        "row 5 is not the one that was anchored: the chain was rewritten",
    )
    assert accepted([gone], [ack(gone)])
    assert accepted([rewritten], [ack(gone)]), "its number was taken since"
    assert not accepted(["row 5 was changed after it was written"], [ack(gone)])
    assert not accepted([gone, "row 7 was changed after it was written"], [ack(gone)])
    assert not accepted([gone], [msgspec.structs.replace(ack("x"), before=gone)]), "an edited acknowledgement is none"
    many = [f"row {number} was changed after it was written" for number in range(500)]
    assert accepted(many, [ack(*many)])
    assert not accepted([*many, "row 999 was changed after it was written"], [ack(*many)])


def test_t24_flipped_bits_in_audit_pages_are_found(tmp_path: Path) -> None:
    path, copy = tmp_path / "store.db", tmp_path / "flipped.db"
    writer = open_writer(path)
    writer.put_audit([said(number, target=f"site {number}", reason="x" * 90) for number in range(120)])
    writer.close()
    body, truth = path.read_bytes(), rows_in(path)
    pages = sorted({body.find(str(row[-1]).encode()) // PAGE for row in truth})
    rng, outcomes = np.random.default_rng(24), {"found": 0, "harmless": 0, "silent": 0}
    for _ in range(400):
        flipped = bytearray(body)
        flipped[int(rng.choice(pages)) * PAGE + int(rng.integers(PAGE))] ^= 1 << int(rng.integers(8))
        copy.write_bytes(flipped)
        outcomes[_outcome(copy, truth)] += 1
    assert outcomes["silent"] == 0, outcomes
    assert outcomes["found"] > 300, outcomes  # the rest lies where no row is


def _outcome(path: Path, truth: list[tuple[object, ...]]) -> str:
    try:
        reader = open_reader(path)
        try:
            if reader.check_audit().faults:
                return "found"
        finally:
            reader.close()
        return "harmless" if rows_in(path) == truth else "silent"
    except StoreError:
        return "found"


def test_t24_a_damaged_page_of_the_chain_costs_its_own_rows_only(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    writer = open_writer(path)
    writer.put_audit([said(number, reason="x" * 200) for number in range(300)])
    writer.close()
    damaged, truth = bytearray(path.read_bytes()), rows_in(path)
    page = damaged.find(str(truth[150][-1]).encode()) // PAGE
    damaged[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    path.write_bytes(damaged)
    writer, reader = open_writer(path), open_reader(path)
    assert writer.opened.set_aside is not None
    writer.put_audit([said(301)])
    rows = reader.witnessed_audit(0, 1000)
    assert [row.seq for row in rows[:50]] == list(range(1, 51))
    assert [row.seq for row in rows[-50:]] == list(range(252, 302))
    checked = reader.check_audit()
    assert len(rows) > 250
    assert len(checked.faults) == 2, "one hole"
    assert "is missing" in checked.faults[0]
    reader.close()
    writer.close()


def test_the_doctor_tells_a_broken_chain_and_a_damaged_preview(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    writer = open_writer(path)
    writer.put_command(record(), [batch()], preview(), [said(1), said(2)])
    writer.close()
    assert verify(path).findings == ()
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "DROP TRIGGER audit_stays; UPDATE audit SET actor = 'eve' WHERE seq = 1;"
            " UPDATE command_preview SET body = x'00'"
        )
    connection.close()
    assert verify(path).findings == ("command_preview c-1 is damaged", "row 1 was changed after it was written")
