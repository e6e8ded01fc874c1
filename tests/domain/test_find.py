"""Find anything: the forms people type, exact before longer, and honest words about what was understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.find import FindIndex, HitKind, Lines, SiteNames
from console.domain.roster import Miner, Roster
from console.domain.site import Ownership, Site, Source


def site(site_id: str, name: str) -> Site:
    place = {"region": "R", "country": "C", "latitude_deg": 0.0, "longitude_deg": 0.0, "time_zone": "UTC"}
    size = {"deployed_hs": 1e15, "capacity_w": 1e6, "power_price_usd_per_mwh": 50.0, "poll_period_s": 30.0}
    return Site(id=site_id, name=name, ownership=Ownership.OWNED, source=Source("siteapi"), **place, **size)


@pytest.fixture
def index() -> FindIndex:
    rows = [
        ("us-ga-1", "C01", "C01-R01-001", "SN100", "AA-BB-CC-00-00-01", "10.0.0.1"),
        ("us-ga-1", "C01", "C01-R01-002", "SN10", "AA-BB-CC-00-00-02", "10.0.0.10"),
        ("et-1", "C01", "C01-R01-001", "SN1000", "11-22-33-44-55-66", "10.1.0.1"),
    ]
    rosters = [
        Roster(
            site_id,
            "v1",
            tuple(
                Miner(id=miner, serial=serial, mac=mac, ip=ip, container=container)
                for at, container, miner, serial, mac, ip in rows
                if at == site_id
            ),
        )
        for site_id in ("us-ga-1", "et-1")
    ]
    names = [SiteNames.of(roster) for roster in rosters]
    return FindIndex([site("us-ga-1", "Georgia 1"), site("et-1", "Adama 1")], names, ["World", "Alarms"])


def test_a_site_by_name_and_by_id(index: FindIndex) -> None:
    assert [(hit.kind, hit.site_id) for hit in index.find("georg").hits] == [(HitKind.SITE, "us-ga-1")]
    assert index.find("ET-1").hits[0].site_id == "et-1"


def test_a_view(index: FindIndex) -> None:
    assert index.find("alarm").hits[0].kind is HitKind.VIEW


def test_containers_of_every_site(index: FindIndex) -> None:
    hits = [hit for hit in index.find("c01").hits if hit.kind is HitKind.CONTAINER]
    assert {hit.site_id for hit in hits} == {"us-ga-1", "et-1"}


def test_an_exact_serial_comes_before_a_longer_one(index: FindIndex) -> None:
    assert [hit.title.split(" ")[0] for hit in index.find("sn10").hits] == ["SN10", "SN100", "SN1000"]


@pytest.mark.parametrize(("text", "kind"), [("c01-r01-001", HitKind.MINER), ("c01", HitKind.CONTAINER)])
@pytest.mark.parametrize("here", ["us-ga-1", "et-1"])
def test_of_equal_hits_those_of_the_site_looked_at_come_first(
    index: FindIndex, text: str, kind: HitKind, here: str
) -> None:
    hits = [hit.site_id for hit in index.find(text, here=here).hits if hit.kind is kind]
    assert hits[0] == here
    assert set(hits) == {"us-ga-1", "et-1"}


def test_a_part_of_a_name_is_looked_for_at_the_site_looked_at_first(index: FindIndex) -> None:
    assert index.find("r01-001", most=1, here="et-1").hits[0].site_id == "et-1"


def test_an_exact_name_elsewhere_comes_before_a_longer_one_here(index: FindIndex) -> None:
    hits = index.find("sn10", here="et-1").hits
    assert [hit.title.split(" ")[0] for hit in hits] == ["SN10", "SN1000", "SN100"]


def test_a_mac_with_either_separator(index: FindIndex) -> None:
    found = index.find("aa:bb:cc:00:00:02")
    assert [hit.miner_id for hit in found.hits] == ["C01-R01-002"]
    assert found.understood == "read as a MAC address: 1 found"


def test_an_ip_address_is_not_mixed_up_with_names(index: FindIndex) -> None:
    assert {hit.by for hit in index.find("10.0.0.1").hits} == {"ip"}
    assert index.find("10.0.").total == 2


def test_nothing_found_says_how_it_was_read(index: FindIndex) -> None:
    assert index.find("zz:zz").understood == "read as a name or serial number: nothing found"
    assert index.find("10.9.").understood == "read as an IP address or a name: nothing found"
    assert index.find("  ").total == 0


def test_the_number_of_hits_is_stated_beyond_those_listed(index: FindIndex) -> None:
    found = index.find("c01-r01", most=1)
    assert found.total == 3
    assert len(found.hits) == 1


def test_a_container_of_one_site(index: FindIndex) -> None:
    for text in ("et-1/c01", "adama c01", "C01 Adama 1"):
        hits = index.find(text).hits
        assert [(hit.kind, hit.site_id, hit.container) for hit in hits] == [(HitKind.CONTAINER, "et-1", "C01")], text


def test_the_last_digits_of_a_label_find_their_machine(index: FindIndex) -> None:
    found = index.find("44-55-6")
    assert [hit.by for hit in found.hits] == ["mac"]
    found = index.find("-002")
    assert [hit.miner_id for hit in found.hits] == ["C01-R01-002"]
    assert found.understood == "read as part of a name or serial number: 1 found"


def test_an_empty_fleet_and_an_empty_site_find_nothing() -> None:
    empty = SiteNames.of(Roster("et-1", "v1", ()))
    assert FindIndex([], [empty]).find("sn1").total == 0
    assert FindIndex([], []).find("sn123").total == 0


NAMES = st.lists(st.text(alphabet="aAbB1:-\n\t éÉ", max_size=6), max_size=12)
WANTED = st.text(alphabet="ab1:- é", min_size=1, max_size=4).filter(lambda text: text == " ".join(text.split()))


def named(*miners: Miner, views: tuple[str, ...] = ()) -> FindIndex:
    return FindIndex([site("et-1", "Adama 1")], [SiteNames.of(Roster("et-1", "v1", miners))], views)


@pytest.mark.parametrize("name", ["A1-07", "C0-07-01", "10.0.0.5", "10.0.0.5:9100", "Ü1", "A  1", "A\t1", " A1"])
def test_a_machine_is_found_by_its_name_whatever_it_looks_like(name: str) -> None:
    found = named(Miner(id=name), Miner(id="other")).find(name)
    assert [hit.miner_id for hit in found.hits if hit.kind is HitKind.MINER] == [name]


def test_a_container_whose_name_looks_like_a_mac_address() -> None:
    found = named(Miner(id="x", container="C0-07")).find("c0-07")
    assert [(hit.kind, hit.container) for hit in found.hits] == [(HitKind.CONTAINER, "C0-07")]
    assert found.understood == "read as a MAC address or a name: 1 found"


@pytest.mark.parametrize("told", ["AA:BB:CC:DD:EE:0F", "aa-bb-cc-dd-ee-0f", "AABBCCDDEE0F"])
@pytest.mark.parametrize("typed", ["aa:bb:cc:dd:ee:0f", "AA-BB-CC-DD-EE-0F", "aabbccddee0f", "aa:bb:cc", "aabbcc"])
def test_a_mac_address_however_it_is_written(told: str, typed: str) -> None:
    assert [hit.miner_id for hit in named(Miner(id="x", mac=told)).find(typed).hits] == ["x"]


def test_each_machine_is_counted_and_listed_once() -> None:
    twice = [Miner(id=f"ABC-{number}", serial=f"ABC-{number}") for number in range(25)]
    once = [Miner(id=f"ABC-Z{number}") for number in range(25)]
    found = named(*twice, *once).find("abc", most=50)
    assert (len(found.hits), found.total) == (50, 50)


def test_parts_of_more_names_than_are_listed_are_said_to_be_at_least_so_many() -> None:
    found = named(*(Miner(id=f"X-ABC-{n}", serial=f"S-ABC-{n}") for n in range(60))).find("abc", most=50)
    assert (len(found.hits), found.understood) == (50, "read as part of a name or serial number: at least 50 found")


def test_a_view_of_that_name_hides_no_machine() -> None:
    found = named(Miner(id="7-MIN-1"), views=("Miners",)).find("min")
    assert [hit.title for hit in found.hits] == ["Miners", "7-MIN-1"]


@given(NAMES, WANTED)
def test_rows_are_those_that_begin_and_those_that_hold(names: list[str], wanted: str) -> None:
    lines, sought = Lines(names), wanted.encode()
    folded = [" ".join(name.lower().split()) for name in names]
    begins, same = lines.beginning(sought)
    assert begins.tolist() == [row for row, name in enumerate(folded) if name.startswith(wanted)]
    assert same.tolist() == [row for row, name in enumerate(folded) if name == wanted]
    assert lines.holding(sought, 99).tolist() == [row for row, name in enumerate(folded) if wanted in name]
    assert [lines.text(row) for row in range(len(lines))] == names
