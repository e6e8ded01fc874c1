"""Processes the desktop needs: started, restarted, said, ended."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from console.ui.process.children import Children, own_command

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")
READY = (sys.executable, "-c", "import time; print('ready here', flush=True); time.sleep(60)")
FAILS = (sys.executable, "-c", "import sys; sys.exit('fleet.toml:3: no such unit')")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def children(qtbot: QtBot, tmp_path: Path):
    made = []

    def make(collector, attached=lambda: False, simulator=None) -> Children:
        made.append(Children(tmp_path, lambda: collector, attached, time.monotonic, simulator))
        made[-1].start()
        return made[-1]

    yield make
    for each in made:
        each.end()


def test_a_dead_collector_runs_again_within_five_seconds_and_it_is_said(children, qtbot: QtBot) -> None:
    here = children(SLEEP)
    qtbot.waitUntil(lambda: here.collector_pid is not None)
    first = here.collector_pid
    with qtbot.waitSignals([here.said, here.restarted], timeout=30_000):
        os.kill(first, signal.SIGKILL)
    assert here.collector_pid not in (None, first)


def test_a_collector_that_names_its_reason_is_quoted(children, qtbot: QtBot) -> None:
    here = children(FAILS)
    with qtbot.waitSignal(here.said) as caught:
        pass
    assert caught.args == ["collector ended (exit 1), restarting: fleet.toml:3: no such unit"]


def test_no_second_collector_beside_one_that_is_attached(children, qtbot: QtBot) -> None:
    here = children(SLEEP, attached=lambda: True)
    qtbot.wait(1500)
    assert here.collector_pid is None


def test_the_collector_waits_until_the_simulator_is_ready(children, qtbot: QtBot) -> None:
    here = children(SLEEP, simulator=SLEEP)
    qtbot.wait(1500)
    assert here.collector_pid is None
    ready = children(SLEEP, simulator=READY)
    qtbot.waitUntil(lambda: ready.collector_pid is not None)


def test_all_children_end_with_the_desktop(children, qtbot: QtBot) -> None:
    here = children(SLEEP, simulator=READY)
    qtbot.waitUntil(lambda: here.collector_pid is not None)
    pids = (here.collector_pid, here._simulator.process.pid)
    here.end()
    assert not any(alive(pid) for pid in pids)


def test_a_child_is_told_whose_it_is() -> None:
    command = own_command("collect")
    assert command[:4] == [sys.executable, "-m", "console", "collect"]
    assert command[-2:] == ["--parent-pid", str(os.getpid())]


def test_a_program_that_cannot_run_is_said_and_not_raised(children, qtbot: QtBot) -> None:
    here = children(("/no/such/program",))
    with qtbot.waitSignal(here.said) as caught:
        pass
    assert "cannot be started" in caught.args[0]
