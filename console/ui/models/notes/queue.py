"""The way of a note from this desk to the store: kept on this machine first, handed to a collector, then answered.

Knows who sits here, the queue on the disk and how to ask; shows nothing as kept before the collector's word came.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from console.domain.access import Person, Right, Role, may
from console.domain.note import Note, why_not_text
from console.link.messages import NoteAnswer, PutNote
from console.ui.background import Newest
from console.ui.models.awaited import new_id
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.notes.pending import Found, PendingNotes, Waiting

ASK_AGAIN_MS = 10_000  # a collector that was asked and said nothing
Job = Callable[[], None]


class NoteQueue(QObject):
    """`moved`: what waits or what is kept changed. `said` carries a sentence for whoever sits here.

    `written` tells that a note is on the disk of this machine, `failed` why one is not: its author keeps the text.
    """

    moved = Signal()
    said = Signal(str)
    written = Signal(str)
    failed = Signal(str, str)

    def __init__(self, live: LiveFleet) -> None:
        super().__init__(live)
        self.live = live
        self.person = Person("", Role.VIEWER)
        self._desk = ""
        self._pending: PendingNotes | None = None
        self._looks, self._found = Newest(live.reads), Found()
        self._ask: Callable[[PutNote], bool] | None = None
        self._asked_ms: dict[str, int] = {}
        live.changed.connect(self._beat)

    @classmethod
    def of(cls, live: LiveFleet) -> NoteQueue:
        """The one queue that all views over this fleet share."""
        return live.findChild(cls) or cls(live)

    def keep_in(self, pending: PendingNotes, person: Person, desk: str) -> None:
        """Keep what waits there, written by this person at this desk."""
        self._pending, self.person, self._desk = pending, person, desk
        self._do(pending.tidy)

    def use(self, ask: Callable[[PutNote], bool]) -> None:
        """Hand notes over through this link."""
        self._ask = ask

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What no collector has taken, the oldest first."""
        return self._found.waiting

    @property
    def damaged(self) -> int:
        """How many lines of the queue nobody can read any more."""
        return self._found.damaged

    def why_not(self) -> str:
        """Why nobody can write here now; empty where a note can be written, with a collector or without."""
        if Mode.READ_ONLY in self.live.mode:
            return "Off: opened with --read-only"
        if self._pending is None:
            return "Off: no profile to keep it in"
        return "" if may(self.person, Right.NOTE) else f"Off: a {self.person.role.name.lower()} may not"

    def write(self, place: str, machine: str, text: str) -> str:
        """Keep a note and hand it over as soon as there is a collector; its id, or nothing with the reason `said`."""
        reason = self.why_not() or why_not_text(text)
        if reason or self._pending is None:
            self.said.emit(reason)
            return ""
        note = Note(
            id=new_id(),
            at_ms=self.live.clock(),
            place=place,
            machine=machine,
            who=self.person.name,
            desk=self._desk,
            text=text.strip(),
        )
        pending = self._pending
        self.live.reads.run(
            lambda: pending.add(note), lambda _done: self._added(note), lambda error: self._not_added(note, error)
        )
        return note.id

    def attached(self, attached: bool) -> None:
        """A collector came, or went: one that came is handed everything."""
        self._asked_ms.clear()
        if attached:
            self._hand_over()

    def heard(self, answer: NoteAnswer) -> None:
        """A collector kept a note or refused it, of this desk or another."""
        mine = answer.note_id in {each.note.id for each in self.waiting}
        if mine and answer.again:
            self.said.emit(f"The note waits: {answer.reason}")
        elif mine and self._pending is not None:
            pending = self._pending
            self._do(lambda: pending.answer(answer.note_id, answer.reason))
            if answer.reason:
                self.said.emit(f"The collector refused a note: {answer.reason}")
        else:
            self.moved.emit()

    def dismiss(self, note_id: str) -> None:
        """A refused note was read by its author and goes."""
        if self._pending is not None:
            pending = self._pending
            self._do(lambda: pending.answer(note_id))

    def _added(self, note: Note) -> None:
        self.written.emit(note.id)
        self._read()

    def _not_added(self, note: Note, error: Exception) -> None:
        self.failed.emit(note.id, f"Not saved: {getattr(error, 'strerror', '') or error}")

    def _do(self, job: Job) -> None:
        self.live.reads.run(job, lambda _done: self._read(), lambda _error: self._read())

    def _read(self) -> None:
        if self._pending is not None:
            self._looks.run(self._pending.found, self._take)

    def _take(self, found: Found) -> None:
        self._found = found
        self.moved.emit()
        self._hand_over()

    def _beat(self, _now: object) -> None:
        if self.waiting:
            self._hand_over()

    def _hand_over(self) -> None:
        """Ask for what was not asked for, or long ago; the collector takes the same note twice as one."""
        if self._ask is None:
            return
        now_ms = self.live.clock()
        for each in self.waiting:
            note = each.note
            if each.refused or abs(now_ms - self._asked_ms.get(note.id, -ASK_AGAIN_MS)) < ASK_AGAIN_MS:
                continue
            if not self._ask(PutNote(note, int(self.person.role))):
                return
            self._asked_ms[note.id] = now_ms
