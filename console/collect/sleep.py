"""Notices that the machine slept or the process stood still, from clocks that the caller hands in."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

STOOD_STILL_S = 10.0  # a loop that wakes every second and finds this gone was stopped (SIGSTOP, a paused machine)
SLEPT_S = 2.0  # the clock that counts sleep ran ahead of the one that does not by more than this


def boot_time_s() -> float:
    """Seconds that also count while the machine sleeps, where the system has such a clock; else wall time."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.time()  # macOS and Windows: a change of the wall clock is taken for sleep, which only costs one poll


class SleepWatch:
    """Asked once a turn of the loop whether time was lost since the last turn."""

    def __init__(
        self, awake_s: Callable[[], float] = time.monotonic, always_s: Callable[[], float] = boot_time_s
    ) -> None:
        self._awake_s, self._always_s = awake_s, always_s
        self._awake, self._always = awake_s(), always_s()

    def lost_s(self) -> float:
        """Seconds lost to sleep or to standing still since the last call; 0 when there were none to speak of."""
        awake, always = self._awake_s(), self._always_s()
        passed, slept = awake - self._awake, (always - self._always) - (awake - self._awake)
        self._awake, self._always = awake, always
        if slept > SLEPT_S:
            return slept
        return passed if passed > STOOD_STILL_S else 0.0
