"""What the store does when the file, the disk or another process misbehaves (T10, T23 to T25, D1 to D6)."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Migrations

from console.domain.errors import StoreError
from console.domain.frame import HistoryChunk
from console.domain.metric import SIGNALS
from console.domain.place import site_key
from console.store import (
    StoreCorrupt,
    StoreForeign,
    StoreMissing,
    StoreNewer,
    StoreOlder,
    migrations,
    open_reader,
    open_writer,
    opening,
)
from console.store.database import APPLICATION_ID, SCHEMA, connect
from console.store.verify import verify
from tests.store.made import DAY, MINUTE, T0, put, read_everything

ROOT = Path(__file__).resolve().parents[2]


def test_there_is_no_store_yet(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        open_reader(tmp_path / "none.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreMissing):
        open_reader(tmp_path / "empty.db")


def test_the_number_of_the_schema_is_the_number_of_steps() -> None:
    assert len(migrations.names()) == SCHEMA


def test_t24_a_damaged_file_is_set_aside_and_said(path: Path) -> None:
    shutil.copy(path, path.with_name("store.db-wal"))  # a log that belongs to nothing goes with it
    damaged = bytearray(path.read_bytes())
    damaged[100:3000] = os.urandom(2900)
    path.write_bytes(damaged)
    writer = open_writer(path)
    aside = writer.opened.set_aside
    assert aside is not None
    assert aside.name.startswith("store.db.corrupt-")
    assert aside.read_bytes()[:3000] == bytes(damaged)[:3000]
    assert aside.name in writer.opened.notices[0]
    assert put(writer, 0)
    writer.close()
    read_everything(path)


def test_t24_damage_found_at_work_is_set_aside_at_the_next_start_whatever_the_size(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening.check, "__defaults__", (0,))  # as if the file were too large to be checked whole
    with sqlite3.connect(path) as connection:
        root, size = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'frame'").fetchone()[0], 8192
    connection.close()
    damaged = bytearray(path.read_bytes())
    damaged[(root - 1) * size : root * size] = b"\xa5" * size
    path.write_bytes(damaged)
    writer = open_writer(path)
    assert writer.opened.set_aside is None
    with pytest.raises(StoreCorrupt):
        put(writer, 1440 * 6)
    writer.close()
    again = open_writer(path)
    assert again.opened.set_aside is not None
    assert "found at work" in again.opened.notices[0]
    assert put(again, 1440 * 6)
    again.close()
    third = open_writer(path)
    assert third.opened.set_aside is None
    third.close()


@pytest.mark.parametrize("content", [b"", b"x" * 50, b"not a database at all" * 1000])
def test_t24_rubbish_where_the_store_should_be(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(content)
    writer = open_writer(path)
    assert (writer.opened.set_aside is not None) == bool(content)
    assert put(writer, 0)
    writer.close()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_t24_a_truncated_file_never_stops_the_start(path: Path, share: float) -> None:
    os.truncate(path, int(path.stat().st_size * share))
    writer = open_writer(path)
    put(writer, 1440 * 9)
    assert writer.opened.set_aside is not None
    writer.close()


def flips(whole: bytes, count: int) -> Iterator[bytes]:
    """Copies with one bit flipped: a third each in the file's head, in the heads of pages, and anywhere."""
    rng = np.random.default_rng(24)
    for number in range(count):
        page = int(rng.integers(len(whole) // 8192)) * 8192
        byte = (int(rng.integers(100)), page + int(rng.integers(200)), int(rng.integers(len(whole))))[number % 3]
        flipped = bytearray(whole)
        flipped[byte] ^= 1 << int(rng.integers(8))
        yield bytes(flipped)


def test_t24_flipped_bits_never_crash_and_never_lie(path: Path, tmp_path: Path) -> None:
    """The start succeeds, only a StoreError ever comes out, and what is read is right or a gap."""
    reader = open_reader(path)
    truth = reader.series(site_key("ky-1"), "power_w", T0, T0 + 20 * MINUTE).mean
    reader.close()
    for number, flipped in enumerate(flips(path.read_bytes(), 150)):
        copy = tmp_path / f"flip-{number}.db"
        copy.write_bytes(flipped)
        with suppress(StoreError):
            read_everything(copy)
        with suppress(StoreForeign):
            verify(copy)
        writer = open_writer(copy)
        for work in (writer.salvage, lambda w=writer: put(w, 1440 * 6), lambda w=writer: w.compact(T0 + 9 * DAY)):
            with suppress(StoreError):
                work()
        writer.close()
        again = open_reader(copy)
        found = np.full(20, np.nan)
        with suppress(StoreError):
            found = again.series(site_key("ky-1"), "power_w", T0, T0 + 20 * MINUTE).mean
        again.close()
        assert ((found == truth) | np.isnan(found)).all()


def test_every_damaged_blob_is_found_by_the_doctor(path: Path) -> None:
    assert verify(path).findings == ()
    connection = sqlite3.connect(path)
    (body,) = connection.execute("SELECT body FROM frame WHERE id = 3").fetchone()
    flipped = bytearray(body)
    flipped[len(flipped) // 2] ^= 4
    connection.execute("UPDATE frame SET body = ? WHERE id = 3", (bytes(flipped),))
    connection.commit()
    connection.close()
    verified = verify(path)
    assert len(verified.findings) == 1
    assert verified.findings[0].startswith("frame ky-1 ")
    assert verified.frames == 200


def test_a_damaged_day_is_a_gap_between_whole_ones(path: Path) -> None:
    writer = open_writer(path)
    at_ms = T0 + MINUTE * np.arange(3 * 1440, dtype=np.int64)
    noise = np.random.default_rng(1).normal(5, 1, at_ms.size)
    writer.put_history([HistoryChunk("site:s-9", 60, at_ms, {"power_w": noise})])
    with writer._writer.transaction() as connection:
        find = "SELECT id, body FROM day WHERE place = 'site:s-9' AND day = ?"
        number, body = connection.execute(find, (T0 // 86_400_000 + 1,)).fetchone()
        flipped = bytearray(body)
        flipped[len(flipped) // 2] ^= 16
        connection.execute("UPDATE day SET body = ? WHERE id = ?", (bytes(flipped), number))
    reader = open_reader(path)
    found = reader.series("site:s-9", "power_w", T0, T0 + 3 * 86_400_000, 5000).mean.reshape(3, 1440)
    assert np.isnan(found[1]).all()
    np.testing.assert_array_equal(found[[0, 2]].reshape(-1), noise.astype(np.float32)[np.r_[:1440, 2880:4320]])
    reader.close()
    assert writer.put_history([HistoryChunk("site:s-9", 60, at_ms, {"power_w": noise})]) == 1440  # told again: healed
    writer.close()
    assert verify(path).findings == ()


def test_a_large_store_is_not_checked_whole_at_the_start(path: Path) -> None:
    connection = connect(path)
    assert opening.check(connection, path)
    assert not opening.check(connection, path, whole_below=1000)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert tables >= set(opening.SMALL_TABLES)
    connection.close()


def test_the_order_of_signals_is_part_of_the_schema() -> None:
    """Hot minutes are stored in this order: whoever changes it adds a migration that reorders them."""
    stored = (
        "hashrate_hs power_w meter_w board_c inlet_c deployed_hs miners hashing degraded off curtailed unknown suspect"
        " sites sites_fresh held_hs held_w"
    )
    assert tuple(stored.split()) == tuple(signal.name for signal in SIGNALS)


def test_a_reader_does_not_load_what_only_migrations_need() -> None:
    code = "import sys, console.store.reader; sys.exit('sqlite_utils' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_t25_a_newer_schema_is_read_and_never_written(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('meridian', '0099_x', 'x')"
    )
    connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreNewer, match="newer Meridian"):
        open_writer(path)
    reader = open_reader(path)
    assert "newer Meridian" in reader.opened.notices[0]
    assert reader.rollups()["ky-1"].at_ms
    reader.close()
    assert path.read_bytes() == before


def older(path: Path, monkeypatch: pytest.MonkeyPatch, broken: bool = False) -> None:
    """From here on the program knows one step more than the file at `path` has."""
    steps = Migrations("meridian")
    steps._migrations += migrations.STEPS._migrations

    @steps(name="0003_more")
    def more(db: object, /) -> None:
        db.execute("CREATE TABLE more (x INTEGER)")  # type: ignore[attr-defined]  # a sqlite_utils.Database
        if broken:
            raise sqlite3.OperationalError("killed half-way")

    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(migrations.migrate, "__defaults__", (steps,))
    monkeypatch.setattr(migrations.names, "__defaults__", (steps,))
    monkeypatch.setattr(opening, "SCHEMA", SCHEMA + 1)


def test_t25_an_older_schema_is_copied_then_migrated(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older(path, monkeypatch)
    with pytest.raises(StoreOlder):
        open_reader(path)
    writer = open_writer(path)
    assert writer.opened.backup is not None
    assert writer.opened.backup.name in writer.opened.notices[0]
    writer.close()
    reader = open_reader(path)
    assert reader.opened.schema == SCHEMA + 1
    assert reader.rollups()["ky-1"].at_ms
    reader.close()
    with sqlite3.connect(writer.opened.backup) as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert backup.execute("SELECT count(*) FROM frame").fetchone() == (200,)
    backup.close()


def test_t25_a_migration_that_dies_half_way_changed_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        older(path, patched, broken=True)
        with pytest.raises(StoreError):
            open_writer(path)
    connection = connect(path)
    assert opening.schema_of(connection, path) == SCHEMA
    connection.close()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreForeign):
        open_writer(path)
    with pytest.raises(StoreForeign):
        open_reader(path)
    assert path.read_bytes() == before
    assert int.from_bytes(b"MERI") == APPLICATION_ID


def test_a_reader_follows_to_the_fresh_store_after_the_old_one_was_set_aside(path: Path) -> None:
    reader = open_reader(path)
    assert reader.events(0)
    opening.set_aside(path)
    open_writer(path).close()
    assert not reader.events(0)
    reader.close()
    with pytest.raises(StoreError, match="closed"):
        reader.events(0)
