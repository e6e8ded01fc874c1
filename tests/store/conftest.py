"""A store with something in it, for the tests that mistreat it."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.store import open_writer
from console.store.face import Event
from tests.store.made import T0, put


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a few minutes in it, closed."""
    path = tmp_path / "store.db"
    writer = open_writer(path)
    for minute in range(20):
        put(writer, minute)
    writer.put_event(Event(T0, "site:ky-1", "link", "link lost"))
    writer.compact(T0 + 3 * 86_400_000)
    for minute in range(20):
        put(writer, 1440 * 5 + minute)
    writer.close()
    return path
