"""`meridian collect --once` against a real small simulator, and what it says when it cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from console.demo import DemoFailed, DemoFleet
from tests.kill.processes import ROOT, simulated_fleet


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "console", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def fleet_file(tmp_path_factory: pytest.TempPathFactory):
    with simulated_fleet(tmp_path_factory.mktemp("fleet"), sites=4, miners=400) as path:
        yield path


def test_once_prints_a_line_a_site_and_status_reads_the_same(fleet_file: Path, tmp_path: Path) -> None:
    done = run("collect", "--once", "--fleet", fleet_file, "--profile", tmp_path)
    assert done.returncode == 0, done.stderr
    heading, *lines = done.stdout.splitlines()
    assert heading.split() == ["SITE", "STATE", "HASHRATE", "AGE", "LINK", "LATENCY", "ERROR"]
    assert len(lines) == 4
    assert all(" good " in line and "H/s" in line for line in lines)

    told = run("status", "--profile", tmp_path)
    assert told.returncode == 0, told.stderr
    assert "SIMULATED" in told.stdout
    assert all(line.split()[0] in told.stdout for line in lines)


def test_once_with_a_site_that_does_not_answer_ends_with_1_and_says_why(fleet_file: Path, tmp_path: Path) -> None:
    text = fleet_file.read_text(encoding="utf-8")
    port = text.split("127.0.0.1:")[1].split("/")[0]
    broken = tmp_path / "fleet.toml"
    broken.write_text(text.replace(f"127.0.0.1:{port}/sites", "127.0.0.1:9/sites", 1), encoding="utf-8")
    done = run("collect", "--once", "--fleet", broken, "--profile", tmp_path / "profile")
    assert done.returncode == 1
    assert sum(" good " in line for line in done.stdout.splitlines()) == 3
    assert any(" down " in line and "never" in line for line in done.stdout.splitlines())


def test_a_missing_fleet_file_is_one_clear_line(tmp_path: Path) -> None:
    done = run("collect", "--fleet", tmp_path / "none.toml", "--profile", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("meridian: ")
    assert "none.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_demo_starts_a_simulator_of_its_own_and_leaves_none_behind(tmp_path: Path) -> None:
    done = run("collect", "--demo", "--once", "--profile", tmp_path)
    lines = done.stdout.splitlines()
    assert len(lines) == 45, done.stdout + done.stderr
    good = sum(" good " in line for line in lines)
    assert good >= 43, "one site of the demo fleet drops its link for some minutes every few hours"
    assert done.returncode == (0 if good == 44 else 1)


def test_a_demo_fleet_ends_with_its_block() -> None:
    demo = DemoFleet(("--sites", "2", "--miners", "50"))
    with demo as fleet:
        child = demo._child
        assert child is not None
        assert child.poll() is None
        assert (len(fleet.sites), fleet.simulated) == (2, True)
    assert child.returncode is not None
    demo.end()


def test_a_demo_fleet_that_cannot_start_says_so() -> None:
    with pytest.raises(DemoFailed), DemoFleet(("--no-such-option",)):
        pytest.fail("it started")
