"""A fleet of two sites in memory under a real desk and store; waits for dead sites are cut short."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.operate.commands import guard, prepare
from tests.operate.commands.field import Field, field_of

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A poll in memory takes milliseconds: nobody waits seconds for a dead site."""
    monkeypatch.setattr(prepare, "READ_S", 0.5)
    monkeypatch.setattr(guard, "FRESHEN_S", 0.3)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder for thousands of journalled steps: in memory where there is such a place, for a disk syncs slowly."""
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with field_of(tmp_path, {"alpha": 100, "beta": 100}) as made:
        yield made
