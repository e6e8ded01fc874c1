"""T22, D2: where the disk ends the journal says so and keeps nothing of the step; later it goes on in one chain."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from console.domain.command_journal import Phase
from console.store import StoreFull, open_reader, open_writer
from console.store.verify import verify
from console.store.writer import StoreWriter
from tests.store.people_and_commands import batch, preview, record, said

ROOT = Path(__file__).resolve().parents[2]
SWEEP = """
import resource, sys
from pathlib import Path
from console.domain.command_journal import Phase
from console.store import StoreFull, open_reader, open_writer
from tests.store.people_and_commands import batch, preview, record, said
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
refused = 0
for number in range(40):
    path = Path(sys.argv[1]) / f"{number}.db"
    writer = open_writer(path)
    writer.checkpoint()
    size = path.with_name(path.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 6_000 * number, hard))
    kept = []
    for step in range(8):
        try:
            writer.put_command(record(step, 300), [batch(0, 300)], preview(step, 300), [said(step)])
            kept.append(step)
        except StoreFull:
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    reader = open_reader(path)
    assert sorted(int(one.id[2:]) for one in reader.commands()) == kept, number
    assert [row.monotonic_ns for row in reader.audit()] == kept, number
    assert all(len(reader.batches(f"c-{step}")) == (step in kept) for step in range(8)), number
    writer.put_command(record(8, phase=Phase.RUNNING), (), None, [said(8)])
    assert reader.check_audit().faults == () and reader.check_audit().rows == len(kept) + 1
    reader.close()
    writer.close()
print(refused)
"""


def test_t22_wherever_the_disk_ends_a_step_is_whole_or_not_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SWEEP, str(tmp_path)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stderr == ""
    assert int(done.stdout) > 40


def put_until_full(writer: StoreWriter) -> int:
    """How many commands went in before the store said that it is full."""
    for number in range(5000):
        try:
            writer.put_command(record(number, 300), [batch(0, 300)], preview(number, 300), [said(number)])
        except StoreFull:
            return number
    raise AssertionError("the store never said that the disk is full")


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system needs root to be mounted")
def test_d2_a_full_file_system_refuses_the_step_and_goes_on_when_space_returns(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)]
    mounted = subprocess.run(command, check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip(f"cannot mount a small file system here: {mounted.stderr.decode().strip()}")
    try:
        writer, path = open_writer(small / "store.db"), small / "store.db"
        (small / "ballast").write_bytes(bytes(1_000_000))
        kept = put_until_full(writer)
        reader = open_reader(path)
        assert reader.audit_head().seq == kept
        assert len(reader.commands(most=5000)) == kept
        (small / "ballast").unlink()
        writer.put_command(record(kept, phase=Phase.RUNNING), [batch(0, 300)], None, [said(kept)])
        assert reader.check_audit().faults == ()
        assert reader.audit_head().seq == kept + 1
        reader.close()
        writer.close()
        assert verify(path).findings == ()
        with sqlite3.connect(path) as connection:
            assert connection.execute("SELECT count(*) FROM command_preview").fetchone() == (kept,)
        connection.close()
    finally:
        subprocess.run(["umount", str(small)], check=True)
