"""Knows when alarms come faster than anybody can read: more than ten in ten minutes, until fewer than five (R31)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from console.domain.alarm_change import Flood
from console.domain.durations import MINUTE_MS

WINDOW_MS = 10 * MINUTE_MS
BEGINS_ABOVE = 10
ENDS_BELOW = 5


class FloodWatch:
    """Counts what was announced in the last ten minutes; `now` is the flood as it stands."""

    def __init__(self, flood: Flood | None = None, announced_ms: Iterable[int] = ()) -> None:
        self.now = flood or Flood()
        self._lately = deque(sorted(announced_ms))

    def announced(self, at_ms: int) -> None:
        """One more alarm asks somebody to look."""
        self._lately.append(at_ms)

    def step(self, at_ms: int) -> bool:
        """Look again at `at_ms`; whether `now` became another one."""
        while self._lately and self._lately[0] <= at_ms - WINDOW_MS:
            self._lately.popleft()
        before, count = self.now, len(self._lately)
        if not before.active and count > BEGINS_ABOVE:
            self.now = Flood(True, at_ms, None, count)
        elif before.active and count < ENDS_BELOW:
            self.now = Flood(False, before.began_ms, at_ms, count)
        elif before.lately != count:
            self.now = Flood(before.active, before.began_ms, before.ended_ms, count)
        return self.now != before
