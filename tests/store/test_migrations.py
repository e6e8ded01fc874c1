"""Steps that were released never change: a store out there has them already (T25)."""

from __future__ import annotations

import hashlib
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from console.domain.alarm_change import Silence
from console.store import open_reader, open_writer
from console.store.database import APPLICATION_ID, SCHEMA, connect
from console.store.migrations import STEPS, migrate, names
from console.store.opening import schema_of
from tests.store.people_and_commands import record, said

AS_RELEASED = {
    1: "2d136eaf08fbfc85",
    2: "88de974ea30bbd69",
    3: "90b7a1177c2a5265",
    4: "42cc5dc5d75d0662",
    5: "f9c3c0bbedcfe824",
    6: "58109b71714ce70b",
}  # digest of the schema after so many steps


def schema_after(count: int) -> str:
    steps = Migrations("meridian")
    steps._migrations += STEPS._migrations[:count]
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection, 1, steps)
    rows = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '\\_%' ESCAPE '\\'"
    )
    text = "\n".join(sorted(sql for (sql,) in rows))
    assert connection.execute("PRAGMA user_version").fetchone() == (count,)
    connection.close()
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("count", AS_RELEASED)
def test_t25_a_released_step_is_never_changed(count: int) -> None:
    """Whoever wants another schema adds a step, and its digest here."""
    assert schema_after(count) == AS_RELEASED[count], names()[:count]


ROOT = Path(__file__).resolve().parents[2]
BEFORE_COMMANDS = 3
DIES = """
import os, signal, sys
from pathlib import Path
from sqlite_utils import Database
from console.store import open_writer
left, execute = int(sys.argv[2]), Database.execute
def dying(self, *arguments):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(self, *arguments)
Database.execute = dying
open_writer(Path(sys.argv[1])).close()
"""


def older_store(path: Path) -> None:
    """A store as the release before commands left it, with something in it."""
    steps = Migrations("meridian")
    steps._migrations += STEPS._migrations[:BEFORE_COMMANDS]
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(connection, APPLICATION_ID, steps)
    connection.execute('INSERT INTO state VALUES (\'alarm_silence\', \'{"at_ms":1,"until_ms":2,"who":"ada"}\')')
    connection.close()


def test_t25_killed_at_any_statement_of_the_step_the_store_is_old_or_new_and_opens(tmp_path: Path) -> None:
    killed = 0
    for statement in range(0, 90, 3):
        path = tmp_path / f"{statement}.db"
        older_store(path)
        command = [sys.executable, "-c", DIES, str(path), str(statement)]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
        killed += done.returncode == -signal.SIGKILL
        connection = connect(path, read_only=True)
        assert schema_of(connection, path) == (SCHEMA if done.returncode == 0 else BEFORE_COMMANDS)
        connection.close()
        writer = open_writer(path)
        assert writer.opened.set_aside is None
        writer.put_command(record(), (), None, [said()])
        writer.close()
        reader = open_reader(path)
        assert reader.silence() == Silence(1, 2, "ada")
        assert reader.check_audit().rows == 1
        reader.close()
        if done.returncode == 0:
            break
    assert killed >= 5
    assert done.returncode == 0, "it never got through"
