"""The store does not remember in which order, or how often, samples came (T33, N9)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.frame import HistoryChunk
from console.domain.place import container_key, site_key
from console.store import open_writer
from console.store.face import Event
from console.store.writer import StoreWriter
from tests.store.made import DAY, MINUTE, T0, make_fleet, make_frame, make_rollup, make_roster

FLEET = make_fleet(2)
ROSTERS = {site.id: [make_roster(site.id, miners, 2) for miners in (6, 7)] for site in FLEET.sites}
SPAN = 40 * MINUTE


def told(place: str, first: int) -> HistoryChunk:
    """Five minutes of history; whoever tells of a minute tells the same of it."""
    minutes = np.arange(first, first + 5, dtype=np.int64)
    return HistoryChunk(place, 60, T0 + MINUTE * minutes, {"power_w": minutes * 1.5, "off": minutes % 3.0})


def put(writer: StoreWriter, sample: tuple[int, int] | HistoryChunk | Event) -> None:
    if isinstance(sample, HistoryChunk):
        writer.put_history([sample])
    elif isinstance(sample, Event):
        writer.put_event(sample)
    else:
        number, after_ms = sample
        site = FLEET.sites[number]
        roster = ROSTERS[site.id][after_ms > SPAN // 2]  # half-way a machine is added
        frame = make_frame(roster, T0 + after_ms)
        writer.put_reading(frame, roster, make_rollup(site, roster, frame))


def dump(writer: StoreWriter) -> list[tuple[object, ...]]:
    """Every row of every table but the record of migrations, without the rows' own numbers."""
    rows: list[tuple[object, ...]] = []
    with writer._writer.transaction() as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in sorted(table for table in tables if not table.startswith(("_", "sqlite_"))):
            about = connection.execute(f"PRAGMA table_info({table})").fetchall()
            columns = ", ".join(row[1] for row in about if row[1:3] != ("id", "INTEGER"))
            found = connection.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608  # its own names
            rows += sorted(((table, *row) for row in found), key=repr)
    return rows


@settings(max_examples=40)
@given(st.data())
def test_t33_order_and_repetition_change_nothing(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Live samples of two sites, two in a minute among them, a roster that changes, told history and events."""
    moments = st.tuples(st.integers(0, 1), st.integers(0, SPAN - 1))
    live = data.draw(st.lists(moments, min_size=1, max_size=12, unique=True))
    past = [told(site_key("s-0"), first) for first in (0, 3, 20)] + [told(container_key("s-1", "C01"), 18)]
    samples = [*live, *past, Event(T0, "fleet", "test", "happened")]
    dumps = []
    for run in range(2):
        order = data.draw(st.permutations(samples + samples[:5])) if run else samples
        writer = open_writer(tmp_path_factory.mktemp("order") / "store.db")
        for sample in order:
            put(writer, sample)
        open_state = dump(writer)
        writer.refresh_totals(FLEET, T0, T0 + DAY)
        writer.compact(T0 + 2 * DAY)
        dumps.append((open_state, dump(writer)))
        writer.close()
    assert dumps[0] == dumps[1]
