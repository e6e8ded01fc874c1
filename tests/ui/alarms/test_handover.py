"""The shift handover on the screen: what it says, that names stay text, and where it is saved."""

from __future__ import annotations

import itertools
from pathlib import Path

import msgspec
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from console.domain.alarm import AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import AlarmChange
from console.domain.place import site_key
from console.ui.models.alarms.handover import read_page
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.views.alarms.view import AlarmsView
from tests.ui.alarms.made import signed_in, store_of_a_day
from tests.ui.fakes import NOW_MS, FakeStore

HOUR_MS = 3_600_000
S = AlarmState


def store() -> FakeStore:
    """A day's alarms; of the last nine hours an announcement, an acknowledgement with a note, and one too old."""
    made = store_of_a_day()
    common = {"rule": "site-inlet-hot", "place": site_key(made.of.sites[36].id), "title": "Inlet hot"}
    lines = [
        (1, AlarmEvent.OCCUR, S.NORMAL, S.UNACKNOWLEDGED, "", ""),
        (0.5, AlarmEvent.ACKNOWLEDGE, S.UNACKNOWLEDGED, S.ACKNOWLEDGED, "ada", "called *the* site | ask <b>Tom</b>"),
        (9, AlarmEvent.ACKNOWLEDGE, S.UNACKNOWLEDGED, S.ACKNOWLEDGED, "bob", "the shift before"),
    ]
    made.change_list = [
        AlarmChange(at_ms=NOW_MS - round(hours * HOUR_MS), event=event, before=before, after=after, who=who, note=note,
                    priority=Priority.HIGH, number=number, **common)
        for number, (hours, event, before, after, who, note) in enumerate(lines)
    ]  # fmt: skip
    return made


def page(of: FakeStore) -> str:
    sites = {site.id: site.name for site in of.of.sites}
    return read_page(of, sites, "operator 2 · desk 2", NOW_MS)


def test_a_shift_names_who_acted_what_came_what_stands_what_is_parked_and_what_was_said() -> None:
    text = page(store())
    assert text.startswith("# Shift handover, 2026-11-22 06:32 to 2026-11-22 14:32 UTC\n")
    assert "- Alarms announced: 0 critical, 1 high, 0 medium, 0 low" in text
    assert "- Acted on alarms: ada (1)" in text
    assert "## Open: 6" in text
    assert "## Shelved: 1" in text
    assert "## Out of service: 1" in text
    assert "fan swap" in text
    assert "## Notes: 1" in text
    assert "the shift before" not in text


def test_what_people_wrote_stays_text_in_the_page(qtbot: QtBot) -> None:
    document = QTextDocument()
    document.setMarkdown(page(store()))
    assert "called *the* site | ask <b>Tom</b>" in document.toPlainText()


def test_hostile_names_change_no_row() -> None:
    made = store()
    made.alarm_list = [msgspec.structs.replace(made.alarm_list[1], note="a\n# b | c", acknowledged_by="`x`")]
    rows = [line for line in page(made).splitlines() if line.startswith("|")]
    blocks = [len(list(group)) for _, group in itertools.groupby(page(made).splitlines(), lambda line: line[:1] == "|")]
    assert any("\\`x\\` · a \\# b \\| c" in row for row in rows)
    assert 3 in blocks, "head, rule and one row"


def test_the_handover_opens_from_the_alarms_and_is_saved_into_the_profile(qtbot: QtBot, tmp_path: Path) -> None:
    made = store()
    live = LiveFleet(made, made, made.of, Mode.LIVE, clock=lambda: NOW_MS)
    live.load()
    signed_in(live)
    view = AlarmsView(live, TimeBarModel(NOW_MS))
    view.keep_in(tmp_path)
    qtbot.addWidget(view)
    view.resize(1366, 700)
    view.show()
    view.head.handover.click()
    qtbot.waitUntil(lambda: view.sheets.handover is not None)
    assert "Acted on alarms: ada (1)" in view.sheets.handover.browser.toPlainText()
    view.sheets.handover.save.click()
    (saved,) = (tmp_path / "handovers").iterdir()
    assert saved.name == "handover-2026-11-22-143207Z.md"
    assert saved.read_text(encoding="utf-8") == page(made)
    assert str(saved) in view.sheets.handover.words.text()
    view.sheets.handover.close()
    view.keep_in(tmp_path / "handovers" / saved.name)
    first = view.sheets.handover
    view.head.handover.click()
    qtbot.waitUntil(lambda: view.sheets.handover is not first)
    view.sheets.handover.save.click()
    assert view.sheets.handover.words.text().startswith("Not saved")
    view.sheets.handover.close()
    view.close()
    live.close()
