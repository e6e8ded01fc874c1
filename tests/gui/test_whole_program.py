"""From a simulated site's API to a pixel, through every process that a user's double click starts."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from console.ui.theme import DARK

pytestmark = [pytest.mark.slow, pytest.mark.real]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def fresh(text: str) -> int:
    counts = re.findall(r"(\d+)/44 sites fresh", text)
    return int(counts[-1]) if counts else -1


def tones(path: Path) -> set[str]:
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(-1, 4)[::7, :3][:, ::-1]
    return {f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in np.unique(rows, axis=0)}


def test_done_1_without_a_display_it_prints_the_fleet_and_leaves_a_picture(start, tmp_path: Path) -> None:
    picture = tmp_path / "l1.png"
    run = start("--demo", "--after", "40", "--capture", str(picture))
    run.wait_until(lambda: run.process.poll() is not None, "it leaves by itself")
    assert run.process.returncode == 0, run.said()
    assert fresh(run.said()) >= 40
    assert "EH/s of 50.00 EH/s" in run.said()
    image = QImage(str(picture))
    assert (image.width(), image.text("Title"), image.text("Complete")) == (1920, "World", "yes")
    assert "SIMULATED" in image.text("Mode")
    assert {DARK.land.name(), DARK.disc.name(), DARK.mode.name()} <= tones(picture)
    assert not any(alive(pid) for pid in run.pids)


def test_r45_a_real_window_opens_ends_its_children_and_leaves_no_qt_warning(start, display: str) -> None:
    run = start("--demo", "--size", "1920x1080", display=display)
    run.wait_until(lambda: {"simulate", "collect"} <= set(run.children()), "simulator and collector run")
    children = run.children()
    run.wait_until(lambda: (run.profile / "meridian.db").exists(), "the store is there")
    time.sleep(8)
    run.end()
    assert run.process.returncode == 0
    assert not any(alive(pid) for pid in children.values())
    assert '"logger": "qt"' not in run.log()
    assert '"CRITICAL"' not in run.log()


def test_a_killed_collector_runs_again_within_five_seconds_and_it_is_said(start) -> None:
    run = start("--demo")
    run.wait_until(lambda: fresh(run.said()) >= 43, "every site is fresh but the one that drops its link")
    first = run.children()["collect"]
    os.kill(first, signal.SIGKILL)
    killed_s = time.monotonic()
    run.wait_until(lambda: run.children().get("collect") not in (None, first), "another collector runs")
    assert time.monotonic() - killed_s <= 5.5
    assert "collector ended (exit -9), restarting" in run.log()


def test_children_end_when_the_desktop_is_killed(start) -> None:
    run = start("--demo")
    run.wait_until(lambda: {"simulate", "collect"} <= set(run.children()), "simulator and collector run")
    children = run.children()
    run.process.kill()
    run.process.wait()
    end = time.monotonic() + 20
    while any(alive(pid) for pid in children.values()) and time.monotonic() < end:
        time.sleep(0.2)
    assert not any(alive(pid) for pid in children.values())


def test_r8_r11_a_collector_that_stands_still_is_stale_within_75_s_and_offline_shows_the_same(start, tmp_path) -> None:
    run = start("--demo", "--after", "140", "--capture", str(tmp_path / "stale.png"))
    run.wait_until(lambda: fresh(run.said()) >= 43, "every site is fresh but the one that drops its link")
    collector = run.children()["collect"]
    os.kill(collector, signal.SIGSTOP)  # it neither works nor dies: nobody restarts it
    stopped_s = time.monotonic()
    try:
        run.wait_until(lambda: fresh(run.said()) == 0, "no site is fresh", 110)
        assert time.monotonic() - stopped_s <= 75 + 31, "a line is printed every 30 s, staleness itself takes 75"
        run.wait_until(lambda: run.process.poll() is not None, "it leaves by itself", 150)
    finally:
        if alive(collector):
            os.kill(collector, signal.SIGCONT)
    image = QImage(str(tmp_path / "stale.png"))
    assert image.text("Mode").startswith("OFFLINE")
    assert image.text("Freshness").startswith("0 of 44 sites fresh")

    offline = start("--offline", "--after", "4", "--capture", str(tmp_path / "off.png"), profile=run.profile)
    offline.wait_until(lambda: offline.process.poll() is not None, "it leaves by itself")
    assert QImage(str(tmp_path / "off.png")).text("Mode") == "OFFLINE SIMULATED"
    assert not offline.children()


def test_a_fleet_file_that_is_wrong_is_told_on_the_terminal(start, tmp_path: Path) -> None:
    wrong = tmp_path / "fleet.toml"
    wrong.write_text('[fleet]\nname = "x"\n[[site]]\nid = "a"\ndeployed = "2.2"\n')
    run = start("--fleet", str(wrong))
    run.wait_until(lambda: run.process.poll() is not None, "it leaves")
    assert run.process.returncode == 1
    assert str(wrong) in run.said()
    assert "Traceback" not in run.said()


def test_without_a_fleet_it_says_how_to_name_one(start) -> None:
    run = start()
    run.wait_until(lambda: run.process.poll() is not None, "it leaves")
    assert run.process.returncode == 1
    assert "--fleet FILE" in run.said()
