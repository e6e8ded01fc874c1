"""How the process is asked to end: in the middle of a paint, which is where a signal may find it."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.process.application import ENDINGS, close_on_signals

HEEDED = [name for name in ENDINGS if hasattr(signal, name)]


class Painting(QWidget):
    """Gets a signal while it paints, and notes whether it was still there after it."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.stood = "", False

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.name:
            signal.raise_signal(getattr(signal, self.name))
            self.name, self.stood = "", self.isVisible()


@pytest.fixture
def heeded() -> Iterator[None]:
    before = {name: signal.getsignal(getattr(signal, name)) for name in HEEDED}
    yield
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)


@pytest.mark.parametrize("name", HEEDED)
def test_r45_a_signal_in_the_middle_of_a_paint_closes_the_window_after_it(qtbot, qtlog, heeded, name: str) -> None:
    window = Painting()
    qtbot.addWidget(window)
    close_on_signals(window)
    with qtbot.waitExposed(window):
        window.show()
    window.name = name
    window.update()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert window.stood
    assert qtlog.records == []
