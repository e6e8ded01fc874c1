"""Rosters that cannot be right: every row is shown, the foot says what is odd, nothing is lost or silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from console.domain.roster import Miner, Roster
from console.domain.shared_serials import SharedSerials
from console.store.face import StoredColumn
from tests.ui.fakes import NOW_MS, rollup
from tests.ui.miners.conftest import SITE
from tests.ui.miners.yard import MEASURED_MS, Yard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen


class Odd(Yard):
    """A yard whose roster the test tells."""

    def __init__(self, miners: tuple[Miner, ...]) -> None:
        super().__init__(max(1, len(miners)))
        self.told_miners = miners

    def roster(self, site_id: str) -> Roster | None:
        return Roster(site_id, self.version, self.told_miners)

    def column(self, site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        found = super().column(site_id, metric, at_ms)
        size = len(self.told_miners)
        return None if found is None else StoredColumn(found.at_ms, found.roster_version, found.values[:size])


def machine(number: int, **more: str) -> Miner:
    return Miner(**{"id": f"m{number:05d}", "serial": f"SN{number}", "container": "C01", "rack": "R01", **more})


def test_serials_told_twice_and_a_machine_in_two_racks(desk) -> None:
    twice = (machine(1), machine(2, serial="SN1", rack="R02"), machine(3))
    here = desk(Odd(twice))
    assert here.view.rows.rowCount() == 3
    assert "1 machine in two racks: SN1" in here.view.foot.note.text()


def test_an_empty_roster(desk) -> None:
    here = desk(Odd(()))
    assert here.view.rows.rowCount() == 0
    assert "0 miners" in here.view.head._note
    here.type("state:off")
    here.view.actions.show_grouping("rack")
    here.settle()
    assert len(here.view.group_rows.groups) == 0


def test_one_site_of_sixty_thousand(desk) -> None:
    here = desk(Odd(tuple(machine(number) for number in range(60_000))))
    assert here.view.rows.rowCount() == 60_000
    here.type("m5999")
    assert here.view.rows.rowCount() == 10
    here.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert here.words == "all 10 that match"


@pytest.mark.parametrize(("serial", "words"), [("SN", "all 10,000 that match"), ("", "10,000 no longer there")])
def test_ten_thousand_renamed_at_once_stay_selected_by_their_numbers_and_without_are_gone_and_said_to_be(
    desk, serial: str, words: str
) -> None:
    def told(name: str) -> tuple[Miner, ...]:
        return tuple(
            machine(number, id=f"{name}{number}", serial=f"{serial}{number}" if serial else "")
            for number in range(10_000)
        )

    store = Odd(told("old"))
    here = desk(store)
    here.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    store.told_miners = told("new")
    store.version, store.measured_ms = "v2", MEASURED_MS + 5000
    store.rollups_by_site[SITE] = rollup(store.of.sites[0], store.measured_ms)
    here.live.load()
    here.settle()
    assert here.view.rows.rowCount() == 10_000
    assert words in here.words
    assert np.all(here.view.table._chosen == bool(serial))


def test_names_that_are_not_told_are_a_dash_and_a_group_of_their_own(desk) -> None:
    here = desk(Odd((machine(1, container="", rack=""), machine(2))))
    here.view.columns.choose(("id", "container"))
    here.type("m00001")
    assert here.cells("container") == ["—"]
    here.type("")
    here.view.actions.show_grouping("container")
    here.settle()
    names = {here.view.group_rows.text(place, 0) for place in range(2)}
    assert names == {"C01", "(not told)"}


def test_a_number_told_at_two_sites_is_said_like_one_told_twice(desk) -> None:
    store = Odd((machine(1), machine(2)))
    there = store.of.sites[5]
    store.shared = {SITE: (SharedSerials(there.id, 1, ("SN1",)),)}
    here = desk(store)
    assert f"{SITE}: 1 serial number told at two sites, here and at {there.name}: SN1" in here.view.foot.note.text()


def test_more_than_one_oddity_is_counted(desk) -> None:
    store = Odd((machine(1), machine(2, serial="SN1")))
    store.shared = {SITE: (SharedSerials(store.of.sites[5].id, 1, ("SN7",)),)}
    assert "1 serial number told twice: SN1 · 1 more like it" in desk(store).view.foot.note.text()


def test_suspect_values_are_said_before_what_is_odd_in_the_roster(desk) -> None:
    store = Odd((machine(1), machine(2, serial="SN1"), machine(3)))
    store.column = suspect_first(store.column)
    words = desk(store).view.foot.note.text()
    assert words.index("1 with a value no machine can have") < words.index("1 serial number told twice")


def test_sites_whose_values_are_old_are_counted_under_the_table_of_the_fleet(desk) -> None:
    store = Yard()
    assert "sites stale" not in desk(store, place="*").view.foot.note.text()
    late, there = store.column, store.of.sites[3].id

    def column(site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        found = late(site_id, metric, at_ms)
        return replace(found, at_ms=NOW_MS - 600_000) if found is not None and site_id == there else found

    store.column = column
    assert "1 of 44 sites stale" in desk(store, place="*").view.foot.note.text()


def suspect_first(column):
    """The first machine's hashrate cannot be."""

    def told(site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        found = column(site_id, metric, at_ms)
        if found is None or metric != "hashrate_hs":
            return found
        values = np.array(found.values)
        values[0] = 9e18
        return StoredColumn(found.at_ms, found.roster_version, values)

    return told
