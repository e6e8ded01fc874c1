"""What a sparkline shows of a value: its last hour, what is usual, what is wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Spark:
    """What a sparkline shows: `values` shape (n,), equally spaced, oldest first, NaN = gap.

    `band` is the normal band in the same unit; `target` a dashed line; `live` False ends in a hollow dot. Two are
    equal when they look alike.
    """

    values: NDArray[np.float32]
    band: tuple[float, float] | None = None
    target: float | None = None
    live: bool = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spark) and self._look == other._look

    def __hash__(self) -> int:
        return hash(self._look)

    @property
    def _look(self) -> tuple[object, ...]:
        return self.values.tobytes(), self.band, self.target, self.live  # arrays have no one truth, their bytes have
