"""Machines move, are swapped and renamed: the past follows the machine, never the slot (issue 3, roster versions)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.frame import Frame, Reading
from console.domain.rollup import RosterIndex, roll_up
from console.domain.roster import Miner, Roster, fingerprint
from console.store import open_reader, open_writer
from console.store.reader import StoreReader
from console.store.writer import StoreWriter
from tests.store.made import MINUTE, T0, make_site

SITE = make_site()


def machine(slot: int, serial: str = "", mac: str = "", name: str = "") -> Miner:
    return Miner(id=name or f"C01-R01-{slot:02d}", serial=serial, mac=mac, container="C01", slot=f"{slot:02d}")


def past_of(path: Path, name: str, *states: Sequence[tuple[Miner, float]]) -> list[float]:
    """One machine's power over minutes, after rosters with what each machine drew."""
    writer = open_writer(path / "store.db")
    for minute, state in enumerate(states):
        miners = tuple(miner for miner, _ in state)
        roster, at_ms = Roster(SITE.id, fingerprint(miners), miners), T0 + minute * MINUTE
        columns = {"power_w": np.array([power_w for _, power_w in state], dtype=np.float32)}
        frame = Frame(SITE.id, at_ms, at_ms, roster.version, columns)
        writer.put_reading(frame, roster, roll_up(SITE, RosterIndex.of(roster), Reading(frame)))
    writer.close()
    reader = open_reader(path / "store.db")
    found = reader.miner_series(SITE.id, name, "power_w", T0, T0 + len(states) * MINUTE)
    reader.close()
    return [float(value) for value in found.values]


def test_a_swap_takes_the_past_along(tmp_path: Path) -> None:
    before = [(machine(1, "A"), 1000.0), (machine(2, "B"), 2000.0)]
    after = [(machine(1, "B"), 2001.0), (machine(2, "A"), 1001.0)]
    assert past_of(tmp_path, "C01-R01-01", before, after) == [2000.0, 2001.0]


def test_a_new_machine_in_an_old_slot_has_no_past(tmp_path: Path) -> None:
    before = [(machine(1, "A"), 1000.0)]
    after = [(machine(1, "NEW"), 3000.0)]
    assert past_of(tmp_path, "C01-R01-01", before, after) == [3000.0]


def test_another_mac_under_an_old_name_is_a_new_machine(tmp_path: Path) -> None:
    before, after = [(machine(1, mac="aa"), 1000.0)], [(machine(1, mac="bb"), 3000.0)]
    assert past_of(tmp_path, "C01-R01-01", before, after) == [3000.0]


def test_a_serial_that_was_told_twice_once_does_not_bring_the_others_past(tmp_path: Path) -> None:
    before = [(machine(1, "A"), 1000.0), (machine(2, "A"), 2000.0)]
    after = [(machine(1, "B"), 1001.0), (machine(2, "A"), 2001.0)]
    assert past_of(tmp_path, "C01-R01-02", before, after) == [2000.0, 2001.0]


def test_a_machine_that_is_gone_keeps_its_past(tmp_path: Path) -> None:
    before = [(machine(1, "A"), 1000.0), (machine(2, "B"), 2000.0)]
    assert past_of(tmp_path, "C01-R01-02", before, [(machine(1, "A"), 1001.0)]) == [2000.0]


def test_without_serials_the_mac_and_without_both_the_name_tells(tmp_path: Path) -> None:
    before = [(machine(1, mac="aa"), 1000.0), (machine(2, mac="bb"), 2000.0), (machine(3), 3000.0)]
    after = [(machine(3), 3001.0), (machine(1, mac="bb"), 2001.0), (machine(2, mac="aa"), 1001.0)]
    for number, name in enumerate(("C01-R01-01", "C01-R01-02", "C01-R01-03")):
        folder = tmp_path / name
        folder.mkdir()
        expected = ([2000.0, 2001.0], [1000.0, 1001.0], [3000.0, 3001.0])[number]
        assert past_of(folder, name, before, after) == expected


def test_a_serial_told_only_later_does_not_cut_the_past(tmp_path: Path) -> None:
    before = [(machine(1), 1000.0), (machine(2), 2000.0)]
    after = [(machine(1, "A"), 1001.0), (machine(2, "B"), 2001.0)]
    assert past_of(tmp_path, "C01-R01-02", before, after) == [2000.0, 2001.0]


