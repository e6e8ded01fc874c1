"""What the miner table paints anew when little changed: no more than that, and nothing stays as it was before."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from console.ui.widgets.miner_table.paint import RowPainter

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of pop-ups, offscreen
RGB = QImage.Format.Format_RGB32


def test_what_is_painted_by_parts_is_what_a_whole_painting_shows(desk, qtbot) -> None:
    """Ages each second, the row under the pointer, the row of the keyboard: each repaints its own part alone."""
    here = desk()
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
        qtbot.waitUntil(lambda: _shows_all(here.view))


def test_a_second_repaints_the_ages_alone(desk, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    here = desk()
    painted: set[str] = set()
    write = RowPainter._write
    monkeypatch.setattr(RowPainter, "_write", lambda *told: painted.add(told[5].name) or write(*told))

    def rests() -> bool:
        """Whether nothing was painted for a while: what is due from the opening comes in several turns."""
        painted.clear()
        qtbot.wait(50)
        return not painted

    qtbot.waitUntil(rests)
    here.pass_s(1)
    qtbot.waitUntil(lambda: bool(painted))
    assert painted == {"age"}


def _shows_all(view: QWidget) -> bool:
    """Whether the screen shows what a whole painting shows; false too while a paint is still to come."""
    on_screen, whole = view.screen().grabWindow(view.winId()), view.grab()
    same: bool = on_screen.toImage().convertToFormat(RGB) == whole.toImage().convertToFormat(RGB)
    return same
