"""Connections that wait for the next burst of reads hold no pages of the last one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE, MIB = 4, 6
BURST = """
import contextlib, sqlite3, sys
from pathlib import Path
from console.store.database import Pool
from tests.soak.measure import heap_used_mib

path, at_once, mib = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
with contextlib.closing(sqlite3.connect(path)) as made, made:
    made.execute("CREATE TABLE frame (body BLOB)")
    made.executemany("INSERT INTO frame VALUES (randomblob(4000))", [()] * mib * 256)
pool = Pool(path)
before = heap_used_mib()
with contextlib.ExitStack() as burst:
    for connection in [burst.enter_context(pool.snapshot()) for _ in range(at_once)]:
        connection.execute("SELECT sum(length(body)) FROM frame").fetchone()
    during = heap_used_mib()
print(round(during - before), round(heap_used_mib() - before))
pool.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mallinfo2 is glibc's: other systems tell no heap")
def test_t38_of_a_burst_of_reads_one_connection_keeps_its_pages(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BURST, str(tmp_path / "store.db"), str(AT_ONCE), str(MIB)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    during_mib, after_mib = map(int, done.stdout.split())
    assert during_mib >= AT_ONCE * MIB
    assert MIB <= after_mib < 2 * MIB
