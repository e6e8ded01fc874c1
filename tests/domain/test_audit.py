"""The audit chain: every edit, deletion, reordering and truncation is found."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from console.domain.audit import Anchor, AuditRow, chained, faults


def chain(length: int) -> list[AuditRow]:
    rows: list[AuditRow] = []
    for number in range(length):
        row = AuditRow(
            seq=0, at_ms=number, monotonic_ns=number, actor="ada", role="operator", desk="1", action=f"step {number}"
        )
        rows.append(chained(row, rows[-1] if rows else None))
    return rows


def test_t21_a_whole_chain_has_no_faults() -> None:
    rows = chain(20)
    assert faults(rows, [Anchor(rows[-1].seq, rows[-1].digest, 0)]) == ()
    assert faults([]) == ()


TEXT_FIELDS = ("actor", "role", "desk", "approver", "command_id", "target", "action", "before", "requested", "result")


@given(st.integers(0, 19), st.sampled_from(TEXT_FIELDS), st.text(max_size=5))
def test_t21_any_edit_of_any_field_is_found(position: int, field: str, text: str) -> None:
    rows = chain(20)
    edited = msgspec.structs.replace(rows[position], **{field: text})
    if edited == rows[position]:
        return
    rows[position] = edited
    assert f"row {position + 1} was changed after it was written" in faults(rows)


@given(st.integers(0, 18))
def test_t21_a_deleted_row_is_found(position: int) -> None:
    rows = chain(20)
    del rows[position]
    assert faults(rows)[0] == f"row {position + 1} is missing: row {position + 2} stands in its place"


@given(st.permutations(range(8)))
def test_t21_any_reordering_is_found(order: list[int]) -> None:
    rows = chain(8)
    assert bool(faults([rows[position] for position in order])) is (order != list(range(8)))


def test_t21_a_row_rewritten_with_its_own_hash_breaks_the_next_one() -> None:
    rows = chain(5)
    forged = chained(msgspec.structs.replace(rows[2], actor="eve"), rows[1])
    assert faults([*rows[:2], forged, *rows[3:]]) == ("row 4 does not follow the row before it",)


def test_t21_truncation_and_a_rewritten_chain_are_found_by_the_anchor() -> None:
    rows = chain(10)
    anchor = Anchor(10, rows[-1].digest, 0)
    assert faults(rows[:-1]) == ()
    assert faults(rows[:-1], [anchor]) == ("row 10 was anchored and is gone: the chain was cut",)
    forged: list[AuditRow] = []
    for row in rows:
        forged.append(chained(msgspec.structs.replace(row, actor="eve"), forged[-1] if forged else None))
    assert faults(forged) == ()
    assert faults(forged, [anchor]) == ("row 10 is not the one that was anchored: the chain was rewritten",)
