"""P3: pan over a year of minutes beside pan over one day, six curves, with what the store's pyramid hands out."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from console.domain.frame import HistoryChunk
from console.store import open_reader, open_writer
from console.store.face import TelemetryReader
from console.ui.fonts import load_fonts
from console.ui.models.series_feed import BUCKETS_A_PIXEL
from console.ui.models.span import Span
from console.ui.plot.marks import Curve
from tests.bench.harness import Measurement, side_by_side
from tests.bench.noise import DAY_MS, MINUTE_MS, T0, site_year
from tests.bench.p02_plot_frame import CURVES, WIDTH, Panning, make_plots

ID, TITLE, TARGET, UNIT = "P3", "pan over a year of minutes, 6 curves", 2.0, "ms"
PLACE, DAYS, PIXELS = "site:b-00", 365, WIDTH - 206
SIGNALS = ("hashrate_hs", "power_w", "meter_w", "board_c", "inlet_c", "hashing")


def fill(path: Path) -> None:
    """A year of six signals."""
    writer = open_writer(path)
    at_ms = T0 + MINUTE_MS * np.arange(DAYS * 1440, dtype=np.int64)
    writer.put_history([HistoryChunk(PLACE, 60, at_ms, {name: site_year(seed) for seed, name in enumerate(SIGNALS)})])
    writer.close()


def panning(reader: TelemetryReader, days: int) -> tuple[Panning, int]:
    """A plot of `days` with its curves as the feed asks for them, and how many buckets each has."""
    end_ms = T0 + DAYS * DAY_MS
    span = Span(end_ms - days * DAY_MS, end_ms, live=True)
    found = [reader.series(PLACE, name, span.start_ms, span.end_ms, PIXELS * BUCKETS_A_PIXEL) for name in SIGNALS]
    curves = [Curve.of(series, 1e-18, name=series.signal) for series in found][:CURVES]
    return Panning(make_plots(curves, span)[:1], span, step_ms=days * DAY_MS // 200), len(found[0].at_ms)


def measure() -> Measurement:
    """Moves and frames on the GUI thread; the store is read beside it, off that thread."""
    app = QApplication.instance() or QApplication([])
    load_fonts()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        fill(path)
        reader = open_reader(path)
        year, year_buckets = panning(reader, DAYS)
        day, day_buckets = panning(reader, 1)
        year_ms, day_ms = side_by_side(year.frame, day.frame, rounds=31)
        reader.close()
    app.processEvents()
    return Measurement(year_ms, day_ms, UNIT, TARGET, note=f"({year_buckets} buckets a curve against {day_buckets})")
