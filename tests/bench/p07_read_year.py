"""P7: a year of a series from day blobs, beside the bare select and decompression, and beside a row a minute."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import zstandard

from console.domain.frame import HistoryChunk
from console.store import open_reader, open_writer
from tests.bench.harness import Measurement, side_by_side
from tests.bench.noise import DAY_MS, MINUTE_MS, T0, site_year

ID, TITLE, TARGET, UNIT = "P7", "read a year of a series", 1.3, "ms"
ROWS_TARGET = 0.1
PLACE, SIGNAL, DAYS = "site:b-00", "hashrate_hs", 365


def fill(folder: Path) -> Path:
    """A store that holds a year, with other signals and places around it, and the same year as plain rows."""
    path = folder / "store.db"
    writer = open_writer(path)
    at_ms = T0 + MINUTE_MS * np.arange(DAYS * 1440, dtype=np.int64)
    for number in range(3):
        signals = {name: site_year(number + seed) for seed, name in enumerate((SIGNAL, "power_w"))}
        writer.put_history([HistoryChunk(f"site:b-{number:02d}", 60, at_ms, signals)])
    writer.close()
    rows = sqlite3.connect(folder / "rows.db")
    rows.execute(
        "CREATE TABLE sample (place TEXT, at_ms INTEGER, value REAL, PRIMARY KEY (place, at_ms)) WITHOUT ROWID"
    )
    values = site_year(0).tolist()
    rows.executemany(
        "INSERT INTO sample VALUES (?, ?, ?)",
        [(PLACE, at, value) for at, value in zip(at_ms.tolist(), values, strict=True)],
    )
    rows.commit()
    rows.close()
    return path


def measure() -> list[Measurement]:
    """Every minute of the year, then the view of 2,000 buckets a screen asks for."""
    with tempfile.TemporaryDirectory() as folder:
        path = fill(Path(folder))
        reader, end_ms = open_reader(path), T0 + DAYS * DAY_MS
        bare = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        rows = sqlite3.connect(Path(folder) / "rows.db")
        decompressor = zstandard.ZstdDecompressor()

        def minutes() -> object:
            return reader.series(PLACE, SIGNAL, T0, end_ms, buckets=DAYS * 1440)

        def screen() -> object:
            return reader.series(PLACE, SIGNAL, T0, end_ms)

        def blobs() -> object:
            found = bare.execute("SELECT body FROM day WHERE place = ? AND signal = ? ORDER BY day", (PLACE, SIGNAL))
            return b"".join([decompressor.decompress(body) for (body,) in found])

        def by_row() -> object:
            found = rows.execute("SELECT at_ms, value FROM sample WHERE place = ? ORDER BY at_ms", (PLACE,))
            return np.array(found.fetchall())

        all_ms, screen_ms, blobs_ms, rows_ms = side_by_side(minutes, screen, blobs, by_row)
        reader.close()
        bare.close()
        rows.close()
    return [
        Measurement(all_ms, blobs_ms, UNIT, TARGET, note="(all 525,600 minutes)"),
        Measurement(all_ms, rows_ms, UNIT, ROWS_TARGET, part="rows", note="(against a row a minute)"),
        Measurement(screen_ms, blobs_ms, UNIT, TARGET, part="screen", note="(the 1,460 buckets a screen asks for)"),
    ]
