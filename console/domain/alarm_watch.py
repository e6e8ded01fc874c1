"""Watches one rule over many places at once: limit, dead-band, delays, suppression. Columns, no object a place.

A watch turns samples into the few moments that matter: the condition began or ended for good. It keeps its own
timers; what becomes of the alarm (acknowledged, shelved …) is `alarm`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm_rule import Condition, Rule
from console.domain.durations import MINUTE_MS

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
NEVER_MS = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Moments:
    """Positions (of the places watched) at which something changed at this sample; `limit` is each place's own."""

    began: NDArray[np.intp]
    ended: NDArray[np.intp]
    limit: Values


def beyond(rule: Rule, watched: Values, limit: Values) -> tuple[Mask, Mask]:
    """Where a value (or its change a minute) is beyond the limit, and where it is back by the whole dead-band."""
    band = rule.deadband * np.abs(limit) / abs(rule.limit) if rule.limit else rule.deadband
    if rule.condition in (Condition.ABOVE, Condition.RISES):
        return watched > limit, watched <= limit - band
    if rule.condition is Condition.FALLS:
        return -watched > limit, -watched <= limit - band
    return watched < limit, watched >= limit + band


class ConditionWatch:
    """The condition of one rule at `size` places, in an order that the caller keeps."""

    def __init__(self, rule: Rule, size: int) -> None:
        self.rule = rule
        self.active: Mask = np.zeros(size, dtype=np.bool_)
        self._since_ms = np.full(size, NEVER_MS, dtype=np.int64)  # when the opposite condition began
        self._last: Values = np.full(size, np.nan)
        self._last_ms = np.full(size, NEVER_MS, dtype=np.int64)

    def step(self, values: Values, reference: Values | None, at_ms: int) -> Moments:
        """One sample of every place, shape (size,); NaN changes nothing: no value neither raises nor clears.

        `reference` is the signal that the limit is a share of, where the rule has one. Samples come in order.
        """
        limit = self._limits(reference)
        watched = self._rates(values, at_ms) if self._watches_rate else values
        known = np.isfinite(watched) & np.isfinite(limit)
        bad, good = beyond(self.rule, watched, limit)
        turning = known & np.where(self.active, good, bad)
        self._since_ms = np.where(turning, np.minimum(self._since_ms, at_ms), np.where(known, NEVER_MS, self._since_ms))
        delay_ms = np.where(self.active, self.rule.off_delay_s, self.rule.on_delay_s) * 1000
        due = turning & (at_ms - self._since_ms >= delay_ms)
        began, ended = np.flatnonzero(due & ~self.active), np.flatnonzero(due & self.active)
        self.active = self.active ^ due
        self._since_ms[due] = NEVER_MS
        return Moments(began, ended, limit)

    def assume(self, active: Mask) -> None:
        """Go on from a known state, after a restart: the dead-band and the off-delay count from there (R25)."""
        self.active = active.copy()

    def restart(self, at_ms: int) -> None:
        """The clock jumped: what was turning begins to turn now, so that no delay is over by the jump alone (T34)."""
        self._since_ms = np.where(self._since_ms != NEVER_MS, at_ms, NEVER_MS)
        self._last_ms[:] = NEVER_MS

    @property
    def _watches_rate(self) -> bool:
        return self.rule.condition in (Condition.RISES, Condition.FALLS)

    def _limits(self, reference: Values | None) -> Values:
        if self.rule.relative_to is None:
            return np.full(self.active.shape, self.rule.limit)
        return self.rule.limit * reference if reference is not None else np.full(self.active.shape, np.nan)

    def _rates(self, values: Values, at_ms: int) -> Values:
        """Change a minute since each place's last known value; NaN for a first one."""
        known = np.isfinite(values)
        comparable = known & (self._last_ms != NEVER_MS) & (at_ms > self._last_ms)
        minutes = np.where(comparable, at_ms - self._last_ms, MINUTE_MS) / MINUTE_MS
        rates = np.where(comparable, (values - self._last) / minutes, np.nan)
        self._last = np.where(known, values, self._last)
        self._last_ms = np.where(known, at_ms, self._last_ms)
        return rates
