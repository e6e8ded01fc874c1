"""A note from the keys to the store and back on the screen: real queue, desk and store, with a link and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.collect.note_desk import NoteDesk
from console.domain.access import Person, Role
from console.domain.note import Note, machine_number
from console.domain.place import container_key, miner_key, site_key
from console.link.messages import NoteAnswer, PutNote
from console.store import open_reader, open_writer
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.notes.pending import PendingNotes
from console.ui.models.notes.queue import NoteQueue
from console.ui.note_taker import shown_place
from console.ui.theme import DARK, PRINT
from console.ui.views.notes_body import BY_NAME, NotesBody
from console.ui.widgets.note_rows import NoteState, paint_waiting
from tests.ui.chart.picture import on_ring
from tests.ui.fakes import NOW_MS, FakeStore

PLACE = miner_key("north-america-1", "C01-R01-05")


class Bench:
    """A notes body over a real store; `link` decides whether a collector hears what is asked."""

    def __init__(self, qtbot: QtBot, folder: Path, mode: Mode = Mode.LIVE) -> None:
        self.qtbot, self.path = qtbot, folder / "pending-notes.jsonl"
        self.writer = open_writer(folder / "meridian.db")
        self.reader = open_reader(folder / "meridian.db")
        fake = FakeStore()
        self.now_ms = NOW_MS
        self.live = LiveFleet(fake, self.reader, fake.of, mode, clock=lambda: self.now_ms)
        self.queue = NoteQueue.of(self.live)
        self.queue.keep_in(PendingNotes(self.path), Person("ada", Role.OPERATOR), "laptop 3")
        self.desk = NoteDesk(self.writer, self.queue.heard, lambda: self.now_ms)
        self.link, self.asked, self.said = False, [], []
        self.queue.use(self._ask)
        self.queue.said.connect(self.said.append)
        self.body = NotesBody(self.live, DARK)
        qtbot.addWidget(self.body)
        self.body.resize(480, 420)
        self.body.show()
        self.body.open(PLACE, "C01-R01-05", "serial S1")
        self.settle()

    def _ask(self, request: PutNote) -> bool:
        if self.link:
            self.asked.append(request)
            self.desk.answer(request)
        return self.link

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.live.reads.pending and not self.body.notes.busy)

    def write(self, text: str) -> None:
        self.body.field.setFocus()
        self.body.field.setPlainText(text)
        self.qtbot.keyClick(self.body.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.settle()

    def attach(self) -> None:
        self.link = True
        self.queue.attached(True)
        self.settle()

    @property
    def rows(self) -> list[tuple[str, NoteState]]:
        return [(row.text, row.state) for row in self.body.rows.rows]

    def close(self) -> None:
        self.body.close()
        self.live.close()
        self.reader.close()
        self.writer.close()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()


def test_with_a_collector_a_note_is_shown_as_kept_only_from_the_store(bench: Bench) -> None:
    bench.link = True
    bench.write("board 2 reseated")
    (kept,) = bench.reader.notes(PLACE, "serial S1")
    assert (kept.text, kept.who, kept.desk, kept.machine) == ("board 2 reseated", "ada", "laptop 3", "serial S1")
    assert bench.rows == [("board 2 reseated", NoteState.KEPT)]
    assert bench.body.field.toPlainText() == ""
    assert bench.queue.waiting == ()


def test_without_one_it_waits_and_is_handed_over_when_one_comes(bench: Bench) -> None:
    bench.write("dust in intake")
    assert bench.rows == [("dust in intake", NoteState.WAITING)]
    assert "waiting to sync" in bench.body.rows.accessibleDescription()
    assert list(bench.reader.notes(PLACE, "serial S1")) == []
    bench.attach()
    bench.settle()
    assert bench.rows == [("dust in intake", NoteState.KEPT)]
    assert PendingNotes(bench.path).found().waiting == ()


def test_a_lost_answer_is_asked_again_and_gives_one_note(bench: Bench) -> None:
    desk, bench.desk = bench.desk, NoteDesk(bench.writer, lambda _lost: None, lambda: NOW_MS)
    bench.link = True
    bench.write("seen twice")
    assert bench.queue.waiting != ()
    bench.body.open(PLACE, "C01-R01-05", "serial S1")
    bench.settle()
    assert bench.rows == [("seen twice", NoteState.KEPT)], "what the store has does not wait, whatever the queue says"
    bench.desk = desk
    bench.now_ms += 11_000
    bench.live._judge()
    bench.settle()
    assert len(bench.asked) == 2
    assert bench.rows == [("seen twice", NoteState.KEPT)]
    assert len(bench.reader.notes(PLACE, "serial S1")) == 1


def test_a_refused_note_stays_with_its_reason_until_it_is_dropped(bench: Bench) -> None:
    bench.write("mine")
    (waiting,) = bench.queue.waiting
    bench.queue.heard(NoteAnswer(waiting.note.id, "a viewer may not write notes"))
    bench.settle()
    assert bench.rows == [("mine", NoteState.REFUSED)]
    assert "refused: a viewer may not write notes" in bench.body.rows.accessibleDescription()
    assert bench.body.dismiss.isVisible()
    bench.body.dismiss.click()
    bench.settle()
    assert bench.rows == []


def test_a_store_that_is_full_keeps_the_note_waiting(bench: Bench) -> None:
    bench.write("disk full at the desk")
    bench.queue.heard(NoteAnswer(bench.queue.waiting[0].note.id, "the disk is full", again=True))
    bench.settle()
    assert bench.rows == [("disk full at the desk", NoteState.WAITING)]
    assert "the disk is full" in bench.said[-1]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_what_is_no_note_cannot_be_saved_and_the_button_says_why(bench: Bench, text: str) -> None:
    bench.body.field.setPlainText(text)
    assert not bench.body.save.isEnabled()
    assert bench.body.save.accessibleDescription()
    bench.write(text)
    assert bench.queue.waiting == ()
    assert bench.body.field.toPlainText() == text, "a text that cannot be saved stays with its author"


def test_a_megabyte_in_the_clipboard_holds_nobody_and_is_told_as_too_long(bench: Bench) -> None:
    mime = QMimeData()
    mime.setText("<b>" + "x" * 1_000_000)
    bench.body.field.insertFromMimeData(mime)
    assert len(bench.body.field.toPlainText()) <= 20_000
    assert "expected at most 2,000" in bench.body.words.text()


def test_r40_read_only_takes_no_note_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench(qtbot, tmp_path, Mode.READ_ONLY)
    bench.write("not allowed")
    assert bench.body.save.accessibleDescription() == "Off: opened with --read-only"
    assert bench.body.field.isReadOnly()
    assert not bench.path.exists()
    bench.close()


def test_a_disk_that_refuses_leaves_the_text_where_it_is(bench: Bench) -> None:
    bench.path.mkdir()
    bench.write("written into nothing")
    assert bench.body.field.toPlainText() == "written into nothing"
    assert bench.body.words.text().startswith("Not saved:")
    assert bench.rows == []


def test_t16_hostile_text_is_letters_and_nothing_else(bench: Bench) -> None:
    bench.link = True
    bench.write("<b>bold</b><img src='file:///etc/passwd'> \u202egpj.exe \x1b[2J")
    row = bench.body.rows.rows[0]
    assert row.text.startswith("<b>bold</b>")
    assert "\u202e" not in row.body
    assert "\\u202egpj.exe \\u001b[2J" in row.body


def test_notes_of_another_desk_appear_with_their_age_and_place(bench: Bench) -> None:
    site = site_key("north-america-1")
    for number, place in enumerate((site, container_key("north-america-1", "C07"), PLACE), 1):
        there = Note(
            id=f"{number:032x}", at_ms=NOW_MS - number * 60_000, place=place, who="bo", desk="desk 2", text="t"
        )
        bench.writer.put_note(there, NOW_MS)
    bench.body.open(site, "North America 1")
    bench.settle()
    assert [row.where for row in bench.body.rows.rows] == ["", "container C07", "C01-R01-05"]
    assert [row.age for row in bench.body.rows.rows] == ["1 min", "2 min", "3 min"]
    ahead = Note(id="f" * 32, at_ms=NOW_MS + 3_600_000, place=site, who="bo", desk="desk 2", text="clock ahead")
    bench.writer.put_note(ahead, NOW_MS)
    bench.queue.heard(NoteAnswer(ahead.id))
    bench.settle()
    assert bench.body.rows.rows[0].age == "0 s", "a desk whose clock runs ahead makes no negative age"


def test_a_text_begun_about_one_machine_is_never_saved_to_another(bench: Bench) -> None:
    bench.body.field.setPlainText("about the first")
    bench.body.open(miner_key("north-america-1", "C01-R01-06"), "C01-R01-06", "serial S2")
    assert bench.body.field.toPlainText() == ""
    assert "C01-R01-06" in bench.body.field.placeholderText()


def test_a_note_that_only_the_name_finds_says_that_it_may_be_of_an_earlier_machine(bench: Bench) -> None:
    for number, machine in enumerate(("", machine_number("S1", "M1"), machine_number("S9", "")), 1):
        kept = Note(
            id=f"{number:032x}", at_ms=number, place=PLACE, machine=machine, who="bo", desk="d", text=f"{number}"
        )
        bench.writer.put_note(kept, NOW_MS)
    bench.body.open(PLACE, "C01-R01-05", machine_number("S1", "M1"))
    bench.settle()
    assert [(row.text, row.doubt) for row in bench.body.rows.rows] == [("2", ""), ("1", BY_NAME)]
    assert BY_NAME in bench.body.rows.accessibleDescription()
    bench.body.open(site_key("north-america-1"), "North America 1")
    bench.settle()
    assert not any(row.doubt for row in bench.body.rows.rows)


def test_a_note_that_waits_is_a_machines_by_the_same_rule_and_never_another_sites(bench: Bench) -> None:
    bench.body.open(PLACE, "C01-R01-05", machine_number("", "M1"))
    bench.write("while only the MAC was told")
    bench.body.open(PLACE, "C01-R01-05", machine_number("S1", "M1"))
    bench.settle()
    assert bench.rows == [("while only the MAC was told", NoteState.WAITING)]
    for place, machine in ((miner_key("europe-1", "q"), machine_number("", "M1")), (PLACE, machine_number("", "M2"))):
        bench.body.open(place, "another", machine)
        bench.settle()
        assert bench.rows == []


def test_r6_what_waits_to_sync_wears_a_dashed_round(qtbot: QtBot) -> None:
    image = QImage(56, 56, QImage.Format.Format_Grayscale8)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_waiting(painter, QPointF(28, 28), 20, DARK.t1)
    ink = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(56, image.bytesPerLine())[:, :56] > 60
    assert 0.2 < on_ring(ink, 28, 20) < 0.9


def test_r54_r55_r56_every_part_has_a_name_and_nothing_overlaps(bench: Bench) -> None:
    for number in range(30):
        bench.write(f"note {number} " + "word " * number)
    bench.body.set_theme(PRINT)
    parts = [part for part in bench.body.children() if isinstance(part, QWidget) and part.isVisible()]
    for one in parts:
        assert one.accessibleName() or one.text(), one
        assert bench.body.rect().contains(one.geometry())
        assert not any(one is not other and one.geometry().intersects(other.geometry()) for other in parts), one
    assert bench.body.save.height() >= 32
    assert bench.body.rows.height() > bench.body.area.height()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("world", ""),
        ("site:a", "site:a"),
        ("racks:a", "site:a"),
        ("racks:a/C 7/x", "container:a/C 7/x"),
        ("miner:a/B17/R03", "miner:a/B17/R03"),
        ("miners:a?state:off", "site:a"),
        ("miners:*", ""),
        ("compare:a", ""),
    ],
)
def test_every_view_of_a_place_leads_to_its_notes(address: str, place: str) -> None:
    assert shown_place(address) == place


def test_the_buttons_of_site_and_racks_and_the_key_open_the_notes_of_what_is_shown(qtbot: QtBot) -> None:
    from console.ui.dialogs.notes import NotesSheet
    from console.ui.models.span import TimeBarModel
    from console.ui.note_taker import NoteTaker
    from console.ui.shell import Shell
    from console.ui.startup import VIEWS
    from console.ui.widgets.press_button import PressButton
    from tests.ui.miners.yard import Yard

    store = Yard()
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    shell = Shell(live, TimeBarModel(NOW_MS), VIEWS)
    NoteTaker(shell)
    qtbot.addWidget(shell)
    shell.resize(1920, 1080)
    shell.show()
    opened = []
    site = "north-america-1"
    for address in (f"site:{site}", f"racks:{site}", f"racks:{site}/C01"):
        view = shell.open_place(address)
        qtbot.waitUntil(lambda: not live.reads.pending)
        buttons = [each for each in view.findChildren(PressButton) if each.text() == "Notes" and each.isVisible()]
        buttons[0].click()
        sheet = shell.findChild(NotesSheet)
        opened.append(sheet.body.notes.place)
        qtbot.keyClick(sheet.body.field, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: shell.findChild(NotesSheet) is None)
    shell.open_place(f"miner:{site}/C01-R01-05")
    qtbot.waitUntil(lambda: not live.reads.pending)
    shell.notes_asked.emit("")
    sheet = shell.findChild(NotesSheet)
    opened.append((sheet.body.notes.place, sheet.body.notes.machine))
    sheet.close()
    assert opened == [
        f"site:{site}",
        f"site:{site}",
        f"container:{site}/C01",
        (f"miner:{site}/C01-R01-05", f"serial SN{site}00004\nmac 02:00:00:00:00:04"),
    ]
    live.close()
