"""A fleet of two sites in memory under a real desk and store; waits for dead sites are cut short."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from console.domain.command import may_follow
from console.domain.command_journal import STATES, Batch, CommandRecord
from console.operate.commands import guard, prepare
from console.operate.commands.book import CommandBook, Live
from tests.operate.commands.field import Field, field_of

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A poll in memory takes milliseconds: nobody waits seconds for a dead site."""
    monkeypatch.setattr(prepare, "READ_S", 0.5)
    monkeypatch.setattr(guard, "FRESHEN_S", 0.3)


@pytest.fixture(autouse=True)
def lawful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test does: every target of its commands moves only as `FOLLOWS` says."""
    settle, broken = CommandBook._settle, []

    def watched(book: CommandBook, live: Live, record: CommandRecord, batches: Sequence[Batch]) -> None:
        for batch in batches:
            moved = set(zip(live.batches[batch.number].states, batch.states, strict=True))
            steps = {(STATES[before], STATES[after]) for before, after in moved if before != after}
            broken.extend(step for step in steps if not may_follow(*step))
        settle(book, live, record, batches)

    monkeypatch.setattr(CommandBook, "_settle", watched)
    yield
    assert not broken


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder for thousands of journalled steps: in memory where there is such a place, for a disk syncs slowly."""
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    with field_of(tmp_path, {"alpha": 100, "beta": 100}) as made:
        yield made
