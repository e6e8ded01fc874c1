"""Killed at random moments, again and again: no answered acknowledgement is lost, no state contradicts itself."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.domain.alarm import AlarmState
from console.domain.alarm_change import HistorySearch
from console.store import open_reader
from console.store.verify import verify
from tests.operate.alarms.made import ROOT

KILLS = 15
CHILD = """
import sys
from pathlib import Path
from console.link.messages import AlarmVerb
from tests.operate.alarms.made import T0
from tests.operate.alarms.test_desk import KEYS, Room
room, number = Room(Path(sys.argv[1])), int(sys.argv[2])
while True:
    number += 1
    room.now_ms = T0 + number * 60_000
    room.sample(minute=number, inlet_c=45 if number % 2 else 30)
    answer = room.ask(AlarmVerb.ACKNOWLEDGE, KEYS[number % 4], note=f"n{number}")
    print(number, len(answer.done), flush=True)
"""


def run_until_killed(path: Path, start: int, after_s: float) -> list[tuple[int, bool]]:
    """The rounds that a child finished, and whether its request moved an alarm, before it was killed."""
    command = [sys.executable, "-c", CHILD, str(path), str(start)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout is not None
        assert select.select([child.stdout], [], [], 60)[0], "the child never spoke"
        time.sleep(after_s)
        os.kill(child.pid, signal.SIGKILL)
        said = child.stdout.read().decode()
    whole = said[: said.rfind("\n") + 1].splitlines()
    return [(int(number), done == "1") for number, done in (line.split() for line in whole)]


@pytest.mark.slow
def test_r25_no_answered_acknowledgement_is_lost_at_any_moment(tmp_path: Path) -> None:
    path, rng = tmp_path / "store.db", random.Random(25)
    done: set[int] = set()
    last = 0
    for _ in range(KILLS):
        told = run_until_killed(path, last, rng.uniform(0.0, 0.3))
        done |= {number for number, moved in told if moved}
        last = max(number for number, _ in told) + 1  # the one it was killed in may be half told, never half kept
    reader = open_reader(path)
    lines = reader.alarm_history(HistorySearch(most=1_000_000))
    kept = {int(line.note[1:]) for line in lines if line.who == "ada"}
    assert len(done) > KILLS
    assert done <= kept
    state: dict[str, AlarmState] = {}
    for line in reversed(lines):
        assert line.before is state.get(line.key, AlarmState.NORMAL), "a transition is missing"
        state[line.key] = line.after
    found = {alarm.key: alarm.state for alarm in reader.alarms()}
    assert found == {key: after for key, after in state.items() if after is not AlarmState.NORMAL}
    reader.close()
    assert verify(path).findings == ()
