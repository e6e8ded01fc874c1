"""T34: a clock that was set back does not freeze the newest values until it has caught up."""

from __future__ import annotations

import time
from pathlib import Path

from console.domain.rollup import RosterIndex, roll_up
from console.store import open_reader, open_writer
from tests.collect.fakes import MINUTE, make_reading, make_roster, make_site


def put(path: Path, at_ms: int) -> int:
    """Store a sample of that moment; the moment of the newest roll-up afterwards."""
    site, roster = make_site(), make_roster("site-1")
    reading = make_reading(site.id, at_ms, roster)
    writer = open_writer(path)
    writer.put_reading(reading.frame, roster, roll_up(site, RosterIndex.of(roster), reading))
    writer.close()
    reader = open_reader(path)
    newest = reader.rollups()[site.id].at_ms
    reader.close()
    return newest


def test_t34_a_stamp_left_in_the_future_gives_way(tmp_path: Path) -> None:
    path, now = tmp_path / "store.db", time.time_ns() // 1_000_000
    assert put(path, now + 60 * MINUTE) == now + 60 * MINUTE
    assert put(path, now) == now
    assert put(path, now - 5 * MINUTE) == now, "late samples never win over newer ones"
