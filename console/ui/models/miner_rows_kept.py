"""Keeps in the profile how a person likes the miner table: columns by scope and the filters used last."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec

LOG = logging.getLogger(__name__)
FILE = "miner-table.json"


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
        if self._path is None:
            return
        beside = self._path.with_name(f".{self._path.name}.part")
        try:
            beside.write_bytes(msgspec.json.format(msgspec.json.encode(self._liking)))
            beside.replace(self._path)
        except OSError as error:
            LOG.warning("%s: how the miner table is liked cannot be kept (%s)", self._path, error.strerror)

    def _read(self) -> Liking:
        if self._path is None or not self._path.is_file():
            return Liking()
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Liking)
        except (OSError, msgspec.DecodeError) as error:
            LOG.warning("%s: found %s, expected the miner table's columns and filters", self._path, error)
            return Liking()
