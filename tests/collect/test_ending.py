"""When the collector shall end: signals, a dead parent, the end of its input."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from console.collect import ending as room
from console.collect.ending import Ending

WAIT = (
    "import sys, time\nfrom console.collect.ending import Ending\n"
    "ending = Ending(); ending.heed_signals(); {watch}\nprint('ready', flush=True)\n"
    "while not ending.due(): time.sleep(0.02)\nprint(ending.reason)"
)


def waiting(watch: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", WAIT.format(watch=watch)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def test_sigterm_and_sigint_are_heeded_and_named() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        child = waiting("pass")
        child.send_signal(number)
        said, _ = child.communicate(timeout=20)
        assert number.name in said


def test_the_end_of_standard_input_is_heeded() -> None:
    child = waiting("ending.watch_stdin()")
    said, _ = child.communicate("", timeout=20)
    assert "standard input" in said


def test_the_death_of_a_parent_is_noticed(monkeypatch) -> None:
    monkeypatch.setattr(room, "LOOK_S", 0.0)
    parent = subprocess.Popen(["sleep", "60"])
    ending = Ending()
    ending.watch_parent(parent.pid)
    assert not ending.due()
    parent.kill()
    parent.wait(10)
    ends = time.monotonic() + 30
    while not ending.due():
        assert time.monotonic() < ends
    assert str(parent.pid) in ending.reason
