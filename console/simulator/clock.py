"""Two times: the wall clock that stamps answers, and the physics time that may run faster than it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from console.domain.errors import BadAnswer
from console.simulator.noise import Floats


def wall_s() -> float:
    """UTC epoch seconds."""
    return time.time()


@dataclass(frozen=True, slots=True)
class Clock:
    """The simulator's clock. Before `started_s` physics and wall time are one; after it physics runs `speed` times.

    So history and live stay one line: stamps are always wall time, and the past never changes.
    """

    started_s: float
    speed: float = 1.0
    wall: Callable[[], float] = wall_s

    def physics(self, at_s: Floats | float) -> Floats:
        """Physics times of wall times, as an array."""
        at = np.asarray(at_s, dtype=np.float64)
        passed: Floats = at + np.maximum(at - self.started_s, 0.0) * (self.speed - 1.0)
        return passed


def iso(at_s: float) -> str:
    """UTC epoch seconds as ISO 8601, e.g. `2026-11-22T12:30:00Z`; milliseconds only where there are some."""
    text = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds")
    return text.replace(".000+00:00", "Z").replace("+00:00", "Z")


def from_iso(text: str) -> float:
    """UTC epoch seconds of an ISO 8601 time with a zone. Raises BadAnswer with what was found."""
    refusal = f"{text[:40]!r} is not an ISO 8601 time with a zone, such as 2026-11-22T12:30:00Z"
    try:
        stamp = datetime.fromisoformat(text.upper())
        if stamp.tzinfo is not None:
            return stamp.timestamp()
    except (ValueError, OverflowError) as error:
        raise BadAnswer(refusal) from error
    raise BadAnswer(refusal)


def epoch_ms(at_s: Floats) -> NDArray[np.int64]:
    """Epoch milliseconds of epoch seconds."""
    return np.rint(at_s * 1000.0).astype(np.int64)
