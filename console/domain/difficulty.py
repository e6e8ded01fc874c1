"""Knows the Bitcoin difficulty over time, and so the expected BTC of any hashrate over any span of it.

It reads no file and asks no clock; the epochs are handed in as text. Past the last epoch the difficulty is held, and
every result says so.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.durations import DAY_MS
from console.domain.economics import BLOCK_S, BLOCKS_PER_HALVING, HASHES_PER_DIFFICULTY, subsidy_btc
from console.domain.errors import ConfigError, MeridianError

BLOCKS_PER_EPOCH = 2016
EPOCH_MS = BLOCKS_PER_EPOCH * BLOCK_S * 1000
HELD_EPOCHS = 1500  # how far past the table the last difficulty can be held: about 57 years


class NoDifficulty(MeridianError):
    """The difficulty of that time is not in the table."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """2016 blocks of one difficulty, from `start_ms` on."""

    first_height: int
    start_ms: int
    difficulty: float


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected BTC of a span. `held`: some of it lies past the table, where the last difficulty was held."""

    btc: float
    held: bool


class Difficulty:
    """The difficulty over time, and so what one H/s earns between two moments.

    Knots are the starts of epochs and the halvings inside them. Between knots blocks and coins per H/s grow
    linearly, so a span of any length is the difference of two interpolations: exact, and fast for whole series.
    """

    def __init__(self, epochs: Iterable[Epoch]) -> None:
        self.epochs = tuple(epochs)
        self.known_until_ms = self.epochs[-1].start_ms + EPOCH_MS
        pieces = _pieces(self.epochs)
        starts = np.array([piece[0] for piece in pieces], dtype=np.float64)
        seconds = np.diff(starts) / 1000
        blocks = seconds / (np.array([piece[1] for piece in pieces[:-1]]) * HASHES_PER_DIFFICULTY)
        coins = blocks * np.array([piece[2] for piece in pieces[:-1]])
        self._knots_ms = starts
        self._blocks = np.concatenate(([0.0], np.cumsum(blocks)))
        self._coins = np.concatenate(([0.0], np.cumsum(coins)))

    def at(self, at_ms: int) -> Epoch:
        """The epoch of a moment; past the table its last one. Raises NoDifficulty before its first."""
        starts = [epoch.start_ms for epoch in self.epochs]
        self._check(at_ms)
        return self.epochs[int(np.searchsorted(starts, at_ms, side="right")) - 1]

    def expected(
        self, hashrate_hs: float, start_ms: int, end_ms: int, fees_btc: float = 0.0, pool_fee: float = 0.0
    ) -> Expected:
        """Expected BTC of a constant hashrate in [start_ms, end_ms); `fees_btc` = mean fees of a block."""
        btc = hashrate_hs * float(self._reward(np.array([start_ms, end_ms]), fees_btc)[0]) * (1.0 - pool_fee)
        return Expected(btc, end_ms > self.known_until_ms)

    def accrued(
        self,
        hashrate_hs: NDArray[np.floating],
        at_ms: NDArray[np.int64],
        step_ms: int,
        fees_btc: float = 0.0,
        pool_fee: float = 0.0,
    ) -> Expected:
        """Expected BTC of a measured series: shapes (n,), bucket starts and means; a NaN bucket earned nothing."""
        if not at_ms.size:
            return Expected(0.0, False)
        per_hs = self._reward(np.stack((at_ms, at_ms + step_ms)), fees_btc)[0]
        btc = float(np.nansum(hashrate_hs.astype(np.float64) * per_hs)) * (1.0 - pool_fee)
        return Expected(btc, int(at_ms.max()) + step_ms > self.known_until_ms)

    def _reward(self, edges_ms: NDArray[np.int64], fees_btc: float) -> NDArray[np.float64]:
        """BTC per H/s between consecutive edges along the first axis."""
        self._check(int(edges_ms.min()), int(edges_ms.max()))
        coins = np.interp(edges_ms, self._knots_ms, self._coins)
        blocks = np.interp(edges_ms, self._knots_ms, self._blocks)
        return np.diff(coins + fees_btc * blocks, axis=0)

    def _check(self, *moments_ms: int) -> None:
        first, last = int(self._knots_ms[0]), int(self._knots_ms[-1])
        if not all(first <= moment <= last for moment in moments_ms):
            known = " to ".join(f"{dt.datetime.fromtimestamp(ms / 1000, dt.UTC):%Y-%m-%d}" for ms in (first, last))
            raise NoDifficulty(f"no difficulty is known for that time, only for {known}")


