"""Notes in the store: each once, never changed, following the machine and not the slot."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.note import Note, Whose, machine_number, whose
from console.domain.place import container_key, miner_key, site_key
from console.domain.roster import Miner, Roster, fingerprint
from console.store import open_reader, open_writer
from console.store.database import suspect
from console.store.trouble import StoreError
from tests.store.made import MINUTE, T0, make_frame, make_rollup, make_site


def note(number: int, place: str, machine: str = "", text: str = "text", at_ms: int = 0) -> Note:
    return Note(
        id=f"{number:032x}", at_ms=at_ms or number, place=place, machine=machine, who="ada", desk="desk 2", text=text
    )


@pytest.fixture
def store(tmp_path: Path):
    writer = open_writer(tmp_path / "meridian.db")
    reader = open_reader(tmp_path / "meridian.db")
    yield writer, reader, tmp_path / "meridian.db"
    reader.close()
    writer.close()


def test_newest_first_with_every_letter_as_it_was_written(store) -> None:
    writer, reader, _ = store
    hostile = "<b>bold</b> \u202egpj.exe \x00 '; DROP TABLE note; --\nsecond line"
    first, second = note(1, site_key("a"), text=hostile), note(2, site_key("a"))
    assert writer.put_note(first, 10)
    assert writer.put_note(second, 11)
    assert reader.notes(site_key("a")) == [second, first]


def test_the_same_note_handed_over_twice_is_one(store) -> None:
    writer, reader, _ = store
    assert [writer.put_note(note(1, site_key("a")), moment) for moment in (10, 99)] == [True, False]
    assert len(reader.notes(site_key("a"))) == 1


def test_a_note_of_an_id_that_is_taken_never_replaces_the_first(store) -> None:
    writer, reader, _ = store
    writer.put_note(note(1, site_key("a"), text="first"), 10)
    writer.put_note(note(1, site_key("a"), text="second"), 11)
    assert [kept.text for kept in reader.notes(site_key("a"))] == ["first"]


@pytest.mark.parametrize("change", ["UPDATE note SET text = 'other'", "DELETE FROM note"])
def test_no_note_is_ever_changed_or_taken_away(store, change: str) -> None:
    writer, _, path = store
    writer.put_note(note(1, site_key("a")), 10)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        connection.execute(change)
    connection.close()


def test_a_site_has_the_notes_of_everything_in_it_and_of_no_other_site(store) -> None:
    writer, reader, _ = store
    places = (site_key("a"), container_key("a", "C1"), miner_key("a", "m"), site_key("b"), miner_key("ab", "m"))
    for number, place in enumerate(places, 1):
        writer.put_note(note(number, place), 10)
    assert [found.place for found in reader.notes(site_key("a"))] == list(reversed(places[:3]))
    assert [found.place for found in reader.notes(container_key("a", "C1"))] == [places[1]]


def test_notes_follow_the_machine_to_another_slot_and_another_site(store) -> None:
    writer, reader, _ = store
    old, new = miner_key("a", "R01-05"), miner_key("b", "R09-01")
    writer.put_note(note(1, old, "serial S1", "at the old place"), 10)
    writer.put_note(note(2, old, "serial S2", "of its successor"), 10)
    writer.put_note(note(3, new, "serial S1", "at the new place"), 10)
    assert [found.text for found in reader.notes(new, "serial S1")] == ["at the new place", "at the old place"]
    assert [found.text for found in reader.notes(old, "serial S2")] == ["of its successor"]


def test_a_note_of_a_machine_without_a_number_belongs_to_its_name(store) -> None:
    writer, reader, _ = store
    writer.put_note(note(1, miner_key("a", "m")), 10)
    assert len(reader.notes(miner_key("a", "m"), "serial S1")) == 1
    assert len(reader.notes(miner_key("a", "m"))) == 1


def test_a_note_is_found_by_either_number_whichever_was_told_when_it_was_written(store) -> None:
    writer, reader, _ = store
    place, moved = miner_key("a", "m5"), miner_key("a", "m9")
    writer.put_note(note(1, place, machine_number("", "00:05"), "only the MAC was told"), 10)
    writer.put_note(note(2, place, machine_number("SN5", "00:05"), "both were told"), 10)
    both, mac = machine_number("SN5", "00:05"), machine_number("", "00:05")
    assert [found.text for found in reader.notes(moved, both)] == ["both were told", "only the MAC was told"]
    assert [found.text for found in reader.notes(moved, mac)] == ["both were told", "only the MAC was told"]


def keep_roster(writer, site_id: str, *miners: Miner, minute: int = 0) -> None:
    roster = Roster(site_id, fingerprint(miners), miners)
    frame = make_frame(roster, T0 + minute * MINUTE)
    writer.put_reading(frame, roster, make_rollup(make_site(site_id), roster, frame))


def test_a_number_that_two_sites_tell_brings_no_note_from_one_to_the_other(store) -> None:
    writer, reader, _ = store
    here, there = miner_key("a", "m"), miner_key("b", "q")
    number, copied = machine_number("DUP", "00:01"), machine_number("DUP", "00:02")
    keep_roster(writer, "a", Miner("m", serial="DUP", mac="00:01"))
    keep_roster(writer, "b", Miner("q", serial="DUP", mac="00:02"))
    writer.put_note(note(1, here, number, "of the one at a"), 10)
    assert reader.notes(there, copied) == []
    assert [found.text for found in reader.notes(here, number)] == ["of the one at a"]
    keep_roster(writer, "a", Miner("m", serial="NEW", mac="00:01"), minute=1)
    assert [found.text for found in reader.notes(there, copied)] == ["of the one at a"], "it stands at b alone now"


told = st.tuples(st.sampled_from(["", "S1", "S11", "S1 mac M1"]), st.sampled_from(["", "M1", "M11"]))
places = st.sampled_from([miner_key(site, name) for site in "ab" for name in ("m", "mm")])


@settings(deadline=None, max_examples=25)  # each opens a store
@given(st.lists(st.tuples(places, told), max_size=8), places, told, st.integers(1, 8))
def test_the_store_finds_a_machines_notes_as_the_rule_says_whoever_else_has_similar_numbers(
    written, place: str, asked: tuple[str, str], most: int
) -> None:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        writer = open_writer(Path(folder) / "meridian.db")
        kept = [note(number, at, machine_number(*own)) for number, (at, own) in enumerate(written, 1)]
        for each in kept:
            writer.put_note(each, 10)
        reader = open_reader(Path(folder) / "meridian.db")
        machine = machine_number(*asked)
        wanted = [each for each in reversed(kept) if whose(each, place, machine) is not Whose.ANOTHERS]
        assert reader.notes(place, machine, most) == wanted[:most]
        reader.close()
        writer.close()


def test_a_damaged_store_gives_its_notes_to_the_fresh_one(tmp_path: Path) -> None:
    path = tmp_path / "meridian.db"
    writer = open_writer(path)
    writer.put_note(note(1, site_key("a")), 10)
    writer.close()
    suspect(path).write_text("found at work", encoding="utf-8")
    writer = open_writer(path)
    assert writer.opened.set_aside is not None
    reader = open_reader(path)
    assert [kept.id for kept in reader.notes(site_key("a"))] == [f"{1:032x}"]
    reader.close()
    writer.close()


def test_a_full_disk_is_a_store_error_and_nothing_is_half_kept(store) -> None:
    writer, reader, _ = store
    connection = writer._writer._connection
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0]}")
    large = note(1, site_key("a"), text="x" * 500_000)
    with pytest.raises(StoreError):
        writer.put_note(large, 10)
    assert reader.notes(site_key("a")) == []
    connection.execute("PRAGMA max_page_count = 1000000")
    assert writer.put_note(large, 10)


def test_what_is_kept_reads_back_equal(store) -> None:
    writer, reader, _ = store
    sent = msgspec.structs.replace(note(7, miner_key("a", "m"), "mac AA:01"), who="José", desk="Schichtpult")
    writer.put_note(sent, 10)
    assert reader.notes(miner_key("a", "m"), "mac AA:01") == [sent]
