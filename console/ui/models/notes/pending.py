"""Keeps notes that no collector has taken yet in one small file of the profile, through a kill and a power cut.

JSON lines that are only ever added to: a note, or the answer to one. Knows no Qt, no link and no store. Several
desktops of a profile may use it at once; all its methods may be called from any thread and may wait for the disk.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec

from console.domain.note import Note

LONGEST_LINE = 64 * 1024  # bytes: the longest note in the widest letters needs a quarter of it
TIDY_ABOVE = 64 * 1024  # bytes: what is all answered is taken away from here on


class Waiting(msgspec.Struct, frozen=True):
    """A note on its way. `refused` says why the collector will never take it; it stays until somebody reads it."""

    note: Note
    refused: str = ""


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the file: a note, or the answer to one."""

    note: Note | None = None
    answered: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the file holds: notes in the order in which they were written, and how many lines nobody can read."""

    waiting: tuple[Waiting, ...] = ()
    damaged: int = 0


class PendingNotes:
    """The queue in the file `path`; OSError from writing goes to the caller, who still has the text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()

    def found(self) -> Found:
        """What waits; an absent file holds nothing. Never raises for what stands in it."""
        with self._turn:
            return self._read()

    def add(self, note: Note) -> None:
        """Put a note at the end; when this returns it is on the disk."""
        self._append(_Line(note=note))

    def answer(self, note_id: str, refused: str = "") -> None:
        """The collector took a note, or said why it never will."""
        self._append(_Line(answered=note_id, refused=refused))

    def tidy(self) -> None:
        """Take a long file away in which nothing waits; what another desktop adds meanwhile is put back."""
        with self._turn:
            if not self._path.exists() or self._path.stat().st_size < TIDY_ABOVE or self._read() != Found():
                return
            aside = self._path.with_name(f"{self._path.stem}-{os.getpid()}{self._path.suffix}")
            os.replace(self._path, aside)
            late = self._read()  # the file aside is one of those read
        for each in late.waiting:
            self.add(each.note)
        aside.unlink()

    def _append(self, line: _Line) -> None:
        body = msgspec.json.encode(line) + b"\n"
        with self._turn:
            fresh = not self._path.exists()
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                if _is_torn(handle):
                    body = b"\n" + body  # a line that a power cut left half must not swallow this one
                if os.write(handle, body) != len(body):
                    raise OSError(f"{self._path.name}: only a part could be written")
                os.fsync(handle)
            finally:
                os.close(handle)
            if fresh:
                _sync_folder(self._path.parent)

    def _read(self) -> Found:
        lines = [line for path in self._files() for line in _lines(path)]
        known: dict[str, Waiting] = {}
        damaged = 0
        for body in lines:
            try:
                line = msgspec.json.decode(body, type=_Line)
            except msgspec.DecodeError:
                damaged += 1
                continue
            if line.note is not None:
                known.setdefault(line.note.id, Waiting(line.note))
            elif line.refused and line.answered in known:
                known[line.answered] = Waiting(known[line.answered].note, line.refused)
            else:
                known.pop(line.answered, None)
        return Found(tuple(known.values()), damaged)

    def _files(self) -> list[Path]:
        """The file, after one that a kill left aside."""
        return [*sorted(self._path.parent.glob(f"{self._path.stem}-*{self._path.suffix}")), self._path]


def _lines(path: Path) -> list[bytes]:
    """The lines of a file, each cut at its longest; none of a file that is not there."""
    try:
        with path.open("rb") as file:
            return [line[:LONGEST_LINE] for line in file if line.strip()]
    except OSError:
        return []


def _is_torn(handle: int) -> bool:
    size = os.lseek(handle, 0, os.SEEK_END)
    if not size:
        return False
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) != b"\n"


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk only with its folder; Windows knows no such call."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
