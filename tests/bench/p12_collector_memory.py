"""P12, the collector's half: resident memory of the real process at 400,000 machines, and whether it stays flat."""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path

from console.link.client import LinkClient
from console.link.messages import BackfillProgress, FrameStored, Refresh
from console.settings import Profile
from tests.bench.harness import Measurement, NotRun
from tests.kill.processes import collector, end, meridian

ID, TITLE, UNIT = "P12", "collector's memory at 400,000 machines", "MiB"
TARGET, SLOPE_TARGET = 400.0, 1.0
MINERS, ROUNDS = 400_000, 30
ROUND_S = 2.5
MINUTES_A_DAY = 1440.0


def measure() -> list[Measurement]:
    """Everything at once at first: the rosters, the back-fill of 30 days and live polls; then live polls alone.

    The slope is over rounds of polls, a round being what a minute brings, so a day is 1,440 of them.
    """
    if not Path("/proc/self/status").exists():
        raise NotRun("resident memory is read from /proc")
    with tempfile.TemporaryDirectory() as folder:
        fleet = Path(folder) / "fleet.toml"
        pid = str(os.getpid())
        simulator = meridian(
            "simulate", "--port", "0", "--miners", str(MINERS), "--fleet-out", fleet, "--parent-pid", pid
        )
        try:
            return _measured(fleet, Profile(Path(folder) / "profile").create())
        finally:
            end(simulator)


def _measured(fleet: Path, profile: Profile) -> list[Measurement]:
    _wait_for(fleet.exists)
    sites = re.findall(r'^id = "([^"]+)"', fleet.read_text(encoding="utf-8"), re.MULTILINE)
    heard: list[object] = []
    desktop = LinkClient(profile, heard.append)
    desktop.start()
    child = collector(fleet, profile.folder)
    try:
        _wait_for(lambda: any(isinstance(m, BackfillProgress) and m.done and not m.running for m in heard))
        peak = _kib(child.pid, "VmHWM") / 1024
        resident = []
        for _ in range(ROUNDS):
            for site in sites:
                desktop.ask(Refresh(site))
            time.sleep(ROUND_S)
            resident.append(_kib(child.pid, "VmRSS") / 1024)
        frames = sum(isinstance(message, FrameStored) for message in heard)
    finally:
        desktop.stop()
        end(child)
    slope = _slope(resident[ROUNDS // 5 :]) * MINUTES_A_DAY
    note = f"{len(sites)} sites, {frames} frames; {resident[-1]:.0f} MiB at rest"
    return [
        Measurement(peak, TARGET, UNIT, TARGET, absolute=True, note=f"(highest ever, with back-fill; {note})"),
        Measurement(slope, 0.0, "MiB/d", SLOPE_TARGET, absolute=True, part="slope", note="(Theil-Sen, after warm-up)"),
    ]


def _slope(values: list[float]) -> float:
    """The median of the slopes between all pairs (Theil-Sen), a round."""
    slopes = [(later - first) / (n - m) for m, first in enumerate(values) for n, later in enumerate(values) if n > m]
    return sorted(slopes)[len(slopes) // 2]


def _kib(pid: int, field: str) -> int:
    return int(re.search(rf"^{field}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"), re.MULTILINE)[1])


def _wait_for(done: object, seconds: float = 400.0) -> None:
    ends = time.monotonic() + seconds
    while not done():
        if time.monotonic() > ends:
            raise NotRun("the collector was not ready in time")
        time.sleep(0.2)