def _pieces(epochs: tuple[Epoch, ...]) -> list[tuple[float, float, float]]:
    """(start in ms, difficulty, subsidy) of each stretch with constant both; the last entry only ends the table."""
    last = epochs[-1]
    ends = [epoch.start_ms for epoch in epochs[1:]] + [last.start_ms + EPOCH_MS]
    spans = [(epoch, end) for epoch, end in zip(epochs, ends, strict=True)]
    for ahead in range(1, HELD_EPOCHS):
        start_ms = last.start_ms + ahead * EPOCH_MS
        held = Epoch(last.first_height + ahead * BLOCKS_PER_EPOCH, start_ms, last.difficulty)
        spans.append((held, start_ms + EPOCH_MS))
    pieces: list[tuple[float, float, float]] = []
    for epoch, end_ms in spans:
        pieces.append((epoch.start_ms, epoch.difficulty, subsidy_btc(epoch.first_height)))
        halving = -(-epoch.first_height // BLOCKS_PER_HALVING) * BLOCKS_PER_HALVING
        share = (halving - epoch.first_height) / BLOCKS_PER_EPOCH
        if 0 < share < 1:
            at_ms = epoch.start_ms + share * (end_ms - epoch.start_ms)
            pieces.append((at_ms, epoch.difficulty, subsidy_btc(halving)))
    pieces.append((spans[-1][1], last.difficulty, 0.0))
    return pieces


@dataclass(frozen=True, slots=True)
class Today:
    """Expected BTC of a UTC day: what the measured hashrate accrued, and the rest at the present hashrate."""

    accrued_btc: float
    rest_btc: float
    held: bool

    @property
    def btc(self) -> float:
        """The whole day."""
        return self.accrued_btc + self.rest_btc


def expected_today(
    difficulty: Difficulty,
    hashrate_hs: NDArray[np.floating],
    at_ms: NDArray[np.int64],
    step_ms: int,
    present_hs: float,
    now_ms: int,
    pool_fee: float = 0.0,
) -> Today:
    """The UTC day of `now_ms`, subsidy only, from the fleet's hashrate by bucket (shapes (n,), means, oldest first).

    Buckets outside the day or not yet over are left out; the rest of the day runs at `present_hs` from the end of
    the last one (from `now_ms` when there is none). A gap and an unknown present hashrate add
    nothing.
    """
    day_ms = now_ms - now_ms % DAY_MS
    inside = (at_ms >= day_ms) & (at_ms + step_ms <= now_ms)
    accrued = difficulty.accrued(hashrate_hs[inside], at_ms[inside], step_ms, pool_fee=pool_fee)
    from_ms = int(at_ms[inside].max()) + step_ms if inside.any() else now_ms
    present = present_hs if math.isfinite(present_hs) else 0.0
    rest = difficulty.expected(present, from_ms, day_ms + DAY_MS, pool_fee=pool_fee)
    return Today(accrued.btc, rest.btc, accrued.held or rest.held)


def parse_epochs(text: str, file: str) -> Difficulty:
    """The table of `resources/economics/difficulty_epochs.csv`; raises ConfigError with the line of the first fault."""
    epochs: list[Epoch] = []
    rows = csv.DictReader(io.StringIO(text))
    for row in rows:
        try:
            start = dt.datetime.fromisoformat(row["start_utc_derived_pm_3h"])
            epoch = Epoch(int(row["first_height"]), int(start.timestamp() * 1000), float(row["difficulty_exact"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError((f"{file}:{rows.line_num}: {error}, expected a difficulty epoch",)) from None
        if not epoch.difficulty > 0 or start.tzinfo is None or (epochs and epoch.start_ms <= epochs[-1].start_ms):
            problem = "expected a difficulty above zero and a start in UTC after the one before"
            raise ConfigError((f"{file}:{rows.line_num}: {problem}",))
        epochs.append(epoch)
    if not epochs:
        raise ConfigError((f"{file}:1: found no epoch, expected at least one",))
    return Difficulty(epochs)
