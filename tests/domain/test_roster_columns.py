"""A roster as columns: what is odd about it is said with names and counts, and what is not told is no number."""

from __future__ import annotations

import numpy as np
import pytest

from console.domain.roster import Miner, Roster
from console.domain.roster_columns import RosterColumns, odd, ratings


def columns(*miners: Miner) -> RosterColumns:
    return RosterColumns.of(Roster("s", "v1", miners))


def twins(count: int, **same: str) -> list[Miner]:
    """Each serial twice, in one rack."""
    return [Miner(id=f"m{number}", serial=f"SN{number // 2}", **same) for number in range(2 * count)]


def test_a_sound_roster_and_one_without_names_have_nothing_odd() -> None:
    assert odd(columns(*[Miner(id=f"m{number}", serial=f"SN{number}") for number in range(9)])) == ()
    assert odd(columns()) == ()
    assert odd(RosterColumns("s", "v1", np.ones(2), np.ones(2), {})) == ()


def test_a_name_that_two_machines_have_is_said() -> None:
    assert odd(columns(Miner(id="m1", serial="A"), Miner(id="m1", serial="B"))) == ("1 name told twice: m1",)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 serial number told twice: SN0"),
        (3, "3 serial numbers told twice: SN0, SN1, SN2"),
        (5, "5 serial numbers told twice: SN0, SN1, SN2 and 2 more"),
    ],
)
def test_examples_are_named_and_the_others_counted(count: int, words: str) -> None:
    assert odd(columns(*twins(count, container="C01", rack="R01"))) == (words,)


def test_one_serial_in_two_racks_is_one_machine_in_two_places() -> None:
    one = Miner(id="m1", serial="A", container="C01", rack="R01")
    other = Miner(id="m2", serial="A", container="C01", rack="R02")
    assert odd(columns(one, other)) == ("1 machine in two racks: A",)


def test_a_rating_of_nothing_is_no_rating() -> None:
    found = ratings([None, 0.0, 1.5e14])
    assert np.isnan(found[:2]).all()
    assert found[2] == 1.5e14
    assert ratings([]).size == 0
