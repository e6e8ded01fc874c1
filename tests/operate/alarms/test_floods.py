"""Floods of five hundred and of ten thousand alarms: none lost, the causes few, the store still quick to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.domain.alarm import AlarmState
from console.domain.alarm_change import HistorySearch
from console.domain.alarm_rule import Condition, Level
from console.operate.alarms.desk import AlarmDesk
from console.operate.alarms.engine import AlarmEngine
from console.store import open_reader, open_writer
from tests.operate.alarms.made import fleet, rollup, rule
from tests.store.made import T0

DOWN = rule("site-down", level=Level.SITE, signal="hashrate_hs", condition=Condition.BELOW, limit=0.5e18)


@pytest.mark.parametrize(("sites", "containers"), [(10, 50), (10, 1000)])
def test_t28_a_flood_loses_no_alarm_and_shows_few_groups(tmp_path: Path, sites: int, containers: int) -> None:
    path = tmp_path / "store.db"
    writer, troubles = open_writer(path), []
    many = fleet(sites)
    engine = AlarmEngine(many, [DOWN, rule("off", signal="off_share", limit=0.5, parent="site-down")])
    desk = AlarmDesk(engine, writer, lambda message: None, troubles.append, lambda: T0)
    for site in many.sites:
        desk.sampled([(rollup(site.id, 0, containers, off=90.0, hashrate_hs=0.0), 0.0, None)])
    reader = open_reader(path)
    alarms = reader.alarms()
    assert len(alarms) == sites * (containers + 1)
    assert len([alarm for alarm in alarms if alarm.parent is None]) == sites <= 10
    assert len(reader.alarm_history(HistorySearch(most=50_000))) == sites * (containers + 1)
    assert sum(reader.alarm_counts().values()) == sites
    for site in many.sites:
        desk.sampled([(rollup(site.id, 1, containers), 0.0, None)])
    assert {alarm.state for alarm in reader.alarms()} == {AlarmState.RETURNED}
    assert len(reader.alarms()) == sites * (containers + 1), "nobody has seen them yet"
    assert troubles == []
    reader.close()
    writer.close()
