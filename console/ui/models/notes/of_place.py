"""The notes of one place as a view shows them: what the store has, and before it what still waits on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from console.domain.note import Note, Whose, whose
from console.domain.place import site_of
from console.ui.background import Reread
from console.ui.models.live import LiveFleet
from console.ui.models.notes.pending import Waiting
from console.ui.models.notes.queue import NoteQueue

READ_AT_LEAST_EVERY_MS = 15_000  # a lost word of the link costs at most this


@dataclass(frozen=True, slots=True)
class NotesNow:
    """Newest first. `waiting` is on this machine only, `kept` in the store; `damaged` lines of the queue are lost."""

    place: str
    waiting: tuple[Waiting, ...] = ()
    kept: tuple[Note, ...] = ()
    damaged: int = 0
    read: bool = False


class PlaceNotes(QObject):
    """`changed` carries a NotesNow. Nothing is read between `rest` and the next `open`."""

    changed = Signal(object)

    def __init__(self, live: LiveFleet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self.queue = NoteQueue.of(live)
        self.place, self.machine = "", ""
        self._kept: tuple[Note, ...] | None = None
        self._awake = False
        self._reread = Reread(live.reads, self._fetch, self._take)
        self._read_ms = 0
        self.queue.moved.connect(self._moved)
        live.changed.connect(self._beat)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come (R50)."""
        return self._reread.busy

    @property
    def now(self) -> NotesNow:
        """What is known; a note that is in the store does not wait, whatever the queue says."""
        kept = self._kept or ()
        known = {note.id for note in kept}
        waiting = [each for each in self.queue.waiting if each.note.id not in known and self._is_here(each.note)]
        return NotesNow(self.place, tuple(reversed(waiting)), kept, self.queue.damaged, self._kept is not None)

    def open(self, place: str, machine: str = "") -> None:
        """Show the notes of a place; `machine` is its number, see `Note`."""
        if (place, machine) != (self.place, self.machine):
            self.place, self.machine, self._kept = place, machine, None
            self.changed.emit(self.now)
        self._awake = True
        self._read()

    def rest(self) -> None:
        """Nobody looks."""
        self._awake = False

    def _is_here(self, note: Note) -> bool:
        if self.place.startswith("site:"):
            return site_of(note.place) == site_of(self.place)
        if not self.place.startswith("miner:"):
            return note.place == self.place
        same_site = site_of(note.place) == site_of(self.place)  # of another site only the store knows whose it is
        return same_site and whose(note, self.place, self.machine) is not Whose.ANOTHERS

    def _moved(self) -> None:
        self.changed.emit(self.now)
        self._read()

    def _beat(self, _now: object) -> None:
        if self._awake and abs(self._live.clock() - self._read_ms) >= READ_AT_LEAST_EVERY_MS:
            self._read()

    def _read(self) -> None:
        if self._awake and self.place:
            self._read_ms = self._live.clock()
            self._reread.ask()

    def _fetch(self) -> tuple[str, str, tuple[Note, ...]]:
        place, machine = self.place, self.machine
        return place, machine, tuple(self._live.operations.notes(place, machine))

    def _take(self, found: tuple[str, str, tuple[Note, ...]]) -> None:
        place, machine, kept = found
        if (place, machine) == (self.place, self.machine) and kept != self._kept:
            self._kept = kept
            self.changed.emit(self.now)
