"""P28: a flood of 10,000 alarms on the screen (T28, U2), the list of 2,500 rows in motion (R29), the banner (R28).

How long the window stands still for one read of the flood, how long until it is shown, and one step of scrolling: in
processor time of the thread that does it, so that what else a shared machine does is not counted. From ingest to
banner it is time on the wall: engine, store, link, bridge and banner as they are.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from console.domain.alarm_change import Flood
from console.ui.fonts import load_fonts
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.startup import VIEWS
from tests.bench.harness import Measurement, NotRun, percentile
from tests.ui.alarms.linked import Linked
from tests.ui.alarms.made import a_flood, alarm, signed_in, store_of_a_day
from tests.ui.fakes import NOW_MS

ID, TITLE, UNIT = "P28", "alarms: flood of 10,000 shown, standing still for it, a frame of 2,500 rows", "ms"
FLOOD, ROWS, ROUNDS, STEP_PX, FRAMES = 10_000, 2_500, 15, 40, 200
SHOWN_MS, STILL_MS, FRAME_MS, BANNER_MS = 1000.0, 100.0, 1000 / 30, 1000.0
LONGEST_WAIT_S = 20.0


def took_ms(work: Callable[[], object]) -> float:
    """Processor time of one run of `work` on this thread."""
    start_ns = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - start_ns) / 1e6


class Flooded:
    """The whole window over a fake store with so many alarms."""

    def __init__(self, app: QApplication, count: int, flood: bool) -> None:
        self.app, self.store = app, store_of_a_day()
        self.store.alarm_list = a_flood(self.store, count)
        self.store.flood_now = Flood(flood, NOW_MS, None, count)
        self.live = LiveFleet(self.store, self.store, self.store.of, clock=lambda: NOW_MS)
        self.live.load()
        self.alarms: LiveAlarms = signed_in(self.live)[0]
        self.shell = Shell(self.live, TimeBarModel(NOW_MS), VIEWS)
        self.shell.resize(1920, 1080)
        self.shell.show()
        self.shell.open_view("alarms")
        app.processEvents()

    def one_more(self, number: int) -> tuple[float, float]:
        """Milliseconds until one more alarm is shown, and how many of them the window stands still."""
        first = self.store.alarm_list[0]
        new = alarm(first.rule, f"{first.place}-{number}", first.state, first.priority, 0)
        self.store.alarm_list = [new, *self.store.alarm_list]
        read: list[object] = []
        reading = took_ms(lambda: read.append(self.alarms._fetch()))
        still = took_ms(lambda: (self.alarms._take(read[0]), self.app.processEvents()))
        return reading + still, still

    def frames(self) -> list[float]:
        """Milliseconds of each step of scrolling."""
        bar = self.shell.view_widget.table.first.list.verticalScrollBar()
        return [took_ms(lambda at=at: self._scroll(bar, at * STEP_PX)) for at in range(FRAMES)]

    def _scroll(self, bar: object, value: int) -> None:
        bar.setValue(value)
        self.app.processEvents()

    def close(self) -> None:
        self.shell.close()
        self.live.close()


def from_ingest_to_banner(app: QApplication) -> list[float]:
    """Milliseconds on the wall from the engine's word to the banner's, for one site after another."""

    def until(done: Callable[[], bool]) -> None:
        ends = time.monotonic() + LONGEST_WAIT_S
        while not done():
            app.processEvents()
            time.sleep(0.001)
            if time.monotonic() > ends:
                raise NotRun("the word of an alarm never came")

    with tempfile.TemporaryDirectory() as folder:
        both, taken = Linked(Path(folder)), []
        until(lambda: both.attached)
        for site in range(ROUNDS):
            start_ns = time.perf_counter_ns()
            both.heat(site)
            until(lambda number=site + 1: both.new() == number)
            taken.append((time.perf_counter_ns() - start_ns) / 1e6)
        both.close()
    return taken


def measure() -> list[Measurement]:
    """All four sides."""
    app = QApplication.instance() or QApplication([])
    load_fonts()
    flooded = Flooded(app, FLOOD, flood=True)
    rounds = [flooded.one_more(number) for number in range(ROUNDS)]
    flooded.close()
    listed = Flooded(app, ROWS, flood=False)
    frames = listed.frames()
    listed.close()
    shown, still = (statistics.median(column) for column in zip(*rounds, strict=True))
    frame = percentile(frames, 0.95)
    return [
        Measurement(shown, 1.0, UNIT, SHOWN_MS, absolute=True, part="shown"),
        Measurement(still, 1.0, UNIT, STILL_MS, absolute=True, part="still"),
        Measurement(frame, 1.0, UNIT, FRAME_MS, absolute=True, part="frame", note="(95 % of the frames)"),
        Measurement(max(from_ingest_to_banner(app)), 1.0, UNIT, BANNER_MS, absolute=True, part="banner"),
    ]