@pytest.mark.parametrize("shared", ["000000", "N/A"])
def test_a_serial_that_all_machines_share_tells_none_apart(tmp_path: Path, shared: str) -> None:
    before = [(machine(1, shared), 1000.0), (machine(2, shared), 2000.0)]
    after = [(machine(2, shared), 2001.0), (machine(1, shared), 1001.0)]
    assert past_of(tmp_path, "C01-R01-02", before, after) == [2000.0, 2001.0]


def test_a_control_board_in_another_machine_is_not_that_machine(tmp_path: Path) -> None:
    before = [(machine(1, "A", "aa"), 1000.0), (machine(2, "B", "bb"), 2000.0)]
    after = [(machine(1, "C", "aa"), 3001.0), (machine(2, "B", "bb"), 2001.0)]
    assert past_of(tmp_path, "C01-R01-01", before, after) == [3001.0]


def test_ten_thousand_renamed_at_once_lose_nothing(tmp_path: Path) -> None:
    before = [(machine(0, f"SN{n:06d}", name=f"old-{n}"), float(n % 5000)) for n in range(10_000)]
    after = [(machine(0, f"SN{n:06d}", name=f"new-{n}"), float(n % 5000)) for n in reversed(range(10_000))]
    assert past_of(tmp_path, "new-1234", before, after) == [1234.0, 1234.0]


def test_nobody_of_that_name_has_no_past(tmp_path: Path) -> None:
    assert past_of(tmp_path, "C99", [(machine(1), 1000.0)]) == []


OTHER = make_site("other")


def past_at(path: Path, site_id: str, name: str, *states: tuple[str, Sequence[tuple[Miner, float]]]) -> list[float]:
    """One machine's power over minutes, after rosters of two sites, each minute of one of them."""
    writer = open_writer(path / "store.db")
    sites = {site.id: site for site in (SITE, OTHER)}
    for minute, (where, state) in enumerate(states):
        miners = tuple(miner for miner, _ in state)
        roster, at_ms = Roster(where, fingerprint(miners), miners), T0 + minute * MINUTE
        columns = {"power_w": np.array([power_w for _, power_w in state], dtype=np.float32)}
        frame = Frame(where, at_ms, at_ms, roster.version, columns)
        writer.put_reading(frame, roster, roll_up(sites[where], RosterIndex.of(roster), Reading(frame)))
    writer.close()
    reader = open_reader(path / "store.db")
    found = reader.miner_series(site_id, name, "power_w", T0, T0 + len(states) * MINUTE)
    assert list(found.at_ms) == sorted(found.at_ms)
    reader.close()
    return [float(value) for value in found.values]


A, B, NEW = machine(1, "A", "aa"), machine(2, "B", "bb"), machine(7, "A", "aa", name="R09-07")


def test_a_machine_that_changes_site_takes_its_past_along(tmp_path: Path) -> None:
    states = (
        (SITE.id, [(A, 1000.0), (B, 2000.0)]),
        (SITE.id, [(B, 2001.0)]),
        (OTHER.id, [(machine(1, "X"), 7000.0), (NEW, 1002.0)]),
    )
    assert past_at(tmp_path, OTHER.id, "R09-07", *states) == [1000.0, 1002.0]


def test_without_a_serial_its_mac_finds_it_at_the_other_site(tmp_path: Path) -> None:
    states = (
        (SITE.id, [(machine(1, mac="aa"), 1000.0)]),
        (SITE.id, [(B, 2001.0)]),
        (OTHER.id, [(machine(9, mac="aa"), 1002.0)]),
    )
    assert past_at(tmp_path, OTHER.id, "C01-R01-09", *states) == [1000.0, 1002.0]


def test_a_name_alone_is_another_machine_at_another_site(tmp_path: Path) -> None:
    states = ((SITE.id, [(machine(1), 1000.0)]), (SITE.id, [(B, 2001.0)]), (OTHER.id, [(machine(1), 3000.0)]))
    assert past_at(tmp_path, OTHER.id, "C01-R01-01", *states) == [3000.0]


@pytest.mark.parametrize("shared", [{"serial": "N/A"}, {"mac": "00:00"}], ids=["serial", "mac"])
def test_a_number_that_machines_of_a_site_share_joins_no_past_of_another(tmp_path: Path, shared: dict) -> None:
    states = (
        (OTHER.id, [(machine(5, **shared), 9.0)]),
        (OTHER.id, [(B, 2000.0)]),
        (SITE.id, [(machine(1, **shared), 1000.0), (machine(2, **shared), 1500.0)]),
    )
    assert past_at(tmp_path, SITE.id, "C01-R01-01", *states) == [1000.0]


