"""Finds serial numbers that two sites tell at once, as rosters come in: a machine cannot stand at both. Pure.

Keeps one 64-bit hash a machine and no name: half a million machines are four megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.domain.roster import Roster

MOST_NAMED = 3
Hashes = NDArray[np.int64]


class SharedSerials(msgspec.Struct, frozen=True):
    """How many serial numbers a site shares with another one, and the first of them."""

    site_id: str  # the other one
    count: int
    serials: tuple[str, ...]

    def words(self, name: str) -> str:
        """For the screen, with the other site's name."""
        what = f"{self.count:,} serial number{'' if self.count == 1 else 's'}"
        more = self.count - len(self.serials)
        examples = ", ".join(self.serials) + (f" and {more:,} more" if more > 0 else "")
        return f"{what} told at two sites, here and at {name}: {examples}"


class SerialBook:
    """The newest roster of each site as hashes. Used by one thread at a time."""

    def __init__(self) -> None:
        self._hashes: dict[str, Hashes] = {}
        self._pairs: dict[tuple[str, str], tuple[int, tuple[str, ...]]] = {}

    def take(self, roster: Roster) -> bool:
        """Another roster of a site; whether what is shared changed by it.

        A number that several machines of one roster share tells none of them apart; it is said of that site alone.
        """
        own = roster.site_id
        serials = [miner.serial for miner in roster.miners if miner.serial]
        found, firsts, counts = np.unique(_hashes(serials), return_index=True, return_counts=True)
        once, firsts = found[counts == 1], firsts[counts == 1]
        before = {pair: told for pair, told in self._pairs.items() if own in pair}
        for pair in before:
            del self._pairs[pair]
        self._hashes[own] = once
        for other, theirs in self._hashes.items():
            _, places, _ = (
                np.intersect1d(once, theirs, assume_unique=True, return_indices=True)
                if other != own
                else (None, np.zeros(0, dtype=np.intp), None)
            )
            if len(places):
                told = sorted(serials[int(firsts[place])] for place in places)
                self._pairs[(min(own, other), max(own, other))] = (len(told), tuple(told[:MOST_NAMED]))
        return before != {pair: told for pair, told in self._pairs.items() if own in pair}

    def shared(self) -> Mapping[str, tuple[SharedSerials, ...]]:
        """What each site shares with others, by site id."""
        found: dict[str, list[SharedSerials]] = {}
        for pair, (count, serials) in sorted(self._pairs.items()):
            for own, other in (pair, pair[::-1]):
                found.setdefault(own, []).append(SharedSerials(other, count, serials))
        return {site_id: tuple(shared) for site_id, shared in found.items()}


def _hashes(serials: list[str]) -> Hashes:
    return np.fromiter(map(hash, serials), dtype=np.int64, count=len(serials))
