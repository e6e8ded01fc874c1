"""The notes of a place with the line to write another: newest first, what waits to sync above (mock-up 7, left)."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from console.domain.note import LONGEST_TEXT, Note, Whose, whose, why_not_text
from console.domain.place import container_of, site_of
from console.ui.fonts import Role, px
from console.ui.models.live import LiveFleet
from console.ui.models.notes.of_place import NotesNow, PlaceNotes
from console.ui.models.notes.pending import Waiting
from console.ui.numbers import utc_minute
from console.ui.plain import PlainLabel
from console.ui.theme import DARK, Theme, apply_theme, slim_scroll_bars
from console.ui.views.site.words import age_of
from console.ui.widgets.note_rows import NoteRow, NoteRows, NoteState
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.text_fields import BOX_PX, TextBox

GAP_PX, LINE_PX, BUTTON_PX, BESIDE_BAR_PX = 8, 18, 32, 6
ONLY_HERE = "A correction is a new note; offline it waits here."
BY_NAME = "found by the name alone: perhaps of an earlier machine called so"


class NotesBody(QWidget):
    """`open` says of which place. `said` carries how many there are in a few words, for the title of what holds it."""

    said = Signal(str)
    left = Signal()

    def __init__(self, live: LiveFleet, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._theme = live, theme
        self._sent = ""
        self.notes = PlaceNotes(live, self)
        self._build(theme)
        queue = self.notes.queue
        self.notes.changed.connect(self._show)
        live.changed.connect(self._tick)
        queue.written.connect(self._written)
        queue.failed.connect(self._failed)
        queue.said.connect(self._say)
        self.field.textChanged.connect(self._judge)
        self.field.entered.connect(self.save.click)
        self.field.left.connect(self.left)
        self.save.clicked.connect(self._write)
        self.dismiss.clicked.connect(self._dismiss)
        self.setAccessibleName("notes and a line to write one")

    def _build(self, theme: Theme) -> None:
        self.rows = NoteRows(theme)
        self.area = QScrollArea(self)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setAccessibleName("list of notes")
        self.area.setWidget(self.rows)
        self.area.viewport().setAutoFillBackground(False)
        self.rows.setAutoFillBackground(False)
        slim_scroll_bars(self.area, theme)
        self.field = TextBox("a new note", theme, self)
        self.save = PressButton("Save note", Look.FILLED, hint="Ctrl+Enter", name="save note", theme=theme, parent=self)
        self.dismiss = PressButton("Drop refused", name="drop the refused notes", theme=theme, parent=self)
        self.dismiss.hide()
        self.words = PlainLabel(ONLY_HERE, Role.CAPTION, "t2", elide=True, theme=theme, parent=self)

    def open(self, place: str, name: str, machine: str = "") -> None:
        """Show the notes of a place and write to it from now on; a text begun about another place is not kept."""
        if place != self.notes.place:
            self.field.clear()
            self._sent = ""
        self.field.setPlaceholderText(f"Write a note to {name}")
        self.notes.open(place, machine)
        self._judge()
        self._show(self.notes.now)

    def rest(self) -> None:
        """Nobody looks."""
        self.notes.rest()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self.rows.set_theme(theme)
        slim_scroll_bars(self.area, theme)
        self._place()

    # writing

    def _write(self) -> None:
        if not self._sent:
            self._sent = self.notes.queue.write(self.notes.place, self.notes.machine, self.field.toPlainText())
            self._judge()

    def _written(self, note_id: str) -> None:
        """On the disk of this machine: only now the text may go."""
        if note_id == self._sent:
            self._sent = ""
            self.field.clear()

    def _failed(self, note_id: str, reason: str) -> None:
        if note_id == self._sent:
            self._sent = ""
            self._judge()
            self._say(reason)

    def _dismiss(self) -> None:
        for each in self.notes.now.waiting:
            if each.refused:
                self.notes.queue.dismiss(each.note.id)

    def _judge(self) -> None:
        text = self.field.toPlainText()
        off = self.notes.queue.why_not()
        reason = off or why_not_text(text)
        self.field.setReadOnly(bool(off))
        if self._sent:
            reason = "Off: the note is being written to the disk"
        self.save.switch(not reason, reason)
        too_long = len(text.strip()) > LONGEST_TEXT
        self._say(off or (reason if too_long else ONLY_HERE))

    def _say(self, words: str) -> None:
        self.words.show_text(words)

    # showing

    def _tick(self, _now: object) -> None:
        if self.isVisible():
            self._show(self.notes.now)

    def _show(self, now: NotesNow) -> None:
        waiting = [self._row(each.note, each) for each in now.waiting]
        self.rows.show_rows((*waiting, *map(self._row, now.kept)), "no note yet" if now.read else "reading")
        self.dismiss.setVisible(any(each.refused for each in now.waiting))
        parts = [f"{len(now.kept)}" if now.kept else "", f"{len(waiting)} waiting to sync" if waiting else ""]
        parts += [f"{now.damaged} lines of the queue cannot be read"] if now.damaged else []
        self.said.emit(" · ".join(part for part in parts if part))
        self._place()

    def _row(self, note: Note, waiting: Waiting | None = None) -> NoteRow:
        state = NoteState.KEPT
        if waiting is not None:
            state = NoteState.REFUSED if waiting.refused else NoteState.WAITING
        return NoteRow(
            note.text,
            " · ".join((note.who, note.desk)) if note.desk else note.who,
            utc_minute(note.at_ms),
            age_of(min(note.at_ms, self._live.now.now_ms), self._live.now.now_ms),
            "" if note.place == self.notes.place else place_words(note.place),
            state,
            waiting.refused if waiting is not None else "",
            self._doubt(note),
        )

    def _doubt(self, note: Note) -> str:
        place = self.notes.place
        sure = not place.startswith("miner:") or whose(note, place, self.notes.machine) is Whose.OWN
        return "" if sure else BY_NAME

    # layout

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows take what the field leaves."""
        self._place()

    def _place(self) -> None:
        wide, foot, gap = self.width(), self.height(), px(GAP_PX)
        top = foot - px(LINE_PX) - gap // 2 - px(BUTTON_PX) - gap - px(BOX_PX)
        self.area.setGeometry(0, 0, wide, max(0, top - gap))
        self._fit_rows()
        self.field.setGeometry(0, top, wide, px(BOX_PX))
        top += px(BOX_PX) + gap
        left = 0
        for button in (self.save, self.dismiss):
            button.setGeometry(QRect(left, top, button.sizeHint().width(), px(BUTTON_PX)))
            left += button.width() + gap
        self.words.setGeometry(0, foot - px(LINE_PX), wide, px(LINE_PX))

    def _fit_rows(self) -> None:
        """As wide as the area; beside a scroll bar, where one is needed."""
        self.rows.fit(self.area.width())
        if self.rows.height() > self.area.height():
            bar = self.area.verticalScrollBar().sizeHint().width()
            self.rows.fit(self.area.width() - bar - px(BESIDE_BAR_PX))


def place_words(place: str) -> str:
    """A place inside a site in short: `C07`, `B17-R03-112`; the site itself is "the site"."""
    container = container_of(place)
    if container is not None:
        return f"container {container[1]}"
    rest = place.partition(":")[2]
    return "the site" if rest == site_of(place) else rest.partition("/")[2]
