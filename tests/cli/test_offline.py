"""`meridian --offline` where there is nothing to show: it says so, and leaves the disk as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("there", [False, True], ids=["mistyped", "empty"])
def test_offline_without_a_store_ends_with_a_word_and_makes_nothing(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "none"
    if there:
        folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "console", "--offline", "--after", "1", "--profile", str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    words = f"meridian: there is no store at {folder / 'meridian.db'}, and offline nothing fills one\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", words)
    assert list(tmp_path.rglob("*")) == [folder] * there
