"""Decides whether a reading may enter the store, and makes it what is stored: checked, stamped, rolled up. Pure.

An adapter is foreign code and a source may lie. Whatever does not fit together is refused as a whole: half a frame
would be worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from console.domain.errors import BadAnswer
from console.domain.frame import Frame, Reading
from console.domain.metric import METRIC_BY_NAME, SIGNAL_INDEX
from console.domain.rollup import RosterIndex, SiteRollup, roll_up
from console.domain.site import Site

EARLIEST_MS = 1_230_940_800_000  # 2009-01-03: no machine mined before; a stamp of 0 or in seconds falls below
SKEW_LIMIT_S = 30.0  # a source's clock further ahead than this is said
MOST_MINERS = 1_000_000  # a site of more machines than any on earth is a broken answer


@dataclass(frozen=True, slots=True)
class Arrival:
    """One reading, fit to be stored. `ahead_s` is how far the source's clock runs ahead of ours, 0 when not."""

    reading: Reading
    rollup: SiteRollup
    index: RosterIndex
    ahead_s: float


def accept(site: Site, index: RosterIndex | None, reading: Reading, received_ms: int) -> Arrival:
    """The arrival of `reading` at `received_ms`; `index` is of the roster known so far, None before the first.

    Raises BadAnswer naming what does not fit.
    """
    frame = reading.frame
    if frame.site_id != site.id:
        raise BadAnswer(f"a frame of site {frame.site_id!r} where {site.id!r} was asked")
    index = _index_for(site, index, reading)
    _check_columns(frame, len(index.row))
    _check_site_values(reading)
    frame = _stamped(frame, received_ms)
    ahead_s = max(0, reading.frame.at_ms - received_ms) / 1000
    reading = replace(reading, frame=frame)
    return Arrival(reading, roll_up(site, index, reading), index, ahead_s)


def _index_for(site: Site, index: RosterIndex | None, reading: Reading) -> RosterIndex:
    roster, version = reading.roster, reading.frame.roster_version
    if roster is not None:
        if roster.site_id != site.id or roster.version != version:
            raise BadAnswer(f"the roster is {roster.version!r} of {roster.site_id!r}, the frame names {version!r}")
        if len(roster.miners) > MOST_MINERS:
            raise BadAnswer(f"a roster of {len(roster.miners)} machines")
        return RosterIndex.of(roster)
    if index is None or index.version != version:
        raise BadAnswer(f"the frame names roster {version!r}, which the source never gave")
    return index


def _check_columns(frame: Frame, miners: int) -> None:
    for name, column in frame.columns.items():
        if name not in METRIC_BY_NAME:
            raise BadAnswer(f"unknown metric {name!r}")
        if not isinstance(column, np.ndarray) or column.dtype != np.float32:
            raise BadAnswer(f"the column {name!r} is not float32")
        if column.shape != (miners,):
            raise BadAnswer(f"the column {name!r} has shape {column.shape}, the roster {miners} machines")


def _check_site_values(reading: Reading) -> None:
    for name, value in reading.site_values.items():
        if name not in SIGNAL_INDEX:
            raise BadAnswer(f"unknown signal {name!r}")
        if not isinstance(value, int | float):
            raise BadAnswer(f"the signal {name!r} is no number")


def _stamped(frame: Frame, received_ms: int) -> Frame:
    """The frame with a stamp of ours where the source's lies in the future: it must not buy freshness later."""
    if frame.at_ms < EARLIEST_MS:
        raise BadAnswer(f"a stamp of {frame.at_ms} ms, before any machine mined: is it in seconds?")
    return replace(frame, at_ms=min(frame.at_ms, received_ms), received_ms=received_ms)
