"""Containers of a site: every machine in exactly one state, every cell a machine in its place."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt

from console.domain.metric import SIGNAL_INDEX, SIGNALS, MinerState
from console.domain.rollup import SiteRollup
from console.domain.roster import Miner, Roster
from console.store.face import StoredColumn
from console.ui.models.containers import SORT_ROLE, ContainerTable, containers_of, state_totals
from console.ui.models.miners.cells import CellReader
from console.ui.models.state_words import ORDER
from console.ui.widgets.state_cells import CellGrid, grouped

RATED = 1e14


def rollup_of(*rows: dict[str, float], names: tuple[str, ...] = ("A", "B")) -> SiteRollup:
    values = np.full((1 + len(rows), len(SIGNALS)), np.nan)
    for index, row in enumerate(rows, 1):
        for signal, value in row.items():
            values[index, SIGNAL_INDEX[signal]] = value
    return SiteRollup("s", 1, 2, names[: len(rows)], values)


def test_a_site_without_a_sample_has_no_containers() -> None:
    assert containers_of(None) == ()


def test_machines_without_a_word_are_unknown_and_never_off() -> None:
    (one,) = containers_of(rollup_of({"miners": 100.0}))
    assert one.counts[MinerState.UNKNOWN] == 100
    assert one.counts[MinerState.OFF] == 0
    assert one.dark
    assert math.isnan(one.hashrate_hs)
    assert math.isnan(one.hashing_ratio), "not one is known not to hash"
    assert one.share() == "no data"


def test_machines_that_tell_only_nonsense_are_suspect_and_neither_silent_nor_off() -> None:
    every = {"miners": 10.0, "unknown": 10.0}
    told = [one.share(1) for one in containers_of(rollup_of({**every, "suspect": 10.0}, {**every, "suspect": 9.0}))]
    assert told == ["suspect", "no data"]
    table = ContainerTable()
    table.show(containers_of(rollup_of({**every, "suspect": 10.0}, {"miners": 10.0, "off": 10.0})))
    assert [table.index(row, 1).data() for row in (0, 1)] == ["suspect", "0.0 %"]
    assert table.index(0, 1).data(SORT_ROLE) < table.index(1, 1).data(SORT_ROLE), "no value stands apart from zero"


def test_counts_add_up_to_the_site() -> None:
    a = {"miners": 10.0, "hashing": 7.0, "degraded": 1.0, "off": 1.0, "curtailed": 0.0, "unknown": 1.0}
    containers = containers_of(rollup_of(a, {**a, "hashing": 3.0, "curtailed": 4.0}))
    totals = state_totals(containers)
    assert sum(totals.values()) == 20
    assert totals[MinerState.CURTAILED] == 4
    assert containers[0].hashing_ratio == pytest.approx(0.8)
    assert not containers[0].dark


def test_the_column_that_counts_degraded_machines_in_says_so_and_is_not_called_hashing(qtbot) -> None:
    head = ContainerTable().headerData
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    name, tip = (head(1, Qt.Orientation.Horizontal, role) for role in roles)
    assert (name, tip) == ("hash", "machines that hash, degraded included, of all")


def test_machines_without_a_container_have_a_title() -> None:
    (one,) = containers_of(rollup_of({"miners": 2.0}, names=("",)))
    assert one.name == ""
    assert one.title == "no container"


class OneFrame:
    """A store with one frame of one site."""

    def __init__(self, roster: Roster, columns: dict[str, list[float]], version: str = "v1") -> None:
        self._roster, self._columns, self._version = roster, columns, version
        self.rosters_read = 0

    def roster(self, site_id: str) -> Roster:
        self.rosters_read += 1
        return self._roster

    def column(self, site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        values = self._columns.get(metric)
        return None if values is None else StoredColumn(60_000, self._version, np.array(values, dtype=np.float32))


def roster(*containers: str) -> Roster:
    miners = tuple(Miner(f"m{n}", container=name, rated_hs=RATED) for n, name in enumerate(containers))
    return Roster("s", "v1", miners)


def test_each_cell_is_a_machine_in_roster_order() -> None:
    store = OneFrame(
        roster("A", "B", "A", "B", "A"),
        {"hashrate_hs": [RATED, 0.0, 0.5 * RATED, math.nan, 0.0], "state": [1, 4, 1, 0, 3]},
    )
    cells = CellReader().read(store, "s")
    assert {name: list(states) for name, states in cells.items()} == {
        "A": [MinerState.HASHING, MinerState.DEGRADED, MinerState.OFF],
        "B": [MinerState.CURTAILED, MinerState.UNKNOWN],
    }


def test_a_cell_whose_hashrate_no_machine_can_have_is_unknown_as_it_is_in_the_count() -> None:
    store = OneFrame(roster("A", "A", "A", "A"), {"hashrate_hs": [RATED, 9e18, -1.0, math.inf]})
    (states,) = CellReader().read(store, "s").values()
    assert states.tolist() == [MinerState.HASHING, *[MinerState.UNKNOWN] * 3]


def test_a_roster_is_read_once_a_version() -> None:
    store = OneFrame(roster("A", "A"), {"hashrate_hs": [RATED, RATED]})
    reader = CellReader()
    reader.read(store, "s")
    reader.read(store, "s")
    assert store.rosters_read == 1


@pytest.mark.parametrize(
    ("columns", "version"),
    [({}, "v1"), ({"hashrate_hs": [1.0]}, "v1"), ({"hashrate_hs": [1.0, 1.0]}, "of another roster")],
)
def test_a_frame_that_does_not_fit_its_roster_gives_no_cells(columns: dict[str, list[float]], version: str) -> None:
    assert CellReader().read(OneFrame(roster("A", "A"), columns, version), "s") == {}


def test_an_empty_roster_has_no_cells_and_breaks_no_read() -> None:
    assert CellReader().read(OneFrame(roster(), {"hashrate_hs": []}), "s") == {}


def test_grouped_cells_are_as_many_as_machines_and_calm_first() -> None:
    counts = dict.fromkeys(ORDER, 0) | {MinerState.OFF: 2, MinerState.HASHING: 3}
    assert list(grouped(counts)) == [MinerState.HASHING] * 3 + [MinerState.OFF] * 2


@pytest.mark.parametrize("cells", [1, 2, 80, 500, 5000])
@pytest.mark.parametrize(("width", "height"), [(72, 120), (180, 90), (300, 400)])
def test_all_cells_fit_their_card(cells: int, width: int, height: int) -> None:
    from PySide6.QtCore import QRectF

    grid = CellGrid.fitting(cells, width, height)
    places = grid.places(cells, QRectF(0, 0, width, height))
    assert (places[:, 0] + places[:, 2]).max() <= width + 1e-6
    assert (places[:, 1] + places[:, 3]).max() <= height + 1e-6
    assert (places[:, 2:] > 0).all()
