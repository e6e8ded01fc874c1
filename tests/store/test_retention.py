"""What is kept how long: machines by the minute, then every fifth, then no more; sites for ever."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from console.domain.command_journal import Phase
from console.domain.frame import HistoryChunk
from console.domain.place import FLEET, container_key, site_key
from console.store import open_reader, open_writer
from console.store.face import Event
from console.store.retention import Keep, retain
from tests.store.made import DAY, MINUTE, T0, make_fleet, make_frame, make_rollup, make_roster
from tests.store.people_and_commands import batch, command, preview, record, said

HOUR = 60 * MINUTE


def test_machines_thin_out_in_steps(tmp_path: Path) -> None:
    fleet = make_fleet(2)
    writer = open_writer(tmp_path / "store.db")
    for site in fleet.sites:
        roster = make_roster(site.id, 12)
        for minute in range(120):
            if minute % 15 != 5:  # the first minute of a five is missing: the next one stands for it
                frame = make_frame(roster, T0 + minute * MINUTE)
                writer.put_reading(frame, roster, make_rollup(site, roster, frame))
    reader = open_reader(writer.opened.path)

    def minutes() -> list[int]:
        found = reader.miner_series("s-1", "m3", "power_w", T0, T0 + DAY).at_ms
        return [int(at) for at in (found - T0) // MINUTE]

    keep = Keep(miner_minutes_ms=HOUR, miner_fifths_ms=24 * HOUR)
    gone = writer.retain(T0 + 2 * HOUR, keep)
    expected = [m for m in range(60) if m % 15 in (0, 6, 10)] + [m for m in range(60, 120) if m % 15 != 5]
    assert minutes() == expected
    assert gone.frames == 2 * 5 * (112 - len(expected))
    assert writer.retain(T0 + 2 * HOUR, keep).frames == 0
    writer.retain(T0 + 25 * HOUR, keep)
    assert minutes() == [m for m in range(60, 120) if m % 15 in (0, 6, 10)]
    writer.retain(T0 + 30 * HOUR, keep)
    assert minutes() == []
    whole = reader.series(site_key("s-1"), "power_w", T0, T0 + 2 * HOUR).mean
    assert int(np.isfinite(whole).sum()) == 112
    reader.close()
    writer.close()


def test_what_is_kept_where_nobody_says_otherwise(tmp_path: Path) -> None:
    """Machines for two days by the minute and two weeks by the fifth, containers for a year and a month."""
    site, now_ms = make_fleet(1).sites[0], T0 + 500 * DAY
    roster, writer = make_roster(site.id, 3), open_writer(tmp_path / "store.db")
    ages = (15 * DAY, 13 * DAY, 49 * HOUR, 47 * HOUR)
    for moment in [*(now_ms - age + minute * MINUTE for age in ages for minute in range(10)), now_ms]:
        frame = make_frame(roster, moment)
        writer.put_reading(frame, roster, make_rollup(site, roster, frame))
    inside = container_key(site.id, "C01")
    for days in (401, 399):
        at_ms = np.array([now_ms - days * DAY], dtype=np.int64)
        writer.put_history([HistoryChunk(inside, 60, at_ms, {"power_w": np.ones(1)})])
    writer.retain(now_ms)
    reader = open_reader(writer.opened.path)
    kept = [
        reader.miner_series(site.id, "m1", "power_w", now_ms - age, now_ms - age + 10 * MINUTE).at_ms.size
        for age in ages
    ]
    assert kept == [0, 2, 2, 10]
    days = [reader.series(inside, "power_w", now_ms - days * DAY, now_ms - days * DAY + MINUTE) for days in (401, 399)]
    assert [bool(np.isfinite(day.mean).any()) for day in days] == [False, True]
    reader.close()
    writer.close()


def test_a_roster_is_kept_as_long_as_a_frame_refers_to_it(tmp_path: Path) -> None:
    site = make_fleet(1).sites[0]
    writer = open_writer(tmp_path / "store.db")
    rosters = [make_roster(site.id, miners) for miners in (5, 6, 7)]
    for day, roster in ((0, rosters[0]), (1, rosters[1]), (2, rosters[0]), (3, rosters[2])):
        frame = make_frame(roster, T0 + day * DAY)
        writer.put_reading(frame, roster, make_rollup(site, roster, frame))
    reader = open_reader(writer.opened.path)

    def rates() -> int:
        return len(reader.miner_series(site.id, "m3", "power_w", T0, T0 + 9 * DAY).at_ms)

    keep = Keep(miner_minutes_ms=HOUR, miner_fifths_ms=2 * DAY + HOUR)
    assert writer.retain(T0 + 4 * DAY, keep).rosters == 1  # the second: its frame is gone, the first came again
    assert rates() == 2
    assert writer.retain(T0 + 9 * DAY, keep).rosters == 1
    assert reader.roster(site.id) == rosters[2]
    reader.close()
    writer.close()


def test_a_site_that_fell_silent_long_ago_keeps_its_newest_roster(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    for site, days in zip(make_fleet(2).sites, (0, 20), strict=True):
        roster = make_roster(site.id, 5)
        frame = make_frame(roster, T0 + days * DAY)
        writer.put_reading(frame, roster, make_rollup(site, roster, frame))
    writer.retain(T0 + 20 * DAY)
    reader = open_reader(writer.opened.path)
    assert reader.column("s-0", "power_w") is None
    assert reader.roster("s-0") == make_roster("s-0", 5), "its machines are still named, without a value"
    reader.close()
    writer.close()


def test_containers_and_events_end_and_sites_stay(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    at_ms = T0 + MINUTE * np.arange(10, dtype=np.int64)
    places = [site_key("s-0"), container_key("s-0", "C01"), FLEET]
    for place in places:
        writer.put_history([HistoryChunk(place, 60, at_ms, {"power_w": np.ones(10)})])
    writer.put_event(Event(T0, "site:s-0", "link", "lost"))
    writer.put_event(Event(T0 + 2 * DAY, "site:s-0", "link", "back"))
    writer.retain(T0 + 2 * DAY, Keep(container_days_ms=DAY, events_ms=DAY))
    reader = open_reader(writer.opened.path)
    for buckets in (1440, 24):
        known = [np.isfinite(reader.series(place, "power_w", T0, T0 + DAY, buckets).mean).any() for place in places]
        assert known == [True, False, True]
    assert [event.text for event in reader.events(0)] == ["back"]
    reader.close()
    writer.close()


def test_closing_days_piece_by_piece_changes_no_series(tmp_path: Path) -> None:
    fleet = make_fleet(3)
    writer = open_writer(tmp_path / "store.db")
    for site in fleet.sites:
        roster = make_roster(site.id, 12)
        for minute in (1430, 1439, 1440, 1441):
            frame = make_frame(roster, T0 + minute * MINUTE)
            writer.put_reading(frame, roster, make_rollup(site, roster, frame))
    writer.refresh_totals(fleet, T0, T0 + 2 * DAY)
    reader = open_reader(writer.opened.path)
    places = [FLEET, *(site_key(site.id) for site in fleet.sites), container_key("s-2", "C03")]

    def look() -> list[list[float]]:
        return [reader.series(place, "power_w", T0, T0 + 2 * DAY, 2880).mean.tolist() for place in places]

    before = look()
    assert writer.compact(T0 + DAY + HOUR) == 0  # late samples still find the day open
    while writer.compact(T0 + 3 * DAY, most=1):
        np.testing.assert_array_equal(look(), before)
    reader.close()
    writer.close()


def test_old_commands_lose_their_details_and_never_their_record_or_a_row_of_the_chain(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "store.db")
    for number, phase in enumerate((Phase.DONE, Phase.READING_BACK, Phase.DONE)):
        at_ms = T0 + (500 * DAY if number == 2 else number)
        kept = record(number, phase=phase, command=msgspec.structs.replace(command(number), at_ms=at_ms))
        writer.put_command(kept, [batch(0), batch(1)], preview(number), [said(number, at_ms=at_ms)])
    tidied = retain(writer._writer, T0 + 500 * DAY, Keep())
    assert tidied.command_details == 5, "a preview, two batches and their machines"
    reader = open_reader(writer.opened.path)
    assert [found.id for found in reader.commands()] == ["c-2", "c-1", "c-0"]
    assert [reader.preview(f"c-{number}") is None for number in range(3)] == [True, False, False]
    assert [len(reader.batches(f"c-{number}")) for number in range(3)] == [0, 2, 2]
    assert reader.check_audit().faults == ()
    assert reader.check_audit().rows == 3
    reader.close()
    writer.close()
