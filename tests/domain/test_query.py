"""The filter language: what it understands, what it says when it does not, and which machines it finds."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.metric import MinerState
from console.domain.miner_table import MinerTable, SitePart, build
from console.domain.query import FIELDS, STATES, Compare, Match, QueryError, complete, parse_query
from console.domain.roster import Miner, Roster
from console.domain.site import Ownership, Site, Source

NOW_MS = 1_700_000_000_000


def make_site(site_id: str, region: str) -> Site:
    return Site(
        id=site_id,
        name=site_id,
        region=region,
        country="Nowhere",
        latitude_deg=0.0,
        longitude_deg=0.0,
        time_zone="UTC",
        ownership=Ownership.HOSTED,
        deployed_hs=1e15,
        capacity_w=1e6,
        power_price_usd_per_mwh=50.0,
        poll_period_s=30.0,
        source=Source("siteapi"),
    )


@pytest.fixture
def table() -> MinerTable:
    xp = [
        Miner(id=f"m{n}", model="Antminer S19 XP", container="C07", rack=f"R0{n}", mac=f"AA:BB:0{n}", rated_hs=141e12)
        for n in range(4)
    ]
    hydro = [
        Miner(id="w1", model="WhatsMiner M63", serial="SN-9", ip="10.7.0.9", container="C1"),
        Miner(id="w2", container="C10"),
    ]
    east = SitePart(
        make_site("et-1", "East Africa"),
        Roster("et-1", "v1", tuple(xp)),
        {
            "hashrate_hs": np.array([141e12, 100e12, 0.0, np.nan], dtype=np.float32),
            "power_w": np.array([3010, 2900, 20, np.nan], dtype=np.float32),
            "board_c": np.array([70, 85, 20, np.nan], dtype=np.float32),
            "state": np.array([1, 1, MinerState.CURTAILED, 0], dtype=np.float32),
        },
        NOW_MS - 5_000,
    )
    west = SitePart(make_site("us-1", "North America"), Roster("us-1", "v1", tuple(hydro)), {}, None)
    return build([east, west], NOW_MS)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("model:S19XP", [0, 1, 2, 3]),
        ("model:s19-xp temp>80", [1]),
        ("temp<=80", [0, 2]),
        ("-temp>80", [0, 2, 3, 4, 5]),
        ("temp!=70", [1, 2]),  # a temperature that is not known is not another one
        ("rack:C07-R03", [3]),
        ("rack:r03", [3]),
        ("container:C1", [4]),
        ("container:C1*", [4, 5]),
        ("state:degraded", [1]),
        ("state:curtailed,unknown", [2, 3, 4, 5]),
        ('region:"East Africa" -state:hashing', [1, 2, 3]),
        ("hashrate<110", [1, 2]),
        ("hashrate<0.11PH/s", [1, 2]),
        ("hashrate:141TH/s", []),  # a float32 sample is never exactly a decimal number
        ("ratio>=99%", [0]),
        ("power>2.95kW", [0]),
        ("efficiency>25", [1]),
        ("age>=5", [0, 1, 2, 3]),
        ("age>6", []),
        ("aabb02", [2]),
        ("aa:bb:02", [2]),
        ("AA-BB-02", [2]),
        ("mac:aa-bb-02", [2]),
        ("mac:aabb0?", [0, 1, 2, 3]),
        ('"sn9","aabb02"', [2, 4]),
        ('-"sn9","aabb02"', [0, 1, 3, 5]),
        ('model=="Antminer S19 XP"', [0, 1, 2, 3]),
        ('model=="Antminer S19"', []),
        ("model:antminer", [0, 1, 2, 3]),
        ('model:""', [5]),
        ("container==C1", [4]),
        ("container==c1,C10", [5]),
        ("container==C*", []),
        ("-container==C1", [0, 1, 2, 3, 5]),
        ("rack==R03", [3]),
        ('serial:""', [0, 1, 2, 3, 5]),
        ("sn9", [4]),
        ("10.7.0", [4]),
        ("et-1", [0, 1, 2, 3]),
        ("site:US-1", [4, 5]),
        ("ownership:owned", []),
    ],
)
def test_queries_find_their_machines(table: MinerTable, query: str, rows: list[int]) -> None:
    assert table.select(parse_query(query)).tolist() == rows


@pytest.mark.parametrize(
    ("query", "says", "position"),
    [
        ("colour:red", "no field 'colour'", 0),
        ("state:broken", "no state 'broken'", 6),
        ("temp>warm", "no number in °C", 5),
        ("temp>", "a number in °C was expected", 5),
        ("power>30°C", "no number in W", 6),
        ("ratio>nan", "no number in %", 6),
        ("site>us", "compared with ':'", 4),
        ("model:", "a value was expected", 6),
        ('region:"East', "a value was expected", 7),
        ("state:off,", "a value was expected", 10),
        ("temp>80 :x", "a field or a word", 8),
        ('"two"words', "a space was expected", 5),
        ("temp>80 °C", "'°C' stands alone", 8),
        ("hashrate<100  TH/s rack:R01", "'TH/s' stands alone", 14),
        ("ratio<90 %", "'%' stands alone", 9),
        ("model:-", "a letter or a digit was expected", 6),
        ('" : "', "a letter or a digit was expected", 0),
    ],
)
def test_an_unreadable_query_says_where_and_what_was_expected(query: str, says: str, position: int) -> None:
    with pytest.raises(QueryError, match="at character") as caught:
        parse_query(query)
    assert says in str(caught.value)
    assert caught.value.position == position


def odd(*names: str) -> MinerTable:
    """A table of one site whose machines have these racks."""
    miners = tuple(Miner(id=f"m{number}", rack=name) for number, name in enumerate(names))
    return build([SitePart(make_site("et-1", "East Africa"), Roster("et-1", "v1", miners), {}, None)], NOW_MS)


def test_a_bracket_in_a_name_is_a_letter_as_any_other() -> None:
    assert odd("R[1]x", "R1x").select(parse_query("rack:R[1]*")).tolist() == [0]


@given(st.lists(st.text(min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6))
def test_any_name_is_asked_for_exactly_and_found_alone(names: list[str]) -> None:
    table = odd(*names)
    for name in names:
        written = name.replace('"', '""')
        found = table.select(parse_query(f'rack=="{written}"')).tolist()
        assert found == [row for row, other in enumerate(names) if other == name]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_by_a_query_error(text: str) -> None:
    with contextlib.suppress(QueryError):
        assert len(parse_query(text)) <= len(text)


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(set(FIELDS) - {"state"})), st.sampled_from(["12", "7.5"]), st.booleans()),
        max_size=5,
    )
)
def test_what_is_written_is_what_is_meant(parts: list[tuple[str, str, bool]]) -> None:
    written = " ".join(f"{'-' * negated}{name}:{value}" for name, value, negated in parts)
    clauses = parse_query(written)
    assert [(clause.field.name, clause.negated) for clause in clauses if clause.field] == [
        (name, negated) for name, _, negated in parts
    ]
    assert all(isinstance(clause, Match | Compare) for clause in clauses)


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("mo", ("model:",)),
        ("state:of", ("state:off",)),
        ("temp>80 -reg", ("region:",)),
        ("state:off,h", ("state:off,hashing",)),
        ("po", ("power>",)),
        ("temp>", ()),
    ],
)
def test_completion_offers_what_fits(text: str, offers: tuple[str, ...]) -> None:
    assert complete(text) == offers


def test_states_are_the_stated_five() -> None:
    assert set(STATES) == {"hashing", "degraded", "off", "curtailed", "unknown"}
