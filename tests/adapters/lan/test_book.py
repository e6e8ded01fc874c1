"""The roster between sweeps: rows stay, identities hold, replaced machines are told apart."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from console.adapters.base import Deadline
from console.adapters.lan.addresses import parse_addresses, parse_places
from console.adapters.lan.book import RosterBook
from console.adapters.lan.client import LanSession
from console.adapters.lan.sighting import Sighting, hottest, number, words
from console.domain.errors import Unreachable
from console.domain.metric import MinerState

ADDRESSES, _ = parse_addresses(["10.0.0.1-10.0.0.9", "10.0.1.1"])
PLACES, _ = parse_places({"10.0.0.0/24": "C01/R1"})
A = Sighting("10.0.0.1", "Antminer S21", "SN1", "AA:01", "f1", 200e12, 198e12, 3500.0, 61.5, 30.0)
B = Sighting("10.0.0.2", "Antminer S21", "SN2", "AA:02")


def book() -> RosterBook:
    return RosterBook("s", ADDRESSES, PLACES)


def test_rows_are_in_the_order_of_addresses_whatever_answers_first() -> None:
    rosters = {book().update(order) for order in permutations((B, A, Sighting("10.0.0.3", serial="SN2")))}
    assert len(rosters) == 1
    roster = rosters.pop()
    assert [miner.ip for miner in roster.miners] == ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.1.1"]
    assert [miner.id for miner in roster.miners] == ["AA:01", "AA:02", "SN2", "10.0.1.1"]
    assert (roster.miners[0].container, roster.miners[0].rack, roster.miners[3].container) == ("C01", "R1", "")


def test_a_silent_machine_keeps_its_row_and_the_version_stays() -> None:
    kept = book()
    first = kept.update([A, B])
    assert kept.update([A]) == first
    assert kept.update([]) == first


def test_what_is_not_told_this_time_stays_known() -> None:
    kept = book()
    first = kept.update([A])
    assert kept.update([Sighting("10.0.0.1")]) == first


def test_another_machine_at_the_same_address_is_another_machine() -> None:
    kept = book()
    kept.update([A])
    now = kept.update([Sighting("10.0.0.1", "WhatsMiner M50", mac="BB:09")])
    assert (now.miners[0].id, now.miners[0].serial, now.miners[0].rated_hs) == ("BB:09", "", None)


def test_two_that_claim_one_identity_are_told_apart_by_address() -> None:
    roster = book().update([A, Sighting("10.0.0.2", mac="AA:01")])
    assert [miner.id for miner in roster.miners[:2]] == ["AA:01", "AA:01@10.0.0.2"]
    assert len({miner.id for miner in roster.miners}) == len(roster.miners)


def test_a_machine_named_by_its_address_gets_its_identity_once_it_tells_it() -> None:
    kept = book()
    assert kept.update([]).miners[0].id == "10.0.1.1"
    assert kept.update([Sighting("10.0.1.1", serial="SN9")]).miners[0].id == "SN9"


def test_addresses_that_were_not_asked_for_are_ignored() -> None:
    assert [miner.ip for miner in book().update([Sighting("192.168.0.1")]).miners] == ["10.0.1.1"]


class Canned:
    def __init__(self, *sweeps: list[Sighting]) -> None:
        self.sweeps = list(sweeps)

    def sweep(self, addresses: object, deadline: Deadline) -> list[Sighting]:
        return self.sweeps.pop(0)

    def close(self) -> None:
        return


def session(*sweeps: list[Sighting]) -> LanSession:
    return LanSession("s", ADDRESSES, PLACES, Canned(*sweeps), wall_ms=lambda: 1_800_000_000_000)


def test_no_value_is_nan_and_never_zero() -> None:
    reading = session([A, B]).read(Deadline.after(5))
    columns = reading.frame.columns
    assert columns["hashrate_hs"][0] == np.float32(198e12)
    assert columns["hashrate_hs"].dtype == np.float32
    assert np.isnan(columns["hashrate_hs"][1:]).all()
    assert (columns["power_w"][0], columns["board_c"][0], columns["inlet_c"][0]) == (3500.0, 61.5, 30.0)
    assert "state" not in columns


def test_the_roster_comes_when_it_is_new_or_changed_only() -> None:
    reader = session([A], [A], [A, B])
    readings = [reader.read(Deadline.after(5)) for _ in range(3)]
    assert [reading.roster is not None for reading in readings] == [True, False, True]
    assert readings[2].frame.columns["hashrate_hs"].shape == (3,)


def test_a_machine_told_to_rest_says_so() -> None:
    reading = session([Sighting("10.0.0.1", curtailed=True)]).read(Deadline.after(5))
    assert reading.frame.columns["state"][0] == MinerState.CURTAILED


def test_a_site_where_nothing_answers_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="none of 10 addresses answered"):
        session([]).read(Deadline.after(5))


@pytest.mark.parametrize(
    ("told", "known"),
    [("3200", 3200.0), (3, 3.0), (True, None), ("x", None), (float("nan"), None), (10**400, None), (None, None)],
)
def test_numbers_are_finite_or_absent(told: object, known: float | None) -> None:
    assert number(told) == known


def test_a_sensor_that_is_not_there_is_not_the_hottest() -> None:
    assert hottest([61.75, 57, 0, -273, None]) == 61.75
    assert hottest([0, 0]) is None
    assert hottest("hot") is None


def test_texts_of_a_device_are_one_short_printable_line() -> None:
    assert words("S21\x1b[2J", None, "\n" + "x" * 200) == ("S21[2J " + "x" * 200)[:80]
