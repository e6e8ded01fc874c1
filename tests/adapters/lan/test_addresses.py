"""Addresses: every way to write a range, and nothing beyond a site's own network."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.adapters.lan.addresses import Place, parse_addresses, parse_places, span


def test_networks_ranges_and_single_addresses_become_one_ascending_list() -> None:
    addresses, problems = parse_addresses(["10.0.1.0/30", "10.0.0.7", "10.0.0.5 - 10.0.0.7", "10.0.0.9/32"])
    assert problems == ()
    assert addresses.all == ("10.0.0.5", "10.0.0.6", "10.0.0.7", "10.0.0.9", "10.0.1.1", "10.0.1.2")
    assert addresses.sure == {"10.0.0.7", "10.0.0.9"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("miners", "expected a range such as"),
        ("10.0.0.1/24", "expected a range such as"),
        ("10.0.0.9-10.0.0.1", "expected the lower address first"),
        ("8.8.8.8", "expected private addresses"),
        ("10.255.255.250-11.0.0.5", "expected private addresses"),
        ("169.254.169.254", "expected private addresses"),
        ("0.0.0.0", "expected private addresses"),
        ("10.0.0.0/8", "expected at most 65536 addresses"),
        ("fd00::1", "expected a range such as"),
    ],
)
def test_s4_what_is_no_range_of_a_site_is_refused(text: str, says: str) -> None:
    _, problems = parse_addresses([text, "10.0.0.1"])
    assert len(problems) == 1
    assert problems[0].startswith(f'addresses: found "{text}", ')
    assert says in problems[0]


def test_too_many_in_sum_are_refused() -> None:
    _, problems = parse_addresses(["10.0.0.0/16", "10.1.0.0/16"])
    assert problems == ("addresses: found 131068 of them, expected at most 65536 a site",)


def test_the_narrowest_place_wins() -> None:
    places, problems = parse_places({"10.0.0.0/24": "C01", "10.0.0.10-10.0.0.19": "C01/R2", "10.0.0.15": "shelf"})
    assert problems == ()
    assert places("10.0.0.5") == Place("C01")
    assert places("10.0.0.10") == places("10.0.0.19") == Place("C01", "R2")
    assert places("10.0.0.15") == Place("shelf")
    assert places("10.0.0.20") == Place("C01")
    assert places("10.0.1.1") == places("9.9.9.9") == Place()


def test_a_place_needs_a_name_and_a_range() -> None:
    _, problems = parse_places({"10.0.0.1": " ", "x": "C01", "10.0.0.2": "a\x1bb"})
    assert [problem.partition(":")[0] for problem in problems] == ["places.10.0.0.1", "places.x", "places.10.0.0.2"]


blocks = st.tuples(st.integers(0, 255), st.integers(0, 255)).map(sorted)


@given(st.lists(blocks, max_size=8), st.integers(0, 255))
def test_places_agree_with_a_plain_search(ranges: list[list[int]], host: int) -> None:
    named = {f"10.0.0.{low}-10.0.0.{high}": f"C{index}" for index, (low, high) in enumerate(ranges)}
    places, _ = parse_places(named)
    holders = [
        (high - low, name)
        for (low, high), name in ((tuple(int(e.rpartition(".")[2]) for e in k.split("-")), n) for k, n in named.items())
        if low <= host <= high
    ]
    found = places(f"10.0.0.{host}").container
    if not holders:
        assert found == ""
    else:
        assert found in {name for width, name in holders if width == min(holders)[0]}


@given(st.text(alphabet="0123456789./-: ", max_size=40))
def test_any_text_is_a_private_span_or_a_value_error(text: str) -> None:
    try:
        first, last = span(text)
    except ValueError:
        return
    assert ipaddress.IPv4Address(first).is_private
    assert first <= last
