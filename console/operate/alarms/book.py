"""Keeps every alarm that is not normal and moves it: conditions, people and the shelf's clock come in, changes go out.

Knows no measurement, no store and no clock. What it moved waits in `changes` until somebody has kept it; what could
not be kept is undone, so that nothing is ever shown that the disk does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from console.domain.alarm import Alarm, AlarmEvent, AlarmState, Priority, apply, occur, shelve
from console.domain.alarm_change import AlarmChange, Flood
from console.domain.alarm_flood import FloodWatch
from console.domain.alarm_rule import Rule
from console.operate.alarms.family import Family

SPREAD_MS = 60_000  # shelves that end together return over this long (R24)
OUT_OF_HANDS = (AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE)  # such an alarm explains nothing
PARKED = (*OUT_OF_HANDS, AlarmState.SHELVED)
ESCALATES = (AlarmState.ACKNOWLEDGED, AlarmState.SHELVED)  # a worse priority asks for another look


@dataclass(frozen=True, slots=True)
class Changes:
    """What moved since it was last kept: the alarms as they stand now, and every transition in order."""

    alarms: tuple[Alarm, ...]
    lines: tuple[AlarmChange, ...]
    flood: Flood | None

    def __bool__(self) -> bool:
        return bool(self.alarms or self.lines or self.flood)


@dataclass(slots=True)
class _Pending:
    """What was moved and not kept yet: each alarm as it was before, and the lines."""

    before: dict[str, Alarm | None] = field(default_factory=dict)
    lines: list[AlarmChange] = field(default_factory=list)
    flood: bool = False


class AlarmBook:
    """All alarms of a fleet. Not thread-safe. `regions` maps a site's id to its region."""

    def __init__(
        self,
        rules: Iterable[Rule],
        regions: Mapping[str, str],
        alarms: Iterable[Alarm] = (),
        flood: FloodWatch | None = None,
    ) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.flood = flood or FloodWatch()
        self.family = Family(self.rules, regions)
        self._alarms = {alarm.key: alarm for alarm in alarms}
        self._suppressed: set[str] = set()
        self._returning: dict[str, int] = {}  # shelves whose time is over -> when they return
        self._pending = _Pending()

    def alarm(self, key: str) -> Alarm | None:
        """An alarm that is not normal."""
        return self._alarms.get(key)

    def alarms(self) -> tuple[Alarm, ...]:
        """Every alarm that is not normal."""
        return tuple(self._alarms.values())

    # conditions

    def begin(
        self, rule_id: str, place: str, at_ms: int, value: float | None, limit: float | None, detail: str = ""
    ) -> None:
        """The condition of a rule holds at a place from now on; `detail` is what an event told of it."""
        rule = self.rules[rule_id]
        alarm = self._at(rule_id, place)
        if alarm.key in self._suppressed and alarm.state not in PARKED:
            alarm = self._move(alarm, apply(alarm, AlarmEvent.SUPPRESS, at_ms), AlarmEvent.SUPPRESS, at_ms)
        moved = occur(alarm, at_ms, rule.priority, value, limit)
        moved = msgspec.structs.replace(moved, parent=self._parent(rule_id, place), detail=detail)
        worse = alarm.state in ESCALATES and moved.state is AlarmState.UNACKNOWLEDGED
        self._move(alarm, moved, AlarmEvent.ESCALATE if worse else AlarmEvent.OCCUR, at_ms, note=detail)

    def end(self, rule_id: str, place: str, at_ms: int, note: str = "") -> None:
        """The condition is over."""
        alarm = self._alarms.get(f"{rule_id}@{place}")
        if alarm is None or not alarm.active:
            return
        moved = apply(alarm, AlarmEvent.CLEAR, at_ms)
        if moved.state is AlarmState.SUPPRESSED:
            moved = apply(moved, AlarmEvent.UNSUPPRESS, at_ms)
        self._move(alarm, moved, AlarmEvent.CLEAR, at_ms, note=note)

    def retell(self, rule_id: str, place: str, detail: str) -> bool:
        """Other words for what stands and goes on: no state, no history, nothing announced. False where none stands."""
        alarm = self._alarms.get(f"{rule_id}@{place}")
        if alarm is None or not alarm.active:
            return False
        self._move(alarm, msgspec.structs.replace(alarm, detail=detail), AlarmEvent.OCCUR, alarm.changed_ms)
        return True

    def retire(self, key: str, at_ms: int, note: str) -> None:
        """What it watched is no more: the alarm is normal, and its history says why."""
        alarm = self._alarms[key]
        moved = msgspec.structs.replace(alarm, state=AlarmState.NORMAL, active=False, changed_ms=at_ms)
        self._move(alarm, moved, AlarmEvent.CLEAR, at_ms, note=note)

    def suppress(self, rule_id: str, place: str, at_ms: int) -> None:
        """An enabling condition is off: what is active there is suppressed by design (state F). A shelf stays."""
        key = f"{rule_id}@{place}"
        self._suppressed.add(key)
        alarm = self._alarms.get(key)
        if alarm is not None and alarm.active and alarm.state not in PARKED:
            self._move(alarm, apply(alarm, AlarmEvent.SUPPRESS, at_ms), AlarmEvent.SUPPRESS, at_ms)

    def unsuppress(self, rule_id: str, place: str, at_ms: int) -> None:
        """The rule speaks again."""
        key = f"{rule_id}@{place}"
        self._suppressed.discard(key)
        alarm = self._alarms.get(key)
        if alarm is not None and alarm.state is AlarmState.SUPPRESSED:
            self._move(alarm, apply(alarm, AlarmEvent.UNSUPPRESS, at_ms), AlarmEvent.UNSUPPRESS, at_ms)

    # people

    def acknowledge(self, key: str, at_ms: int, who: str, workstation: str, note: str = "") -> None:
        """Somebody has seen it."""
        alarm = self._alarms.get(key)
        if alarm is not None:
            moved = apply(alarm, AlarmEvent.ACKNOWLEDGE, at_ms, who=who, note=note)
            self._move(alarm, moved, AlarmEvent.ACKNOWLEDGE, at_ms, who=who, workstation=workstation, note=note)

    def shelve(self, key: str, at_ms: int, until_ms: int, reason: str, who: str, workstation: str) -> None:
        """Somebody parks it until a time, with a reason."""
        alarm = self._alarms.get(key)
        if alarm is not None:
            moved = shelve(alarm, at_ms, until_ms, reason, who)
            self._move(alarm, moved, AlarmEvent.SHELVE, at_ms, who=who, workstation=workstation, note=reason)

    def change(self, key: str, event: AlarmEvent, at_ms: int, who: str, workstation: str, note: str = "") -> None:
        """Unshelve, take out of service or put back, by hand. A rule may be taken out before it ever alarmed."""
        alarm = self._alarms.get(key) or self._at(*key.split("@", 1))
        moved = apply(alarm, event, at_ms)
        if event is AlarmEvent.TAKE_OUT:
            moved = msgspec.structs.replace(moved, note=note, acknowledged_by=who, acknowledged_ms=at_ms)
        self._move(alarm, moved, event, at_ms, who=who, workstation=workstation, note=note)
        if key in self._suppressed:
            self.suppress(alarm.rule, alarm.place, at_ms)  # it is back among alarms of a place that still rests

    # the clock

    def tick(self, at_ms: int) -> None:
        """Return what was shelved long enough, one after another, and look whether a flood began or ended."""
        due = [
            alarm
            for alarm in self._alarms.values()
            if alarm.state is AlarmState.SHELVED
            and (alarm.shelved_until_ms or 0) <= at_ms
            and alarm.key not in self._returning
        ]
        gap_ms = SPREAD_MS / max(1, len(due) - 1)
        first_ms = max([at_ms, *(last + 1000 for last in self._returning.values())])
        for position, alarm in enumerate(sorted(due, key=lambda one: one.shelved_until_ms or 0)):
            self._returning[alarm.key] = first_ms + round(position * gap_ms)
        for key in [key for key, when in self._returning.items() if when <= at_ms]:
            del self._returning[key]
            self._return(key, at_ms)
        self._pending.flood |= self.flood.step(at_ms)

    def _return(self, key: str, at_ms: int) -> None:
        alarm = self._alarms.get(key)
        if alarm is None or alarm.state is not AlarmState.SHELVED or (alarm.shelved_until_ms or 0) > at_ms:
            return  # somebody was faster, and may have shelved it anew
        event = AlarmEvent.SUPPRESS if alarm.active and key in self._suppressed else AlarmEvent.SHELF_ENDS
        self._move(alarm, apply(alarm, event, at_ms), event, at_ms)

    # what moved

    def changes(self) -> Changes:
        """Everything since the last `kept`, without forgetting it."""
        pending = self._pending
        now = tuple(self._now(key, before) for key, before in pending.before.items())
        flood = self.flood.now if pending.flood else None
        return Changes(now, tuple(pending.lines), flood)

    def kept(self) -> None:
        """The changes are on the disk."""
        self._pending = _Pending()

    def undo(self) -> None:
        """What a person asked for could not be kept: every alarm is again as it was."""
        for key, before in self._pending.before.items():
            if before is None:
                self._alarms.pop(key, None)
            else:
                self._alarms[key] = before
        self._pending = _Pending()

    def _now(self, key: str, before: Alarm | None) -> Alarm:
        if key in self._alarms:
            return self._alarms[key]
        rule, place = key.split("@", 1)
        return Alarm(rule=rule, place=place, priority=before.priority if before else Priority.LOW)

    def _at(self, rule_id: str, place: str) -> Alarm:
        key = f"{rule_id}@{place}"
        return self._alarms.get(key) or Alarm(rule=rule_id, place=place, priority=self.rules[rule_id].priority)

    def _move(self, before: Alarm, after: Alarm, event: AlarmEvent, at_ms: int, **by: Any) -> Alarm:
        """Remember the alarm as it is now, and a line of history where its state or its condition changed."""
        if after == before:
            return after
        self._pending.before.setdefault(before.key, self._alarms.get(before.key))
        if after.state is AlarmState.NORMAL:
            self._alarms.pop(after.key, None)
        else:
            self._alarms[after.key] = after
        if after.state is not before.state or after.active is not before.active:
            self._write(before, after, event, at_ms, **by)
            self._tell_children(after)
        return after

    def _write(self, before: Alarm, after: Alarm, event: AlarmEvent, at_ms: int, **by: Any) -> None:
        rule = self.rules.get(after.rule)
        line = AlarmChange(
            at_ms=at_ms,
            rule=after.rule,
            place=after.place,
            event=event,
            before=before.state,
            after=after.state,
            priority=after.priority,
            title=rule.title if rule else after.rule,
            value=after.value,
            limit=after.limit,
            parent=after.parent,
            **by,
        )
        self._pending.lines.append(line)
        if line.announces:
            self.flood.announced(at_ms)
            self._pending.flood |= self.flood.step(at_ms)

    # parent causes (R27)

    def _parent(self, rule_id: str, place: str) -> str | None:
        """The key of the alarm that explains one of this rule at this place, the nearest that is active."""
        for key in self.family.causes(rule_id, place):
            alarm = self._alarms.get(key)
            if alarm is not None and alarm.active and alarm.state not in OUT_OF_HANDS:
                return key
        return None

    def _tell_children(self, cause: Alarm) -> None:
        """A cause came or went: what it explains goes beneath it, or stands for itself, or beneath the next cause.

        What was there before the cause goes beneath it too; which of them was first is told by their times.
        """
        below = self.family.children(cause.rule)
        for child in self.alarms() if below else ():
            if child.rule in below:
                moved = msgspec.structs.replace(child, parent=self._parent(child.rule, child.place))
                self._move(child, moved, AlarmEvent.OCCUR, cause.changed_ms)
