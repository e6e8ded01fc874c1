"""P12: resident memory of the desktop at 480,000 machines, of the real collector at 400,000, and if it stays flat."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from console.adapters.base import Deadline
from console.collect.ingest import Ingest
from console.collect.poll import Poller
from console.domain.frame import Frame, Reading
from console.domain.site import Fleet, Site
from console.link.client import LinkClient
from console.link.messages import BackfillProgress
from console.settings import Profile
from console.store import open_writer
from tests.bench import desktop_memory
from tests.bench.harness import Measurement, NotRun
from tests.bench.noise import DAY_MS, MINUTE_MS, T0, make_fleet, make_roster
from tests.kill.processes import collector, end, meridian

ID, TITLE, UNIT = "P12", "memory", "MiB"
TARGET, SLOPE_TARGET = 400.0, 1.0
MINERS, REST_S = 400_000, 35.0
DAYS, WARM_DAYS, SITES, MINERS_A_SITE = 5, 2, 8, 250  # caches of SQLite and malloc fill for a day and a half


def measure() -> list[Measurement]:
    """The real process at its worst (rosters, back-fill and live polls together), then days in fast motion."""
    if not Path("/proc/self/status").exists():
        raise NotRun("resident memory is read from /proc")
    with tempfile.TemporaryDirectory() as folder:
        highest = _at_full_scale(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        slope = _slope_a_day(_days_in_fast_motion(Path(folder) / "store.db"))
    return [highest, slope, desktop_memory.measure()]


def _at_full_scale(folder: Path) -> Measurement:
    fleet, profile = folder / "fleet.toml", Profile(folder / "profile").create()
    parent = ("--parent-pid", str(os.getpid()))
    simulator = meridian("simulate", "--port", "0", "--miners", str(MINERS), "--fleet-out", fleet, *parent)
    heard: list[object] = []
    desktop = LinkClient(profile, heard.append)
    try:
        _wait_for(fleet.exists)
        desktop.start()
        child = collector(fleet, profile.folder)
        try:
            _wait_for(lambda: any(isinstance(m, BackfillProgress) and m.done and not m.running for m in heard))
            time.sleep(REST_S)
            highest, resident = (_kib(child.pid, field) / 1024 for field in ("VmHWM", "VmRSS"))
        finally:
            end(child)
    finally:
        desktop.stop()
        end(simulator)
    note = f"at {MINERS:,} machines, the highest ever, with back-fill; {resident:.0f} after it"
    return Measurement(highest, TARGET, UNIT, TARGET, absolute=True, note=note)


class _Clockwork:
    """A site whose every read is a minute after the last."""

    def __init__(self, site: Site) -> None:
        self._site, self._minute = site, 0
        self._roster = make_roster(site.id, MINERS_A_SITE)
        self._noise = np.random.default_rng(1)

    def read(self, deadline: Deadline) -> Reading:
        """The next minute."""
        self._minute += 1
        hashrate = self._noise.normal(1.4e14, 1e12, MINERS_A_SITE).astype(np.float32)
        columns = {"hashrate_hs": hashrate, "power_w": hashrate * np.float32(22e-12)}
        at_ms = T0 + self._minute * MINUTE_MS
        return Reading(Frame(self._site.id, at_ms, at_ms, self._roster.version, columns), self._roster)

    def close(self) -> None:
        """Nothing is open."""


def _days_in_fast_motion(store: Path) -> list[float]:
    """Resident MiB after every simulated hour of polls, roll-ups, totals and nightly compaction."""
    fleet = make_fleet(SITES)
    writer = open_writer(store)
    ingest = Ingest(writer, fleet, lambda message: None, lambda error: None)
    ingest.start()
    poller = Poller(fleet.sites, _Clockwork, ingest.offer, lambda site_id: None, lambda: T0 + (DAYS + 1) * DAY_MS)
    resident = []
    for hour in range(DAYS * 24):
        for _ in range(60):
            _poll_all(fleet, poller)
        if hour % 24 == 23:
            writer.compact(T0 + (hour + 1) * 3_600_000)
            writer.retain(T0 + (hour + 1) * 3_600_000)
        resident.append(_kib(os.getpid(), "VmRSS") / 1024)
    ingest.stop()
    poller.close()
    writer.close()
    return resident


def _poll_all(fleet: Fleet, poller: Poller) -> None:
    for site in fleet.sites:
        poller.start(site.id)
    left = len(fleet.sites)
    while left:
        poller.woken.wait(10)
        outcomes = poller.outcomes()
        assert all(outcome.error is None for outcome in outcomes), outcomes
        left -= len(outcomes)


def _slope_a_day(hours: list[float]) -> Measurement:
    """Theil-Sen: the median of the slopes between all pairs of hours after the warm-up."""
    warm = hours[WARM_DAYS * 24 :]
    slopes = sorted((b - a) / (n - m) for m, a in enumerate(warm) for n, b in enumerate(warm) if n > m)
    slope = slopes[len(slopes) // 2] * 24
    note = f"a simulated day, over {DAYS - WARM_DAYS} of them in fast motion, {SITES * 1440} frames each"
    return Measurement(slope, SLOPE_TARGET, UNIT, SLOPE_TARGET, absolute=True, part="slope", note=note)


def _kib(pid: int, field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1])


def _wait_for(done: Callable[[], object], seconds: float = 400.0) -> None:
    ends = time.monotonic() + seconds
    while not done():
        if time.monotonic() > ends:
            raise NotRun("the collector was not ready in time")
        time.sleep(0.2)
