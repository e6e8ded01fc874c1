"""Knows how often a host may be asked: a token bucket per host, and how long a host asked us to stay away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from console.adapters.base import Deadline
from console.domain.errors import RateLimited

LONGEST_HOLD_S = 3600.0  # a source that asks for a week gets an hour: a typo there must not blind us here


class Budget:
    """One host's tokens. `requests_per_s` refill it up to `burst`; a take beyond that waits its turn, in order.

    Threads of one process share it; `clock` and `sleep` are monotonic seconds and can be played by a test.
    """

    def __init__(
        self,
        requests_per_s: float,
        burst: float = 4.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._per_s, self._burst = requests_per_s, max(1.0, burst)
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._tokens, self._filled_s = self._burst, clock()
        self._held_until_s = float("-inf")

    def take(self, deadline: Deadline) -> None:
        """Wait for a token; raises RateLimited at once where the wait would outlast the deadline."""
        left_s = deadline.remaining_s()
        with self._lock:
            now = self._clock()
            held_s = self._held_until_s - now
            if held_s > 0:
                raise RateLimited(f"the source asked us to wait; {held_s:.0f} s of that are left", held_s)
            self._tokens = min(self._burst, self._tokens + (now - self._filled_s) * self._per_s)
            self._filled_s = now
            wait_s = max(0.0, (1.0 - self._tokens) / self._per_s)
            if wait_s >= left_s:
                raise RateLimited("our own request budget for this host is used up", wait_s)
            self._tokens -= 1.0
        if wait_s > 0:
            self._sleep(wait_s)

    def hold(self, seconds: float) -> None:
        """Send nothing to this host for `seconds` (its Retry-After), at most an hour."""
        with self._lock:
            until_s = self._clock() + min(max(0.0, seconds), LONGEST_HOLD_S)
            self._held_until_s = max(self._held_until_s, until_s)


class Budgets:
    """The budgets of every host that one adapter speaks to, whichever site names the host."""

    def __init__(self, requests_per_s: float, burst: float = 4.0) -> None:
        self._per_s, self._burst = requests_per_s, burst
        self._lock = threading.Lock()
        self._by_host: dict[str, Budget] = {}

    def of(self, host: str) -> Budget:
        """The one budget of `host`."""
        with self._lock:
            if host not in self._by_host:
                self._by_host[host] = Budget(self._per_s, self._burst)
            return self._by_host[host]
