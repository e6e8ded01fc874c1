"""Fifty kill -9 at random moments: nothing corrupt, no acknowledged minute lost, none twice (T10, D4)."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from console.domain.place import FLEET
from console.store import open_reader
from console.store.verify import verify
from tests.kill.processes import lines_until_killed
from tests.store.made import DAY, MINUTE, T0

KILLS = 50
CHILD = """
import sys
from pathlib import Path
from console.store import open_writer
from console.store.face import Event
from tests.kill.processes import lines_until_killed
from tests.store.made import MINUTE, T0, make_fleet, make_frame, make_rollup, make_roster
fleet, start = make_fleet(2), int(sys.argv[2])
rosters = {site.id: make_roster(site.id, 200) for site in fleet.sites}
writer = open_writer(Path(sys.argv[1]))
assert not writer.opened.notices, writer.opened.notices
for minute in range(start, start + 100_000):
    at_ms = T0 + minute * MINUTE
    new = []
    for site in fleet.sites:
        frame = make_frame(rosters[site.id], at_ms)
        new.append(writer.put_reading(frame, rosters[site.id], make_rollup(site, rosters[site.id], frame)))
    writer.refresh_totals(fleet, at_ms, at_ms + MINUTE)
    writer.put_event(Event(at_ms, "fleet", "test", "stored"))
    if minute % 20 == 19:
        writer.compact(at_ms + 86_400_000 * (minute % 40 == 39))
    print(minute, int(all(new)), flush=True)
"""


def run_until_killed(path: Path, start: int, after_s: float) -> list[tuple[int, bool]]:
    """The minutes that a child acknowledged, and whether they were new, before it was killed."""
    told = lines_until_killed(CHILD, path, start, after_s=after_s)
    return [(int(minute), new == "1") for minute, new in (line.split() for line in told)]


@pytest.mark.slow
def test_t10_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path, rng = tmp_path / "store.db", random.Random(10)
    acknowledged: set[int] = set()
    for _ in range(KILLS):
        start = max(acknowledged, default=-1)  # the last one again: it must be known already
        told = run_until_killed(path, max(start, 0), rng.uniform(0.0, 0.25))
        if start >= 0:
            assert told[0] == (start, False)
        acknowledged |= {minute for minute, _ in told}
    assert acknowledged == set(range(len(acknowledged)))
    assert verify(path).findings == ()
    with sqlite3.connect(path) as connection:
        counted = (
            "SELECT site, metric, count(*), count(DISTINCT minute_ms) FROM frame WHERE minute_ms <= ? GROUP BY 1, 2"
        )
        rows = connection.execute(counted, (T0 + max(acknowledged) * MINUTE,)).fetchall()
    connection.close()
    assert len(rows) == 2 * 5
    assert {row[2:] for row in rows} == {(len(acknowledged), len(acknowledged))}
    reader = open_reader(path)
    last = max(acknowledged)
    whole = reader.series(FLEET, "sites_fresh", T0, T0 + (last + 1) * MINUTE, buckets=1_000_000).mean
    assert (whole == 2).all()
    assert len(reader.events(0, most=1_000_000)) >= len(acknowledged)
    assert last < DAY // MINUTE * 30
    reader.close()
