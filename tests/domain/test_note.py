"""What may be a note: text and author within bounds, about a place that can bear one."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.access import Role
from console.domain.note import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Note,
    Whose,
    machine_number,
    numbers_of,
    whose,
    why_not,
    why_not_text,
)
from console.domain.place import FLEET, container_key, miner_key, region_key, site_key

GOOD = Note(id="0" * 32, at_ms=1, place=miner_key("a", "C1/7"), machine="serial S1", who="ada", desk="d", text="hot")


def test_a_note_about_a_site_a_container_or_a_machine_may_be_kept() -> None:
    for place in (site_key("a"), container_key("a", "C1"), miner_key("a", "x")):
        assert why_not(msgspec.structs.replace(GOOD, place=place), Role.OPERATOR) == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": " \n "}, "without text"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "found 2,001 characters, expected at most 2,000"),
        ({"text": "x" * 1_000_000}, "found 1,000,000 characters"),
        ({"text": "half \ud800"}, "half of a character"),
        ({"who": " "}, "no name"),
        ({"desk": "d" * 201}, "too long"),
        ({"place": FLEET}, "expected a site, a container or a machine"),
        ({"place": region_key("North")}, "expected a site, a container or a machine"),
        ({"place": "site:"}, "expected a site, a container or a machine"),
        ({"id": "../../etc"}, "32 hexadecimal digits"),
        ({"at_ms": -5}, "milliseconds since 1970"),
    ],
)
def test_what_is_no_note_is_refused_in_words(change: dict, says: str) -> None:
    assert says in why_not(msgspec.structs.replace(GOOD, **change), Role.OPERATOR)


@pytest.mark.parametrize(("role", "says"), [(Role.VIEWER, "a viewer may not"), (7, "without a role")])
def test_who_may_only_look_may_not_write(role: int, says: str) -> None:
    assert says in why_not(GOOD, role)


def test_the_longest_text_is_still_one() -> None:
    assert why_not_text("ß" * LONGEST_TEXT) == ""


def test_a_machine_is_told_apart_by_serial_and_mac() -> None:
    assert machine_number("S1", "M1") == "serial S1\nmac M1"
    assert (machine_number("S1", ""), machine_number("", "M1"), machine_number("", "")) == ("serial S1", "mac M1", "")


@given(st.text(), st.text())
def test_numbers_are_read_back_whatever_stands_in_them(serial: str, mac: str) -> None:
    found = numbers_of(machine_number(serial, mac))
    assert [bool(number) for number in found] == [bool(serial), bool(mac)]
    assert "\n".join(number for number in found if number) == machine_number(serial, mac)


def test_the_longest_numbers_fit_into_a_note() -> None:
    longest = machine_number("x" * LONGEST_NAME, "y" * LONGEST_NAME)
    assert why_not(msgspec.structs.replace(GOOD, machine=longest), Role.OPERATOR) == ""


HERE, THERE = miner_key("a", "m"), miner_key("a", "n")


@pytest.mark.parametrize(
    ("written", "place", "told", "found"),
    [
        (("S1", "M1"), THERE, ("S1", "M1"), Whose.OWN),
        (("", "M1"), THERE, ("S1", "M1"), Whose.OWN),  # its serial is told since
        (("S1", "M1"), THERE, ("", "M1"), Whose.OWN),  # its serial is told no more
        (("S1", "M1"), THERE, ("S1", "M9"), Whose.OWN),  # its control board was changed
        (("S1", "M1"), HERE, ("S2", "M1"), Whose.ANOTHERS),  # a board of it is in another machine
        (("S1", "M1"), HERE, ("S2", "M2"), Whose.ANOTHERS),
        (("", "M1"), HERE, ("", "M2"), Whose.ANOTHERS),
        (("S1", ""), HERE, ("", "M2"), Whose.NAMESAKES),
        (("S1", ""), THERE, ("", "M2"), Whose.ANOTHERS),
        (("", ""), HERE, ("S2", ""), Whose.NAMESAKES),
        (("S1", "M1"), HERE, ("", ""), Whose.NAMESAKES),
        (("", ""), THERE, ("", ""), Whose.ANOTHERS),
    ],
)
def test_a_note_is_a_machines_by_serial_else_mac_else_by_its_name_and_then_not_surely(
    written: tuple[str, str], place: str, told: tuple[str, str], found: Whose
) -> None:
    kept = msgspec.structs.replace(GOOD, place=HERE, machine=machine_number(*written))
    assert whose(kept, place, machine_number(*told)) is found
