"""Sums a shift up for the next one: who acted, what came, what stands, what is parked and why. Pure.

Nothing of it is written down twice: it is all in the alarms and in their history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from console.domain.alarm import STANDING, Alarm, AlarmState, Priority
from console.domain.alarm_change import AlarmChange


@dataclass(frozen=True, slots=True)
class Handover:
    """One shift, [start_ms, end_ms). `people` is who acted and how often, most first; lines are newest first."""

    start_ms: int
    end_ms: int
    people: tuple[tuple[str, int], ...]
    announced: dict[Priority, int]
    open: tuple[Alarm, ...]
    shelved: tuple[Alarm, ...]
    out_of_service: tuple[Alarm, ...]
    notes: tuple[AlarmChange, ...]  # what somebody wrote: notes of acknowledgements, reasons of shelves


def hand_over(alarms: Iterable[Alarm], lines: Iterable[AlarmChange], start_ms: int, end_ms: int) -> Handover:
    """The shift from the alarms as they stand (in the order of the list) and the transitions of the span."""
    heads = [alarm for alarm in alarms if alarm.parent is None]
    shift = sorted((line for line in lines if start_ms <= line.at_ms < end_ms), key=lambda line: -line.at_ms)
    announced = Counter(line.priority for line in shift if line.announces)
    return Handover(
        start_ms=start_ms,
        end_ms=end_ms,
        people=tuple(Counter(line.who for line in shift if line.who).most_common()),
        announced={priority: announced[priority] for priority in sorted(Priority, reverse=True)},
        open=tuple(alarm for alarm in heads if alarm.state in STANDING),
        shelved=tuple(alarm for alarm in heads if alarm.state is AlarmState.SHELVED),
        out_of_service=tuple(alarm for alarm in heads if alarm.state is AlarmState.OUT_OF_SERVICE),
        notes=tuple(line for line in shift if line.who and line.note),
    )
