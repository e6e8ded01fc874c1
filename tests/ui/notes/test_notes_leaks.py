"""T38: a hundred openings of a machine's page and of the notes leave widgets and wrappers where they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.domain.access import Person, Role
from console.domain.place import site_key
from console.ui.dialogs.notes import NotesSheet
from console.ui.models.live import LiveFleet
from console.ui.models.notes.pending import PendingNotes
from console.ui.models.notes.queue import NoteQueue
from console.ui.models.span import TimeBarModel
from console.ui.theme import DARK
from console.ui.views.miner.view import MinerView
from tests.ui.compare.test_compare_leaks import stays_level
from tests.ui.fakes import NOW_MS
from tests.ui.miners.yard import Yard

SITE = "north-america-1"


@pytest.fixture
def live(tmp_path: Path, qtbot: QtBot):
    store = Yard()
    made = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    made.load()
    NoteQueue.of(made).keep_in(PendingNotes(tmp_path / "pending.jsonl"), Person("ada", Role.OPERATOR), "desk")
    yield made
    made.close()


def test_t38_a_hundred_machine_pages(live: LiveFleet, qtbot: QtBot) -> None:
    span = TimeBarModel(NOW_MS)

    def once() -> None:
        view = MinerView(live, span, DARK)
        view.resize(1366, 620)
        view.show_place(f"{SITE}/C01-R01-05")
        view.show()
        for tab in ("Boards and fans", "Identity", "Events", "Notes"):
            view.more.tabs.show_tab(tab)
        plot = view.plots.plots["hashrate_hs"]
        plot.toggle_link()
        plot.toggle_link()
        view.close()
        view.deleteLater()
        qtbot.waitUntil(lambda: not live.reads.pending)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    stays_level(once)


def test_t38_a_hundred_sheets_of_notes(live: LiveFleet, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()

    def once() -> None:
        sheet = NotesSheet(live, site_key(SITE), "North America 1", "", DARK, window)
        sheet.open()
        sheet.body.field.setPlainText("text")
        sheet.reject()
        qtbot.waitUntil(lambda: not live.reads.pending)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        live._judge()

    stays_level(once)
