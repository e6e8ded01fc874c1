"""Knows which machines stand where at a site: the order of every frame's columns."""

from __future__ import annotations

import hashlib

import msgspec


class Miner(msgspec.Struct, frozen=True):
    """One machine as the source names it. Empty text is "not told"; the two numbers are its model's profile."""

    id: str
    model: str = ""
    serial: str = ""
    mac: str = ""
    ip: str = ""
    container: str = ""
    rack: str = ""
    slot: str = ""
    firmware: str = ""
    rated_hs: float | None = None
    rated_w: float | None = None


class Roster(msgspec.Struct, frozen=True):
    """The machines of one site, in the order of the frames' columns.

    `version` is the source's own tag where it has one, else `fingerprint(miners)`.
    """

    site_id: str
    version: str
    miners: tuple[Miner, ...]

    def containers(self) -> tuple[str, ...]:
        """The containers in roster order, each once; machines without one share the name ''."""
        return tuple(dict.fromkeys(miner.container for miner in self.miners))


def fingerprint(miners: tuple[Miner, ...]) -> str:
    """A short digest that changes when any machine, its place or its order changes."""
    return hashlib.sha256(msgspec.msgpack.encode(miners)).hexdigest()[:16]
