"""Knows the life of one alarm: the ISA-18.2 states A to G, what moves it between them, and what is latched.

An alarm is an abnormal condition that requires a timely response; anything else is an event. States and
transitions are those of ISA-18.2 / IEC 62682, listed in 3-control-room.md (R19). Pure: time comes in with events.
"""

from __future__ import annotations

import enum

import msgspec


class Priority(enum.IntEnum):
    """How soon somebody must act; higher is worse. There are never more than these four (R20)."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def letter(self) -> str:
        """The letter on its symbol: C, H, M or L."""
        return self.name[0]


class AlarmState(enum.StrEnum):
    """The states of ISA-18.2, by their letters."""

    NORMAL = "A"
    UNACKNOWLEDGED = "B"
    ACKNOWLEDGED = "C"
    RETURNED = "D"  # back to normal, not yet acknowledged
    SHELVED = "E"
    SUPPRESSED = "F"  # by design: an enabling condition is off
    OUT_OF_SERVICE = "G"


# Neither normal nor parked: what a shift hands over as open.
STANDING = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED)


class AlarmEvent(enum.StrEnum):
    """What can happen to an alarm."""

    OCCUR = "occur"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"  # a worse priority while active
    SHELVE = "shelve"
    UNSHELVE = "unshelve"  # by hand
    SHELF_ENDS = "shelf ends"  # its time is over
    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"
    TAKE_OUT = "take out of service"
    PUT_BACK = "put back in service"


S, E = AlarmState, AlarmEvent
# What is not listed does not change the state. Leaving a parked state depends on the condition beneath it, which goes
# on being watched: see `leave`.
TRANSITIONS: dict[tuple[AlarmState, AlarmEvent], AlarmState] = {
    (S.NORMAL, E.OCCUR): S.UNACKNOWLEDGED,
    (S.UNACKNOWLEDGED, E.ACKNOWLEDGE): S.ACKNOWLEDGED,
    (S.UNACKNOWLEDGED, E.CLEAR): S.RETURNED,
    (S.ACKNOWLEDGED, E.CLEAR): S.NORMAL,
    (S.ACKNOWLEDGED, E.ESCALATE): S.UNACKNOWLEDGED,
    (S.SHELVED, E.ESCALATE): S.UNACKNOWLEDGED,  # the shelf was for something less urgent (ISA-18.2, R24)
    (S.RETURNED, E.ACKNOWLEDGE): S.NORMAL,
    (S.RETURNED, E.OCCUR): S.UNACKNOWLEDGED,
    (S.UNACKNOWLEDGED, E.SHELVE): S.SHELVED,
    (S.ACKNOWLEDGED, E.SHELVE): S.SHELVED,
    (S.RETURNED, E.SHELVE): S.SHELVED,
    **{(state, E.SUPPRESS): S.SUPPRESSED for state in AlarmState if state not in (S.SUPPRESSED, S.OUT_OF_SERVICE)},
    **{(state, E.TAKE_OUT): S.OUT_OF_SERVICE for state in AlarmState if state is not S.OUT_OF_SERVICE},
}
# (parked state, the event that ends it) -> the state when the condition beneath is active; else NORMAL
LEAVING: dict[tuple[AlarmState, AlarmEvent], AlarmState] = {
    (S.SHELVED, E.UNSHELVE): S.ACKNOWLEDGED,
    (S.SHELVED, E.SHELF_ENDS): S.UNACKNOWLEDGED,
    (S.SUPPRESSED, E.UNSUPPRESS): S.UNACKNOWLEDGED,
    (S.OUT_OF_SERVICE, E.PUT_BACK): S.UNACKNOWLEDGED,
}


def next_state(state: AlarmState, event: AlarmEvent, *, active: bool) -> AlarmState:
    """The state after `event`. `active` is whether the condition holds after the event; it only decides how a
    parked alarm (shelved, suppressed, out of service) returns. An event that does not apply changes nothing."""
    if (state, event) in LEAVING:
        return LEAVING[state, event] if active else S.NORMAL
    return TRANSITIONS.get((state, event), state)


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm of one rule at one place. `priority` latches at the worst since it occurred (T29)."""

    rule: str
    place: str
    state: AlarmState = AlarmState.NORMAL
    active: bool = False
    priority: Priority = Priority.LOW
    occurred_ms: int | None = None
    changed_ms: int = 0
    value: float | None = None
    limit: float | None = None
    parent: str | None = None  # the key of the alarm that explains this one (R27)
    acknowledged_by: str = ""
    acknowledged_ms: int | None = None
    note: str = ""
    shelved_until_ms: int | None = None
    shelf_reason: str = ""
    detail: str = ""  # what an event told of it, where nothing is measured

    @property
    def key(self) -> str:
        """What tells this alarm from every other."""
        return f"{self.rule}@{self.place}"


