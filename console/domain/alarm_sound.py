"""Decides which tone sounds when (R32): one a priority, the worst first, never faster than one in five seconds (U2).

Pure: what is unacknowledged, the flood, the silence and the time come in; a call, or none, comes out. It plays nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.domain.alarm import Alarm, Priority
from console.domain.alarm_change import Silence
from console.domain.durations import MINUTE_MS

GAP_MS = 5_000
SUMMED_ABOVE = 3  # more waiting messages than these are one message
IN_FLOOD = frozenset({Priority.HIGH, Priority.CRITICAL})  # the two highest priorities alone sound in a flood (R31)
REMINDERS_MIN = (0, 1, 2, 5, 10)  # 0: no reminder; the silence still ends
USUAL_REMINDER_MIN = 5
Announcement = tuple[str, int, int]  # an alarm, its priority, and when it came to its state: the same one asks once


@dataclass(frozen=True, slots=True)
class Call:
    """One tone: its priority, the alarm that it is for, and how many more are told with it."""

    priority: Priority
    key: str
    more: int = 0
    again: bool = False  # a reminder, or the end of a silence

    @property
    def more_text(self) -> str:
        """`7 more alarms`; empty where there are none."""
        return "" if not self.more else f"{self.more} more alarm{'s' if self.more > 1 else ''}"


class Horn:
    """What one desk has heard so far. Times are epoch milliseconds."""

    def __init__(self, reminder_min: int = USUAL_REMINDER_MIN) -> None:
        self.reminder_min = reminder_min
        self._seen: set[Announcement] | None = None  # at the last step; None before the first
        self._heard: set[Announcement] = set()
        self._hushed: set[Announcement] = set()  # by a silence: they return when it is over
        self._silence: Silence | None = None
        self._last_ms: int | None = None

    def step(self, unacknowledged: Sequence[Alarm], flood: bool, silence: Silence | None, now_ms: int) -> Call | None:
        """What sounds now. `unacknowledged` are those that no parent explains; a silence spares what comes after it."""
        here = {_announcement(alarm) for alarm in unacknowledged}
        audible = [alarm for alarm in unacknowledged if not flood or alarm.priority in IN_FLOOD]
        self._heard &= here
        self._heard |= here - {_announcement(alarm) for alarm in audible}
        self._hush(here, silence, now_ms)
        if self._last_ms is not None and 0 <= now_ms - self._last_ms < GAP_MS:
            return None
        waiting = sorted(
            (alarm for alarm in audible if _announcement(alarm) not in self._heard),
            key=lambda one: (-one.priority, -one.changed_ms, one.key),
        )
        call = self._first(waiting) if waiting else self._again(audible, now_ms)
        if call is not None:
            self._last_ms = now_ms
        return call

    def _hush(self, here: set[Announcement], silence: Silence | None, now_ms: int) -> None:
        """What stood when the silence began is heard by nobody until it ends; by sight, for clocks of sites differ."""
        in_force = silence if silence is not None and silence.at_ms <= now_ms < silence.until_ms else None
        if in_force is not None and in_force != self._silence:
            hushed = here if self._seen is None else here & self._seen
            self._hushed |= hushed
            self._heard |= hushed
        self._hushed &= here
        self._silence, self._seen = in_force, here

    def _first(self, waiting: Sequence[Alarm]) -> Call:
        """The worst; the others wait for their turn, or are told with it where they are many."""
        first, rest = waiting[0], waiting[1:]
        summed = len(rest) > SUMMED_ABOVE
        self._heard |= {_announcement(alarm) for alarm in (waiting if summed else (first,))}
        return Call(first.priority, first.key, len(rest) if summed else 0)

    def _again(self, audible: Sequence[Alarm], now_ms: int) -> Call | None:
        """The worst that still stands: when a silence is over, and at each reminder."""
        if self._silence is not None or not audible:
            return None
        returns = bool(self._hushed & {_announcement(alarm) for alarm in audible})
        self._hushed.clear()
        due = self._last_ms is None or abs(now_ms - self._last_ms) >= self.reminder_min * MINUTE_MS
        if not returns and not (self.reminder_min and due):
            return None
        worst = max(audible, key=lambda one: (one.priority, one.changed_ms))
        return Call(worst.priority, worst.key, len(audible) - 1, again=True)


def _announcement(alarm: Alarm) -> Announcement:
    return alarm.key, int(alarm.priority), alarm.changed_ms
