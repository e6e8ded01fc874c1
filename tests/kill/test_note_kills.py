"""A note that the collector answered is there after a kill -9; one that it did not answer comes again, once."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from console.domain.access import Role
from console.domain.note import Note
from console.domain.place import site_key
from console.fleet import load_fleet
from console.link.client import LinkClient
from console.link.messages import Hello, NoteAnswer, PutNote
from console.settings import Profile
from console.store import open_reader
from tests.kill.processes import collector, end, simulated_fleet, until

KILLS, NOTES = 10, 15

pytestmark = pytest.mark.slow


def test_ten_kills_lose_no_answered_note_and_double_none(tmp_path: Path) -> None:
    profile, seeded, heard = Profile(tmp_path / "profile").create(), random.Random(3), []
    client = LinkClient(profile, heard.append)
    client.start()

    def told(kind: type) -> list:
        return [message for message in heard if isinstance(message, kind)]

    with simulated_fleet(tmp_path) as fleet_file:
        place = site_key(load_fleet(fleet_file).sites[0].id)
        sent: dict[str, Note] = {}
        for round_number in range(KILLS):
            child = collector(fleet_file, profile.folder)
            before = len(told(Hello))
            until(lambda before=before: len(told(Hello)) > before)
            for number in range(NOTES):
                key = f"{round_number * NOTES + number:032x}"
                sent[key] = Note(id=key, at_ms=1 + number, place=place, who="ada", desk="laptop", text=f"note {key}")
            answered = {answer.note_id for answer in told(NoteAnswer)}
            for key in sent.keys() - answered:
                client.ask(PutNote(sent[key], Role.OPERATOR))
            time.sleep(seeded.uniform(0.0, 0.4))
            end(child, signal.SIGKILL)
        answered = {answer.note_id for answer in told(NoteAnswer) if not answer.reason}
        client.stop()
    reader = open_reader(profile.store)
    kept = list(reader.notes(place, most=10_000))
    reader.close()
    assert len(answered) > NOTES, "the kills came too early to prove anything"
    assert answered <= {note.id for note in kept}
    assert len(kept) == len({note.id for note in kept})
    assert all(sent[note.id] == note for note in kept)
