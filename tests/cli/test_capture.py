"""`meridian capture` shows a store up to now, or up to its last sample where nobody fills it any more."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from console.domain.site import Fleet
from console.store import open_writer
from tests.store.made import make_site, put

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
