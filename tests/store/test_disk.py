"""Locks of other processes, a disk that is full, and readers beside a writer (D1, D2, T23)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from console.store import StoreBusy, StoreFull, open_reader, open_writer
from console.store.verify import verify
from console.store.writer import StoreWriter
from tests.store.made import MINUTE, T0, put, read_everything

ROOT = Path(__file__).resolve().parents[2]

HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


def test_d1_a_lock_of_another_process_is_waited_for(path: Path) -> None:
    writer = open_writer(path)
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path), "2"], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        read_everything(path)  # readers never wait
        assert put(writer, 1440 * 6)
    writer.close()


def test_d1_a_lock_that_stays_is_said_and_nothing_is_lost(path: Path) -> None:
    writer = open_writer(path)
    writer._writer._connection.execute("PRAGMA busy_timeout = 50")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        put(writer, 1440 * 6)
    holder.execute("ROLLBACK")
    holder.close()
    assert put(writer, 1440 * 6)
    writer.close()


FILL = """
import resource, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from console.store import StoreFull, open_writer
from tests.store.made import put
writer = open_writer(Path(sys.argv[1]))
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, hard))
stored, full = 0, 0
for minute in range(400):
    try:
        put(writer, minute, miners=2000)
        stored += 1
    except StoreFull:
        full += 1
        if full == 5:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    if full >= 5 and stored % 7 == 0:
        break
writer.close()
print(stored, full)
"""


def test_t23_a_disk_that_refuses_is_said_and_recovers(tmp_path: Path) -> None:
    """A file-size limit stands in for the full disk: no crash, nothing acknowledged is lost, later it goes on."""
    path = tmp_path / "store.db"
    done = subprocess.run(
        [sys.executable, "-c", FILL.format(root=str(ROOT)), str(path)], capture_output=True, text=True, check=True
    )
    stored, full = map(int, done.stdout.split())
    assert full == 5
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(DISTINCT minute_ms) FROM frame").fetchone() == (stored,)
    connection.close()
    assert verify(path).findings == ()


SWEEP = """
import resource, sys
from pathlib import Path
from console.domain.errors import StoreError
from console.store import open_writer
from console.store.verify import verify
from tests.store.made import put
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
outcomes = set()
for number in range(60):
    path = Path(sys.argv[1]) / f"{number}.db"
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 + 6_000 * number, hard))
    writer, stored = None, []
    for minute in range(6):
        try:
            writer = writer or open_writer(path)
            put(writer, minute, miners=2000)
            stored.append(minute)
            writer.checkpoint()
        except StoreError as error:
            outcomes.add(type(error).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    writer = writer or open_writer(path)
    assert not writer.opened.set_aside, (number, writer.opened)
    for minute in range(6):
        assert put(writer, minute, miners=2000) == (minute not in stored), (number, minute, stored)
    writer.close()
    verified = verify(path)
    assert verified.findings == () and verified.frames == 30, (number, verified)
print(*sorted(outcomes))
"""


def test_t23_wherever_the_disk_ends_it_is_a_store_error_and_recovers(tmp_path: Path) -> None:
    """The file may end at any of sixty sizes: while opening, while writing, while the log is moved."""
    done = subprocess.run(
        [sys.executable, "-c", SWEEP, str(tmp_path)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["StoreFull"]


def put_until_full(writer: StoreWriter) -> int:
    """How many minutes went in before the store said that it is full."""
    for minute in range(2000):
        try:
            put(writer, minute, miners=2000)
        except StoreFull:
            return minute
    raise AssertionError("the store never said that the disk is full")


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system needs root to be mounted")
def test_t23_a_full_file_system(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(small)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small file system here: {mounted.stderr.decode().strip()}")
    try:
        writer = open_writer(small / "store.db")
        stored = put_until_full(writer)
        writer.close()
        assert stored
        with sqlite3.connect(small / "store.db") as connection:
            found = connection.execute("SELECT count(DISTINCT minute_ms) FROM frame").fetchone()
        connection.close()
        assert found == (stored,)
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_store_on_a_read_only_medium_is_read_as_it_lies_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    before = sorted(entry.name for entry in path.parent.iterdir())
    reader = open_reader(path)
    assert reader.rollups()["ky-1"].at_ms
    assert sorted(entry.name for entry in path.parent.iterdir()) == before
    monkeypatch.undo()
    writer = open_writer(path)
    assert put(writer, 1440 * 7)
    newest = reader.column("ky-1", "power_w")
    assert newest is not None
    assert newest.at_ms == reader.rollups()["ky-1"].at_ms == T0 + 1440 * 7 * MINUTE
    reader.close()
    writer.close()


def test_two_desktops_read_while_the_collector_writes(path: Path) -> None:
    writer = open_writer(path)
    readers = [open_reader(path) for _ in range(2)]
    wrong: list[str] = []
    over = threading.Event()

    def look(number: int) -> None:
        seen = 0
        while not over.is_set():
            newest = readers[number].rollups()["ky-1"]
            column = readers[number].column("ky-1", "power_w")
            if newest.at_ms < seen or column is None or column.at_ms < newest.at_ms:
                wrong.append(f"{newest.at_ms} after {seen}")
            seen = newest.at_ms
            time.sleep(0.001)

    threads = [threading.Thread(target=look, args=(number,)) for number in (0, 1, 0)]
    for thread in threads:
        thread.start()
    for minute in range(100):
        assert put(writer, 1440 * 6 + minute)
    over.set()
    for thread in threads:
        thread.join()
    assert not wrong
    for reader in readers:
        reader.close()
    writer.close()
