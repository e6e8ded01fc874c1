"""The simulated time of a soak: the collector's side moves it, the desktop's side reads it from a shared file."""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console.domain.rollup import SiteRollup

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
START_MS = 20_500 * DAY_MS
_MOMENT = struct.Struct("<q")


class SharedMoment:
    """Eight bytes that two processes see: the simulated epoch ms."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_MOMENT.pack(START_MS))
        self._file = path.open("r+b")
        self._bytes = mmap.mmap(self._file.fileno(), _MOMENT.size)

    def get(self) -> int:
        """Epoch ms."""
        moment: int = _MOMENT.unpack(self._bytes[:])[0]
        return moment

    def put(self, at_ms: int) -> None:
        """Eight bytes at once: nobody reads half of them."""
        self._bytes[:] = _MOMENT.pack(at_ms)


class FastTime:
    """Stands in for the module `time` where the collector asks for it: stands still between two steps."""

    def __init__(self, shared: SharedMoment, speed: float) -> None:
        self._shared, self._speed, self._began_s = shared, speed, time.monotonic()

    def now_ms(self) -> int:
        """Epoch ms."""
        return self._shared.get()

    def time_ns(self) -> int:
        """As `time.time_ns`."""
        return self.now_ms() * 1_000_000

    def monotonic(self) -> float:
        """As `time.monotonic`: seconds since the soak began."""
        return (self.now_ms() - START_MS) / 1000

    def step(self, step_ms: int) -> None:
        """Go on, no faster than the asked speed."""
        ahead_s = self.monotonic() / self._speed - (time.monotonic() - self._began_s)
        if ahead_s > 0:
            time.sleep(ahead_s)
        self._shared.put(self.now_ms() + step_ms)


class HeldReader:
    """A store's reader whose clock moves when the fleet is read: in fast motion all would be stale a moment later."""

    def __init__(self, reader: Any, shared: SharedMoment) -> None:
        self._reader, self._shared = reader, shared
        self._now_ms = shared.get()

    def now_ms(self) -> int:
        """Epoch ms, for everything on the screen."""
        return self._now_ms

    def rollups(self) -> Mapping[str, SiteRollup]:
        """The store's, and the moment with it."""
        self._now_ms = self._shared.get()
        found: Mapping[str, SiteRollup] = self._reader.rollups()
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)