def occur(alarm: Alarm, at_ms: int, priority: Priority, value: float | None, limit: float | None) -> Alarm:
    """The condition holds. A worse priority than the latched one escalates, and ends a shelf at once; an alarm that is
    suppressed or out of service only remembers it."""
    was_active, latched = alarm.active, alarm.state is not S.NORMAL and alarm.priority
    worse = bool(latched) and priority > alarm.priority
    event = E.ESCALATE if alarm.state in (S.ACKNOWLEDGED, S.SHELVED) and worse else E.OCCUR
    state = next_state(alarm.state, event, active=True)
    fresh = not was_active and alarm.state not in (S.RETURNED,)
    before = alarm if state is alarm.state or event is E.OCCUR else _forgotten(alarm)
    return msgspec.structs.replace(
        before,
        state=state,
        active=True,
        priority=max(priority, alarm.priority) if latched else priority,
        occurred_ms=at_ms if fresh or alarm.occurred_ms is None else alarm.occurred_ms,
        changed_ms=at_ms if state is not alarm.state or not was_active else alarm.changed_ms,
        value=value,
        limit=limit,
    )


def _forgotten(alarm: Alarm) -> Alarm:
    """Who acknowledged or shelved it, and until when: it asks anew."""
    return msgspec.structs.replace(
        alarm, acknowledged_by="", acknowledged_ms=None, note="", shelved_until_ms=None, shelf_reason=""
    )


def apply(alarm: Alarm, event: AlarmEvent, at_ms: int, *, who: str = "", note: str = "") -> Alarm:
    """Any event but OCCUR and ESCALATE (`occur` judges those). Returning to NORMAL forgets what was latched."""
    active = alarm.active and event is not E.CLEAR
    state = next_state(alarm.state, event, active=active)
    changes: dict[str, object] = {"state": state, "active": active}
    if state is not alarm.state:
        changes["changed_ms"] = at_ms
    if event is E.ACKNOWLEDGE and alarm.state in (S.UNACKNOWLEDGED, S.RETURNED):
        changes |= {"acknowledged_by": who, "acknowledged_ms": at_ms, "note": note}
    if alarm.state is S.SHELVED and state is not S.SHELVED:
        changes |= {"shelved_until_ms": None, "shelf_reason": ""}
    if state is S.UNACKNOWLEDGED and alarm.state is not S.UNACKNOWLEDGED:
        changes |= {"acknowledged_by": "", "acknowledged_ms": None, "note": ""}
    return msgspec.structs.replace(alarm, **changes)


def shelve(alarm: Alarm, at_ms: int, until_ms: int, reason: str, who: str) -> Alarm:
    """Park an alarm until `until_ms` with a reason; a critical one, or one that is normal, stays as it is (R24)."""
    if alarm.priority is Priority.CRITICAL or (alarm.state, E.SHELVE) not in TRANSITIONS:
        return alarm
    shelved = apply(alarm, E.SHELVE, at_ms)
    return msgspec.structs.replace(
        shelved, shelved_until_ms=until_ms, shelf_reason=reason, acknowledged_by=who, acknowledged_ms=at_ms
    )
