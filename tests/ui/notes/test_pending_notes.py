"""The queue of notes on a laptop: nothing that was acknowledged is lost by a kill, nothing torn swallows the next."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.domain.note import Note
from console.domain.place import site_key
from console.ui.models.notes.pending import TIDY_ABOVE, Found, PendingNotes, Waiting

ROOT = Path(__file__).resolve().parents[3]
KILLS = 12
WRITER = """
import sys, uuid
from pathlib import Path
from console.domain.note import Note
from console.ui.models.notes.pending import PendingNotes
queue = PendingNotes(Path(sys.argv[1]))
while True:
    note = Note(id=uuid.uuid4().hex, at_ms=1, place="site:a", who="ada", desk="d", text="x" * 1500)
    queue.add(note)
    print(note.id, flush=True)
"""


def note(number: int, text: str = "text") -> Note:
    return Note(id=f"{number:032x}", at_ms=number, place=site_key("a"), who="ada", desk="laptop 3", text=text)


@pytest.fixture
def queue(tmp_path: Path) -> PendingNotes:
    return PendingNotes(tmp_path / "pending-notes.jsonl")


def test_it_waits_in_order_until_it_is_answered(queue: PendingNotes) -> None:
    assert queue.found() == Found()
    for number in (1, 2, 3):
        queue.add(note(number))
    queue.answer(note(2).id)
    queue.answer(note(3).id, "a viewer may not write notes")
    assert queue.found().waiting == (Waiting(note(1)), Waiting(note(3), "a viewer may not write notes"))
    queue.answer(note(3).id)
    assert queue.found().waiting == (Waiting(note(1)),)


def test_the_same_note_twice_is_one_and_an_answer_to_nothing_is_nothing(queue: PendingNotes) -> None:
    queue.add(note(1))
    queue.add(note(1, "another text under the same number"))
    queue.answer("f" * 32)
    assert queue.found().waiting == (Waiting(note(1)),)


def test_no_other_user_can_read_it(queue: PendingNotes, tmp_path: Path) -> None:
    queue.add(note(1))
    assert (tmp_path / "pending-notes.jsonl").stat().st_mode & 0o077 == 0


def test_every_letter_comes_back(queue: PendingNotes) -> None:
    hostile = '<img src=x> \u202e \x00\x1b[2J "quotes" \\ {"note": null}\nsecond line'
    queue.add(note(1, hostile))
    assert queue.found().waiting[0].note.text == hostile


def test_a_torn_line_is_counted_and_swallows_no_other(queue: PendingNotes, tmp_path: Path) -> None:
    path = tmp_path / "pending-notes.jsonl"
    queue.add(note(1))
    with path.open("ab") as file:
        file.write(b'{"note": {"id": "0')
    queue.add(note(2))
    found = queue.found()
    assert [each.note for each in found.waiting] == [note(1), note(2)]
    assert found.damaged == 1


@pytest.mark.parametrize("junk", [b"\xff\xfe\x00\n", b"[1, 2]\n", b'{"note": {"id": 5}}\n', b"x" * 3_000_000 + b"\n"])
def test_junk_in_the_file_is_counted_and_stays(queue: PendingNotes, tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "pending-notes.jsonl"
    path.write_bytes(junk)
    queue.add(note(1))
    queue.tidy()
    assert queue.found() == Found((Waiting(note(1)),), 1)


def test_a_long_answered_file_goes_and_one_that_holds_a_note_stays(queue: PendingNotes, tmp_path: Path) -> None:
    path = tmp_path / "pending-notes.jsonl"
    for number in range(60):
        queue.add(note(number, "x" * 2000))
    for number in range(59):
        queue.answer(note(number).id)
    assert path.stat().st_size > TIDY_ABOVE
    queue.tidy()
    assert len(queue.found().waiting) == 1
    queue.answer(note(59).id)
    queue.tidy()
    assert list(tmp_path.iterdir()) == []


def test_what_a_kill_left_aside_is_found_again(queue: PendingNotes, tmp_path: Path) -> None:
    queue.add(note(1))
    os.replace(tmp_path / "pending-notes.jsonl", tmp_path / "pending-notes-4711.jsonl")
    queue.add(note(2))
    assert [each.note for each in queue.found().waiting] == [note(1), note(2)]


def test_a_disk_that_refuses_is_told_to_whoever_has_the_text(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        PendingNotes(tmp_path / "gone" / "pending-notes.jsonl").add(note(1))


def test_kill_9_loses_no_note_that_was_acknowledged(queue: PendingNotes, tmp_path: Path) -> None:
    seeded, acknowledged = random.Random(5), set()
    path = tmp_path / "pending-notes.jsonl"
    for _ in range(KILLS):
        child = subprocess.Popen([sys.executable, "-c", WRITER, path], cwd=ROOT, stdout=subprocess.PIPE)
        first = child.stdout.readline()
        time.sleep(seeded.uniform(0.0, 0.05))
        child.send_signal(signal.SIGKILL)
        child.wait()
        lines = [first, *child.stdout.read().splitlines(keepends=True)]
        child.stdout.close()
        acknowledged |= {line.strip().decode() for line in lines if line.endswith(b"\n")}
    assert len(acknowledged) > KILLS
    assert acknowledged <= {each.note.id for each in queue.found().waiting}
