"""A group's filter leads into that group and no other, whatever its machines are called."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.miner_table import SitePart, build
from console.domain.query import parse_query
from console.domain.roster import Miner, Roster
from console.domain.roster_columns import RosterColumns
from console.ui.models.miners.groups import GROUPINGS, group
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.miners.order import Names
from tests.store.made import make_site


def entered(miners: list[Miner], by: str) -> list[tuple[int, int]]:
    """How many machines each group says it has, and how many its filter shows."""
    roster = RosterColumns.of(Roster("ky-1", "v1", tuple(miners)))
    part = SitePart(make_site(), roster, {}, 0)
    table = build([part], 0)
    machines = MachinesNow("ky-1", 0, (part,), np.array([0, len(miners)]), table, {})
    groups = group(machines, Names(table.text), np.arange(len(table)), by)
    shown = [table.select(parse_query(groups.clause(number))).size for number in range(len(groups))]
    return list(zip(groups.miners.tolist(), shown, strict=True))


def test_a_model_whose_name_is_part_of_another_s() -> None:
    models = ["Antminer S19"] * 2 + ["Antminer S19 XP"] * 3 + ["antminer s19"] + ["Antminer S19-XP"]
    found = entered([Miner(id=f"m{number}", model=model) for number, model in enumerate(models)], "model")
    assert sorted(found) == [(1, 1), (1, 1), (2, 2), (3, 3)]


@pytest.mark.parametrize("by", GROUPINGS)
@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6)), min_size=1, max_size=8))
def test_every_group_shows_as_many_as_it_says(by: str, places: list[tuple[str, str, str]]) -> None:
    miners = [
        Miner(id=f"m{number}", container=container, rack=rack, model=model)
        for number, (container, rack, model) in enumerate(places)
    ]
    for said, shown in entered(miners, by):
        assert said == shown
