"""Keeps the audit chain, the anchors that this store remembers, and the accounts; knows rows and appends links.

Two ways to read the chain: `rows` for a screen, which refuses what it cannot read, and `witnessed` for the verifier,
which reads on past every fault so that it can be told by its number.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from console.domain.account import Account
from console.domain.audit import ACKNOWLEDGE, GENESIS, Anchor, AuditRow, accepted, chained, faults
from console.store.trouble import StoreCorrupt


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with the chain, in order; `accepted` when nothing is, or an administrator has looked at all."""

    rows: int
    faults: tuple[str, ...]
    accepted: bool


FIELDS = AuditRow.__struct_fields__
_COLUMNS = ", ".join(FIELDS)
_APPEND = f"INSERT INTO audit ({_COLUMNS}) VALUES ({', '.join('?' * len(FIELDS))})"  # noqa: S608  # our own names


def append(connection: sqlite3.Connection, new: Iterable[AuditRow]) -> None:
    """Append rows to the chain; they come without `seq`, `previous` and `digest`."""
    last = _end(connection)
    for row in new:
        last = chained(row, last)
        connection.execute(_APPEND, tuple(getattr(last, field) for field in FIELDS))


def _end(connection: sqlite3.Connection) -> AuditRow | None:
    """Number and digest of the newest row, whatever else of it can be read: a damaged row must not end the chain."""
    found = connection.execute("SELECT seq, digest FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    if found is None:
        return None
    return AuditRow(
        seq=found[0], digest=_text(found[1]), at_ms=0, monotonic_ns=0, actor="", role="", desk="", action=""
    )


def rows(connection: sqlite3.Connection, after_seq: int, most: int) -> list[AuditRow]:
    """Rows after a number, oldest first; raises StoreCorrupt where one is no row of ours."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, most))  # noqa: S608  # our own names
    return [_row(values) for values in found]


def rows_of(connection: sqlite3.Connection, command_id: str) -> list[AuditRow]:
    """Everything that the chain tells of one command, oldest first."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM audit WHERE command_id = ? AND command_id != '' ORDER BY seq",  # noqa: S608  # our own names
        (command_id,),
    )
    return [_row(values) for values in found]


def head(connection: sqlite3.Connection) -> AuditRow | None:
    """The newest row of the chain."""
    found = connection.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq DESC LIMIT 1").fetchone()  # noqa: S608  # our own names
    return _row(found) if found else None


def witnessed(connection: sqlite3.Connection, after_seq: int = 0, most: int = -1) -> Iterator[AuditRow]:
    """The chain by number as it lies there; a row that cannot be read comes with a digest it does not have."""
    read = f"SELECT {_COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608  # our own names
    for values in connection.execute(read, (after_seq, most)):
        try:
            yield _row(values)
        except StoreCorrupt:
            facts = dict(zip(FIELDS, values, strict=True))
            yield AuditRow(
                seq=facts["seq"], previous=_text(facts["previous"]), digest=_text(facts["digest"]), at_ms=0,
                monotonic_ns=0, actor="", role="", desk="", action="cannot be read",
            )  # fmt: skip


def check(connection: sqlite3.Connection, kept: Iterable[Anchor]) -> Checked:
    """The whole chain against itself, the anchors that this store remembers and those that were `kept` elsewhere."""
    seen, broken = _Seen(), []

    def until_damage() -> Iterator[AuditRow]:
        try:
            yield from seen.passing(witnessed(connection))
        except (sqlite3.Error, UnicodeDecodeError) as error:  # SQLite quotes damaged bytes in its own messages
            broken.append(f"rows after {seen.last} cannot be read: the file is damaged ({error})")

    try:
        remembered = anchors(connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        remembered = []
        broken.append(f"the anchors that this store remembers cannot be read ({error})")
    found = (*faults(until_damage(), dict.fromkeys((*remembered, *kept))), *broken)
    return Checked(seen.rows, found, accepted(found, seen.acknowledgements))


class _Seen:
    """What passed by on the way to the verifier."""

    def __init__(self) -> None:
        self.rows = self.last = 0
        self.acknowledgements: list[AuditRow] = []

    def passing(self, rows: Iterator[AuditRow]) -> Iterator[AuditRow]:
        for row in rows:
            self.rows, self.last = self.rows + 1, row.seq
            if row.action == ACKNOWLEDGE:
                self.acknowledgements.append(row)
            yield row


def _row(values: tuple[object, ...]) -> AuditRow:
    try:
        return msgspec.convert(dict(zip(FIELDS, values, strict=True)), AuditRow)
    except msgspec.ValidationError as error:
        raise StoreCorrupt(f"row {values[0]} of the audit chain cannot be read ({error})") from error


def _text(value: object) -> str:
    return value if isinstance(value, str) else GENESIS


def put_anchor(connection: sqlite3.Connection, anchor: Anchor) -> None:
    """Remember that this head was kept in a second place."""
    row = (anchor.seq, anchor.digest, anchor.at_ms)
    connection.execute("INSERT OR REPLACE INTO audit_anchor VALUES (?, ?, ?)", row)


def anchors(connection: sqlite3.Connection) -> list[Anchor]:
    """The heads that were kept in a second place, oldest first."""
    return [Anchor(*row) for row in connection.execute("SELECT seq, digest, at_ms FROM audit_anchor ORDER BY 1, 3")]


def put_account(connection: sqlite3.Connection, account: Account) -> None:
    """Add or replace a person."""
    body = msgspec.json.encode(account).decode()
    connection.execute("INSERT OR REPLACE INTO account VALUES (?, ?)", (account.key, body))


def accounts(connection: sqlite3.Connection) -> list[Account]:
    """Everybody who may sign in, by name."""
    try:
        found = connection.execute("SELECT body FROM account ORDER BY key")
        return [msgspec.json.decode(body, type=Account) for (body,) in found]
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"a stored account cannot be read ({error})") from error
