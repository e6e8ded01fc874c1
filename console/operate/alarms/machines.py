"""What rules at machine level watch: a frame's columns as signals, and the machines' names only where one is needed.

Names of a whole fleet are tens of megabytes; an alarm names one machine at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from console.domain.alarm_signals import Columns, Values
from console.domain.frame import Frame
from console.domain.metric import METRIC_BY_NAME, POWER, MinerState, implausible
from console.domain.place import miner_key
from console.domain.rollup import RosterIndex

Names = Callable[[str, str], Sequence[str] | None]  # of a site and a roster version, in roster order


@dataclass(frozen=True, slots=True)
class Machines:
    """One frame with what its roster says of each machine's rating."""

    frame: Frame
    index: RosterIndex

    def columns(self) -> Columns:
        """Signals of shape (miners,): a value that no machine can have is none; `deployed_hs` is the rating."""
        told = self.frame.columns
        out: dict[str, Values] = {}
        for name, column in told.items():
            high = self.index.most_w if name == POWER.name else METRIC_BY_NAME[name].high
            out[name] = np.where(implausible(name, column, high), np.nan, column).astype(np.float64)
        size = self.index.row.size
        state = told["state"] if "state" in told else np.full(size, np.nan)
        out["curtailed"] = (state == MinerState.CURTAILED).astype(np.float64)
        out["miners"] = np.ones(size)
        out["deployed_hs"] = self.index.rated_hs
        return out


class MachinePlaces(Sequence[str]):
    """The machines of one roster version as places; the names are fetched when the first one is asked for."""

    def __init__(self, site_id: str, version: str, size: int, names: Names) -> None:
        self._site_id, self._version, self._size, self._names = site_id, version, size, names
        self._fetched: Sequence[str] | None = None

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, position: int) -> str: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[str]: ...
    def __getitem__(self, position: int | slice) -> str | Sequence[str]:
        """A machine's place; where the roster is not at hand, its position stands for its name."""
        if isinstance(position, slice):
            return [self[one] for one in range(*position.indices(self._size))]
        if not -self._size <= position < self._size:
            raise IndexError(position)  # ends an iteration
        if self._fetched is None:
            self._fetched = self._names(self._site_id, self._version) or ()
        known = len(self._fetched) == self._size
        return miner_key(self._site_id, self._fetched[position] if known else f"#{position + 1}")
