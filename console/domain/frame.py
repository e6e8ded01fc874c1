"""Knows what one poll brings: a frame of columns in roster order, what the site tells of itself, and history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from console.domain.durations import MINUTE_MS
from console.domain.roster import Roster

Column = NDArray[np.float32]


def minute_of(at_ms: int) -> int:
    """The start of the minute that holds `at_ms`, in epoch ms: the key under which a sample is stored."""
    return at_ms - at_ms % MINUTE_MS


@dataclass(frozen=True, slots=True)
class Frame:
    """All machines of a site at one moment.

    `columns`: metric name -> float32 array of shape (miners,), roster order, canonical units, NaN = no value.
    A metric that the source lacks is absent. `at_ms` is the source's time of measurement, `received_ms` ours.
    """

    site_id: str
    at_ms: int
    received_ms: int
    roster_version: str
    columns: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one poll of one site gives.

    `roster` is set when it is new or changed. `site_values` holds signals that the source tells of the whole
    site (its meter, or its totals where it knows no machines); a frame's own sum wins over a told total.
    """

    frame: Frame
    roster: Roster | None = None
    site_values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryChunk:
    """A stretch of the past of one place, oldest first.

    `at_ms`: int64 array of shape (n,), minute starts or coarser; `signals`: signal name -> float64 array of
    shape (n,), NaN = no value. `step_s` is the source's own resolution.
    """

    place: str
    step_s: int
    at_ms: NDArray[np.int64]
    signals: Mapping[str, NDArray[np.float64]]
