"""Looks at many addresses at once under one deadline: those that answered before come first, a hung one holds none."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from console.adapters.lan.sighting import Sighting

DEVICE_SHARE = 0.4  # of the sweep: what one device may take, so that a slot is free again for others
LEAST_DEVICE_S = 1.0


class Looks(Protocol):
    """What a sweep needs of the devices."""

    def known(self, ip: str) -> bool:
        """Whether the address answered the last time."""
        ...

    async def look(self, ip: str) -> Sighting | None:
        """One look at one address."""
        ...


class Sweep:
    """Sweeps again and again; addresses that no sweep had time for come first in the next."""

    def __init__(self, devices: Looks, clock: Callable[[], float] = time.monotonic) -> None:
        self._devices, self._clock = devices, clock
        self._missed: set[str] = set()

    async def run(
        self, addresses: Sequence[str], within_s: float, at_once: int, seen: Callable[[Sighting], None]
    ) -> int:
        """Look at every address, `at_once` at a time; `seen` is called as each answers. Returns how many it missed."""
        ends_s = self._clock() + within_s
        device_s = max(within_s * DEVICE_SHARE, min(within_s, LEAST_DEVICE_S))
        waiting = deque(sorted(addresses, key=self._rank))
        workers = [self._work(waiting, ends_s, device_s, seen) for _ in range(min(at_once, len(waiting)))]
        await asyncio.gather(*workers)
        self._missed = set(waiting)
        return len(waiting)

    def _rank(self, ip: str) -> int:
        """Known machines first, then who was missed the last time; sorting keeps the order otherwise."""
        return 0 if self._devices.known(ip) else 1 if ip in self._missed else 2

    async def _work(
        self, waiting: deque[str], ends_s: float, device_s: float, seen: Callable[[Sighting], None]
    ) -> None:
        while waiting:
            left_s = ends_s - self._clock()
            if left_s <= 0:
                return
            ip = waiting.popleft()
            try:
                sighting = await asyncio.wait_for(self._devices.look(ip), min(device_s, left_s))
            except TimeoutError:
                continue
            if sighting is not None:
                seen(sighting)
