"""The alarm part of the store's operations face: what a screen reads of alarms, and what the engine alone writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.alarm_change import AlarmChange, Flood, HistorySearch, Silence
from console.domain.alarm_rule import Rule
from console.store import alarms as rows
from console.store import operations
from console.store.database import Pool, Writer

RULES, FLOOD, SILENCE = "alarm_rules", "alarm_flood", "alarm_silence"  # names of states


class AlarmReader(Protocol):
    """What a screen, a command line and the measures read."""

    def alarms(self, states: Sequence[AlarmState] | None = None) -> Sequence[Alarm]:
        """Every alarm that is not normal, or those in `states`: unacknowledged, then worst, then newest (R29)."""
        ...

    def alarm_counts(self) -> Mapping[tuple[AlarmState, Priority], int]:
        """How many alarms stand in each state at each priority, without those that a parent explains."""
        ...

    def alarm_history(self, search: HistorySearch) -> Sequence[AlarmChange]:
        """The transitions that a search finds, newest first."""
        ...

    def alarm_rules(self) -> Sequence[Rule]:
        """The rules as the engine runs them, guidance included, so that offline needs no file."""
        ...

    def flood(self) -> Flood:
        """Whether there is a flood."""
        ...

    def silence(self) -> Silence | None:
        """The last silence, which may be over; None when nobody ever asked for one."""
        ...


class AlarmWriter(Protocol):
    """What the engine keeps. What returned is on the disk, through a power cut too (R25)."""

    def put_alarms(self, alarms: Sequence[Alarm], changes: Sequence[AlarmChange], flood: Flood | None = None) -> None:
        """Replace these alarms' states and append their transitions, all or nothing."""
        ...

    def put_alarm_rules(self, rules: Sequence[Rule]) -> None:
        """Keep the rules as loaded."""
        ...

    def put_silence(self, silence: Silence) -> None:
        """Keep that somebody silenced the horn."""
        ...


class AlarmReads:
    """The reading half, for a reader that has a pool."""

    _pool: Pool

    def alarms(self, states: Sequence[AlarmState] | None = None) -> Sequence[Alarm]:
        """Every alarm that is not normal, or those in `states`: unacknowledged, then worst, then newest (R29)."""
        with self._pool.snapshot() as connection:
            return rows.alarms(connection, states)

    def alarm_counts(self) -> Mapping[tuple[AlarmState, Priority], int]:
        """How many alarms stand in each state at each priority, without those that a parent explains."""
        with self._pool.snapshot() as connection:
            return rows.counts(connection)

    def alarm_history(self, search: HistorySearch) -> Sequence[AlarmChange]:
        """The transitions that a search finds, newest first."""
        with self._pool.snapshot() as connection:
            return rows.history(connection, search)

    def alarm_rules(self) -> Sequence[Rule]:
        """The rules as the engine runs them; empty before an engine ran."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, RULES, tuple[Rule, ...]) or ()

    def flood(self) -> Flood:
        """Whether there is a flood."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, FLOOD, Flood) or Flood()

    def silence(self) -> Silence | None:
        """The last silence, which may be over; None when nobody ever asked for one."""
        with self._pool.snapshot() as connection:
            return operations.state(connection, SILENCE, Silence)


class AlarmWrites:
    """The writing half, for a writer."""

    _writer: Writer

    def put_alarms(self, alarms: Sequence[Alarm], changes: Sequence[AlarmChange], flood: Flood | None = None) -> None:
        """Replace these alarms' states and append their transitions; on the disk when this returns."""
        with self._writer.transaction(durable=True) as connection:
            rows.put_alarms(connection, alarms)
            rows.put_changes(connection, changes)
            if flood is not None:
                operations.put_state(connection, FLOOD, flood)

    def put_alarm_rules(self, rules: Sequence[Rule]) -> None:
        """Keep the rules as loaded."""
        with self._writer.transaction() as connection:
            operations.put_state(connection, RULES, tuple(rules))

    def put_silence(self, silence: Silence) -> None:
        """Keep that somebody silenced the horn."""
        with self._writer.transaction(durable=True) as connection:
            operations.put_state(connection, SILENCE, silence)
