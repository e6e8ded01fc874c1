"""The collector's note desk over a real store: kept before it is answered, refused in words, once however often."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from console.collect.note_desk import NoteDesk
from console.domain.access import Role
from console.domain.note import Note
from console.domain.place import site_key
from console.link.messages import NoteAnswer, PutNote, decode_from_desktop, encode
from console.store import open_reader, open_writer
from console.store.writer import StoreWriter

NOTE = Note(id="a" * 32, at_ms=5, place=site_key("x"), who="ada", desk="desk 2", text="fan wall cleaned")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[StoreWriter, Path]]:
    writer = open_writer(tmp_path / "meridian.db")
    yield writer, tmp_path / "meridian.db"
    writer.close()


def test_it_is_on_the_disk_when_it_is_answered(store: tuple[StoreWriter, Path]) -> None:
    writer, path = store
    seen = []

    def heard(answer: object) -> None:
        reader = open_reader(path)
        seen.append((answer, list(reader.notes(site_key("x")))))
        reader.close()

    request = decode_from_desktop(encode(PutNote(NOTE, Role.OPERATOR)))
    NoteDesk(writer, heard, lambda: 9).answer(request)
    assert seen == [(NoteAnswer(NOTE.id), [NOTE])]


def test_a_note_that_comes_again_is_answered_as_kept(store: tuple[StoreWriter, Path]) -> None:
    told: list[object] = []
    desk = NoteDesk(store[0], told.append, lambda: 9)
    for _ in range(3):
        desk.answer(PutNote(NOTE, Role.OPERATOR))
    assert told == [NoteAnswer(NOTE.id)] * 3


@pytest.mark.parametrize(
    ("note", "role", "says"),
    [
        (NOTE, Role.VIEWER, "a viewer may not write notes"),
        (msgspec.structs.replace(NOTE, text=""), Role.OPERATOR, "without text"),
        (msgspec.structs.replace(NOTE, text="x" * 2001), Role.OPERATOR, "expected at most 2,000"),
    ],
)
def test_what_may_not_be_kept_is_refused_for_good(
    store: tuple[StoreWriter, Path], note: Note, role: int, says: str
) -> None:
    told: list[NoteAnswer] = []
    NoteDesk(store[0], told.append, lambda: 9).answer(PutNote(note, role))
    assert says in told[0].reason
    assert not told[0].again


def test_a_store_that_cannot_be_written_asks_for_it_again(store: tuple[StoreWriter, Path]) -> None:
    told: list[NoteAnswer] = []
    store[0].close()
    NoteDesk(store[0], told.append, lambda: 9).answer(PutNote(NOTE, Role.OPERATOR))
    assert told[0].again
    assert "could not be kept" in told[0].reason
