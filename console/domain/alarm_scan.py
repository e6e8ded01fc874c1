"""Finds when one rule's condition began and ended at one place over a whole stretch of the past, all at once.

It tells the same moments as `alarm_watch` fed sample by sample (a property test holds the two together), a thousand
times faster: a month of a fleet is judged in seconds, so that rules can be tried before they hold.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm_rule import Condition, Rule
from console.domain.alarm_watch import Mask, Values, beyond
from console.domain.durations import MINUTE_MS

Times = NDArray[np.int64]
Positions = NDArray[np.intp]


def scan(rule: Rule, values: Values, reference: Values | None, at_ms: Times) -> tuple[list[int], list[int]]:
    """Positions at which the condition began and ended, in turns; arrays have shape (n,), oldest first, NaN = none."""
    limit = np.full(values.shape, rule.limit) if rule.relative_to is None else _shares(rule, values, reference)
    watched = _rates(values, at_ms) if rule.condition in (Condition.RISES, Condition.FALLS) else values
    known = np.flatnonzero(np.isfinite(watched) & np.isfinite(limit))
    bad, good = beyond(rule, watched[known], limit[known])
    began = known[_lasting(bad, at_ms[known], rule.on_delay_s)]
    ended = known[_lasting(good, at_ms[known], rule.off_delay_s)]
    return _in_turns(began, ended)


def _shares(rule: Rule, values: Values, reference: Values | None) -> Values:
    return np.full(values.shape, np.nan) if reference is None else rule.limit * reference


def _rates(values: Values, at_ms: Times) -> Values:
    """Change a minute since the last known value; NaN for the first."""
    rates = np.full(values.shape, np.nan)
    known = np.flatnonzero(np.isfinite(values))
    rates[known[1:]] = np.diff(values[known]) / (np.diff(at_ms[known]) / MINUTE_MS)
    return rates


def _lasting(holds: Mask, at_ms: Times, delay_s: float) -> Positions:
    """Where something has held without a break for the delay, ends included."""
    starts = holds & ~np.concatenate([[False], holds[:-1]])
    since_ms = np.maximum.accumulate(np.where(starts, at_ms, np.iinfo(np.int64).min)) if holds.size else at_ms
    held = np.flatnonzero(holds)
    return held[at_ms[held] - since_ms[held] >= delay_s * 1000]


def _in_turns(began: Positions, ended: Positions) -> tuple[list[int], list[int]]:
    """The first beginning, the first end after it, the first beginning after that, and so on."""
    begins: list[int] = []
    ends: list[int] = []
    last = -1
    while (position := int(np.searchsorted(began, last, side="right"))) < began.size:
        begins.append(int(began[position]))
        position = int(np.searchsorted(ended, begins[-1], side="right"))
        if position == ended.size:
            break
        last = int(ended[position])
        ends.append(last)
    return begins, ends
