"""Knows who may do what: four roles, what each is allowed, and the second person above a limit.

Roles in a desktop program protect against mistakes, not against the owner of the machine; the site's own API must
enforce its rights. The sign-in dialog and the manual say so.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable
from dataclasses import dataclass

from console.domain.alarm import Priority
from console.domain.command import Preview
from console.domain.command_journal import CommandRecord, Phase
from console.domain.durations import HOUR_MS
from console.domain.interlock import CommandRules


class Role(enum.IntEnum):
    """Each role may do what the ones before it may."""

    VIEWER = 0
    OPERATOR = 1
    SUPERVISOR = 2
    ADMINISTRATOR = 3


class Right(enum.StrEnum):
    """What a role is asked for."""

    LOOK = "look"
    ACKNOWLEDGE = "acknowledge"
    NOTE = "write a note"
    SHELVE = "shelve"
    COMMAND = "command"
    APPROVE = "approve"
    EMERGENCY = "command a stale site in an emergency"
    TAKE_OUT_OF_SERVICE = "take out of service"
    CONFIGURE = "configure"


NEEDS = {
    Right.LOOK: Role.VIEWER,
    Right.ACKNOWLEDGE: Role.OPERATOR,
    Right.NOTE: Role.OPERATOR,
    Right.SHELVE: Role.OPERATOR,
    Right.COMMAND: Role.OPERATOR,
    Right.APPROVE: Role.OPERATOR,
    Right.EMERGENCY: Role.SUPERVISOR,
    Right.TAKE_OUT_OF_SERVICE: Role.SUPERVISOR,
    Right.CONFIGURE: Role.ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in."""

    name: str
    role: Role


def may(person: Person | None, right: Right, *, read_only: bool = False) -> bool:
    """Whether a person may; nobody signed in is a viewer. `--read-only` leaves everybody only the right to look."""
    role = person.role if person else Role.VIEWER
    return role >= NEEDS[right] and (right is Right.LOOK or not read_only)


def longest_shelf_ms(role: Role) -> int:
    """How long a role may shelve an alarm (R24): 8 h for operators, 24 h for supervisors and above."""
    if role >= Role.SUPERVISOR:
        return 24 * HOUR_MS
    return 8 * HOUR_MS if role is Role.OPERATOR else 0


def may_shelve(person: Person | None, priority: Priority, span_ms: int) -> bool:
    """Whether a person may shelve an alarm of that priority so long; a critical one nobody may."""
    if person is None or priority is Priority.CRITICAL or not may(person, Right.SHELVE):
        return False
    return 0 < span_ms <= longest_shelf_ms(person.role)


def needs_second_person(
    preview: Preview, above_w: float = CommandRules().second_person_above_w, lately_w: float = 0.0
) -> bool:
    """Whether somebody else must agree before this leaves (T7).

    `lately_w` is the change of power that the same person set in motion alone a short while ago: what is above the
    limit as a whole is so in parts too. What takes a former change back is judged by what then remains of it.
    """
    changes_w = [target.power_asked_w - target.power_now_w for target in preview.targets]
    if sum(map(abs, changes_w)) > above_w:
        return True
    return any(changes_w) and abs(sum(changes_w) + lately_w) > above_w


def set_in_motion_alone_w(name: str, records: Iterable[CommandRecord], since_ms: int) -> float:
    """The change of power by the commands of one person that needed nobody else's word, in W, falls negative.

    Those that began since `since_ms`, and those that are selected and may still begin.
    """
    return math.fsum(
        record.delta_w
        for record in records
        if same_person(record.command.by, name)
        and not record.needs_second
        and (record.phase is Phase.PREVIEWED if record.started_ms is None else record.started_ms >= since_ms)
    )


def same_person(one: str, other: str) -> bool:
    """Names are compared without case and outer spaces: `Ada ` is no second person for `ada`."""
    return one.strip().casefold() == other.strip().casefold()


def may_approve(approver: Person | None, preview: Preview) -> bool:
    """Whether this person may be the second one: with the right to approve, and never the one who asked."""
    if approver is None or not may(approver, Right.APPROVE):
        return False
    return not same_person(approver.name, preview.command.by)
