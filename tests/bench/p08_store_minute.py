"""P8: a minute of 2 million samples into frames, beside writing the same columns as they are into the same table."""

from __future__ import annotations

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from console.store import open_writer
from console.store.database import prepare_writer
from tests.bench.harness import Measurement, side_by_side
from tests.bench.noise import MINUTE_MS, T0, make_fleet, make_frame, make_roster, rolled

ID, TITLE, TARGET, UNIT = "P8", "store a minute of 2 M samples", 2.5, "ms"
BYTES_TARGET = 1.0
SITES, MINERS, METRICS = 50, 8_000, 5


def measure() -> list[Measurement]:
    """Whole `put_reading` calls with their roll-ups against bare inserts of raw float32, a commit a site on both."""
    noise = np.random.default_rng(8)
    fleet = make_fleet(SITES)
    rosters = [make_roster(site.id, MINERS) for site in fleet.sites]
    frames = [make_frame(roster, T0, noise) for roster in rosters]
    rollups = [rolled(site, roster, frame) for site, roster, frame in zip(fleet.sites, rosters, frames, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        writer = open_writer(Path(folder) / "store.db")
        for roster, frame, rollup in zip(rosters, frames, rollups, strict=True):
            writer.put_reading(frame, roster, rollup)
        bare = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        prepare_writer(bare)
        bare.execute("CREATE TABLE frame (site TEXT, metric TEXT, minute_ms INTEGER, body BLOB,"
                     " UNIQUE (site, metric, minute_ms))")  # fmt: skip
        minutes = {"figure": T0, "bare": T0}

        def figure() -> None:
            minutes["figure"] += MINUTE_MS
            for frame, rollup in zip(frames, rollups, strict=True):
                writer.put_reading(
                    replace(frame, at_ms=minutes["figure"]), None, replace(rollup, at_ms=minutes["figure"])
                )

        def uncompressed() -> None:
            minutes["bare"] += MINUTE_MS
            for frame in frames:
                bare.execute("BEGIN IMMEDIATE")
                rows = [
                    (frame.site_id, name, minutes["bare"], column.tobytes()) for name, column in frame.columns.items()
                ]
                bare.executemany("INSERT INTO frame VALUES (?, ?, ?, ?)", rows)
                bare.execute("COMMIT")

        figure_ms, bare_ms = side_by_side(figure, uncompressed, rounds=9)
        writer.close()
        stored = sqlite3.connect(Path(folder) / "store.db")
        size, count = stored.execute("SELECT sum(length(body)), count(DISTINCT minute_ms) FROM frame").fetchone()
        stored.close()
        bare.close()
    samples = SITES * MINERS * METRICS
    return [
        Measurement(figure_ms, bare_ms, UNIT, TARGET),
        Measurement(
            size / count / samples, 4.0, "B", BYTES_TARGET, absolute=True, part="size", note="(bytes a sample)"
        ),
    ]
