"""Decides whether a reading may enter the store, and makes it what is stored: checked, stamped, rolled up. Pure.

An adapter is foreign code and a source may lie. Whatever does not fit together is refused as a whole: half a frame
would be worse than none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from console.domain.errors import BadAnswer
from console.domain.frame import Frame, Reading
from console.domain.metric import METRIC_BY_NAME, SIGNAL_INDEX
from console.domain.rollup import RosterIndex, SiteRollup, roll_up
from console.domain.roster import Roster, fingerprint
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


def accept(
    site: Site,
    index: RosterIndex | None,
    reading: Reading,
    received_ms: int,
    kept: Callable[[str], str | None] = lambda version: None,
) -> Arrival:
    """The arrival of `reading` at `received_ms`; `index` is of the roster known so far, None before the first.

    `kept` gives the fingerprint of the list that is stored under a version: a source that uses a tag for another list
    gets another version for it, so that no column ever lands on the wrong machines. Raises BadAnswer naming what does
    not fit.
    """
    frame = reading.frame
    if frame.site_id != site.id:
        raise BadAnswer(f"a frame of site {frame.site_id!r} where {site.id!r} was asked")
    index, reading = _index_for(site, index, reading, kept)
    frame = reading.frame
    _check_columns(frame, len(index.row))
    _check_site_values(reading)
    frame = _stamped(frame, received_ms)
    ahead_s = max(0, reading.frame.at_ms - received_ms) / 1000
    reading = replace(reading, frame=frame)
    return Arrival(reading, roll_up(site, index, reading), index, ahead_s)


def _index_for(
    site: Site, index: RosterIndex | None, reading: Reading, kept: Callable[[str], str | None]
) -> tuple[RosterIndex, Reading]:
    """The index of the reading's roster, and the reading under the version by which that is stored."""
    roster, version = reading.roster, reading.frame.roster_version
    if roster is not None:
        if roster.site_id != site.id or roster.version != version:
            raise BadAnswer(f"the roster is {roster.version!r} of {roster.site_id!r}, the frame names {version!r}")
        if len(roster.miners) > MOST_MINERS:
            raise BadAnswer(f"a roster of {len(roster.miners)} machines")
        told = _own_version(roster, index, kept)
        return RosterIndex.of(told, tag=version), _under(reading, told.version, told)
    if index is None or index.tag != version:
        raise BadAnswer(f"the frame names roster {version!r}, which the source never gave")
    return index, _under(reading, index.version, None)


def _own_version(roster: Roster, index: RosterIndex | None, kept: Callable[[str], str | None]) -> Roster:
    """The roster under its tag, or under tag and content where another list had the tag before."""
    digest = fingerprint(roster.miners)
    known = index.digest if index is not None and index.version == roster.version else kept(roster.version)
    if known is None or known == digest:
        return roster
    return msgspec.structs.replace(roster, version=f"{roster.version}~{digest}")


def _under(reading: Reading, version: str, roster: Roster | None) -> Reading:
    if reading.frame.roster_version == version:
        return reading
    return replace(reading, frame=replace(reading.frame, roster_version=version), roster=roster)


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
