"""T38: what is opened a hundred times over leaves nothing behind, small things as well as views and dialogs."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.alarm import Priority
from console.ui.export.camera import Camera
from console.ui.export.capture import CaptureJob, Wish
from console.ui.export.plot_csv import PlotCsv
from console.ui.shell import Shell
from tests.ui.alarms.made import signed_in, store_of_a_day

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen
TIMES = 100


@pytest.fixture
def shell(window) -> Shell:
    made = window(store_of_a_day())
    signed_in(made.live)
    return made


def objects(root: QObject) -> int:
    """How many objects of Qt hang on `root`, once what was to be deleted is."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    return len(root.findChildren(QObject))


def assert_leaves_nothing(root: QObject, act: Callable[[], object], times: int = TIMES) -> None:
    for _ in range(3):
        act()
    before = objects(root)
    for _ in range(times):
        act()
    assert objects(root) <= before


def test_t38_the_menu_of_a_plot(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    export, plot = PlotCsv(shell, tmp_path), shell.view_widget.graphs.plots[0]

    def open_and_close() -> None:
        menu = export.menu_for(plot)
        menu.popup(plot.mapToGlobal(plot.rect().center()))
        menu.close()

    assert_leaves_nothing(shell, open_and_close)


def test_t38_a_plot_unlinked_and_linked_again(shell: Shell, qtbot: QtBot) -> None:
    plot = shell.view_widget.graphs.plots[0]

    def to_and_fro() -> None:
        plot.toggle_link()
        plot.toggle_link()

    assert_leaves_nothing(shell, to_and_fro)


def test_t38_the_strip_in_large_figures_and_in_small(shell: Shell) -> None:
    def to_and_fro() -> None:
        shell.resize(1366, 768)
        shell.resize(1920, 1080)

    assert_leaves_nothing(shell, to_and_fro)


def test_t38_the_popover_of_shelving(shell: Shell, qtbot: QtBot) -> None:
    view = shell.open_view("alarms")
    view.table.go_to(
        next(row.key for row in view.table.rows if row.alarm and row.alarm.priority is not Priority.CRITICAL)
    )
    view.pane.press_shelve()
    assert view.pane.popover.isVisible()
    view.pane.popover.close()

    def open_and_close() -> None:
        view.pane.press_shelve()
        view.pane.popover.close()

    assert_leaves_nothing(shell, open_and_close)


def test_t38_a_capture(shell: Shell, qtbot: QtBot, tmp_path: Path) -> None:
    camera = Camera(shell, tmp_path)
    for turn in range(3):
        with qtbot.waitSignal(camera.saved):
            camera.shoot(Wish(1), tmp_path / f"{turn}.png")
    objects(shell)
    assert not camera.findChildren(CaptureJob)
