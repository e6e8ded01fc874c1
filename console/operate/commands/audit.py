"""Writes the audit rows of commands: who, what, on which targets, with what result; chains and keeps none of them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from console.domain.access import Person, Role
from console.domain.audit import AuditRow
from console.domain.command import MOVES_POWER, Command, Preview
from console.domain.command_journal import Batch, CommandRecord


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, where from. The collector itself acts under its own name, with no right of a person."""

    name: str
    role: str
    desk: str


COLLECTOR = Actor("Meridian", "collector", "collector")


def acting(person: Person, desk: str) -> Actor:
    """Somebody who signed in at a desk."""
    return Actor(person.name, person.role.name.lower(), desk)


def requester(record: CommandRecord) -> Actor:
    """Whoever asked for a command, as it was then."""
    return Actor(record.command.by, Role(record.role).name.lower(), record.command.desk)


def row(actor: Actor, command: Command, at_ms: int, action: str, **facts: str) -> AuditRow:
    """One row, still without its place in the chain; `facts` are `target`, `before`, `requested`, `result` …"""
    facts.setdefault("target", target_words(command))
    facts.setdefault("reason", command.reason)
    return AuditRow(
        seq=0,
        at_ms=at_ms,
        monotonic_ns=time.monotonic_ns(),
        actor=actor.name,
        role=actor.role,
        desk=actor.desk,
        command_id=command.id,
        action=action,
        **facts,
    )


def target_words(command: Command) -> str:
    """Whom a command is for, short."""
    return command.selector.title or ", ".join(command.selector.sites)


def asked_words(preview: Preview) -> str:
    """What a command would do, in one line: verb, machines, megawatts."""
    words = f"{preview.command.verb}: {_many(preview.machines, 'machine')} at {_many(len(preview.targets), 'site')}"
    if preview.command.verb in MOVES_POWER:
        words += f", {preview.delta_w / 1e6:+.3f} MW"
    return words


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def batch_words(batch: Batch) -> str:
    """A batch and how its machines stand, in one line."""
    counts = ", ".join(f"{count:,} {state}" for state, count in batch.counts().items())
    return f"batch {batch.number} at {batch.site_id}: {counts}" + (f" ({batch.words})" if batch.words else "")
