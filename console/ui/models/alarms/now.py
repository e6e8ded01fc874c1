"""One read of the alarms, put in order once: heads, children, counts and groups. Pure; made on a worker thread.

Whatever has to look at every alarm is done here and kept, so that a flood of ten thousand costs the screen nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from console.domain.alarm import STANDING, Alarm, AlarmState, Priority
from console.domain.alarm_change import AlarmChange, Flood, Silence
from console.domain.alarm_rule import Rule
from console.domain.place import site_of

NEW = (AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED)


@dataclass(frozen=True, slots=True)
class Group:
    """Alarms of one state and cause at one site, or at `sites` sites; `count` includes what they explain (R31)."""

    key: str
    members: tuple[Alarm, ...]
    worst: Alarm
    count: int
    sites: int = 1


@dataclass(frozen=True)
class AlarmsNow:
    """One read: every alarm that is not normal in the order of R29, the rules by id, flood and silence."""

    alarms: tuple[Alarm, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=dict)
    flood: Flood = field(default_factory=Flood)
    silence: Silence | None = None
    last: AlarmChange | None = None  # the last thing that happened; read only where nothing stands

    def ordered(self) -> AlarmsNow:
        """This read with all of its order made: for the worker thread that read it."""
        _ = (self.counts, self._newest, self._groups if self.flood.active else self._heads)
        return self

    @cached_property
    def by_key(self) -> Mapping[str, Alarm]:
        """Every alarm by its key."""
        return {alarm.key: alarm for alarm in self.alarms}

    @cached_property
    def _children(self) -> Mapping[str, tuple[Alarm, ...]]:
        found: dict[str, list[Alarm]] = {}
        for alarm in self.alarms:
            if alarm.parent is not None and alarm.parent in self.by_key:
                found.setdefault(alarm.parent, []).append(alarm)
        return {key: tuple(children) for key, children in found.items()}

    @cached_property
    def _heads(self) -> Mapping[AlarmState, tuple[Alarm, ...]]:
        found: dict[AlarmState, list[Alarm]] = {state: [] for state in AlarmState}
        for alarm in self.alarms:
            if alarm.parent is None or alarm.parent not in self.by_key:
                found[alarm.state].append(alarm)
        return {state: tuple(alarms) for state, alarms in found.items()}

    def heads(self, states: Sequence[AlarmState]) -> tuple[Alarm, ...]:
        """The alarms in these states that no listed parent explains, state by state (R27)."""
        if len(states) == 1:
            return self._heads[states[0]]
        return tuple(alarm for state in states for alarm in self._heads[state])

    def beneath(self, key: str) -> tuple[Alarm, ...]:
        """The alarms that this one explains."""
        return self._children.get(key, ())

    @cached_property
    def counts(self) -> Mapping[Priority, tuple[int, int]]:
        """For each priority how many are new (nobody has seen them), and of how many that are open."""
        new = Counter(alarm.priority for alarm in self.heads(NEW))
        every = Counter(alarm.priority for alarm in self.heads(STANDING))
        return {priority: (new[priority], every[priority]) for priority in Priority}

    @cached_property
    def _newest(self) -> tuple[Alarm, ...]:
        heads = self._heads[AlarmState.UNACKNOWLEDGED]
        return tuple(sorted(heads, key=lambda one: (-one.priority, -(one.occurred_ms or 0), one.rule, one.place)))

    def newest(self, most: int) -> tuple[Alarm, ...]:
        """The newest unacknowledged of the highest priority (R28)."""
        return self._newest[:most]

    @cached_property
    def _groups(self) -> Mapping[AlarmState, tuple[Group, ...]]:
        return {state: self.grouped(heads) for state, heads in self._heads.items()}

    def groups(self, state: AlarmState) -> tuple[Group, ...]:
        """The heads of a state by site and cause, in the order of their first."""
        return self._groups[state]

    def grouped(self, alarms: Iterable[Alarm]) -> tuple[Group, ...]:
        """Alarms by site and cause."""
        found: dict[tuple[AlarmState, str | None, str], list[Alarm]] = {}
        for alarm in alarms:
            found.setdefault((alarm.state, site_of(alarm.place), alarm.rule), []).append(alarm)
        return tuple(
            Group(f"group {state} {site} {rule}", tuple(members), _worst(members), self._count(members))
            for (state, site, rule), members in found.items()
        )

    def _count(self, members: Sequence[Alarm]) -> int:
        if not self._children:
            return len(members)
        return sum(1 + len(self.beneath(one.key)) for one in members)


def by_cause(groups: Iterable[Group]) -> dict[Group, tuple[Group, ...]]:
    """Groups of one cause at several sites as one, with its parts."""
    found: dict[tuple[AlarmState, str], list[Group]] = {}
    for group in groups:
        found.setdefault((group.worst.state, group.worst.rule), []).append(group)
    return {
        Group(
            f"group {state} {rule}",
            tuple(member for part in parts for member in part.members),
            _worst([part.worst for part in parts]),
            sum(part.count for part in parts),
            len(parts),
        ): tuple(parts)
        for (state, rule), parts in found.items()
    }


def _worst(alarms: Sequence[Alarm]) -> Alarm:
    return max(alarms, key=lambda one: (one.priority, one.occurred_ms or 0))
