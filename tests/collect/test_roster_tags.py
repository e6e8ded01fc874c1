"""A source that uses a roster version tag for another list: found out by the content, and no column is misaligned."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from console.collect.arrival import Arrival, accept
from console.collect.roster_watch import RosterWatch
from console.domain.errors import BadAnswer
from console.domain.frame import Frame, Reading
from console.domain.place import site_key
from console.domain.rollup import RosterIndex
from console.domain.roster import Miner, Roster
from console.store import open_reader, open_writer
from tests.collect.fakes import make_site, wall_ms

SITE, OTHER = make_site(), make_site(2)
T0 = 1_795_357_920_000
MINUTE = 60_000
ADA, BEA, CYD = (Miner(name, serial=f"S-{name}", container="C1") for name in ("ada", "bea", "cyd"))


def reading(minute: int, told: dict[Miner, float], tag: str = "v1", *, roster: bool = True) -> Reading:
    at_ms = T0 + minute * MINUTE
    values = {"power_w": np.array(list(told.values()), dtype=np.float32)}
    listed = Roster(SITE.id, tag, tuple(told)) if roster else None
    return Reading(Frame(SITE.id, at_ms, at_ms, tag, values), listed)


class Collected:
    """Readings through the gate into a real store, as the collector takes them."""

    def __init__(self, folder: Path) -> None:
        self.writer, self.path = open_writer(folder / "store.db"), folder / "store.db"
        self.reader = open_reader(self.path)
        self.watch = RosterWatch((SITE, OTHER), self.writer, wall_ms)
        self.index: RosterIndex | None = None

    def take(self, given: Reading) -> Arrival:
        arrival = accept(
            SITE, self.index, given, wall_ms(), lambda version: self.reader.roster_digest(SITE.id, version)
        )
        self.index = arrival.index
        self.writer.put_reading(arrival.reading.frame, arrival.reading.roster, arrival.rollup)
        self.watch.stored([arrival])
        return arrival

    def kept_digest(self, version: str) -> str | None:
        return self.reader.roster_digest(SITE.id, version)

    def past(self, name: str) -> list[float]:
        return self.reader.miner_series(SITE.id, name, "power_w", T0, T0 + 60 * MINUTE).values.tolist()

    def close(self) -> None:
        self.reader.close()
        self.writer.close()


@pytest.fixture
def collected(tmp_path: Path):
    made = Collected(tmp_path)
    yield made
    made.close()


def test_another_list_under_the_same_tag_never_misaligns_a_column(collected: Collected) -> None:
    collected.take(reading(0, {ADA: 1000.0, BEA: 2000.0}))
    collected.take(reading(1, {BEA: 2001.0, ADA: 1001.0}))
    collected.take(reading(2, {BEA: 2002.0, ADA: 1002.0}, roster=False))
    assert collected.past("ada") == pytest.approx([1000.0, 1001.0, 1002.0])
    assert collected.past("bea") == pytest.approx([2000.0, 2001.0, 2002.0])
    newest = collected.reader.roster(SITE.id)
    assert [miner.id for miner in newest.miners] == ["bea", "ada"]
    column = collected.reader.column(SITE.id, "power_w")
    assert column.roster_version == newest.version


def test_a_tag_that_comes_back_after_another_with_another_list_is_found_too(collected: Collected) -> None:
    collected.take(reading(0, {ADA: 1000.0, BEA: 2000.0}, "v1"))
    collected.take(reading(1, {CYD: 3001.0, ADA: 1001.0}, "v2"))
    collected.take(reading(2, {BEA: 2002.0, ADA: 1002.0}, "v1"))
    assert collected.past("ada") == pytest.approx([1000.0, 1001.0, 1002.0])
    assert collected.past("bea") == pytest.approx([2000.0, 2002.0])


def test_after_a_restart_it_is_known_by_the_store(collected: Collected) -> None:
    collected.take(reading(0, {ADA: 1000.0, BEA: 2000.0}))
    collected.index = None
    collected.take(reading(1, {BEA: 2001.0, ADA: 1001.0}))
    collected.index = RosterIndex.of(collected.reader.roster(SITE.id))
    collected.take(reading(2, {BEA: 2002.0, ADA: 1002.0}, roster=False))
    assert collected.past("ada") == pytest.approx([1000.0, 1001.0, 1002.0])


def test_the_same_list_again_is_the_same_version(collected: Collected) -> None:
    versions = {collected.take(reading(minute, {ADA: 1000.0, BEA: 2000.0})).index.version for minute in range(3)}
    assert versions == {"v1"}
    assert list(collected.reader.events(0)) == []


def test_it_is_said_once_in_plain_words(collected: Collected) -> None:
    collected.take(reading(0, {ADA: 1000.0, BEA: 2000.0}))
    collected.take(reading(1, {BEA: 2001.0, ADA: 1001.0}))
    collected.take(reading(2, {BEA: 2002.0, ADA: 1002.0}, roster=False))
    (event,) = collected.reader.events(0)
    assert (event.place, event.kind) == (site_key(SITE.id), "roster")
    assert "another list under the roster version 'v1'" in event.text


def test_a_frame_of_a_tag_that_was_never_given_is_refused_as_before(collected: Collected) -> None:
    collected.take(reading(0, {ADA: 1000.0}))
    with pytest.raises(BadAnswer, match="never gave"):
        collected.take(reading(1, {ADA: 1000.0}, "v9", roster=False))


def test_a_number_that_two_sites_tell_is_kept_for_the_screen_and_said(collected: Collected) -> None:
    collected.take(reading(0, {ADA: 1000.0, BEA: 2000.0}))
    there = collected.take(reading(1, {ADA: 1000.0, BEA: 2000.0}))
    listed = Roster(OTHER.id, "w1", (ADA,))
    elsewhere = msgspec.structs.replace(listed)
    given = Reading(Frame(OTHER.id, T0, T0, "w1", {"power_w": np.array([5.0], dtype=np.float32)}), elsewhere)
    arrival = accept(OTHER, None, given, wall_ms())
    collected.watch.stored([arrival])
    shared = collected.reader.shared_serials()
    assert [(each.site_id, each.serials) for each in shared[SITE.id]] == [(OTHER.id, ("S-ada",))]
    assert [(each.site_id, each.serials) for each in shared[OTHER.id]] == [(SITE.id, ("S-ada",))]
    (event,) = collected.reader.events(0)
    assert event.text == "1 serial number told at two sites, here and at Site 1: S-ada"
    assert there.index.version == "v1"
