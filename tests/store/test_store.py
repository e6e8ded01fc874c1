"""What goes in comes out: readings, rosters, series and the collector's own doings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from console.domain.frame import HistoryChunk
from console.domain.link_state import Link, LinkState
from console.domain.metric import METRIC_BY_NAME
from console.domain.place import FLEET, container_key, region_key, site_key
from console.domain.roster_columns import RosterColumns
from console.store import open_reader, open_writer
from console.store.face import BackfillState, Event
from console.store.reader import StoreReader
from console.store.writer import StoreWriter
from tests.store.made import DAY, MINUTE, T0, make_fleet, make_frame, make_rollup, make_roster, make_site


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[StoreWriter]:
    writer = open_writer(tmp_path / "store.db")
    yield writer
    writer.close()


@pytest.fixture
def reader(writer: StoreWriter) -> Iterator[StoreReader]:
    reader = open_reader(writer.opened.path)
    yield reader
    reader.close()


def put_minutes(writer: StoreWriter, start_ms: int, count: int, site_id: str = "ky-1") -> None:
    site, roster = make_site(site_id), make_roster(site_id)
    for number in range(count):
        frame = make_frame(roster, start_ms + number * MINUTE)
        assert writer.put_reading(frame, roster if number == 0 else None, make_rollup(site, roster, frame))


def test_a_reading_comes_back_to_the_metrics_step(writer: StoreWriter, reader: StoreReader) -> None:
    site, roster = make_site(), make_roster()
    frame = make_frame(roster, T0 + 12_345)
    rollup = make_rollup(site, roster, frame)
    assert writer.put_reading(frame, roster, rollup)
    for name, column in frame.columns.items():
        stored = reader.column("ky-1", name)
        assert stored is not None
        assert (stored.at_ms, stored.roster_version) == (frame.at_ms, roster.version)
        np.testing.assert_array_equal(np.isnan(stored.values), np.isnan(column))
        np.testing.assert_allclose(stored.values, column, atol=0.51 * METRIC_BY_NAME[name].step, rtol=1e-6)
    newest = reader.rollups()["ky-1"]
    np.testing.assert_array_equal(newest.values, rollup.values)
    assert (newest.at_ms, newest.containers) == (rollup.at_ms, rollup.containers)
    assert reader.roster("ky-1") == roster
    assert reader.newest_ms() == frame.at_ms


def test_the_same_reading_twice_changes_nothing(writer: StoreWriter, reader: StoreReader) -> None:
    site, roster = make_site(), make_roster()
    frame = make_frame(roster, T0)
    rollup = make_rollup(site, roster, frame)
    assert writer.put_reading(frame, roster, rollup)
    assert not writer.put_reading(frame, roster, rollup)


def test_ratings_are_read_without_names_also_of_a_roster_kept_before_they_stood_apart(
    writer: StoreWriter, reader: StoreReader
) -> None:
    site, told = make_site(), make_roster()
    miners = [msgspec.structs.replace(told.miners[0], rated_hs=None, rated_w=0.0), *told.miners[1:]]
    roster = msgspec.structs.replace(told, miners=tuple(miners))
    frame = make_frame(roster, T0)
    writer.put_reading(frame, roster, make_rollup(site, roster, frame))
    found, whole = reader.ratings("ky-1"), RosterColumns.of(roster)
    assert found is not None
    assert (found.version, found.named) == (roster.version, False)
    np.testing.assert_array_equal(found.rated_hs, whole.rated_hs)
    np.testing.assert_array_equal(found.rated_w, whole.rated_w)
    assert np.isnan(found.rated_hs[0])
    assert np.isnan(found.rated_w[0])
    with sqlite3.connect(reader.opened.path) as connection:
        connection.execute("UPDATE roster SET ratings = NULL")
    connection.close()
    before = reader.ratings("ky-1")
    assert before is not None
    np.testing.assert_array_equal(before.rated_hs, found.rated_hs)
    np.testing.assert_array_equal(before.rated_w, found.rated_w)


def test_history_follows_the_machine_through_a_new_roster(writer: StoreWriter, reader: StoreReader) -> None:
    site, old = make_site(), make_roster()
    swapped = type(old)(old.site_id, "v2", tuple(reversed(old.miners)))
    first, second = make_frame(old, T0), make_frame(swapped, T0 + MINUTE)
    writer.put_reading(first, old, make_rollup(site, old, first))
    writer.put_reading(second, swapped, make_rollup(site, swapped, second))
    values = reader.miner_series("ky-1", "m3", "power_w", T0, T0 + DAY).values
    expected = [first.columns["power_w"][3], second.columns["power_w"][-4]]
    np.testing.assert_allclose(values, expected, atol=0.5)
    assert reader.roster("ky-1") == swapped


@pytest.mark.parametrize("closed", [False, True], ids=["hot", "closed"])
def test_series_of_site_and_container(writer: StoreWriter, reader: StoreReader, closed: bool) -> None:
    put_minutes(writer, T0 + 10 * MINUTE, 90)
    if closed:
        assert writer.compact(T0 + 2 * DAY) == 1
    for place in (site_key("ky-1"), container_key("ky-1", "C02")):
        fine = reader.series(place, "power_w", T0, T0 + 120 * MINUTE)
        assert (fine.step_ms, len(fine.at_ms)) == (MINUTE, 120)
        assert np.isnan(fine.mean[:10]).all()
        assert np.isfinite(fine.mean[10:100]).all()
        assert np.isnan(fine.mean[100:]).all()
        coarse = reader.series(place, "power_w", T0, T0 + 120 * MINUTE, buckets=2)
        assert coarse.step_ms == 60 * MINUTE
        np.testing.assert_allclose(coarse.low, [np.nanmin(fine.mean[:60]), np.nanmin(fine.mean[60:])])
        np.testing.assert_allclose(coarse.high, [np.nanmax(fine.mean[:60]), np.nanmax(fine.mean[60:])])
        np.testing.assert_allclose(coarse.mean, [np.nanmean(fine.mean[:60]), np.nanmean(fine.mean[60:])], rtol=1e-6)


def test_history_fills_only_what_is_missing(writer: StoreWriter, reader: StoreReader) -> None:
    put_minutes(writer, T0 + 10 * MINUTE, 5)
    live = reader.series(site_key("ky-1"), "power_w", T0, T0 + 30 * MINUTE).mean
    at_ms = T0 + MINUTE * np.arange(30, dtype=np.int64)
    chunk = HistoryChunk(site_key("ky-1"), 60, at_ms, {"power_w": np.full(30, 7.0)})
    assert writer.put_history([chunk]) == 25
    assert writer.put_history([chunk]) == 0
    joined = reader.series(site_key("ky-1"), "power_w", T0, T0 + 30 * MINUTE).mean
    np.testing.assert_array_equal(joined[10:15], live[10:15])
    assert (np.delete(joined, slice(10, 15)) == 7.0).all()


def test_totals_follow_the_sites(writer: StoreWriter, reader: StoreReader) -> None:
    fleet = make_fleet(3)
    for site in fleet.sites:
        put_minutes(writer, T0, 10, site.id)
    writer.refresh_totals(fleet, T0, T0 + 20 * MINUTE)
    parts = [reader.series(site_key(site.id), "power_w", T0, T0 + 10 * MINUTE).mean for site in fleet.sites]
    whole = reader.series(FLEET, "power_w", T0, T0 + 20 * MINUTE)
    np.testing.assert_allclose(whole.mean[:10], np.sum(parts, axis=0), rtol=1e-6)
    assert np.isnan(whole.mean[10:]).all()
    texas = reader.series(region_key("Texas"), "power_w", T0, T0 + 10 * MINUTE)
    np.testing.assert_allclose(texas.mean, parts[1], rtol=1e-6)
    assert (reader.series(FLEET, "sites_fresh", T0, T0 + 10 * MINUTE).mean == 3).all()


def test_operations_come_back(writer: StoreWriter, reader: StoreReader) -> None:
    fleet = make_fleet()
    assert reader.fleet() is None
    assert reader.backfill() is None
    assert reader.heartbeat_ms() is None
    assert reader.newest_ms() is None
    link = LinkState(site_id="s-0", adapter="siteapi", link=Link.DOWN, error="no route")
    for put in (1, 2):
        writer.put_link(link)
        writer.put_event(Event(T0 + put, "site:s-0", "link", "lost"))
        writer.put_heartbeat(T0 + put)
    writer.put_backfill(BackfillState(3, 30, True))
    writer.put_fleet(fleet)
    assert reader.links() == {"s-0": link}
    assert [event.at_ms for event in reader.events(T0)] == [T0 + 2, T0 + 1]
    assert reader.heartbeat_ms() == T0 + 2
    assert reader.backfill() == BackfillState(3, 30, True)
    assert reader.fleet() == fleet
