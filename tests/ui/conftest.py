"""Screen tests run without a screen unless somebody asks for one; every test starts with the shipped fonts."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def _fonts(request: pytest.FixtureRequest) -> None:
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qtbot")
        from console.ui.fonts import load_fonts, set_font_scale

        load_fonts()
        set_font_scale(1.0)


@pytest.fixture(autouse=True)
def _garbage_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """As in the program (`console/ui/process/garbage.py`): no worker may destroy what a test before it left of Qt."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture
def window(qtbot):
    """Makes a window with all real views over a store, the world open in it and read."""
    from console.ui.models.live import LiveFleet, Mode
    from console.ui.models.span import TimeBarModel
    from console.ui.shell import Shell
    from console.ui.startup import VIEWS
    from console.ui.theme import DARK
    from tests.ui.fakes import NOW_MS

    made = []

    def make(store, size: tuple[int, int] = (1920, 1080), mode: Mode = Mode.LIVE) -> Shell:
        live = LiveFleet(store, store, store.of, mode, clock=lambda: NOW_MS)
        live.load()
        shell = Shell(live, TimeBarModel(NOW_MS), VIEWS, "operator 2 · desk 2", DARK)
        qtbot.addWidget(shell)
        shell.resize(*size)
        shell.open_view("world")
        shell.show()
        settle(qtbot, shell)
        made.append((shell, live))
        return shell

    yield make
    for shell, live in made:
        shell.close()
        live.close()


def settle(qtbot, shell) -> None:
    """Until everything that the view asked for is there."""
    from PySide6.QtWidgets import QApplication

    def quiet() -> bool:
        return not shell.live.reads.pending and not getattr(shell.view_widget, "pending", False)

    qtbot.waitUntil(quiet, timeout=20_000)
    QApplication.processEvents()
