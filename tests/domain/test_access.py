"""Roles: who may what, how long a shelf may be, and that nobody is their own second person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain.access import (
    Person,
    Right,
    Role,
    may,
    may_approve,
    may_shelve,
    needs_second_person,
    set_in_motion_alone_w,
)
from console.domain.alarm import Priority
from console.domain.command_journal import CommandRecord, Phase, recorded
from tests.domain.test_command import preview, target

HOUR_MS = 3_600_000


@pytest.mark.parametrize("right", [right for right in Right if right is not Right.LOOK])
def test_r40_a_viewer_and_read_only_reach_nothing(right: Right) -> None:
    assert not may(Person("ada", Role.VIEWER), right)
    assert not may(None, right)
    assert not may(Person("root", Role.ADMINISTRATOR), right, read_only=True)
    assert may(Person("root", Role.ADMINISTRATOR), right)


@pytest.mark.parametrize(
    ("role", "hours", "priority", "allowed"),
    [
        (Role.OPERATOR, 8, Priority.HIGH, True),
        (Role.OPERATOR, 9, Priority.LOW, False),
        (Role.SUPERVISOR, 24, Priority.MEDIUM, True),
        (Role.SUPERVISOR, 25, Priority.MEDIUM, False),
        (Role.ADMINISTRATOR, 1, Priority.CRITICAL, False),
        (Role.VIEWER, 1, Priority.LOW, False),
        (Role.OPERATOR, 0, Priority.LOW, False),
    ],
)
def test_r24_shelf_limits(role: Role, hours: int, priority: Priority, allowed: bool) -> None:
    assert may_shelve(Person("ada", role), priority, hours * HOUR_MS) is allowed


def test_t7_a_second_person_above_ten_megawatts_counts_moves_both_ways() -> None:
    assert not needs_second_person(preview(target(20e6, 10e6)))
    assert needs_second_person(preview(target(20e6, 9.9e6)))
    assert needs_second_person(preview(target(20e6, 12e6), target(5e6, 13e6)))


@pytest.mark.parametrize(
    ("now_w", "asked_w", "lately_w", "needed"),
    [
        (9e6, 0.0, -1e6, False),
        (9e6, 0.0, -1.1e6, True),
        (0.0, 9e6, 1.1e6, True),
        (0.0, 9e6, -9e6, False),  # taking back leaves nothing
        (9e6, 9e6, -12e6, False),  # a lamp moves no power
        (20e6, 9e6, 11e6, True),  # above the limit by itself, whatever was before
    ],
)
def test_t7_what_is_above_the_limit_as_a_whole_is_so_in_parts(
    now_w: float, asked_w: float, lately_w: float, needed: bool
) -> None:
    assert needs_second_person(preview(target(now_w, asked_w)), 10e6, lately_w) is needed


def of(**more: object) -> CommandRecord:
    shown = preview(target(9e6, 5e6))
    asked = replace(shown.command, by=str(more.pop("by", "Ada")))
    return replace(recorded(replace(shown, command=asked), Role.OPERATOR, False, 1), **more)


@pytest.mark.parametrize(
    ("record", "counted"),
    [
        (of(phase=Phase.PREVIEWED), True),
        (of(phase=Phase.RUNNING, started_ms=5_000), True),
        (of(phase=Phase.DONE, started_ms=5_000, ended_ms=6_000), True),
        (of(phase=Phase.DONE, started_ms=4_999), False),
        (of(phase=Phase.CANCELLED), False),
        (of(phase=Phase.EXPIRED), False),
        (of(phase=Phase.RUNNING, started_ms=5_000, needs_second=True), False),
        (of(phase=Phase.RUNNING, started_ms=5_000, by=" ada"), True),
        (of(phase=Phase.RUNNING, started_ms=5_000, by="Ben"), False),
        (of(phase=Phase.RUNNING, started_ms=5_000, by="Meridian, asked by Ada"), False),
    ],
)
def test_t7_what_somebody_set_in_motion_alone(record: CommandRecord, counted: bool) -> None:
    assert set_in_motion_alone_w("Ada", [record], since_ms=5_000) == (-4e6 if counted else 0.0)


@given(st.sampled_from(["ada", "Ada", " ADA ", "ada\t"]), st.sampled_from(list(Role)))
def test_t7_the_requester_can_never_approve(name: str, role: Role) -> None:
    assert not may_approve(Person(name, role), preview(target()))


def test_t7_another_operator_can_and_a_viewer_cannot() -> None:
    assert may_approve(Person("ben", Role.OPERATOR), preview(target()))
    assert not may_approve(Person("ben", Role.VIEWER), preview(target()))
    assert not may_approve(None, preview(target()))
