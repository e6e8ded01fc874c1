"""Modules come one after the other on a worker thread, and whoever waits for one is told on the GUI thread."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from console.ui.ahead import Ahead
from console.ui.startup import AHEAD, VIEWS, module_of

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("heavy_first", "heavy_second", "heavy_third")


@pytest.fixture
def heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Three modules that tell on which thread they were imported."""
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text("import threading\nTHREAD = threading.get_ident()\n")
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    return NAMES


def test_modules_are_imported_in_order_and_not_on_the_gui_thread(qtbot: QtBot, heavy: tuple[str, ...]) -> None:
    ahead, seen = Ahead(heavy), list[str]()
    for name in heavy:
        assert name not in sys.modules
    ahead.when(heavy[0], lambda: seen.append(heavy[0]))
    ahead.start()
    qtbot.waitUntil(lambda: not ahead.left)
    ahead.close()
    assert seen == [heavy[0]]
    assert all(threading.get_ident() != sys.modules[name].THREAD for name in heavy)


def test_what_is_waited_for_comes_before_its_turn(qtbot: QtBot, heavy: tuple[str, ...]) -> None:
    ahead, left = Ahead(heavy), list[tuple[str, ...]]()
    ahead.when(heavy[2], lambda: left.append(ahead.left))
    ahead.start()
    qtbot.waitUntil(lambda: bool(left))
    ahead.close()
    assert left == [heavy[:2]]


def test_what_is_imported_or_never_to_be_is_not_waited_for(heavy: tuple[str, ...]) -> None:
    ahead, seen = Ahead(heavy), list[str]()
    ahead.when("json", lambda: seen.append("json"))
    assert seen == ["json"]
    ahead.close()


def test_a_module_that_fails_stops_neither_the_next_nor_who_waits(
    qtbot: QtBot, heavy: tuple[str, ...], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / f"{heavy[0]}.py").write_text("raise RuntimeError('broken')\n")
    ahead, seen = Ahead(heavy), list[str]()
    ahead.when(heavy[0], lambda: seen.append("told"))
    ahead.start()
    qtbot.waitUntil(lambda: not ahead.left)
    ahead.close()
    assert seen == ["told"]
    assert heavy[2] in sys.modules
    assert "broken" in caplog.text


def test_every_view_but_the_first_is_imported_ahead() -> None:
    assert {module_of(slot.view) for slot in VIEWS} - set(AHEAD) == {module_of("world")}


def test_t11_what_came_ahead_is_all_that_views_and_dialogs_import() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "tests.ui.open_everything"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["opened", str(len(VIEWS))]
