"""What the miner table paints anew when little changed: no more than that, and nothing stays as it was before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from console.ui.widgets.miner_table.paint import RowPainter

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen
RGB = QImage.Format.Format_RGB32


def test_what_is_painted_by_parts_is_what_a_whole_painting_shows(desk, qtbot) -> None:
    """Ages each second, the row under the pointer, the row of the keyboard: each repaints its own part alone."""
    here = desk()
    screen = here.view.screen()
    table = here.view.table
    for act in (
        lambda: here.pass_s(1),
        lambda: qtbot.mouseMove(table.viewport(), QPoint(200, 60)),
        lambda: here.press(Qt.Key.Key_Down),
        lambda: here.press(Qt.Key.Key_Down),
        lambda: qtbot.mouseMove(table.viewport(), QPoint(200, 140)),
        lambda: here.press(Qt.Key.Key_Right),
        lambda: here.pass_s(3),
        lambda: here.press(Qt.Key.Key_Space),
        lambda: here.view.filter.edit.setFocus(),
        lambda: here.pass_s(600),
    ):
        act()
        qtbot.wait(20)
        by_parts, whole = screen.grabWindow(here.view.winId()), here.view.grab()
        differs = by_parts.toImage().convertToFormat(RGB) != whole.toImage().convertToFormat(RGB)
        assert not differs, act


def test_a_second_repaints_the_ages_alone(desk, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    here = desk()
    qtbot.wait(20)
    painted: set[str] = set()
    write = RowPainter._write
    monkeypatch.setattr(RowPainter, "_write", lambda *told: painted.add(told[5].name) or write(*told))
    here.pass_s(1)
    qtbot.wait(20)
    assert painted == {"age"}
