"""What may be a note: text and author within bounds, about a place that can bear one."""

from __future__ import annotations

import msgspec
import pytest

from console.domain.access import Role
from console.domain.note import LONGEST_TEXT, Note, machine_number, why_not, why_not_text
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


def test_a_machine_is_told_apart_by_serial_else_mac() -> None:
    assert (machine_number("S1", "M1"), machine_number("", "M1"), machine_number("", "")) == ("serial S1", "mac M1", "")
