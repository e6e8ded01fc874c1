"""P13: from the click to the paint at 480,000 machines: a site's heat map, and every machine of the fleet (issue 3)."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.frame import Frame, Reading
from console.domain.rollup import RosterIndex, roll_up
from console.domain.roster import Miner, Roster
from console.domain.site import Fleet, Ownership, Site, Source
from console.store import open_reader, open_writer
from console.ui.fonts import load_fonts
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.views.fleet_heat import FleetHeatView
from console.ui.views.racks.view import RacksView
from tests.bench.harness import Measurement

ID, TITLE, UNIT = "P13", "from the click to the paint at 480,000 machines", "ms"
SITES, MACHINES, RATED_HS, RATED_W = 60, 8000, 141e12, 3172.5
SITE_MS = 150.0
TARGET = FLEET_MS = 300.0
ROUNDS = 7


def make_site(index: int) -> Site:
    """One of sixty."""
    return Site(
        id=f"s{index:02d}",
        name=f"Site {index:02d}",
        region=f"Region {index // 13}",
        country="X",
        latitude_deg=float(index),
        longitude_deg=float(index),
        time_zone="UTC",
        ownership=Ownership.HOSTED,
        deployed_hs=MACHINES * RATED_HS,
        capacity_w=27e6,
        power_price_usd_per_mwh=50.0,
        poll_period_s=30.0,
        source=Source(adapter="siteapi"),
    )


def make_miner(site: int, number: int) -> Miner:
    """A machine at its place, with names as long as real ones."""
    container, rack, slot = number // 480 + 1, number % 480 // 30 + 1, number % 30 + 1
    return Miner(
        id=f"C{container:02d}-R{rack:02d}-{slot:02d}",
        model="Antminer S19 XP",
        serial=f"SN{(site * MACHINES + number) * 7919:012X}",
        mac=f"00:{site:02X}:22:33:{number >> 8 & 255:02X}:{number & 255:02X}",
        ip=f"10.{container}.{rack}.{slot + 10}",
        container=f"C{container:02d}",
        rack=f"R{rack:02d}",
        slot=f"{slot:02d}",
        firmware="LuxOS 2025.8",
        rated_hs=RATED_HS,
        rated_w=RATED_W,
    )


def fill(path: Path) -> None:
    """A store with one frame of every site."""
    writer, now_ms = open_writer(path), time.time_ns() // 1_000_000
    sites = tuple(make_site(index) for index in range(SITES))
    for index, site in enumerate(sites):
        noise = np.random.default_rng(index)
        roster = Roster(site.id, f"v{index}", tuple(make_miner(index, number) for number in range(MACHINES)))
        columns = {
            "hashrate_hs": (noise.normal(1.0, 0.02, MACHINES) * RATED_HS).astype(np.float32),
            "power_w": noise.normal(RATED_W, 30, MACHINES).astype(np.float32),
            "board_c": noise.normal(68, 4, MACHINES).astype(np.float32),
            "inlet_c": noise.normal(27, 1, MACHINES).astype(np.float32),
            "state": np.ones(MACHINES, dtype=np.float32),
        }
        frame = Frame(site.id, now_ms, now_ms, roster.version, columns)
        writer.put_reading(frame, roster, roll_up(site, RosterIndex.of(roster), Reading(frame)))
    writer.put_fleet(Fleet(name="bench", sites=sites, simulated=True))
    writer.close()


@contextmanager
def opened_store() -> Iterator[LiveFleet]:
    """A live fleet over such a store."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        fill(path)
        reader = open_reader(path)
        live = LiveFleet(reader, reader, Fleet(name="", sites=()))
        live.load()
        yield live
        live.close()
        reader.close()


def until_painted(view: QWidget, app: QApplication) -> None:
    """As the program waits: asleep until an event comes."""
    while view.pending:
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    view.grab()


def site_ms(live: LiveFleet, app: QApplication) -> float:
    """Each time another site, never read before; the view is there, as it is after the first click."""
    view = RacksView(live, TimeBarModel(live.clock()))
    view.resize(1920, 940)
    view.show_container("s00")
    view.show()
    until_painted(view, app)
    taken = []
    for index in range(1, 1 + ROUNDS):
        start_ns = time.perf_counter_ns()
        view.show_container(f"s{index:02d}")
        until_painted(view, app)
        taken.append((time.perf_counter_ns() - start_ns) / 1e6)
    view.hide()
    return statistics.median(taken)


def fleet_ms(live: LiveFleet, app: QApplication) -> float:
    """Each time a new view that has read nothing."""
    taken = []
    for _ in range(ROUNDS):
        view = FleetHeatView(live, TimeBarModel(live.clock()))
        view.resize(1920, 940)
        start_ns = time.perf_counter_ns()
        view.show()
        until_painted(view, app)
        taken.append((time.perf_counter_ns() - start_ns) / 1e6)
        view.hide()
        view.deleteLater()
        app.processEvents()
    return statistics.median(taken)


def measure() -> list[Measurement]:
    """Both on this machine as it is: these are waits of a human, not ratios."""
    app = QApplication.instance() or QApplication([])
    load_fonts()
    with opened_store() as live:
        site, fleet = site_ms(live, app), fleet_ms(live, app)
    return [
        Measurement(site, 1.0, UNIT, SITE_MS, absolute=True, part="site", note="(8,000 machines, not read before)"),
        Measurement(fleet, 1.0, UNIT, FLEET_MS, absolute=True, part="fleet", note="(nothing read before)"),
    ]