def test_a_number_that_two_sites_tell_at_once_joins_no_past(tmp_path: Path) -> None:
    states = ((SITE.id, [(A, 1000.0), (B, 2000.0)]), (OTHER.id, [(NEW, 3000.0)]), (SITE.id, [(A, 1001.0), (B, 2001.0)]))
    assert past_at(tmp_path, OTHER.id, "R09-07", *states) == [3000.0]


def test_a_board_that_another_serial_contradicts_is_not_that_machine(tmp_path: Path) -> None:
    states = ((SITE.id, [(A, 1000.0)]), (SITE.id, [(B, 2000.0)]), (OTHER.id, [(machine(7, "C", "aa"), 3000.0)]))
    assert past_at(tmp_path, OTHER.id, "C01-R01-07", *states) == [3000.0]


def test_it_comes_back_and_both_stretches_are_its_past(tmp_path: Path) -> None:
    states = (
        (SITE.id, [(A, 1000.0)]),
        (SITE.id, [(B, 2000.0)]),
        (OTHER.id, [(NEW, 1001.0)]),
        (OTHER.id, [(machine(9, "Y"), 9.0)]),
        (SITE.id, [(B, 2001.0), (A, 1002.0)]),
    )
    assert past_at(tmp_path, SITE.id, A.id, *states) == [1000.0, 1001.0, 1002.0]


def tell(writer: StoreWriter, site_id: str, minute: int, state: Sequence[tuple[Miner, float]]) -> None:
    """One reading of one of the two sites."""
    site, miners, at_ms = (SITE if site_id == SITE.id else OTHER), tuple(m for m, _ in state), T0 + minute * MINUTE
    roster = Roster(site_id, fingerprint(miners), miners)
    columns = {"power_w": np.array([power_w for _, power_w in state], dtype=np.float32)}
    frame = Frame(site_id, at_ms, at_ms, roster.version, columns)
    writer.put_reading(frame, roster, roll_up(site, RosterIndex.of(roster), Reading(frame)))


def known_past(reader: StoreReader, site_id: str, name: str) -> list[float]:
    return [float(value) for value in reader.miner_series(site_id, name, "power_w", T0, T0 + 1000 * MINUTE).values]


def test_a_page_that_stays_open_sees_a_number_told_at_two_sites_and_at_one_again(tmp_path: Path) -> None:
    """Both sites come back to rosters that were known: no new roster is stored."""
    writer, reader = open_writer(tmp_path / "store.db"), open_reader(tmp_path / "store.db")
    tell(writer, SITE.id, 0, [(A, 1000.0), (B, 2000.0)])
    tell(writer, OTHER.id, 0, [(machine(9, "Y"), 9.0)])
    tell(writer, SITE.id, 1, [(B, 2001.0)])
    tell(writer, OTHER.id, 1, [(machine(9, "Y"), 9.0), (NEW, 1001.0)])
    assert known_past(reader, OTHER.id, NEW.id) == [1000.0, 1001.0]
    tell(writer, SITE.id, 2, [(A, 1002.0), (B, 2002.0)])
    assert known_past(reader, OTHER.id, NEW.id) == [1001.0], "two sites tell it: nobody knows which of the two it is"
    assert known_past(reader, SITE.id, A.id) == [1000.0, 1002.0]
    tell(writer, OTHER.id, 2, [(machine(9, "Y"), 9.0)])
    assert known_past(reader, SITE.id, A.id) == [1000.0, 1001.0, 1002.0]
    reader.close()
    writer.close()


@settings(max_examples=25)  # each is a store with up to 26 readings
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.booleans()), max_size=12))
def test_however_machines_move_a_page_that_stays_open_misses_no_minute(moves: list[tuple[int, bool, bool]]) -> None:
    """Each move takes one of three machines to a site; both sites tell then, in any order, looked at in between."""
    ids, machines = (SITE.id, OTHER.id), [machine(n, f"S{n}", f"0{n}") for n in range(3)]
    where = [0, 0, 1]
    with TemporaryDirectory() as folder:
        writer, reader = open_writer(Path(folder) / "store.db"), open_reader(Path(folder) / "store.db")
        for minute, (moved, to, first) in enumerate([(0, False, False), *moves]):
            where[moved] = int(to)
            for site in (first, not first):
                here = [(m, 1000.0 * n + minute) for n, m in enumerate(machines) if where[n] == site]
                tell(writer, ids[site], minute, here)
                for n in range(3):
                    known_past(reader, ids[where[n]], machines[n].id)
            for n in range(3):
                expected = [1000.0 * n + passed for passed in range(minute + 1)]
                assert known_past(reader, ids[where[n]], machines[n].id) == expected
        reader.close()
        writer.close()
