"""The machines of a scope as columns, and the selection that follows machines and not rows."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from console.domain.metric import MinerState
from console.domain.roster import Roster
from console.domain.roster_columns import RosterColumns, odd
from console.store.face import StoredColumn
from console.ui.models.live import LiveFleet
from console.ui.models.miners.export import measured_words
from console.ui.models.miners.machines import FLEET, Machines, MachinesNow
from console.ui.models.selection import How, Selection
from tests.ui.fakes import NOW_MS
from tests.ui.racks.made import RackStore, healthy, miner, yard


def opened(qtbot: QtBot, store: RackStore, scope: str | None = None, *, names: bool = True) -> Machines:
    live = LiveFleet(store, store, store.of, clock=lambda: store.now_ms)
    live.load()
    machines = Machines(live, live, names=names)
    machines.keep = live  # Qt would delete it with its last reference
    with qtbot.waitSignal(machines.changed):
        machines.open(store.site.id if scope is None else scope)
    return machines


def test_a_refresh_reads_measurements_and_not_the_roster_again(qtbot: QtBot) -> None:
    store = RackStore(yard())
    machines = opened(qtbot, store)
    assert len(machines.now) == 240
    assert machines.now.name(0) == "C01-R01-01"
    store.reads.clear()
    columns = healthy(yard())
    columns["hashrate_hs"][7] = 0.0
    store.put(store.site.id, yard(), columns, at_ms=NOW_MS)
    with qtbot.waitSignal(machines.changed):
        machines.keep.load()
    assert "roster" not in store.reads
    assert machines.now.table.state[7] == MinerState.OFF


def test_nothing_is_read_while_no_frame_is_newer(qtbot: QtBot) -> None:
    store = RackStore(yard())
    machines = opened(qtbot, store)
    store.reads.clear()
    machines.keep.load()
    assert not machines.busy
    assert store.reads == []


def test_a_frame_in_another_rosters_order_never_lands_on_these_machines(qtbot: QtBot) -> None:
    store = RackStore(yard())
    column = store.column
    store.column = lambda *a, **k: (found := column(*a, **k)) and type(found)(found.at_ms, "other", found.values)
    machines = opened(qtbot, store)
    assert np.isnan(machines.now.table.number["hashrate"]).all()
    assert (machines.now.table.state == MinerState.UNKNOWN).all()


def test_the_fleet_without_names_reads_no_roster_whole(qtbot: QtBot) -> None:
    store = RackStore(yard())
    machines = opened(qtbot, store, FLEET, names=False)
    assert "roster" not in store.reads
    assert not machines.now.named
    assert len(machines.now) == 240
    assert machines.now.table.number["ratio"] == pytest.approx(1.0)


def test_what_a_source_lacks_is_named_and_is_not_zero(qtbot: QtBot) -> None:
    columns = healthy(yard())
    del columns["power_w"]
    store = RackStore(yard(), columns)
    now = opened(qtbot, store).now
    assert now.lacking("power_w") == (store.site.id,)
    assert np.isnan(now.table.number["power"]).all()


def test_what_a_source_tells_no_longer_is_no_value_and_never_the_last_one(qtbot: QtBot) -> None:
    store = RackStore(yard())
    column = store.column

    def told_a_minute_ago(site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        found = column(site_id, metric, at_ms)
        return replace(found, at_ms=found.at_ms - 60_000) if found is not None and metric == "power_w" else found

    store.column = told_a_minute_ago
    now = opened(qtbot, store).now
    assert np.isnan(now.table.number["power"]).all()
    assert np.isfinite(now.table.number["hashrate"]).all()
    assert now.lacking("power_w") == (store.site.id,)


def test_suspect_values_are_left_out_and_marked_and_can_still_be_read(qtbot: QtBot) -> None:
    columns = healthy(yard())
    columns["hashrate_hs"][3] = 9e15
    columns["board_c"][4] = 900.0
    now = opened(qtbot, RackStore(yard(), columns)).now
    assert np.flatnonzero(now.table.suspect).tolist() == [3, 4]
    assert np.isnan(now.table.number["hashrate"][3])
    assert now.told(3, "hashrate_hs") == pytest.approx(9e15)
    assert now.told(4, "board_c") == 900.0


def test_a_site_of_sixty_thousand_and_one_of_none(qtbot: QtBot) -> None:
    crowd = yard(containers=100, racks=20, slots=30)
    store = RackStore(crowd)
    store.put(store.of.sites[1].id, (), {})
    now = opened(qtbot, store, FLEET, names=False).now
    assert len(now) == 60_000
    assert now.rows_of(store.of.sites[1].id) == range(60_000, 60_000)
    assert now.part_of(59_999) == (now.parts[0], 59_999)


def test_t36_an_export_of_the_fleet_says_how_old_its_oldest_frame_is(qtbot: QtBot) -> None:
    store = RackStore(yard())
    store.put(store.of.sites[1].id, yard(1), healthy(yard(1)), at_ms=NOW_MS - 20 * 60_000)
    words = measured_words(opened(qtbot, store, FLEET, names=False).now)
    assert words == "measured 2026-11-22 14:12:07 – 2026-11-22 14:32:04 UTC"


def test_duplicate_serials_and_a_machine_in_two_racks_are_told_apart() -> None:
    miners = [*yard(1, 2, 3)]
    miners += [miner(90, "C01", "R01", 4, "SN00000000"), miner(91, "C01", "R02", 5, "SN00000001")]
    words = odd(RosterColumns.of(Roster("s", "v", tuple(miners))))
    assert words == ("1 machine in two racks: SN00000001", "1 serial number told twice: SN00000000")


def test_machines_whose_serial_is_not_told_are_no_duplicates() -> None:
    miners = tuple(type(one)(id=one.id) for one in yard(1, 1, 5))
    assert odd(RosterColumns.of(Roster("s", "v", miners))) == ()


class TestSelection:
    def test_it_says_what_it_holds(self, qtbot: QtBot) -> None:
        selection = Selection()
        assert selection.chosen.words == "none selected"
        selection.choose(range(1284), How.MATCHING)
        assert selection.chosen.words == "all 1,284 that match"
        selection.choose([5, 3, 3], How.BRUSHED)
        assert selection.chosen.words == "2 brushed"
        selection.toggle(3)
        assert selection.chosen.rows.tolist() == [5]
        selection.clear()
        assert len(selection.chosen) == 0

    def test_it_follows_the_machine_and_not_its_place(self, qtbot: QtBot) -> None:
        store = RackStore(yard())
        machines = opened(qtbot, store)
        selection = Selection()
        selection.fit(machines.now)
        selection.choose([1, 2], How.PICKED)
        names = {machines.now.name(row) for row in (1, 2)}
        moved = (*yard()[2:], yard()[0])  # the machine of row 1 is gone, all others moved up
        store.put(store.site.id, moved, healthy(moved), at_ms=NOW_MS)
        with qtbot.waitSignal(machines.changed):
            machines.keep.load()
        selection.fit(machines.now)
        kept = {machines.now.name(row) for row in selection.chosen.rows.tolist()}
        assert kept == {"C01-R01-03"} < names
        assert selection.chosen.words == "1 picked, 1 no longer there"

    def test_names_that_are_swapped_leave_the_machines_selected_and_not_the_names(self, qtbot: QtBot) -> None:
        store = RackStore(yard())
        machines = opened(qtbot, store)
        selection = Selection()
        selection.fit(machines.now)
        selection.choose(range(7), How.MATCHING)
        serials = {machines.now.text(row, "serial") for row in range(7)}
        names = [each.id for each in yard()]
        swapped = tuple(
            msgspec.structs.replace(each, id=name) for each, name in zip(yard(), reversed(names), strict=True)
        )
        store.put(store.site.id, swapped, healthy(swapped), at_ms=NOW_MS)
        with qtbot.waitSignal(machines.changed):
            machines.keep.load()
        selection.fit(machines.now)
        assert {machines.now.text(row, "serial") for row in selection.chosen.rows.tolist()} == serials
        assert selection.chosen.words == "all 7 that match"

    def test_what_is_told_twice_is_counted_when_it_cannot_be_told_apart(self, qtbot: QtBot) -> None:
        store = RackStore((*yard()[:3], yard()[0]))
        machines = opened(qtbot, store)
        selection = Selection()
        selection.fit(machines.now)
        selection.choose(range(4), How.PICKED)
        fewer = yard()[:2]
        store.put(store.site.id, fewer, healthy(fewer), at_ms=NOW_MS)
        with qtbot.waitSignal(machines.changed):
            machines.keep.load()
        selection.fit(machines.now)
        assert selection.chosen.words == "1 picked, 3 no longer there"

    def test_names_are_looked_at_only_of_sites_with_another_roster(self, qtbot: QtBot, monkeypatch) -> None:
        store = RackStore(yard())
        store.put(store.of.sites[1].id, yard(1), healthy(yard(1)))
        machines = opened(qtbot, store, FLEET)
        selection = Selection()
        selection.fit(machines.now)
        selection.choose(range(len(machines.now)), How.MATCHING)
        looked = []
        monkeypatch.setattr(
            "console.ui.models.selection.refound", lambda old, rows, new: looked.append(old.site_id) or rows
        )
        store.put(store.of.sites[1].id, yard(1), healthy(yard(1)), at_ms=NOW_MS)
        machines.keep.load()
        machines.load()
        selection.fit(machines.now)
        assert looked == []
        moved = tuple(reversed(yard(1)))
        store.put(store.of.sites[1].id, moved, healthy(moved), at_ms=NOW_MS + 1000)
        machines.keep.load()
        machines.load()
        selection.fit(machines.now)
        assert looked == [store.of.sites[1].id]

    def test_another_scope_never_inherits_rows(self, qtbot: QtBot) -> None:
        store = RackStore(yard())
        store.put(store.of.sites[1].id, yard(1), healthy(yard(1)))
        selection = Selection()
        selection.fit(opened(qtbot, store).now)
        selection.choose(range(240), How.MATCHING)
        whole: MachinesNow = opened(qtbot, store, FLEET).now
        selection.fit(whole)
        assert selection.chosen.words == "none selected"

    def test_the_same_scope_in_another_view_keeps_it_and_another_scope_drops_it(self, qtbot: QtBot) -> None:
        store = RackStore(yard())
        selection = Selection()
        selection.fit(opened(qtbot, store).now)
        selection.choose([4, 5], How.BRUSHED)
        selection.enter(store.site.id)
        selection.fit(opened(qtbot, store).now)
        assert selection.chosen.words == "2 brushed"
        selection.enter(FLEET)
        assert selection.chosen.words == "none selected"
