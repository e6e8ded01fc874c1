"""Rolls a frame up to its containers and its site, and sites up to regions and the fleet. Pure arithmetic.

A total never hides what is missing (R10): it counts its sites and the fresh ones, and holds a stale site's last
value for a stated while, with the held part beside it. After that the site is missing, not zero.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.durations import MINUTE_MS
from console.domain.frame import Column, Reading
from console.domain.freshness import LATE_PERIODS
from console.domain.health import miner_states
from console.domain.metric import METRIC_BY_NAME, SIGNAL_INDEX, SIGNALS, MinerState, implausible, most_plausible
from console.domain.roster import Roster, fingerprint
from console.domain.site import Site

HOLD_MS = 30 * MINUTE_MS  # a stale site's last value stays in a total this long, dotted and named
STATE_SIGNALS = (
    (MinerState.UNKNOWN, "unknown"),
    (MinerState.HASHING, "hashing"),
    (MinerState.DEGRADED, "degraded"),
    (MinerState.OFF, "off"),
    (MinerState.CURTAILED, "curtailed"),
)
ADDS = np.array([signal.adds for signal in SIGNALS])
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SiteRollup:
    """One site at one moment: `values` has shape (1 + containers, SIGNALS); row 0 is the site, NaN = no value."""

    site_id: str
    at_ms: int
    received_ms: int
    containers: tuple[str, ...]
    values: Matrix

    def site_value(self, signal: str) -> float:
        """One signal of the site as a whole; NaN = no value."""
        return float(self.values[0, SIGNAL_INDEX[signal]])


@dataclass(frozen=True, slots=True)
class RosterIndex:
    """What rolling up needs of a roster, computed once a version: each machine's container row and its rating.

    `tag` is what the source calls the version; `version` is another word where the source used the tag twice.
    """

    version: str
    containers: tuple[str, ...]
    row: NDArray[np.int64]
    rated_hs: NDArray[np.float64]
    miners: NDArray[np.int64]  # a container
    most_w: NDArray[np.float64] | float  # the highest plausible power of each row
    tag: str = ""
    digest: str = ""  # of the list, see `fingerprint`

    @classmethod
    def of(cls, roster: Roster, tag: str | None = None) -> RosterIndex:
        """The index of `roster`; arrays have shape (miners,)."""
        containers = roster.containers()
        rows = {name: position for position, name in enumerate(containers)}
        row = np.array([rows[miner.container] for miner in roster.miners], dtype=np.int64)
        rated_hs = np.array([miner.rated_hs or np.nan for miner in roster.miners], dtype=np.float64)
        rated_w = np.array([miner.rated_w or np.nan for miner in roster.miners], dtype=np.float64)
        miners = np.bincount(row, minlength=len(containers))
        digest = fingerprint(roster.miners)
        called = roster.version.removesuffix(f"~{digest}") if tag is None else tag
        most_w = most_plausible("power_w", rated_w)
        return cls(roster.version, containers, row, rated_hs, miners, most_w, called, digest)


def roll_up(site: Site, index: RosterIndex, reading: Reading) -> SiteRollup:
    """The site's and its containers' signals from one reading.

    Implausible values are left out of sums and counted under `suspect`. What the source tells of the whole site
    fills signals that no machine gives; the frame's own sum wins where both exist.
    """
    columns, suspect = _plausible(reading, index)
    bins = len(index.containers)
    values = np.full((1 + bins, len(SIGNALS)), np.nan)
    if bins:
        _fill_containers(values[1:], index, columns, suspect)
        _fill_site(values, columns)
    for name, value in reading.site_values.items():
        position = SIGNAL_INDEX.get(name)
        if position is not None and np.isfinite(value) and not np.isfinite(values[0, position]):
            values[0, position] = value
    values[0, SIGNAL_INDEX["deployed_hs"]] = site.deployed_hs
    frame = reading.frame
    return SiteRollup(site.id, frame.at_ms, frame.received_ms, index.containers, values)


def _plausible(reading: Reading, index: RosterIndex) -> tuple[dict[str, Column], NDArray[np.bool_]]:
    """The columns with implausible values taken out, and which machines had one."""
    columns: dict[str, Column] = {}
    suspect: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
    for name, column in reading.frame.columns.items():
        high = index.most_w if name == "power_w" else METRIC_BY_NAME[name].high
        wrong = implausible(name, column, high)
        columns[name] = np.where(wrong, np.float32(np.nan), column) if wrong.any() else column
        suspect = wrong if not suspect.size else suspect | wrong
    return columns, suspect


def _fill_containers(out: Matrix, index: RosterIndex, columns: dict[str, Column], suspect: NDArray[np.bool_]) -> None:
    bins = len(index.containers)
    out[:, SIGNAL_INDEX["miners"]] = index.miners
    if suspect.size:
        out[:, SIGNAL_INDEX["suspect"]] = np.bincount(index.row[suspect], minlength=bins)
    for name in ("hashrate_hs", "power_w"):
        if name in columns:
            out[:, SIGNAL_INDEX[name]] = _sums(index.row, columns[name], bins)[0]
    if "inlet_c" in columns:
        sums, counts = _sums(index.row, columns["inlet_c"], bins)
        out[:, SIGNAL_INDEX["inlet_c"]] = sums / np.where(counts > 0, counts, np.nan)
    if "board_c" in columns:
        hottest = np.full(bins, -np.inf)
        np.fmax.at(hottest, index.row, columns["board_c"].astype(np.float64))  # unlike types are 15 times slower
        out[:, SIGNAL_INDEX["board_c"]] = np.where(np.isfinite(hottest), hottest, np.nan)
    if "hashrate_hs" in columns:
        states = miner_states(columns["hashrate_hs"], index.rated_hs, columns.get("state"))
        kinds = len(STATE_SIGNALS)
        in_state = np.bincount(index.row * kinds + states, minlength=bins * kinds).reshape(bins, kinds)
        for state, name in STATE_SIGNALS:
            out[:, SIGNAL_INDEX[name]] = in_state[:, state]


def _sums(row: NDArray[np.int64], column: Column, bins: int) -> tuple[Matrix, NDArray[np.int64]]:
    """Sums of the known values a container and how many they are; a container without any is NaN, never 0."""
    known = np.isfinite(column)
    if not known.all():
        row, column = row[known], column[known]
    counts = np.bincount(row, minlength=bins)
    sums = np.bincount(row, weights=column, minlength=bins)
    return np.where(counts > 0, sums, np.nan), counts


def _fill_site(values: Matrix, columns: dict[str, Column]) -> None:
    """Row 0 from the container rows below it; the mean inlet is over machines, not over containers."""
    below = values[1:]
    values[0] = np.where(ADDS, nan_sum(below), np.nan)
    board = below[:, SIGNAL_INDEX["board_c"]]
    values[0, SIGNAL_INDEX["board_c"]] = np.fmax.reduce(board)
    inlet = columns.get("inlet_c")
    if inlet is not None and np.isfinite(inlet).any():
        values[0, SIGNAL_INDEX["inlet_c"]] = float(np.nanmean(inlet, dtype=np.float64))


def nan_sum(values: Matrix, axis: int = 0) -> Matrix:
    """The sum of the known values along `axis`; NaN where none is known ("no value" is never zero)."""
    known = np.isfinite(values)
    sums: Matrix = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(known.any(axis=axis), sums, np.nan)


def fresh_steps(period_s: float) -> int:
    """For how many minutes without a sample a site polled every `period_s` is not stale yet (R8), one at the least:
    the minute that runs has hardly begun, and a site is not missing because its turn comes later in it.
    """
    return max(1, int(LATE_PERIODS * period_s // 60))


def hold(
    values: Matrix, present: NDArray[np.bool_], limit: int, fresh: NDArray[np.int64]
) -> tuple[Matrix, NDArray[np.bool_], NDArray[np.bool_]]:
    """Carries each site's last sample forward for at most `limit` steps.

    `values` (sites, steps, signals), `present` (sites, steps), `fresh` (sites,) as of `fresh_steps`. Returns the
    filled values, in which steps a site is fresh, and in which its stale value is held.
    """
    steps = np.arange(present.shape[1])
    last = np.maximum.accumulate(np.where(present, steps, -1), axis=1)
    usable = (last >= 0) & (steps - last <= limit)
    told = usable & (steps - last <= fresh[:, None])
    filled = np.take_along_axis(values, np.maximum(last, 0)[:, :, None], axis=1)
    return np.where(usable[:, :, None], filled, np.nan), told, usable & ~told


def total(values: Matrix, told: NDArray[np.bool_], held: NDArray[np.bool_], deployed_hs: NDArray[np.float64]) -> Matrix:
    """Sites added up: (sites, steps, signals) -> (steps, signals), with coverage and the held part stated.

    `deployed_hs` (sites,) counts in full whether or not a site answers: a ratio to it must not improve by loss.
    """
    out = nan_sum(values, axis=0)
    board = values[:, :, SIGNAL_INDEX["board_c"]]
    out[:, SIGNAL_INDEX["board_c"]] = np.fmax.reduce(board, axis=0)
    out[:, SIGNAL_INDEX["inlet_c"]] = np.nan  # a mean over climates would say nothing
    out[:, SIGNAL_INDEX["deployed_hs"]] = deployed_hs.sum()
    out[:, SIGNAL_INDEX["sites"]] = values.shape[0]
    out[:, SIGNAL_INDEX["sites_fresh"]] = told.sum(axis=0)
    for signal, part in (("held_hs", "hashrate_hs"), ("held_w", "power_w")):
        column = np.where(held, values[:, :, SIGNAL_INDEX[part]], 0.0)
        out[:, SIGNAL_INDEX[signal]] = np.nansum(column, axis=0)
    return out
