"""The commands view as `meridian capture` photographs it, without a window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from console.store import open_writer
from console.ui.startup import VIEWS


def test_the_view_is_listed_under_f4() -> None:
    (slot,) = [slot for slot in VIEWS if slot.view == "commands"]
    assert (slot.name, slot.key, slot.under) == ("Commands", "F4", "")


def test_a_picture_of_it_can_be_asked_for_on_the_command_line(tmp_path: Path) -> None:
    open_writer(tmp_path / "meridian.db").close()
    out = tmp_path / "commands.png"
    command = [sys.executable, "-m", "console", "capture", "commands", "--profile", str(tmp_path), "--out", str(out)]
    done = subprocess.run(command, cwd=Path(__file__).resolve().parents[3], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert out.stat().st_size > 10_000
