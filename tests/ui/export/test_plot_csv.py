"""The data behind the plots: what is shown and nothing else, safe in a spreadsheet, with its stamp beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from console.domain.csv_text import read_rows
from console.domain.series import Series
from console.ui.dialogs.capture_choice import CaptureChoice
from console.ui.export.camera import Camera
from console.ui.export.plot_csv import HEADER, STAMP_SUFFIX, csv_of, plots_in
from console.ui.export.subject import subject_of
from console.ui.models.live import LiveFleet
from console.ui.models.span import Span, TimeBarModel
from console.ui.plot.marks import Curve
from console.ui.plot.stack_plot import StackPlot
from console.ui.plot.trend_plot import TrendPlot
from console.ui.shell import Shell
from console.ui.startup import VIEWS
from tests.ui.compare.desk import owning_fleet
from tests.ui.conftest import settle
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.miners.yard import Yard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen
QUARTER_MS = 900_000


def curve(name: str, values: list[float]) -> Curve:
    column = np.array(values, dtype=np.float32)
    at_ms = NOW_MS // QUARTER_MS * QUARTER_MS + np.arange(column.size, dtype=np.int64) * QUARTER_MS
    return Curve.of(Series("p", "s", QUARTER_MS, at_ms, column, column - 1, column + 1), 1.0, name=name)


def plot_of(qtbot: QtBot, *curves: Curve) -> TrendPlot:
    plot = TrendPlot("Power", "MW")
    qtbot.addWidget(plot)
    start_ms = NOW_MS // QUARTER_MS * QUARTER_MS
    plot.set_span(Span(start_ms, start_ms + 3 * QUARTER_MS, live=False))
    plot.set_curves(curves)
    return plot


def test_r46_each_bucket_shown_is_a_row_with_min_mean_max(qtbot: QtBot) -> None:
    plot = plot_of(qtbot, curve("Georgia", [20.1, float("nan"), 19.4, 18.0, 17.0]))
    rows = read_rows(csv_of([plot], "World"))
    assert rows[0] == list(HEADER)
    assert len(rows) == 4, "buckets outside the span are not shown and not exported"
    assert rows[1] == ["2026-11-22T14:30:00Z", "World", "Power", "Georgia", "MW", "900", "19.1", "20.1", "21.1", ""]
    assert rows[2][6:9] == ["", "", ""], "no value is an empty cell"


def test_r46_what_rests_on_a_stale_sites_last_value_is_marked_in_its_row(qtbot: QtBot) -> None:
    held = replace(curve("Africa", [20.0, 19.0, 18.0]), held=np.array([False, True, False]))
    rows = read_rows(csv_of([plot_of(qtbot, held)], "World"))
    assert [row[HEADER.index("held")] for row in rows[1:]] == ["no", "yes", "no"]


def test_a_hostile_name_is_no_formula_in_a_spreadsheet(qtbot: QtBot) -> None:
    text = csv_of([plot_of(qtbot, curve('=HYPERLINK("http://x","y")', [1.0]))], "+1")
    assert "'=HYPERLINK" in text
    assert "'+1" in text
    assert ",=" not in text


def test_a_stack_tells_its_layers_and_its_total(qtbot: QtBot) -> None:
    plot = StackPlot("Power by region", "MW")
    qtbot.addWidget(plot)
    start_ms = NOW_MS // QUARTER_MS * QUARTER_MS
    plot.set_span(Span(start_ms, start_ms + 2 * QUARTER_MS, live=False))
    plot.set_layers([curve("North", [1.0, 2.0]), curve("South", [3.0, 4.0])], curve("Total", [4.0, 6.0]))
    assert [row[3] for row in read_rows(csv_of([plot], "World"))[1:]] == [
        *["North"] * 2,
        *["South"] * 2,
        *["Total"] * 2,
    ]


@pytest.fixture
def shell(qtbot: QtBot):
    store = FakeStore(owning_fleet(simulated=True))
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    window = Shell(live, TimeBarModel(NOW_MS), VIEWS, "operator 2 · desk 2")
    qtbot.addWidget(window)
    window.resize(1920, 1080)
    window.open_view("compare")
    window.show()
    window.view_widget.load()
    yield window
    window.close()
    live.close()


def test_r46_a_key_saves_what_the_view_shows_with_its_stamp_beside_it(shell: Shell, tmp_path: Path) -> None:
    camera = Camera(shell, tmp_path)
    QTest.keyClick(shell, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    (path,) = tmp_path.glob("*.csv")
    rows = read_rows(path.read_text(encoding="utf-8"))
    assert {row[3] for row in rows[1:]} == {
        "North America",
        "East Africa",
        "Middle East",
        "South America",
        "Canada",
    } | {"North America 1"}
    assert {row[4] for row in rows[1:]} == {"%"}
    facts = json.loads(path.with_name(path.name + STAMP_SUFFIX).read_text(encoding="utf-8"))
    assert facts["Mode"] == "LIVE SIMULATED"
    assert facts["Zone of times"] == "UTC"
    assert facts["Time range"] == "2026-11-22 08:32 – 14:32 UTC"
    assert facts["User and desk"] == "operator 2 · desk 2"
    assert "North America 1" in facts["Sites"]
    assert camera.csv.parent() is shell


def test_the_same_from_a_plots_menu_and_from_the_capture_dialog(shell: Shell, tmp_path: Path) -> None:
    camera = Camera(shell, tmp_path)
    (plot,) = plots_in(shell.view_widget)
    middle = plot.mapTo(shell, plot.rect().center())
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, shell.mapToGlobal(middle))
    QApplication.sendEvent(shell, event)
    menu = shell.findChild(QMenu)
    assert menu is not None
    assert "Unlink from the time bar" in menu.actions()[0].text()
    next(action for action in menu.actions() if action.text().startswith("Save hashrate")).trigger()
    (path,) = tmp_path.glob("*.csv")
    path.unlink()
    menu.close()
    shell.capture_asked.emit(False)
    choice = shell.findChild(CaptureChoice)
    assert choice is not None
    choice._save_csv()
    assert list(tmp_path.glob("*.csv"))
    assert camera.csv is not None


def test_the_key_that_the_capture_dialog_names_saves_the_data(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    Camera(shell, tmp_path)
    QTest.keyClick(shell, Qt.Key.Key_F12, Qt.KeyboardModifier.ControlModifier)
    choice = shell.findChild(CaptureChoice)
    qtbot.waitUntil(choice.isActiveWindow)
    QTest.keyClick(choice, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert len(list(tmp_path.glob("*.csv"))) == 1
    assert not choice.isVisible()


def test_a_right_click_on_a_plot_reaches_the_window(shell: Shell, tmp_path: Path) -> None:
    Camera(shell, tmp_path)
    (plot,) = plots_in(shell.view_widget)
    at = plot.viewport().rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, plot.viewport().mapToGlobal(at))
    QApplication.sendEvent(plot.viewport(), event)
    menu = shell.findChild(QMenu)
    assert menu is not None
    menu.close()


def test_a_view_without_plots_and_a_full_disk_are_said_in_words(shell: Shell, tmp_path: Path) -> None:
    said: list[str] = []
    shell.top_bar.notice.say = said.append
    blocked = tmp_path / "a file"
    blocked.write_text("")
    camera = Camera(shell, blocked)
    camera.csv.save_view()
    assert "cannot be written" in said[-1]
    camera.csv.save(())
    assert "nothing to save" in said[-1]


def test_r47_a_machines_figures_name_the_machine_in_every_row_and_in_the_stamp(
    qtbot: QtBot, window, tmp_path: Path
) -> None:
    shell = window(Yard())
    shell.open_place("miner:north-america-1/C01-R01-05")
    settle(qtbot, shell)
    Camera(shell, tmp_path)
    QTest.keyClick(shell, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    (path,) = tmp_path.glob("*.csv")
    who = "Miner C01-R01-05"
    where = "serial SNnorth-america-100004, North America 1, site north-america-1, North America"
    rows = read_rows(path.read_text(encoding="utf-8"))
    assert {row[HEADER.index("place")] for row in rows[1:]} == {f"{who}, {where}"}
    facts = json.loads(path.with_name(path.name + STAMP_SUFFIX).read_text(encoding="utf-8"))
    assert facts["Title"].startswith(f"{who}: Hashrate")
    assert facts["Sites"] == where
    assert subject_of(shell) == (who, where), "a picture says the same"


def test_r47_the_stamp_of_a_table_of_miners_names_its_filter(window) -> None:
    shell = window(Yard())
    shell.open_place("miners:north-america-1")
    assert subject_of(shell) == ("Miners · North America 1", "site north-america-1, North America, no filter")
    shell.open_place("miners:*?state:off")
    assert subject_of(shell) == ("Miners · Demo fleet", f"{len(shell.live.now.sites)} sites, filter state:off")
    shell.view_widget.filter.show_line("state:off temp>>")
    assert subject_of(shell)[1].endswith("sites, filter state:off"), "what cannot be read leaves the last in force"
