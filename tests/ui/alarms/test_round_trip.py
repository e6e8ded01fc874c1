"""From the key to the disk and back: the screen, the real engine and the real store, without a stand-in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.domain.access import Person, Role
from console.domain.alarm import Priority
from console.domain.alarm_flood import FloodWatch
from console.domain.place import site_key
from console.link.messages import AlarmAnswer, FromCollector
from console.operate.alarms.desk import AlarmDesk
from console.operate.alarms.engine import AlarmEngine
from console.operate.alarms.rules import load_rules
from console.settings import resources
from console.store import open_reader, open_writer
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.views.alarms.view import AlarmsView
from tests.ui.alarms.linked import Linked
from tests.ui.fakes import NOW_MS, FakeStore


def test_r23_r25_what_is_acknowledged_by_a_key_stands_on_the_disk_before_it_is_shown(
    qtbot: QtBot, tmp_path: Path
) -> None:
    fake, path, troubles = FakeStore(), tmp_path / "meridian.db", []
    writer = open_writer(path)
    reader = open_reader(path)
    engine = AlarmEngine(fake.of, load_rules(None, resources()).rules, (), FloodWatch())
    live = LiveFleet(fake, reader, fake.of, clock=lambda: NOW_MS)
    alarms = LiveAlarms.of(live)

    def heard(message: FromCollector) -> None:
        if isinstance(message, AlarmAnswer):
            alarms.heard(message)

    desk = AlarmDesk(engine, writer, heard, troubles.append, lambda: NOW_MS)
    desk.start()
    engine.book.begin("site-inlet-hot", site_key(fake.of.sites[0].id), NOW_MS - 60_000, 43.0, 42.0)
    desk.sampled([])
    alarms.use(lambda request: desk.answer(request) or True, Person("ada", Role.OPERATOR), "desk 2")
    alarms.load()
    view = AlarmsView(live, TimeBarModel(NOW_MS))
    qtbot.addWidget(view)
    view.resize(1888, 900)
    view.show()
    assert "UNACK" in view.table.first.model.rows[1].sentence()
    qtbot.keyClick(view.table.first.list, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: "ada" in view.table.first.model.rows[1].note)
    assert view.table.first.model.rows[0].title.startswith("Active · 1")
    (kept,) = reader.alarms()
    assert (kept.acknowledged_by, kept.priority >= Priority.LOW, troubles) == ("ada", True, [])
    live.close()
    reader.close()
    writer.close()


def test_r28_what_the_engine_keeps_stands_in_the_banner_by_the_word_of_the_link(qtbot: QtBot, tmp_path: Path) -> None:
    both = Linked(tmp_path)
    qtbot.addWidget(both.banner)
    qtbot.waitUntil(lambda: both.attached)
    name = both.heat(0)
    qtbot.waitUntil(lambda: name in both.banner.text)
    assert "low 1 new of 1" in both.banner.text
    both.alarms.silence()
    qtbot.waitUntil(lambda: both.banner.silence.text() == "Silenced · 10:00")
    assert both.reader.silence().who == "ada"
    assert both.troubles == []
    both.close()
