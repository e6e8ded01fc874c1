"""Takes in the notes that desktops write: judged, on the disk, and only then answered. Knows no screen and no alarm."""

from __future__ import annotations

from collections.abc import Callable

from console.domain.errors import StoreError
from console.domain.note import why_not
from console.link.messages import FromCollector, NoteAnswer, PutNote
from console.store.notes import NoteWriter


class NoteDesk:
    """May be called from any thread. `publish` tells every desktop and never blocks."""

    def __init__(
        self, writer: NoteWriter, publish: Callable[[FromCollector], None], wall_ms: Callable[[], int]
    ) -> None:
        self._writer, self._publish, self._wall_ms = writer, publish, wall_ms

    def answer(self, request: PutNote) -> None:
        """Keep a note, or say why not; one that is there already is answered as kept, however often it comes."""
        note = request.note
        refused = why_not(note, request.role)
        if refused:
            self._publish(NoteAnswer(note.id, refused))
            return
        try:
            self._writer.put_note(note, self._wall_ms())
        except StoreError as error:
            self._publish(NoteAnswer(note.id, f"it could not be kept: {error}", again=True))
            return
        self._publish(NoteAnswer(note.id))
