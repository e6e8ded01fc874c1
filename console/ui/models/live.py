"""The fleet as of now for every widget: read from the store off the GUI thread, judged again each second (R8).

Knows the store's readers and the clock; knows no pixel and never polls a site.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.fleet_state import FleetNow, judge
from console.domain.freshness import Freshness
from console.domain.link_state import LinkState
from console.domain.rollup import SiteRollup
from console.domain.site import Fleet
from console.store.face import BackfillState, OperationsReader, TelemetryReader
from console.ui.background import Background

if TYPE_CHECKING:  # they know tables, and the first paint waits for none
    from console.store.alarms_face import AlarmReader
    from console.store.commands_face import CommandReader
    from console.store.notes import NoteReader
    from console.store.rosters_face import SharedReader

    class Operations(OperationsReader, AlarmReader, CommandReader, NoteReader, SharedReader, Protocol):
        """All that the screen reads besides measurements."""


JUDGE_EVERY_MS = 1000  # silence becomes visible within a second
READ_AT_MOST_EVERY_MS = 500
FILL_STEPS = 40  # of a back-fill: often enough to watch it, seldom enough not to keep every plot reading
SILENT_MS = 60_000  # a collector beats several times a minute
READ_AT_LEAST_EVERY_MS = 5000  # a lost message costs at most this: the store is the data path, not the link


class Mode(enum.Flag):
    """What kind of truth the screen shows; LIVE (no flag) is the plain one."""

    LIVE = 0
    OFFLINE = enum.auto()
    SIMULATED = enum.auto()
    READ_ONLY = enum.auto()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one read of the store brings."""

    fleet: Fleet | None
    rollups: Mapping[str, SiteRollup]
    links: Mapping[str, LinkState]
    backfill: BackfillState | None = None
    heartbeat_ms: int | None = None


def now_ms() -> int:
    """The wall clock in epoch ms."""
    return time.time_ns() // 1_000_000


class LiveFleet(QObject):
    """The newest judged state. `changed` carries a FleetNow: after a stored frame, and once a second anyhow.

    `reads` runs any other slow read of a widget; `clock` returns epoch ms. When not one site is fresh the mode
    is OFFLINE by itself: what is shown is then the last known truth, whoever is to blame.
    """

    changed = Signal(object)

    def __init__(
        self,
        telemetry: TelemetryReader,
        operations: Operations,
        fleet: Fleet,
        mode: Mode = Mode.LIVE,
        clock: Callable[[], int] = now_ms,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.telemetry, self.operations, self.clock = telemetry, operations, clock
        self.reads = Background(self)
        self._asked_mode = mode
        self._snapshot = Snapshot(fleet, {}, {})
        self._trouble = ""
        self._reading = self._has_read = False
        self._dirty = True
        self._read_at_ms = 0
        self._now = judge(fleet, {}, {}, clock())
        self._timer = QTimer(self)
        self._timer.setInterval(READ_AT_MOST_EVERY_MS)
        self._timer.timeout.connect(self._beat)

    @property
    def now(self) -> FleetNow:
        """The newest judged state; before the first read every site is `never`."""
        return self._now

    @property
    def mode(self) -> Mode:
        """What the user asked for, plus SIMULATED from the fleet and OFFLINE when nothing is fresh."""
        mode = self._asked_mode
        if self._now.fleet.simulated:
            mode |= Mode.SIMULATED
        if self._now.total.freshness is Freshness.STALE:
            mode |= Mode.OFFLINE
        return mode

    @property
    def has_read(self) -> bool:
        """Whether the store has answered at least once."""
        return self._has_read

    @property
    def trouble(self) -> str:
        """Why the store cannot be opened; empty where it can, or was not tried yet."""
        return self._trouble

    @property
    def why_no_site(self) -> str:
        """Why no site is known, where none is."""
        return self._trouble or ("the store tells no fleet" if self._has_read else "the store was not read yet")

    @property
    def offline_asked(self) -> bool:
        """Whether the user opened the cached store on purpose."""
        return Mode.OFFLINE in self._asked_mode

    @property
    def collecting(self) -> bool:
        """Whether a collector gave a sign of life lately: without one nobody asks any site."""
        beat_ms = self._snapshot.heartbeat_ms
        return beat_ms is not None and not self.offline_asked and self.clock() - beat_ms <= SILENT_MS

    @property
    def backfill(self) -> BackfillState | None:
        """How far the past is filled, as of the last read; it runs only while somebody fills it."""
        state = self._snapshot.backfill
        return state if state is None or self.collecting else BackfillState(state.done, state.total, running=False)

    def filled(self, steps: int = FILL_STEPS) -> int:
        """How far the past is filled, from 0 to `steps`: what is on screen is read once more at each."""
        state = self.backfill
        return 0 if state is None or not state.total else state.done * steps // state.total

    @property
    def cutoff_ms(self) -> int | None:
        """The newest sample of all sites: what OFFLINE is cached to."""
        return max((site.at_ms for site in self._now.sites if site.at_ms is not None), default=None)

    def start(self) -> None:
        """Read now, then follow messages and the clock."""
        self._read()
        self._timer.start()

    def attach(self, telemetry: TelemetryReader, operations: Operations) -> None:
        """Read from this store from now on."""
        self.telemetry, self.operations = telemetry, operations
        self._dirty, self._trouble = True, ""

    def refused(self, why: str) -> None:
        """The store cannot be opened."""
        if why != self._trouble:
            self._trouble = why
            self._judge()

    def note_frame(self, _site_id: str = "") -> None:
        """A message said that something new is stored."""
        self._dirty = True

    def load(self) -> None:
        """Read and judge at once on this thread: for captures and tests, not for a running window."""
        self._take(self._fetch())

    def close(self) -> None:
        """Stop the clock and wait for open reads."""
        self._timer.stop()
        self.reads.close()

    def _beat(self) -> None:
        now = self.clock()
        if not self._reading and (self._dirty or now - self._read_at_ms >= READ_AT_LEAST_EVERY_MS):
            self._read()
        elif now - self._now.now_ms >= JUDGE_EVERY_MS:
            self._judge()

    def _read(self) -> None:
        self._reading, self._dirty, self._read_at_ms = True, False, self.clock()
        self.reads.run(self._fetch, self._take, self._failed)

    def _fetch(self) -> Snapshot:
        operations = self.operations
        links, rollups = operations.links(), self.telemetry.rollups()
        return Snapshot(operations.fleet(), rollups, links, operations.backfill(), operations.heartbeat_ms())

    def _take(self, snapshot: Snapshot) -> None:
        self._reading, self._has_read = False, True
        fleet = snapshot.fleet or self._snapshot.fleet
        self._snapshot = replace(snapshot, fleet=fleet)
        self._judge()

    def _failed(self, _error: Exception) -> None:
        """The store did not answer: what is known stays, and ages."""
        self._reading = False

    def _judge(self) -> None:
        held = self._snapshot
        assert held.fleet is not None  # noqa: S101 - the constructor takes a fleet and _take keeps one
        self._now = judge(held.fleet, held.rollups, held.links, self.clock(), offline=self.offline_asked)
        self.changed.emit(self._now)
