"""Holds one site's machines as they were measured last, beside their names and ratings; judges nothing.

Arrays have shape (miners,) in roster order; NaN = no value, and what no machine can have counts as no value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from console.domain.frame import Column, Frame
from console.domain.health import miner_states
from console.domain.metric import MinerState, implausible, most_plausible
from console.domain.roster import Roster
from console.domain.roster_columns import ratings

Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]
MARK_BYTES = 8  # of a machine in a roster; two marks are the same by chance once in 10^19
RUNNING = (MinerState.HASHING, MinerState.DEGRADED)


@dataclass(frozen=True, slots=True)
class NamedRoster:
    """One roster version by name: `row_of` machine id -> row, `container` of each, ratings in H/s and W."""

    site_id: str
    version: str
    ids: tuple[str, ...]
    containers: tuple[str, ...]
    rated_hs: Numbers
    rated_w: Numbers
    row_of: Mapping[str, int]
    marks: bytes  # of each MARK_BYTES, see `mark_of`

    @classmethod
    def of(cls, roster: Roster) -> NamedRoster:
        """A roster whose machines can be found by name; of two that share one, the first is meant."""
        ids = tuple(miner.id for miner in roster.miners)
        row_of = {name: row for row, name in reversed(tuple(enumerate(ids)))}
        containers = tuple(miner.container for miner in roster.miners)
        rated_hs, rated_w = [miner.rated_hs for miner in roster.miners], [miner.rated_w for miner in roster.miners]
        marks = b"".join(mark_of(miner.id, miner.serial, miner.mac) for miner in roster.miners)
        return cls(roster.site_id, roster.version, ids, containers, ratings(rated_hs), ratings(rated_w), row_of, marks)

    def rows(self, names: Iterable[str]) -> Rows:
        """The rows of the machines that the roster knows, in the order of `names`."""
        return np.array([self.row_of[name] for name in names if name in self.row_of], dtype=np.intp)

    def who_bears(self, names: Iterable[str]) -> str:
        """The mark of the machines that bear these names now."""
        rows = map(self.row_of.get, names)
        return mark_of_all(
            b"" if row is None else self.marks[row * MARK_BYTES : (row + 1) * MARK_BYTES] for row in rows
        )


def mark_of(name: str, serial: str, mac: str) -> bytes:
    """Bytes that are others when the name passes to another machine; the same in every process."""
    return hashlib.blake2b(msgspec.msgpack.encode((name, serial, mac)), digest_size=MARK_BYTES).digest()


def mark_of_all(marks: Iterable[bytes]) -> str:
    """One mark of many machines in their order; another where any of them is another machine, or gone."""
    return hashlib.blake2b(msgspec.msgpack.encode(list(marks)), digest_size=MARK_BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class MachinesNow:
    """One frame of one site. `meter_w` is the site's own meter, NaN where it has none."""

    roster: NamedRoster
    at_ms: int
    received_ms: int
    hashrate_hs: Numbers
    power_w: Numbers
    state: NDArray[np.uint8]
    meter_w: float

    @classmethod
    def of(cls, roster: NamedRoster, frame: Frame, meter_w: float) -> MachinesNow:
        """The machines of a frame that was measured over this version of the roster."""
        hashrate, power = (_plausible(frame, name, roster.rated_w) for name in ("hashrate_hs", "power_w"))
        told = frame.columns.get("state")
        state = miner_states(hashrate.astype(np.float32), roster.rated_hs, told)
        return cls(roster, frame.at_ms, frame.received_ms, hashrate, power, state, meter_w)

    @property
    def site_w(self) -> float:
        """What the whole site draws: by its meter, else the sum of the machines that tell their power."""
        return self.meter_w if np.isfinite(self.meter_w) else float(np.nansum(self.power_w))

    @property
    def running(self) -> NDArray[np.bool_]:
        """Which machines hash, well or badly; where no hashrate is known at all, those that do not rest."""
        states = (*RUNNING, MinerState.UNKNOWN) if self.hashless else RUNNING
        return np.isin(self.state, states)

    @property
    def hashless(self) -> bool:
        """Whether neither frame nor roster knows a hashrate: these are, for example, breakers of containers."""
        return not (np.isfinite(self.hashrate_hs).any() or np.isfinite(self.roster.rated_hs).any())

    @property
    def efficiency_j_per_th(self) -> Numbers:
        """Measured, NaN for a machine at rest."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.power_w / (self.hashrate_hs / 1e12)
        return np.where(np.isfinite(found), found, np.nan)


def _plausible(frame: Frame, name: str, rated_w: Numbers) -> Numbers:
    column: Column | None = frame.columns.get(name)
    if column is None:
        return np.full(rated_w.size, np.nan)
    wrong = implausible(name, column, most_plausible(name, rated_w))
    return np.where(wrong, np.nan, column).astype(np.float64)
