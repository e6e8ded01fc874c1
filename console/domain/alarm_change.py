"""Knows what the alarm history is made of: one line a transition, with who and when, and what is asked of it.

An append-only record: what a person did to an alarm and what the alarm did by itself stand in one order.
"""

from __future__ import annotations

import msgspec

from console.domain.alarm import AlarmEvent, AlarmState, Priority


class AlarmChange(msgspec.Struct, frozen=True, kw_only=True):
    """One transition of one alarm. `who` and `workstation` are empty where nobody did it; `number` is the store's."""

    at_ms: int
    rule: str
    place: str
    event: AlarmEvent
    before: AlarmState
    after: AlarmState
    priority: Priority
    title: str = ""
    value: float | None = None
    limit: float | None = None
    parent: str | None = None
    who: str = ""
    workstation: str = ""
    note: str = ""
    number: int = 0

    @property
    def key(self) -> str:
        """The alarm it belongs to."""
        return f"{self.rule}@{self.place}"

    @property
    def announces(self) -> bool:
        """Whether it asked somebody to look: it became unacknowledged, and no parent explains it (R27)."""
        new = self.after is AlarmState.UNACKNOWLEDGED and self.before is not AlarmState.UNACKNOWLEDGED
        return new and self.parent is None


class HistorySearch(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched for: [start_ms, end_ms), newest first. Empty text and None ask for everything.

    `text` is looked for, without case, in title, place, person, note and event. `before` is the number of the last
    line of the page before.
    """

    start_ms: int = 0
    end_ms: int = 1 << 62
    site: str | None = None
    rule: str | None = None
    text: str = ""
    most: int = 500
    before: int | None = None


class Flood(msgspec.Struct, frozen=True):
    """Whether more alarms come than anybody can read (R31): since when, or when the last one ended."""

    active: bool = False
    began_ms: int | None = None
    ended_ms: int | None = None
    lately: int = 0  # announced in the last ten minutes


class Silence(msgspec.Struct, frozen=True):
    """The horn is off until `until_ms`, ten minutes at most (R32); what is new after `at_ms` may sound again."""

    at_ms: int
    until_ms: int
    who: str
