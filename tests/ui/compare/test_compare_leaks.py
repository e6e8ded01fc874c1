"""A hundred openings of the comparison and of its dialog leave widgets and wrappers where they were."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.ui.dialogs.pick_places import PickPlaces
from console.ui.models.comparison import Measure, Scale
from console.ui.views.compare.view import CompareView
from tests.ui.compare.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen


def census() -> tuple[int, int]:
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    return len(QApplication.allWidgets()), sum(isinstance(each, shiboken6.Object) for each in gc.get_objects())


def stays_level(once: Callable[[], None]) -> None:
    for _ in range(3):
        once()
    before = census()
    for _ in range(100):
        once()
    after = census()
    assert after[0] <= before[0] * 1.01
    assert after[1] <= before[1] * 1.01


def test_leak_a_hundred_comparisons(qtbot: QtBot) -> None:
    desk = Desk(qtbot)

    def once() -> None:
        view = CompareView(desk.live, desk.span)
        view.resize(1366, 640)
        view.show()
        view.load()
        view.choose(measure=Measure.EFFICIENCY)
        view.choose(measure=Measure.POWER, scale=Scale.ABSOLUTE)
        view.load()
        view.close()
        view.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    stays_level(once)
    desk.close()


def test_leak_a_hundred_dialogs(qtbot: QtBot) -> None:
    desk = Desk(qtbot)

    def once() -> None:
        desk.view.pick_places()
        dialog = desk.view.findChild(PickPlaces)
        assert dialog is not None
        dialog.line.setText("canada")
        dialog.reject()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    stays_level(once)
    desk.close()
