"""Ctrl+K as an operator sees it: what is understood, what is listed, where Enter leads."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.find import FindIndex
from console.domain.roster import Miner, Roster
from console.ui.dialogs.find import FindDialog
from console.ui.finder import Finder
from console.ui.models.find_names import FindNames
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell, ViewSlot
from console.ui.theme import DARK
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.stand_in import SLOTS, StandIn

UNDER = tuple(ViewSlot(view, view, "", StandIn, under="site") for view in ("racks", "miners", "miner"))


class NamedStore(FakeStore):
    """Machines with every kind of name; `versions` counts how often a roster was read."""

    version = "v1"
    reads = 0

    def roster(self, site_id: str) -> Roster | None:
        self.reads += 1
        number = [site.id for site in self.of.sites].index(site_id)
        miners = tuple(
            Miner(
                id=f"C0{n % 4 + 1}-R01-{n:03d}",
                serial=f"SN{number:03d}{n:04d}",
                mac=f"02:00:00:00:{number:02X}:{n:02X}",
                ip=f"10.0.{number}.{n}",
                container=f"C0{n % 4 + 1}",
            )
            for n in range(40)
        )
        return Roster(site_id, self.version, miners)


class Desk:
    def __init__(self, qtbot: QtBot, store: FakeStore) -> None:
        self.qtbot, self.store = qtbot, store
        self.live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
        self.live.load()
        self.shell = Shell(self.live, TimeBarModel(NOW_MS), (*SLOTS, *UNDER), "operator", DARK)
        qtbot.addWidget(self.shell)
        self.shell.resize(1366, 768)
        self.shell.open_view("world")
        self.shell.show()
        self.finder = Finder(self.shell)

    def ask(self, text: str) -> FindDialog:
        self.finder.open()
        dialog = self.shell.findChildren(FindDialog)[-1]
        self.qtbot.waitUntil(lambda: not self.finder._names.waiting)
        self.qtbot.keyClicks(dialog.line, text)
        self.qtbot.waitUntil(lambda: dialog.listed == text)
        return dialog

    def titles(self, dialog: FindDialog) -> list[str]:
        return [target.title for target in dialog.targets.targets]


@pytest.fixture
def desk(qtbot: QtBot):
    made = []

    def make(store: FakeStore | None = None) -> Desk:
        made.append(Desk(qtbot, store or NamedStore()))
        return made[-1]

    yield make
    for each in made:
        each.shell.close()
        each.live.close()


def test_ctrl_k_opens_it_and_escape_closes_it(desk, qtbot: QtBot) -> None:
    here = desk()
    here.shell.find_asked.emit()
    dialog = here.shell.findChildren(FindDialog)[-1]
    assert dialog.isVisible()
    assert dialog.line.hasFocus() or dialog.focusWidget() is dialog.line
    assert "type a site, container, serial number, MAC or IP address" in dialog.words.text()
    qtbot.waitUntil(lambda: not here.finder._names.waiting)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_before_anything_is_typed_the_views_are_offered(desk) -> None:
    assert desk().ask("").targets.targets[0].address == "world"


def test_a_site_is_opened_by_enter(desk, qtbot: QtBot) -> None:
    here = desk()
    dialog = here.ask("middle east 3")
    assert here.titles(dialog) == ["Middle East 3"]
    with qtbot.waitSignal(dialog.chosen) as caught:
        qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert caught.args == ["site:middle-east-3"]
    assert here.shell.address == "site:middle-east-3"


def test_enter_right_behind_the_text_opens_what_that_text_finds_not_what_was_listed_before(desk, qtbot: QtBot) -> None:
    here = desk()
    dialog = here.ask("middle east 3")
    dialog.line.setText("canada 1")
    assert here.titles(dialog) == ["Middle East 3"]
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert here.shell.address == "world"
    qtbot.waitUntil(lambda: here.shell.address == "site:canada-1")


def test_what_is_written_after_an_enter_takes_it_back(desk, qtbot: QtBot) -> None:
    here = desk()
    dialog = here.ask("middle east 3")
    dialog.line.setText("canada")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.keyClicks(dialog.line, " 2")
    qtbot.waitUntil(lambda: dialog.listed == "canada 2")
    assert dialog.isVisible()
    assert here.shell.address == "world"


def test_t11_half_a_million_names_are_searched_off_the_screen_s_thread(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[int] = set()
    find = FindIndex.find
    monkeypatch.setattr(
        FindIndex, "find", lambda *told, **more: threads.add(threading.get_ident()) or find(*told, **more)
    )
    desk().ask("sn0020007")
    assert threads
    assert threading.get_ident() not in threads


@pytest.mark.parametrize(
    ("text", "understood", "address"),
    [
        ("sn0020007", "a name or serial number: 1 found", "miner:north-america-3/C04-R01-007"),
        ("02-00-00-00-05-01", "a MAC address: 1 found", "miner:north-america-6/C02-R01-001"),
        ("10.0.7.9", "an IP address: 1 found", "miner:north-america-8/C02-R01-009"),
        ("canada-1/c02", "a name or serial number: 1 found", "racks:canada-1/C02"),
    ],
)
def test_every_kind_of_name_leads_to_its_place(desk, qtbot: QtBot, text: str, understood: str, address: str) -> None:
    dialog = desk().ask(text)
    assert f"read as {understood}" in dialog.words.text()
    with qtbot.waitSignal(dialog.chosen) as caught:
        dialog._open(dialog.list.currentIndex())
    assert caught.args == [address]


def test_nothing_found_says_how_it_was_read(desk) -> None:
    dialog = desk().ask("10.9.9.9")
    assert "read as an IP address or a name: nothing found" in dialog.words.text()
    assert dialog.targets.rowCount() == 0


def test_many_hits_say_how_many_and_lead_to_the_table(desk) -> None:
    dialog = desk().ask("sn0")
    assert "1,760 found" in dialog.words.text()
    assert "the first 50 are listed" in dialog.words.text()
    assert dialog.targets.targets[-1].address == "miners:*?sn0"


def test_arrows_walk_while_the_line_keeps_the_keyboard(desk, qtbot: QtBot) -> None:
    dialog = desk().ask("east africa")
    for _ in range(2):
        qtbot.keyClick(dialog.line, Qt.Key.Key_Down)
    qtbot.keyClick(dialog.line, Qt.Key.Key_Up)
    assert dialog.list.currentIndex().row() == 1


def test_another_text_marks_its_best_find_wherever_the_mark_stood(desk, qtbot: QtBot) -> None:
    dialog = desk().ask("c02-r01-01")
    for _ in range(3):
        qtbot.keyClick(dialog.line, Qt.Key.Key_Down)
    marked = dialog.targets.targets[3]
    qtbot.keyClicks(dialog.line, "7")
    qtbot.waitUntil(lambda: dialog.listed == "c02-r01-017")
    assert marked in dialog.targets.targets
    assert dialog.list.currentIndex().row() == 0


def test_of_equal_names_that_of_the_site_on_screen_is_opened(desk, qtbot: QtBot) -> None:
    here = desk()
    here.shell.open_site("middle-east-3")
    dialog = here.ask("c02-r01-017")
    assert "44 found" in dialog.words.text()
    assert "those of Middle East 3 first" in dialog.words.text()
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert here.shell.address == "miner:middle-east-3/C02-R01-017"


@pytest.mark.parametrize("text", ["c02-r01-017", "s"])
def test_from_the_world_no_site_comes_first(desk, text: str) -> None:
    dialog = desk().ask(text)  # "s": views and sites, of which the first are of no site
    assert " of " not in dialog.words.text()
    assert dialog.list.currentIndex().row() == 0


def test_text_from_outside_stays_text(desk) -> None:
    class Nasty(NamedStore):
        def roster(self, site_id: str) -> Roster | None:
            return Roster(site_id, "v1", (Miner(id="<b>x</b>\u202egnp", serial="S1"),))

    dialog = desk(Nasty()).ask("<b>")
    words = dialog.targets.data(dialog.targets.index(0))
    assert "<b>x</b>\\u202egnp" in words


def test_names_are_read_once_a_roster_version(desk, qtbot: QtBot) -> None:
    store = NamedStore()
    names = FindNames(desk(store).live, {})
    for version, reads in (("v1", 44), ("v1", 44), ("v2", 88)):
        store.version = version
        store.column = lambda *_, version=version: _column(version)  # type: ignore[method-assign]
        names.prepare()
        qtbot.waitUntil(lambda: not names.waiting)
        assert store.reads == reads


def _column(version: str):
    from console.store.face import StoredColumn

    return StoredColumn(NOW_MS, version, FakeStore().column("x", "hashrate_hs").values)


def test_leak_a_hundred_openings_leave_nothing_behind(desk, qtbot: QtBot) -> None:
    here = desk()
    counts = []
    for turn in range(104):
        here.finder.open()
        here.shell.findChildren(FindDialog)[-1].reject()
        qtbot.waitUntil(lambda: not here.shell.findChildren(FindDialog))
        if turn in (3, 103):
            counts.append(len(here.shell.findChildren(QWidget)))
    assert counts[1] <= counts[0] * 1.01
