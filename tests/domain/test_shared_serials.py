"""Serial numbers that two sites tell: found whichever roster comes last, gone with it, and told in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.domain.roster import Miner, Roster
from console.domain.shared_serials import SerialBook, SharedSerials


def roster(site_id: str, *serials: str) -> Roster:
    return Roster(site_id, "v", tuple(Miner(f"m{number}", serial=serial) for number, serial in enumerate(serials)))


def test_a_number_told_at_two_sites_is_found_and_said_at_both() -> None:
    book = SerialBook()
    assert not book.take(roster("a", "S1", "S2", "S3"))
    assert book.take(roster("b", "S9", "S2"))
    assert book.shared() == {"a": (SharedSerials("b", 1, ("S2",)),), "b": (SharedSerials("a", 1, ("S2",)),)}
    assert book.shared()["a"][0].words("Oman 2") == "1 serial number told at two sites, here and at Oman 2: S2"


def test_it_is_gone_when_one_of_them_tells_it_no_more() -> None:
    book = SerialBook()
    book.take(roster("a", "S1"))
    book.take(roster("b", "S1"))
    assert not book.take(roster("b", "S1")), "nothing new"
    assert book.take(roster("a", "S5"))
    assert book.shared() == {}


def test_what_is_not_told_or_told_twice_at_one_site_is_not_shared() -> None:
    book = SerialBook()
    book.take(roster("a", "", "", "000000", "000000"))
    assert not book.take(roster("b", "", "000000"))


def test_many_are_counted_and_the_first_named() -> None:
    book = SerialBook()
    serials = [f"S{number:04d}" for number in range(1200)]
    book.take(roster("a", *serials))
    book.take(roster("b", *reversed(serials)))
    words = book.shared()["b"][0].words("A")
    assert words == "1,200 serial numbers told at two sites, here and at A: S0000, S0001, S0002 and 1,197 more"


@given(st.lists(st.sets(st.sampled_from("abcdef"), max_size=4), min_size=1, max_size=4))
def test_it_agrees_with_a_plain_search_whatever_the_order(told: list[set[str]]) -> None:
    for order in (told, told[::-1]):
        book = SerialBook()
        sites = {f"s{number}": serials for number, serials in enumerate(order)}
        for site_id, serials in sites.items():
            book.take(roster(site_id, *serials))
        expected = {
            (one, other): len(sites[one] & sites[other])
            for one in sites
            for other in sites
            if one != other and sites[one] & sites[other]
        }
        found = {(one, each.site_id): each.count for one, shared in book.shared().items() for each in shared}
        assert found == expected
