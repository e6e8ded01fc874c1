"""Keeps in the profile how a person likes the miner table: columns by scope and the filters used last."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from console.ui.kept import keep, read_kept

FILE = "miner-table.json"
WHAT = "the miner table's columns and filters"


class Liking(msgspec.Struct, frozen=True):
    """What is kept; columns for one site and for the whole fleet."""

    site_columns: tuple[str, ...] = ()
    fleet_columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()


class Kept:
    """Reads at first use and writes at each change; without a folder it remembers until the program ends."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = None if folder is None else folder / FILE
        self._liking: Liking | None = None

    @property
    def liking(self) -> Liking:
        """What is kept; nothing where the file is missing or damaged."""
        if self._liking is None:
            self._liking = self._read()
        return self._liking

    def keep(self, **changes: Sequence[str]) -> None:
        """Replace parts of it; a profile that cannot be written costs the memory and nothing else."""
        self._liking = msgspec.structs.replace(self.liking, **{name: tuple(value) for name, value in changes.items()})
        if self._path is not None:
            keep(self._path, self._liking, WHAT)

    def _read(self) -> Liking:
        return Liking() if self._path is None else read_kept(self._path, Liking(), WHAT)
