"""The same machines in another roster: by serial, else MAC, by name only where there is neither; never another's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.roster import Miner, Roster
from console.domain.roster_columns import RosterColumns
from console.domain.same_machines import NOWHERE, refound

Told = tuple[str, str, str]  # name, serial, MAC


def found(before: list[Told], now: list[Told]) -> list[int]:
    rosters = [
        RosterColumns.of(Roster("s", "v", tuple(Miner(i, serial=s, mac=m) for i, s, m in told)))
        for told in (before, now)
    ]
    return refound(rosters[0], np.arange(len(before), dtype=np.intp), rosters[1]).tolist()


@pytest.mark.parametrize(
    ("before", "now", "places"),
    [
        ([("a", "S1", ""), ("b", "S2", "")], [("a", "S2", ""), ("b", "S1", "")], [1, 0]),  # names swapped
        ([("a", "", "M1"), ("b", "", "M2")], [("b", "", "M1"), ("a", "", "M2")], [0, 1]),
        ([("a", "", ""), ("b", "", "")], [("b", "", ""), ("a", "", "")], [1, 0]),  # the name is all there is
        ([("a", "S1", "")], [("a", "S2", "")], [NOWHERE]),  # another one under its name
        ([("a", "S1", "")], [("a", "", "")], [NOWHERE]),  # nobody knows: it has a number, and this one tells none
        ([("a", "S1", "M1")], [("b", "", "M1")], [0]),  # its serial is told no more
        ([("a", "", "M1")], [("b", "S1", "M1")], [0]),  # its serial is told since
        ([("a", "S1", "M1")], [("b", "S2", "M1")], [NOWHERE]),  # its board is in another machine
        ([("a", "", "")], [("a", "S1", "M1")], [0]),  # its numbers are told since
        ([("a", "", ""), ("b", "S2", "")], [("a", "S2", ""), ("b", "", "")], [NOWHERE, 0]),  # b took over its name
        ([("a", "", ""), ("b", "", "M2")], [("a", "", "M2"), ("b", "", "")], [NOWHERE, 0]),
        ([("a", "S1", ""), ("b", "S1", "")], [("b", "S1", ""), ("a", "S1", "")], [1, 0]),  # shared: not told
        ([("a", "S1", ""), ("a", "S1", "")], [("a", "S1", "")], [NOWHERE, NOWHERE]),  # told twice: which one?
        ([("a", "S1", "")], [("a", "S1", ""), ("a", "S1", "")], [NOWHERE]),
        ([("a", "S1", "")], [], [NOWHERE]),
        ([], [("a", "S1", "")], []),
    ],
)
def test_a_machine_is_found_where_it_surely_is(before: list[Told], now: list[Told], places: list[int]) -> None:
    assert found(before, now) == places


NUMBERS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=8)


@given(NUMBERS, st.data())
def test_however_they_are_renamed_and_moved_no_machine_with_a_number_is_taken_for_another(
    tells: list[tuple[bool, bool]], data: st.DataObject
) -> None:
    kept = [(f"S{n}" if serial else "", f"M{n}" if mac else "") for n, (serial, mac) in enumerate(tells)]
    there = data.draw(st.lists(st.sampled_from(range(len(kept))), unique=True))
    names = data.draw(st.permutations(range(len(kept))))
    places = found([(f"m{n}", *numbers) for n, numbers in enumerate(kept)], [(f"m{names[n]}", *kept[n]) for n in there])
    for n, place in enumerate(places):
        if any(kept[n]):
            assert place == (there.index(n) if n in there else NOWHERE)
        elif place != NOWHERE:
            assert not any(kept[there[place]]), "a machine that tells a number now told it before"
            assert names[there[place]] == n
    assert len({place for place in places if place != NOWHERE}) == sum(place != NOWHERE for place in places)
