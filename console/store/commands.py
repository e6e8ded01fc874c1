"""Keeps commands, their previews and their batches; knows rows, and nothing of why a command moved.

What never changes (whom it is for, which machines a batch holds) lies apart from what changes at every step, so that
moving 500 machines writes some hundreds of bytes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from console.domain.command import Command, Preview
from console.domain.command_journal import STATES, Batch, CommandRecord, Phase
from console.store.codec import TILE_LEVEL, pack, unpack
from console.store.trouble import StoreCorrupt

T = TypeVar("T")
_READ = "SELECT c.body, i.body FROM command c JOIN command_intent i ON i.command = c.id"
_PUT_INTENT = (  # the same one again writes nothing
    "INSERT INTO command_intent VALUES (?, ?)"
    " ON CONFLICT DO UPDATE SET body = excluded.body WHERE body IS NOT excluded.body"
)
_PUT_MACHINES = (
    "INSERT INTO command_machines VALUES (?, ?, ?)"
    " ON CONFLICT DO UPDATE SET body = excluded.body WHERE body IS NOT excluded.body"
)


def put_record(connection: sqlite3.Connection, record: CommandRecord) -> None:
    """Replace a command's record."""
    body = msgspec.json.encode(_fields(record, "command")).decode()
    connection.execute(
        "INSERT INTO command (id, at_ms, phase, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET phase = excluded.phase, body = excluded.body",
        (record.id, record.command.at_ms, record.phase, body),
    )
    connection.execute(_PUT_INTENT, (record.id, _packed(record.command)))


def put_preview(connection: sqlite3.Connection, preview: Preview) -> None:
    """Replace what the operator was shown."""
    row = (preview.command.id, _packed(preview))
    connection.execute("INSERT OR REPLACE INTO command_preview VALUES (?, ?)", row)


def put_batches(connection: sqlite3.Connection, command_id: str, batches: Iterable[Batch]) -> None:
    """Replace these batches; those that are not named stay."""
    for batch in batches:
        body = msgspec.json.encode(_fields(batch, "machines", "states")).decode()
        row = (command_id, batch.number, body, batch.states)
        connection.execute("INSERT OR REPLACE INTO command_batch VALUES (?, ?, ?, ?)", row)
        connection.execute(_PUT_MACHINES, (command_id, batch.number, _packed(batch.machines)))


def records(connection: sqlite3.Connection, phases: Sequence[Phase] | None, most: int) -> list[CommandRecord]:
    """Commands, newest first; only those in `phases` where given."""
    chosen = "" if phases is None else f"WHERE c.phase IN ({', '.join('?' * len(phases))})"
    rows = connection.execute(
        f"{_READ} {chosen} ORDER BY c.at_ms DESC, c.number DESC LIMIT ?",  # our own words and question marks
        (*(phases or ()), most),
    )
    return [_record(body, intent) for body, intent in rows]


def record(connection: sqlite3.Connection, command_id: str) -> CommandRecord | None:
    """One command, or None."""
    row = connection.execute(f"{_READ} WHERE c.id = ?", (command_id,)).fetchone()
    return _record(*row) if row else None


def preview(connection: sqlite3.Connection, command_id: str) -> Preview | None:
    """What a command's operator was shown; None where nothing was, or where it was forgotten since."""
    row = connection.execute("SELECT body FROM command_preview WHERE command = ?", (command_id,)).fetchone()
    return _unpacked(row[0], Preview) if row else None


def batches(connection: sqlite3.Connection, command_id: str) -> list[Batch]:
    """A command's batches by number."""
    rows = connection.execute(
        "SELECT b.body, b.states, m.body FROM command_batch b"
        " JOIN command_machines m ON m.command = b.command AND m.number = b.number"
        " WHERE b.command = ? ORDER BY b.number",
        (command_id,),
    )
    return [_batch(body, states, machines) for body, states, machines in rows]


def _record(body: str, intent: bytes) -> CommandRecord:
    return _built({**_facts(body), "command": _unpacked(intent, Command)}, CommandRecord)


def _batch(body: str, states: bytes, machines: bytes) -> Batch:
    facts = {**_facts(body), "states": states, "machines": _unpacked(machines, tuple[str, ...])}
    found = _built(facts, Batch)
    if len(found.states) != len(found.machines) or any(code >= len(STATES) for code in set(found.states)):
        raise StoreCorrupt(f"batch {found.number} of a stored command has not one state a machine")
    return found


def _fields(struct: msgspec.Struct, *without: str) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__ if name not in without}


def _facts(body: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"a stored command cannot be read ({error})") from error


def _built(facts: dict[str, Any], kind: type[T]) -> T:
    try:
        return msgspec.convert(facts, kind)
    except msgspec.ValidationError as error:
        raise StoreCorrupt(f"a stored command cannot be read ({error})") from error


def _packed(value: object) -> bytes:
    return pack(msgspec.msgpack.encode(value), TILE_LEVEL)


def _unpacked(blob: bytes, kind: type[T]) -> T:
    try:
        return msgspec.msgpack.decode(unpack(blob), type=kind)
    except msgspec.DecodeError as error:
        raise StoreCorrupt(f"a stored command cannot be read ({error})") from error
