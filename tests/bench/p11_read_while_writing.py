"""P11: how late a desktop's reads are at the 99th percentile while a collector process writes, and while it rests."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from dataclasses import replace
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np

from console.domain.place import FLEET
from console.store import open_reader, open_writer
from console.store.reader import StoreReader
from tests.bench.harness import Measurement, percentile
from tests.bench.noise import MINUTE_MS, T0, make_fleet, make_frame, make_roster, rolled

ID, TITLE, TARGET, UNIT = "P11", "store read p99 while the collector writes", 2.0, "ms"
SITES, MINERS, PAST_MINUTES = 50, 8_000, 240
HASTE = 4  # the collector writes every site four times a minute: twice the demo fleet's poll rate
PHASES, PHASE_S = 6, 2.5


def collect(path: Path, going: Event, over: Event) -> None:
    """In the child: write frames of 400,000 machines at a steady pace while `going` is set."""
    noise = np.random.default_rng(11)
    fleet = make_fleet(SITES)
    rosters = [make_roster(site.id, MINERS) for site in fleet.sites]
    frames = [make_frame(roster, T0, noise) for roster in rosters]  # made before: only what the store does is measured
    rollups = [rolled(site, roster, frame) for site, roster, frame in zip(fleet.sites, rosters, frames, strict=True)]
    writer = open_writer(path)
    turn = 0
    while not over.is_set():
        if not going.wait(0.05):
            continue
        number, at_ms = turn % SITES, T0 + (PAST_MINUTES + turn // SITES) * MINUTE_MS
        frame, rollup = (replace(made, at_ms=at_ms) for made in (frames[number], rollups[number]))
        writer.put_reading(frame, None, rollup)
        writer.refresh_totals(fleet, at_ms, at_ms + MINUTE_MS)
        turn += 1
        time.sleep(60 / HASTE / SITES)
    writer.close()


def fill(path: Path) -> None:
    """Some hours of a fleet's roll-ups, and one frame of every site."""
    noise = np.random.default_rng(12)
    fleet = make_fleet(SITES)
    writer = open_writer(path)
    writer.put_fleet(fleet)
    for site in fleet.sites:
        roster = make_roster(site.id, 500)
        for minute in range(0, PAST_MINUTES, 4):
            frame = make_frame(roster, T0 + minute * MINUTE_MS, noise)
            writer.put_reading(frame, roster, rolled(site, roster, frame))
    writer.refresh_totals(fleet, T0, T0 + PAST_MINUTES * MINUTE_MS)
    writer.close()


def read_once(reader: StoreReader) -> float:
    """What a desktop reads when a frame arrives, in milliseconds."""
    start_s = time.perf_counter()
    reader.rollups()
    reader.series(FLEET, "hashrate_hs", T0, T0 + 300 * MINUTE_MS)
    reader.series("site:b-07", "power_w", T0, T0 + 300 * MINUTE_MS)
    reader.column("b-07", "hashrate_hs")
    return (time.perf_counter() - start_s) * 1e3


def phase(reader: StoreReader) -> list[float]:
    """Reads of one phase, a hundred a second: far more than a desktop's."""
    taken = []
    ends_s = time.perf_counter() + PHASE_S
    while time.perf_counter() < ends_s:
        taken.append(read_once(reader))
        time.sleep(0.01)
    return taken


def measure() -> Measurement:
    """Phases with and without the collector in turn; the percentile is over all reads of a kind."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        fill(path)
        going, over = spawn.Event(), spawn.Event()
        child = spawn.Process(target=collect, args=(path, going, over))
        child.start()
        reader = open_reader(path)
        going.set()
        phase(reader)  # both sides warm
        resting: list[float] = []
        writing: list[float] = []
        for _ in range(PHASES):
            going.clear()
            time.sleep(0.5)
            resting += phase(reader)
            going.set()
            time.sleep(0.5)
            writing += phase(reader)
        over.set()
        child.join(10)
        reader.close()
    return Measurement(percentile(writing, 0.99), percentile(resting, 0.99), UNIT, TARGET)
