"""Roles: who may what, how long a shelf may be, and that nobody is their own second person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.access import Person, Right, Role, may, may_approve, may_shelve, needs_second_person
from console.domain.alarm import Priority
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


@given(st.sampled_from(["ada", "Ada", " ADA ", "ada\t"]), st.sampled_from(list(Role)))
def test_t7_the_requester_can_never_approve(name: str, role: Role) -> None:
    assert not may_approve(Person(name, role), preview(target()))


def test_t7_another_operator_can_and_a_viewer_cannot() -> None:
    assert may_approve(Person("ben", Role.OPERATOR), preview(target()))
    assert not may_approve(Person("ben", Role.VIEWER), preview(target()))
    assert not may_approve(None, preview(target()))
