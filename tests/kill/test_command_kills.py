"""T2, C3: kill -9 at every step of a command: nothing leaves without its row, nothing is continued or repeated."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill import commands_killed as killed
from tests.kill.processes import ROOT, simulated_fleet

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - what a killed process wrote survives there as in any page cache
KILLS = int(os.environ.get("MERIDIAN_KILLS", killed.STEPS))  # once at each step; a thousand take ten minutes
MACHINES = killed.BATCHES * killed.A_BATCH


@pytest.fixture(scope="module")
def fleet_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with simulated_fleet(tmp_path_factory.mktemp("fleet"), sites=1, miners=MACHINES, period_s=30) as path:
        yield path


def trials(fleet_file: Path, count: int) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as folder:
        command = [sys.executable, "-m", "tests.kill.commands_killed", str(fleet_file), folder, str(count)]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3500, check=False)
        assert run.returncode == 0, run.stderr
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(found) == count
    assert all(one["killed"] and one["taken_up"] for one in found), run.stderr
    return found


def judge(found: list[dict[str, object]]) -> None:
    """What must hold of every death."""
    for one in found:
        assert one["without_row"] == [], f"sent without a journal row: {one}"
        assert (one["twice"], one["sent_after"]) == (0, 0), f"sent again: {one}"
        assert one["phase_after"] in (None, "expired", "stopped", "reading back"), one
        assert "sent" not in one["states_after"], f"an order without an answer is not called unknown: {one}"
    phases = Counter((one["phase_before"], one["phase_after"]) for one in found)
    assert phases[None, None], "some died before anything was kept"
    assert phases["previewed", "expired"]
    assert phases["running", "stopped"]
    assert phases["running", "reading back"]
    taken = sum(one["taken"] for one in found)
    assert taken > len(found), "orders did reach the site"
    sys.stdout.write(f"\nT2: {len(found)} kills over {killed.STEPS} steps, {taken} orders taken by the site: "
                     f"0 without a row, 0 sent again, {dict(phases)}\n")  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_t2_kill_9_at_each_step_of_a_command(fleet_file: Path) -> None:
    judge(trials(fleet_file, KILLS))
