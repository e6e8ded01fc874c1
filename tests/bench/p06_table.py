"""P6: the miner table at 400,000 machines; sort against argsort and one repaint, filter against flatnonzero and one.

Find anything is measured beside it, at 480,000 machines: at most 100 ms for the worst of its questions.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.find import FindIndex, SiteNames
from console.domain.miner_table import MinerTable, SitePart
from console.domain.query import parse_query
from console.domain.roster import Miner, Roster
from console.domain.roster_columns import TEXT, RosterColumns
from console.ui.fonts import load_fonts
from console.ui.models.live import LiveFleet
from console.ui.models.miners.columns import FLEET_COLUMNS
from console.ui.models.miners.machines import FLEET, MachinesNow
from console.ui.models.miners.rows import MinerRows, Sorting
from console.ui.models.selection import Selection
from console.ui.theme import DARK
from console.ui.widgets.miner_table.table import MinerTable as TableView
from tests.bench.harness import Measurement, side_by_side
from tests.ui import fakes

ID, TITLE, TARGET, UNIT = "P6", "miner table of 400,000: sort, filter; find among 480,000", 2.0, "ms"
MACHINES, SITES, WIDTH, HEIGHT = 400_000, 44, 1888, 880
FOUND, FIND_TARGET_MS = 480_000, 100.0
QUESTIONS = ("c", "c07-r03", "sn1", "10.", "02:00", "no such name", "8842")


def columns(size: int) -> dict[str, np.ndarray]:
    """Names of every machine, by field."""
    number = np.arange(size)
    text = {
        "container": [f"C{n // 320 % 28 + 1:02d}" for n in number],
        "rack": [f"R{n // 32 % 10 + 1:02d}" for n in number],
        "slot": [f"{n % 32 + 1:02d}" for n in number],
        "id": [f"C{n // 320 % 28 + 1:02d}-R{n // 32 % 10 + 1:02d}-{n % 32 + 1:02d}" for n in number],
        "serial": [f"SN{n * 7919 % 10**9:09d}" for n in number],
        "mac": [f"02:00:{n >> 24:02X}:{n >> 16 & 255:02X}:{n >> 8 & 255:02X}:{n & 255:02X}" for n in number],
        "ip": [f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in number],
        "model": [("Antminer S19 XP", "Antminer S21", "Whatsminer M60S")[n % 3] for n in number],
        "firmware": ["Stock 2024.11"] * size,
    }
    return {name: np.array(names, dtype=TEXT) for name, names in text.items()}


def fleet_of(size: int) -> MachinesNow:
    """Machines of the fake fleet's sites with noisy values."""
    noise, fleet = np.random.default_rng(6), fakes.fleet()
    starts = np.linspace(0, size, SITES + 1).astype(np.int64)
    text = columns(size)
    text["site"] = np.repeat(np.array([site.id for site in fleet.sites], dtype=TEXT), np.diff(starts))
    number = {name: noise.normal(100, 5, size) for name in ("inlet", "temp", "power", "efficiency", "ratio", "age")}
    number |= {"rated": np.full(size, 140e12), "rated_w": np.full(size, 3010.0)}
    number["hashrate"] = noise.normal(138e12, 2e12, size)
    table = MinerTable(text, number, np.ones(size, dtype=np.uint8), np.zeros(size, dtype=np.bool_))
    parts = tuple(
        _part(site, {name: column[first:end] for name, column in text.items()})
        for site, first, end in zip(fleet.sites, starts, starts[1:], strict=False)
    )
    return MachinesNow(FLEET, fakes.NOW_MS, parts, starts, table)


def _part(site: object, text: dict[str, np.ndarray]) -> SitePart:
    ratings = np.zeros(text["id"].size)
    return SitePart(site, RosterColumns(site.id, "v1", ratings, ratings, text), {}, fakes.NOW_MS)


class Bench:
    """The table over 400,000 machines, and the bare work."""

    def __init__(self) -> None:
        store = fakes.FakeStore()
        self.live = LiveFleet(store, store, store.of, clock=lambda: fakes.NOW_MS)
        self.machines = fleet_of(MACHINES)
        self.rows = MinerRows(self.live)
        self.rows.set_columns(FLEET_COLUMNS)
        self.view = TableView(self.rows, Selection(), DARK)
        self.view.resize(WIDTH, HEIGHT)
        self.image = QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)
        self.rows.show(self.machines)
        self.view.show()
        self.turn = 0

    def repaint(self) -> None:
        """The rows in view, once."""
        QWidget.render(self.view.viewport(), self.image, QPoint())

    def sort(self) -> None:
        """As a click on a head, until the rows are painted."""
        self.turn += 1
        self.rows.sort_by(Sorting("hashrate", descending=bool(self.turn % 2)))
        self.repaint()

    def bare_sort(self) -> None:
        """numpy's argsort of the same column, and one repaint."""
        np.argsort(self.machines.table.number["hashrate"])
        self.repaint()

    def filter(self) -> None:
        """As a filter that was typed, until the rows are painted."""
        self.turn += 1
        self.rows.set_filter(parse_query(f"temp>{97 + self.turn % 5}"))
        self.repaint()

    def bare_filter(self) -> None:
        """numpy's flatnonzero of the same comparison, and one repaint."""
        self.turn += 1
        np.flatnonzero(self.machines.table.number["temp"] > 97 + self.turn % 5)
        self.repaint()


def find_index(size: int) -> FindIndex:
    """60 sites of 8,000 machines."""
    text, names, each = columns(size), [], size // 60
    lists = {name: column.tolist() for name, column in text.items()}
    for site in range(60):
        rows = range(site * each, (site + 1) * each)
        miners = tuple(Miner(**{name: lists[name][row] for name in lists}) for row in rows)
        names.append(SiteNames.of(Roster(f"site-{site}", "v1", miners)))
    return FindIndex((), names)


def measure() -> list[Measurement]:
    """Sort, filter, find."""
    app = QApplication.instance() or QApplication([])
    load_fonts()
    bench = Bench()
    app.processEvents()
    sort, bare_sort = side_by_side(bench.sort, bench.bare_sort, rounds=25)
    narrow, bare_filter = side_by_side(bench.filter, bench.bare_filter, rounds=25)
    shown = f"{bench.view.viewport().height() // bench.view.rowHeight(0)} rows in view"
    bench.view.close()
    bench.live.close()
    index = find_index(FOUND)
    worst = max(side_by_side(lambda text=text: index.find(text), rounds=3)[0] for text in QUESTIONS)
    return [
        Measurement(sort, bare_sort, UNIT, TARGET, part="sort", note=shown),
        Measurement(narrow, bare_filter, UNIT, TARGET, part="filter", note=shown),
        Measurement(
            worst, FIND_TARGET_MS, UNIT, FIND_TARGET_MS, absolute=True, part="find", note=f"{FOUND:,} machines"
        ),
    ]
