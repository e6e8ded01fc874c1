"""The desktop's side of a soak: the whole window offscreen over the collector's store, with a user who never rests."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QEventLoop, QMessageLogContext, QObject, QSize, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from console.domain.errors import StoreError
from console.domain.site import Fleet
from console.link.client import LinkClient
from console.settings import Profile
from console.store import open_reader
from console.ui.ahead import Ahead
from console.ui.bridge import Arrived, Bridge
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet
from console.ui.models.span import Span, TimeBarModel
from console.ui.process.application import make_application
from console.ui.process.free_memory import FreeMemory, give_back
from console.ui.process.watchdog import Stall, Watchdog
from console.ui.shell import Shell
from console.ui.startup import AHEAD, VIEWS
from console.ui.theme import DARK, Theme
from console.ui.views.world.view import TABS
from tests.soak.measure import Book, growers, objects_by_type, percentile, process
from tests.soak.pace import DAY_MS, HOUR_MS, START_MS, HeldReader, SharedMoment
from tests.soak.user import EVERY_MS, User, bury

PATIENCE_S = 60.0
SIZE, SETTLED_S = QSize(1366, 768), EVERY_MS / 1000  # of the screen that is counted; at the user's own pace
FIRST_TAB = TABS[0]  # of the world, in so small a window
WARM_OPENINGS = 0.2  # of the openings that are counted
MOST_STALLS_KEPT = 200


class Screen:
    """The window, its watchdog, and what was seen since the last row."""

    def __init__(self, folder: Path) -> None:
        self.app = QApplication.instance() or make_application()
        self.warnings: list[str] = []
        qInstallMessageHandler(self._qt_says)
        self._store = open_reader(folder / "profile" / "meridian.db")
        held = HeldReader(self._store, SharedMoment(folder / "moment"))
        self.live = LiveFleet(held, held, self._store.fleet() or Fleet(name="", sites=()), clock=held.now_ms)
        self.shell = Shell(self.live, TimeBarModel(held.now_ms()), VIEWS, "soak")
        self.shell.folder = folder / "liking"
        self.shell.folder.mkdir()
        self.user = User(self.shell, folder)
        self.lags_ms: list[float] = []
        self.stalls: list[Stall] = []
        self.culprits: list[str] = []
        self.watchdog = Watchdog(self.shell, self.lags_ms.append)
        self.watchdog.stalled.connect(self._stalled)
        bridge = self.bridge = Bridge()
        bridge.arrived.connect(self._heard)
        self._client = LinkClient(Profile(folder / "profile"), bridge.heard, bridge.on_attached)
        self.shell.resize(SIZE)
        self.shell.open_view("world")
        self.shell.show()
        self.live.start()
        self._client.start()
        self.ahead = Ahead(AHEAD, self.shell)
        self.ahead.start()
        FreeMemory(self.live, self.shell)

    def _heard(self, arrived: Arrived) -> None:
        self.live.note_frame()
        if arrived.alarms_moved:
            LiveAlarms.of(self.live).read()

    def _qt_says(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if "propagateSizeHints" not in message and kind != QtMsgType.QtDebugMsg:
            self.warnings.append(message)

    def _stalled(self, stall: Stall) -> None:
        self.stalls.append(stall)
        if len(self.culprits) < MOST_STALLS_KEPT:
            spent = f"{stall.own_ms:.0f} of {stall.lag_ms:.0f} ms, ran {stall.ran_ms:.0f}, stolen {stall.stolen_ms:.0f}"
            where = f"{self.user.doing} in {self.shell.view}, {self.shell.width()} px wide"
            self.culprits.append(f"{spent}, {where}: {stall.culprit}")

    def live_for(self, seconds: float) -> None:
        """Let the loop turn."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    @contextmanager
    def same_screen(self) -> Iterator[None]:
        """The world's map and last day in one size and theme, and what was shown before again afterwards.

        Hours are compared with one another: a window 1920 pixels wide holds 10 MiB more than one of 1366, a month more
        than an hour, a map behind another tab its pictures of another size (3 MiB), and each view other objects of Qt.
        What this costs the screen counts as what a user does.
        """
        shell, doing = self.shell, self.user.doing
        before = (shell.address, shell.span.span, shell.size(), shell.theme)
        self.user.stop()
        self.user.doing = "count"
        self._show("world", None, SIZE, DARK)
        tab = shell.view_widget.tabs.current
        self._show_tab(FIRST_TAB)
        yield
        self._show_tab(tab)
        self._show(*before)
        self.user.doing = doing
        self.user.start()

    def _show(self, address: str, span: Span | None, size: QSize, theme: Theme) -> None:
        shell = self.shell
        for act in (
            partial(shell.resize, size),
            partial(shell.set_theme, theme),
            partial(self._show_span, span),
            partial(shell.open_place, address),
        ):
            act()
            self.live_for(SETTLED_S)  # one after the other, as a user does
        self._wait_for_reads()

    def _show_tab(self, name: str) -> None:
        tabs = self.shell.view_widget.tabs
        if tabs.current != name:
            tabs.show_tab(name)
            self.live_for(SETTLED_S)
            self._wait_for_reads()

    def _wait_for_reads(self) -> None:
        shell, end_s = self.shell, time.monotonic() + PATIENCE_S
        while (shell.live.reads.pending or getattr(shell.view_widget, "pending", False)) and time.monotonic() < end_s:
            self.live_for(SETTLED_S)  # a read under way has a thread and a descriptor

    def _show_span(self, span: Span | None) -> None:
        if span is None or span.live:
            self.shell.span.set_preset(DAY_MS // 1000 if span is None else span.length_ms // 1000)
        else:
            self.shell.span.show(span.start_ms, span.end_ms)

    def counts(self) -> dict[str, int]:
        """What there is after everything dead is gone: widgets, and what Python holds of Qt.

        Children of Qt alone are not asked for: each would get a wrapper that outlives it, twenty for every manual.
        tests/ui/test_leaks.py counts those.

        `wrappers` counts pictures, paths and other values too, of which the caches keep a bounded number and views
        as many as they show curves; `qobjects` counts that which has signals, children or a place on the screen.
        """
        bury()
        gc.collect()
        wrappers = shiboken6.getAllValidWrappers()
        return {
            "widgets": len(QApplication.allWidgets()),
            "wrappers": len(wrappers),
            "qobjects": sum(isinstance(wrapper, QObject) for wrapper in wrappers),
        }

    def row(self) -> dict[str, object]:
        """What an hour was like; the measuring itself is not held against the screen.

        Memory is read as it is after the hourly giving back: between two of them holes come and go by tens of MiB.
        """
        lags, self.lags_ms[:] = list(self.lags_ms), []
        stalls, self.stalls = self.stalls, []
        with self.same_screen():
            held = {**self.counts(), "kinds": wrappers_by_type(), **self._memory()}
            self.watchdog.forgive()
        worst = max(stalls, key=lambda stall: stall.own_ms, default=None)
        return {
            "p50_ms": percentile(lags, 0.5),
            "p99_ms": percentile(lags, 0.99),
            "max_ms": max(lags, default=0.0),
            "own_max_ms": worst.own_ms if worst else 0.0,
            "ran_ms": worst.ran_ms if worst else 0.0,
            "stolen_ms": sum(stall.stolen_ms for stall in stalls),
            "culprit": worst.culprit if worst else "",
            "stalls": sum(stall.own_ms > 100 for stall in stalls),
            "qt_warnings": len(self.warnings),
            "actions": self.user.done,
            **held,
        }

    def _memory(self) -> dict[str, float]:
        give_back()
        return process()

    def close(self) -> None:
        """Everything, in order."""
        self.user.stop()
        self.watchdog.close()
        self._client.stop()
        self.ahead.close()
        self.shell.close()
        self.live.close()
        self._store.close()


def wrappers_by_type() -> Counter[str]:
    """Every object of Qt that Python holds, by its class."""
    return Counter(type(wrapper).__name__ for wrapper in shiboken6.getAllValidWrappers())


def openings(screen: Screen, times: int) -> dict[str, dict[str, list[int]]]:
    """Counts before and after `times` openings of every view and dialog, once they are warm."""
    screen.user.stop()
    acts: dict[str, Callable[[], object]] = {"find": screen.user.find, "manual": screen.user.manual}
    for address in screen.user.addresses():
        name = address.partition(":")[0] + ("*" if address.endswith("*") else "")
        acts[name] = partial(screen.shell.open_place, address)
    found = {}
    for name, act in acts.items():
        _open(screen, act, round(times * WARM_OPENINGS))
        before = screen.counts()
        _open(screen, act, times)
        after = screen.counts()
        found[name] = {kind: [before[kind], after[kind]] for kind in before}
    return found


def _open(screen: Screen, act: Callable[[], object], times: int) -> None:
    for _ in range(times):
        act()
        screen.app.processEvents()
        screen.user.stop()
        screen.shell.open_view("world")
        screen.app.processEvents()
    screen.live_for(0.3)


def _wait_for_store(path: Path) -> None:
    """Until the collector has made it."""
    end_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            open_reader(path).close()
        except StoreError:
            if time.monotonic() > end_s:
                raise
            time.sleep(0.2)
        else:
            return


def run(folder: Path, days: float, times: int) -> None:
    """Look on until the collector has simulated so many days, a row an hour, then open everything so many times."""
    _wait_for_store(folder / "profile" / "meridian.db")
    moment, book = SharedMoment(folder / "moment"), Book(folder / "desktop.jsonl")
    screen, parent = Screen(folder), os.getppid()
    screen.live_for(2.0)
    screen.user.learn()
    screen.row()  # what the start costs is P1's
    screen.user.start()
    first = objects_by_type()
    end_ms, warm_ms = START_MS + round(days * DAY_MS), START_MS + round(days * DAY_MS * 0.2)
    warmed = False
    while moment.get() < end_ms - HOUR_MS // 2 and os.getppid() == parent:
        hour = (moment.get() - START_MS) // HOUR_MS + 1
        while moment.get() < min(START_MS + hour * HOUR_MS, end_ms - HOUR_MS // 2) and os.getppid() == parent:
            screen.live_for(0.1)
        book.add(hour=hour, **screen.row())
        if not warmed and moment.get() >= warm_ms:
            first, warmed = objects_by_type(), True
            screen.watchdog.forgive()
    grown = growers(first, objects_by_type())
    book.add(
        growers=grown,
        opened=times,
        openings=openings(screen, times),
        warnings=screen.warnings[:20],
        culprits=screen.culprits,
    )
    screen.close()


if __name__ == "__main__":
    run(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
