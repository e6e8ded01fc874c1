"""`meridian capture` shows a store up to now, or up to its last sample where nobody fills it any more."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from console.__main__ import main
from console.cli.capture import LEAST_H, MOST_H
from console.domain.durations import HOUR_MS
from console.domain.site import Fleet
from console.store import open_reader, open_writer
from console.ui.plot.gestures import LEAST_SPAN_MS, MOST_SPAN_MS
from tests.store.made import make_fleet, make_site, put

STORED_MINUTES = 60
TO_THE_LAST_SAMPLE = "2024-10-03 18:59 – 2024-10-04 00:59 UTC"


@pytest.mark.parametrize("filled", [False, True], ids=["nobody", "collector"])
def test_a_store_that_nobody_fills_is_shown_up_to_its_last_sample(tmp_path: Path, filled: bool) -> None:
    writer = open_writer(tmp_path / "meridian.db")
    writer.put_fleet(Fleet(name="Test", sites=(make_site(),)))
    for minute in range(STORED_MINUTES):
        put(writer, minute)
    if filled:
        writer.put_heartbeat(time.time_ns() // 1_000_000)
    writer.close()
    out = tmp_path / "world.png"
    command = [sys.executable, "-m", "console", "capture", "world", "--profile", str(tmp_path), "--out", str(out)]
    subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    told = QImage(str(out))
    assert told.text("Mode") == "OFFLINE"
    assert told.text("Complete") == "yes"
    assert (told.text("Time range") == TO_THE_LAST_SAMPLE) is not filled


@pytest.mark.parametrize("hours", ["nan", "inf", "0", "-6", "0.01", "9600.1", "9999999", "six"])
def test_a_span_that_no_time_bar_shows_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], hours: str
) -> None:
    with pytest.raises(SystemExit):
        main(["capture", "world", "--profile", str(tmp_path), "--out", str(tmp_path / "x.png"), "--last", hours])
    assert f"found '{hours}', expected hours from 0.017 (a minute) to 9600 (400 days)" in capsys.readouterr().err


def test_the_spans_are_those_of_a_graph_in_the_window() -> None:
    assert (LEAST_H * HOUR_MS, MOST_H * HOUR_MS) == (LEAST_SPAN_MS, MOST_SPAN_MS)


@pytest.mark.parametrize("view", ["miner:ky-1/NOPE", "miner:ky-1", "miner:nowhere/m1"])
def test_a_machine_that_never_was_has_no_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str], view: str) -> None:
    writer = open_writer(tmp_path / "meridian.db")
    writer.put_fleet(Fleet(name="Test", sites=(make_site(),)))
    put(writer, 0)
    writer.close()
    assert main(["capture", view, "--profile", str(tmp_path), "--out", str(tmp_path / "x.png")]) == 1
    assert f"no view '{view}': the store knows no such machine, expected miner:ID/NAME" in capsys.readouterr().err
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize("view", ["racks:ky-1/NOPE", "racks:ky-1/", "racks:nowhere/C01"])
def test_a_container_that_is_not_there_has_no_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], view: str
) -> None:
    writer = open_writer(tmp_path / "meridian.db")
    writer.put_fleet(Fleet(name="Test", sites=(make_site(),)))
    put(writer, 0)
    writer.close()
    assert main(["capture", view, "--profile", str(tmp_path), "--out", str(tmp_path / "x.png")]) == 1
    told = f"no view '{view}': the store knows no such container, expected racks:ID/CONTAINER"
    assert told in capsys.readouterr().err
    assert not (tmp_path / "x.png").exists()


def test_a_machine_that_left_is_still_known(tmp_path: Path) -> None:
    path = tmp_path / "meridian.db"
    writer = open_writer(path)
    writer.put_fleet(make_fleet(1))
    put(writer, 0, miners=40)
    put(writer, 1, miners=20)
    writer.close()
    reader = open_reader(path)
    newest = reader.roster("ky-1")
    assert newest is not None
    assert "m39" not in {miner.id for miner in newest.miners}
    assert reader.knows_miner("ky-1", "m39")
    assert not reader.knows_miner("ky-1", "m40")
    assert not reader.knows_miner("ky-2", "m39")
    reader.close()
