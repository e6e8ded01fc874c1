"""P10: how late the screen's own timer comes while a collector ingests the whole fleet, and what a frame costs then."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from console.domain.site import Fleet
from console.link.client import LinkClient
from console.settings import Profile
from console.store import StoreMissing, open_reader
from console.ui.bridge import Bridge
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.process.application import make_application
from console.ui.shell import Shell
from console.ui.startup import VIEWS
from tests.bench.harness import Measurement, NotRun, percentile, took_ms

ID, TITLE, UNIT = "P10", "the screen while the whole fleet is ingested", "ms"
P99_TARGET, MOST_TARGET = 8.0, 33.0
TARGET = FRAME_TARGET = 1.3
TICK_MS, WATCH_S, FRAMES = 10, 30.0, 40
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


class Waits:
    """For how long the thread that makes it waited for a processor."""

    def __init__(self) -> None:
        self._told = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")

    def ms(self) -> float:
        """Milliseconds that it ever waited; 0 where no system tells."""
        try:
            return int(self._told.read_text("ascii").split()[1]) / 1e6
        except (OSError, ValueError):
            return 0.0


class Watch(QObject):
    """A precise timer of 10 ms; `late_ms` holds by how much each tick came after its time.

    `own_ms` holds the same without the time in which this thread was ready and the machine ran something else: the
    simulator and the collector, which stand on other machines or at least on other processors in a control room.
    """

    def __init__(self) -> None:
        super().__init__()
        self.late_ms: list[float] = []
        self.own_ms: list[float] = []
        self._waits = Waits()
        self._waited_ms = self._waits.ms()
        self._last_ns = time.perf_counter_ns()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now_ns = time.perf_counter_ns()
        late_ms, waited_ms = max(0.0, (now_ns - self._last_ns) / 1e6 - TICK_MS), self._waits.ms()
        self.late_ms.append(late_ms)
        self.own_ms.append(max(0.0, late_ms - (waited_ms - self._waited_ms)))
        self._last_ns, self._waited_ms = now_ns, waited_ms


class Screen:
    """The shell with L1 over a profile that a collector fills."""

    def __init__(self, folder: Path) -> None:
        self.app = QApplication.instance() or make_application()
        self.store = open_reader(folder / "meridian.db")
        self.live = LiveFleet(self.store, self.store, self.store.fleet() or Fleet(name="", sites=()))
        self.shell = Shell(self.live, TimeBarModel(self.live.clock()), VIEWS)
        bridge = self.bridge = Bridge()
        bridge.arrived.connect(lambda _arrived: self.live.note_frame())
        self.client = LinkClient(Profile(folder), bridge.heard, bridge.on_attached)
        self.shell.resize(1920, 1080)
        self.shell.open_view("world")
        self.shell.show()
        self.live.start()
        self.client.start()

    def run(self, seconds: float) -> None:
        """Let the screen live."""
        loop = QEventLoop()  # QApplication.quit would close the window, and a closed one is never late
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def wait_for(self, fresh: int) -> None:
        """Until so many sites are fresh."""
        end_s = time.monotonic() + PATIENCE_S
        while self.live.now.total.fresh < fresh:
            if time.monotonic() > end_s:
                raise NotRun(f"{self.live.now.total.fresh} sites fresh after {PATIENCE_S:.0f} s, expected {fresh}")
            self.run(0.2)

    def frame_ms(self) -> tuple[float, float]:
        """The median of some whole repaints, with the program living between them; and without waits."""
        taken, waited, waits = [], [], Waits()

        def repaint() -> None:
            before_ms = waits.ms()
            self.shell.grab()
            waited.append(waits.ms() - before_ms)

        for _ in range(FRAMES):
            taken.append(took_ms(repaint))
            self.run(0.1)
        own = [whole - idle for whole, idle in zip(taken, waited, strict=True)]
        return statistics.median(taken), statistics.median(own)

    def close(self) -> None:
        """Everything, in order."""
        self.client.stop()
        self.shell.close()
        self.live.close()
        self.store.close()


def start_collector(folder: Path) -> subprocess.Popen[bytes]:
    """A collector with the demo fleet at full scale, as a process of its own; back when there is a store."""
    command = [sys.executable, "-m", "console", "collect", "--demo", "--profile", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        try:
            open_reader(folder / "meridian.db").close()
        except StoreMissing:
            time.sleep(0.2)
        else:
            return process
    process.terminate()
    raise NotRun("no store from the collector")


def measure() -> list[Measurement]:
    """Lateness under ingest and back-fill, then the cost of a frame with and without the collector."""
    with tempfile.TemporaryDirectory() as name:
        collector = start_collector(Path(name))
        try:
            screen = Screen(Path(name))
            screen.wait_for(40)
            screen.run(3.0)  # the plots are made
            watch = Watch()
            screen.run(WATCH_S)
            late, own = list(watch.late_ms), list(watch.own_ms)
            watch._timer.stop()
            busy, busy_own = screen.frame_ms()
        finally:
            collector.terminate()
            collector.wait(20)
        screen.run(2.0)
        idle, idle_own = screen.frame_ms()
        screen.close()
    note = f"a whole repaint, beside one without collector; {busy_own / idle_own:.2f} without the waits for a processor"
    return [
        _lateness("p99", percentile(late, 0.99), percentile(own, 0.99), P99_TARGET),
        _lateness("max", max(late), max(own), MOST_TARGET),
        Measurement(busy, idle, UNIT, FRAME_TARGET, part="frame", note=note),
    ]


def _lateness(part: str, late_ms: float, own_ms: float, target: float) -> Measurement:
    """The target is for the whole lateness; the note tells how much of it is the program's own."""
    note = f"lateness; {own_ms:.1f} ms without the waits for a processor that something else had"
    return Measurement(late_ms, 1.0, UNIT, target, absolute=True, part=part, note=note)
