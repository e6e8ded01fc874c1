"""A command whose answer cannot be written says so in one line, and says nothing where nobody reads on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.store import open_writer
from tests.store.made import make_fleet

ROOT = Path(__file__).resolve().parents[2]
FULL = Path("/dev/full")


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    writer = open_writer(tmp_path / "meridian.db")
    writer.put_fleet(make_fleet(2))
    writer.close()
    return tmp_path


def run(arguments: list[str], stdout: int, unbuffered: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "console", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "command", [["query"], ["query", "--csv"], ["query", "--count"], ["status"], ["status", "--json"]], ids=" ".join
)
def test_a_full_disk_is_said_in_one_line(profile: Path, command: list[str], unbuffered: str) -> None:
    with FULL.open("w") as full:
        done = run([*command, "--profile", str(profile)], full.fileno(), unbuffered)
    assert (done.returncode, done.stderr) == (1, "meridian: cannot go on: No space left on device\n")


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_reader_that_went_away_hears_nothing_more(profile: Path, unbuffered: str) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    try:
        done = run(["status", "--profile", str(profile)], writes, unbuffered)
    finally:
        os.close(writes)
    assert (done.returncode, done.stderr) == (1, "")
