"""Watches the rules of one level over one list of places: columns in, the moments that an alarm book needs out.

Knows conditions and what suppresses them by design; nothing of what becomes of an alarm.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm_rule import Enabling, Rule
from console.domain.alarm_signals import Columns, signal_of
from console.domain.alarm_watch import ConditionWatch
from console.domain.durations import MINUTE_MS
from console.domain.fleet_state import CURTAILED_SHARE

UNKNOWN = -1  # whether a place rests where an alarm was found, suppressed or not
SETTLE_MS = 20 * MINUTE_MS  # a place that rested is still getting up this long after its last machine was told to


class Turn(enum.Enum):
    """What a moment brings."""

    BEGIN = enum.auto()
    END = enum.auto()
    SUPPRESS = enum.auto()
    UNSUPPRESS = enum.auto()


@dataclass(frozen=True, slots=True)
class Moment:
    """Something turned for one rule at one place; value and limit are those of a beginning."""

    turn: Turn
    rule: str
    place: str
    value: float | None = None
    limit: float | None = None


class PlacesWatch:
    """All rules of a level at `places`. `active` names, by rule, the places at which its alarm is active already."""

    def __init__(self, rules: Sequence[Rule], places: Sequence[str], active: Mapping[str, Collection[str]]) -> None:
        self.places = places
        self._watches = [ConditionWatch(rule, len(places)) for rule in rules]
        for watch in self._watches:
            known = active.get(watch.rule.id, ())
            if known:  # else no place needs to be named, which for machines would fetch a roster
                watch.assume(np.array([place in known for place in places], dtype=np.bool_))
        self._hushed = [rule.id for rule in rules if Enabling.NOT_CURTAILED in rule.enabled_when]
        self._rest_ends_ms = np.full(len(places), np.iinfo(np.int64).min, dtype=np.int64)
        self._resting: NDArray[np.int8] = np.zeros(len(places), dtype=np.int8)
        for watch in self._watches:
            self._resting[watch.active] = UNKNOWN

    def restart(self, at_ms: int) -> None:
        """The clock jumped: no delay is over by the jump alone."""
        for watch in self._watches:
            watch.restart(at_ms)

    def step(self, columns: Columns, at_ms: int) -> Iterator[Moment]:
        """One sample of every place; suppression first, so that nothing speaks that must not."""
        size = len(self.places)
        yield from self._suppressions(columns, at_ms)
        for watch in self._watches:
            rule = watch.rule
            values = signal_of(rule.signal, columns, size)
            reference = signal_of(rule.relative_to, columns, size) if rule.relative_to else None
            moments = watch.step(values, reference, at_ms)
            for position in moments.began.tolist():
                value, limit = float(values[position]), float(moments.limit[position])
                yield Moment(Turn.BEGIN, rule.id, self.places[position], value, limit)
            for position in moments.ended.tolist():
                yield Moment(Turn.END, rule.id, self.places[position])

    def _suppressions(self, columns: Columns, at_ms: int) -> Iterator[Moment]:
        if not self._hushed:
            return
        share = signal_of("curtailed_share", columns, len(self.places))
        self._rest_ends_ms = np.where(share >= CURTAILED_SHARE, at_ms + SETTLE_MS, self._rest_ends_ms)
        resting = (self._rest_ends_ms > at_ms).astype(np.int8)
        for position in np.flatnonzero(resting != self._resting).tolist():
            turn = Turn.SUPPRESS if resting[position] else Turn.UNSUPPRESS
            for rule in self._hushed:
                yield Moment(turn, rule, self.places[position])
        self._resting = resting
