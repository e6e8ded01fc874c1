"""P1: the first paint of the console with its map, and the first useful screen, beside a bare window of PySide6."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from console.domain.frame import HistoryChunk
from console.store import open_writer
from tests.bench.harness import Measurement
from tests.bench.noise import DAY_MS, MINUTE_MS, make_fleet, site_year
from tests.ui.fakes import rollup

ID, TITLE, UNIT = "P1", "first paint with the map, and first useful screen", "ms"
TARGET = FIRST_TARGET = 1.5
USEFUL_TARGET = 3.0
ROUNDS, SITES, DAYS = 7, 44, 30
ROOT = Path(__file__).resolve().parents[2]
START = "import time; began = time.perf_counter_ns()\nimport os, sys\n"
END = "sys.stdout.write(str((time.perf_counter_ns() - began) / 1e6)); sys.stdout.flush(); os._exit(0)\n"
BARE = (
    START
    + f"""
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
class Bare(QWidget):
    def paintEvent(self, event):
        {END}
window = Bare()
window.resize(1920, 1080)
window.show()
app.exec()
"""
)
FIRST = (
    START
    + f"""
from console.ui.process.application import make_application
from console.ui.first_light import Window
app = make_application()
window = Window()
window.open((1920, 1080))
{END}"""
)
USEFUL = (
    START
    + f"""
from pathlib import Path
from console.ui.process.application import make_application
from console.ui.first_light import Window
app = make_application()
window = Window()
window.open((1920, 1080))
from console.desktop import Desktop, Options
desktop = Desktop(Options(profile=Path(sys.argv[1]), offline=True), print, window)
def useful(now):
    if now.total.at_ms is not None:
        window.repaint()
        {END}
desktop.live.changed.connect(useful)
desktop.show()
app.exec()
"""
)


def fill(folder: Path) -> None:
    """A profile whose store holds a fleet with thirty days of minutes and its newest roll-ups."""
    writer = open_writer(folder / "meridian.db")
    fleet = make_fleet(SITES)
    now_ms = 20_800 * DAY_MS
    at_ms = now_ms - MINUTE_MS * np.arange(DAYS * 1440, 0, -1, dtype=np.int64)
    for number, site in enumerate(fleet.sites):
        signals = {name: site_year(number + seed)[: at_ms.size] for seed, name in enumerate(("hashrate_hs", "power_w"))}
        writer.put_history([HistoryChunk(f"site:{site.id}", 60, at_ms, signals)])
        put_newest(writer, site, now_ms)
    writer.put_fleet(fleet)
    writer.close()


def put_newest(writer, site, now_ms: int) -> None:
    """The newest poll of a site, small: the screen reads its roll-up."""
    from tests.bench.noise import make_frame, make_roster

    roster = make_roster(site.id, 400)
    frame = make_frame(roster, now_ms, np.random.default_rng(1))
    writer.put_reading(frame, roster, rollup(site, now_ms))


def taken_ms(code: str, *arguments: str) -> float:
    """One fresh process, from its first line to the paint."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return float(done.stdout.strip().splitlines()[-1])


def measure() -> list[Measurement]:
    """Each side in turn, so that a busy moment hits all three alike; the first round warms the caches."""
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name))
        rounds = [(taken_ms(BARE), taken_ms(FIRST), taken_ms(USEFUL, name)) for _ in range(ROUNDS + 1)][1:]
    bare, first, useful = (statistics.median(column) for column in zip(*rounds, strict=True))
    return [
        Measurement(first, bare, UNIT, FIRST_TARGET, note="offscreen, 1920x1080"),
        Measurement(useful, bare, UNIT, USEFUL_TARGET, part="useful", note=f"L1 from {DAYS} days of {SITES} sites"),
    ]
