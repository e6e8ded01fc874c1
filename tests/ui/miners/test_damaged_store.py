"""A store in which some pages are damaged: the sites that it can tell stand, the others are named, none is a nought."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.site import Fleet
from console.store import open_reader, open_writer
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.views.fleet_heat import FleetHeatView
from console.ui.views.miner.view import MinerView
from console.ui.views.miners.view import MinersView
from console.ui.views.racks.view import RacksView
from tests.store.made import T0, make_fleet, make_frame, make_rollup, make_roster

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen
NOW_MS = T0 + 30_000
MINERS, SITES = 40, 3
Show = Callable[[type[QWidget], str, int], QWidget]


def damage(path: Path, fleet: Fleet, sites: int) -> None:
    """Bytes that no column is, in the frames of the last `sites` sites."""
    connection = sqlite3.connect(path)
    for site in fleet.sites[SITES - sites :]:
        connection.execute("UPDATE frame SET body = x'00ff00ff00ff' WHERE site = ?", (site.id,))
    connection.commit()
    connection.close()


@pytest.fixture
def show(qtbot: QtBot, tmp_path: Path) -> Iterator[Show]:
    """A view of a class at a place of a real store, of whose three sites so many are damaged."""
    opened = []

    def build(kind: type[QWidget], place: str, damaged: int) -> QWidget:
        path, fleet = tmp_path / "meridian.db", make_fleet(SITES)
        writer = open_writer(path)
        writer.put_fleet(fleet)
        for site in fleet.sites:
            roster = make_roster(site.id, miners=MINERS)
            frame = make_frame(roster, T0)
            writer.put_reading(frame, roster, make_rollup(site, roster, frame))
        writer.close()
        damage(path, fleet, damaged)
        reader = open_reader(path)
        live = LiveFleet(reader, reader, fleet, clock=lambda: NOW_MS)
        live.load()
        opened.extend((live, reader))
        view = kind(live, TimeBarModel(NOW_MS))
        qtbot.addWidget(view)
        view.resize(1300, 650)
        if hasattr(view, "show_place"):
            view.show_place(place)
        view.show()
        qtbot.waitUntil(lambda: not view.machines.busy and not live.reads.pending)
        return view

    yield build
    for each in opened:
        each.close()


def test_the_fleets_map_shows_what_can_be_read_and_names_what_cannot(show: Show) -> None:
    view = show(FleetHeatView, "", 1)
    assert len(view.machines.now) == (SITES - 1) * MINERS
    assert sum(view.panel.counts().values()) == (SITES - 1) * MINERS
    assert list(view.machines.now.unread) == ["s-2"]
    assert any("cannot be read from the store" in sign for sign in view.panel.signs)
    assert not any("no roster" in sign for sign in view.panel.signs)


def test_the_table_of_the_fleet_names_the_site_that_cannot_be_read(show: Show) -> None:
    view = show(MinersView, "*", 1)
    assert view.rows.rowCount() == (SITES - 1) * MINERS
    assert "s-2 cannot be read from the store" in view.foot.note.text()
    assert "80: every machine that can be read" in view.foot.every.text()


def test_where_no_site_can_be_read_the_fleets_map_says_why_and_counts_nothing(show: Show) -> None:
    view = show(FleetHeatView, "", SITES)
    assert view.machines.now is None
    assert view.panel.accessibleDescription().startswith("cannot be read: a stored blob is damaged")
    assert not any(character.isdigit() for character in view.panel.key.words.replace("95", "").replace("75", ""))


def test_the_table_of_a_site_that_cannot_be_read_says_why(show: Show) -> None:
    table = show(MinersView, "s-2", 1)
    assert "Cannot be read: a stored blob is damaged" in table.head.accessibleDescription()


@pytest.mark.parametrize(("kind", "place"), [(RacksView, ""), (MinerView, "/m1")])
def test_no_view_of_machines_reads_for_ever(show: Show, kind: type[QWidget], place: str) -> None:
    view = show(kind, f"s-2{place}", 1)
    saying = view.panel if kind is RacksView else view.head
    assert "cannot be read: a stored blob is damaged" in saying.accessibleDescription()


def test_the_trouble_of_a_site_that_was_left_is_not_told_of_the_one_opened_meanwhile(show: Show, qtbot: QtBot) -> None:
    view = show(MinersView, "s-0", 1)
    said: list[str] = []
    view.machines.troubled.connect(lambda: said.append(view.machines.trouble))
    view.show_place("s-2")  # which cannot be read
    view.show_place("s-1")
    qtbot.waitUntil(lambda: view.machines.now is not None and not view.pending)
    assert not said
    assert view.rows.rowCount() == MINERS
