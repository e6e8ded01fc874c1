"""Writes a file whole or not at all: beside its place first, then moved there, so that nobody sees a half one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write; it takes the place of `path` when the block ends well. Raises OSError."""
    beside = path.with_name(f".{path.name}.part")
    yield beside
    beside.replace(path)
