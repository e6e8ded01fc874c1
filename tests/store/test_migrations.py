"""Steps that were released never change: a store out there has them already (T25)."""

from __future__ import annotations

import hashlib
import sqlite3

import pytest
from sqlite_utils import Migrations

from console.store.migrations import STEPS, migrate, names

AS_RELEASED = {
    1: "2d136eaf08fbfc85",
    2: "88de974ea30bbd69",
    3: "90b7a1177c2a5265",
    4: "5580a8b56b4695d1",
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
