"""Knows the audit chain: each row carries the hash of the one before it, so that no row changes unnoticed.

Tamper-evident, not tamper-proof: who owns the machine can rewrite the whole chain. Only an anchor, the head's hash
kept in a second place, proves that nobody did (5-trust.md).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import msgspec

GENESIS = "0" * 64
ACKNOWLEDGE = "acknowledge audit faults"  # the action of a row whose `before` names the faults that were looked at
MOST_NAMED = 200  # faults in one such row; a chain with more is acknowledged as a whole, by their number
ANCHORED = re.compile(r"(row \d+) (?:was anchored and is gone|is not the one that was anchored)")


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody did or that a command became. `monotonic_ns` orders rows when a clock jumps."""

    seq: int
    at_ms: int
    monotonic_ns: int
    actor: str
    role: str
    desk: str
    approver: str = ""
    command_id: str = ""
    target: str = ""
    action: str
    before: str = ""
    requested: str = ""
    result: str = ""
    reason: str = ""
    previous: str = GENESIS
    digest: str = ""


class Anchor(msgspec.Struct, frozen=True):
    """The head of the chain as kept in a second place."""

    seq: int
    digest: str
    at_ms: int


class ChainState(msgspec.Struct, frozen=True, kw_only=True):
    """How the collector found the chain when it started, and how its head is anchored.

    `faults` are the first of them; `accepted` says that there are none, or that an administrator has looked at all.
    `places` name where the head is kept besides; with none, nobody can tell a chain that was rewritten as a whole.
    """

    rows: int = 0
    checked_ms: int = 0
    faults: tuple[str, ...] = ()
    accepted: bool = False
    places: tuple[str, ...] = ()
    anchored_ms: int | None = None
    trouble: str = ""


def digest_of(row: AuditRow) -> str:
    """SHA-256 over the previous digest and the row without its own, as msgspec's deterministic JSON."""
    bare = msgspec.structs.replace(row, digest="")
    return hashlib.sha256(msgspec.json.encode(bare, order="deterministic")).hexdigest()


def chained(row: AuditRow, last: AuditRow | None) -> AuditRow:
    """`row` as the next of the chain after `last`."""
    linked = msgspec.structs.replace(
        row, seq=last.seq + 1 if last else 1, previous=last.digest if last else GENESIS, digest=""
    )
    return msgspec.structs.replace(linked, digest=digest_of(linked))


def faults(rows: Iterable[AuditRow], anchors: Iterable[Anchor] = ()) -> tuple[str, ...]:
    """Everything that is wrong with a chain, in order; empty when it is whole. `rows` come by `seq`.

    Finds edits, deletions, insertions and reorderings by the chain itself, and truncation or a chain rewritten as a
    whole by the anchors.
    """
    found: list[str] = []
    digests: dict[int, str] = {}
    expected_seq, previous = 1, GENESIS
    for row in rows:
        if row.seq != expected_seq:
            found.append(f"row {expected_seq} is missing: row {row.seq} stands in its place")
        if row.previous != previous:
            found.append(f"row {row.seq} does not follow the row before it")
        if digest_of(row) != row.digest:
            found.append(f"row {row.seq} was changed after it was written")
        expected_seq, previous = row.seq + 1, row.digest
        digests[row.seq] = row.digest
    for anchor in anchors:
        if anchor.seq not in digests:
            found.append(f"row {anchor.seq} was anchored and is gone: the chain was cut")
        elif digests[anchor.seq] != anchor.digest:
            found.append(f"row {anchor.seq} is not the one that was anchored: the chain was rewritten")
    return tuple(found)


def accepted(found: Iterable[str], acknowledged: Iterable[AuditRow]) -> bool:
    """Whether an administrator has looked at every fault; `acknowledged` are rows of the chain with that action.

    A row that was anchored and is gone stays that fault when another row has taken its number since.
    """
    known = {_kind(line) for row in acknowledged if digest_of(row) == row.digest for line in row.before.split("\n")}
    return all(_kind(fault) in known for fault in named(tuple(found)))


def named(found: tuple[str, ...]) -> tuple[str, ...]:
    """The faults as one row can name them: the first, and how many more there are."""
    more = len(found) - MOST_NAMED
    return found if more <= 0 else (*found[:MOST_NAMED], f"and {more} more")


def _kind(fault: str) -> str:
    match = ANCHORED.match(fault)
    return f"{match[1]} is not as it was anchored" if match else fault
