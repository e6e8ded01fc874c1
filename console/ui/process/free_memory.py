"""Gives memory that nothing uses back to the system, once an hour: a console runs for weeks.

What views and reads allocate and free leaves holes in the heap, and glibc keeps every hole below the highest piece
still in use. Measured over 3 simulated days: 60 MiB in use all the time, 40 MiB of holes. What is given back are whole
pages; that few of them are held by one small piece each, large pieces are kept apart.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject

from console.domain.fleet_state import FleetNow
from console.ui.models.live import LiveFleet

EVERY_MS = 3_600_000
LARGE_BYTES, HEAPS = 1 << 20, 2  # pictures, and arrays of a whole fleet; threads that read share two heaps
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # glibc's malloc.h


class FreeMemory(QObject):
    """Lives as long as its parent; an hour is one of the screen's clock."""

    def __init__(self, live: LiveFleet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._given_ms = live, live.clock()
        keep_apart()
        live.changed.connect(self._look)

    def _look(self, now: FleetNow) -> None:
        if abs(now.now_ms - self._given_ms) >= EVERY_MS:
            self._given_ms = now.now_ms
            self._live.reads.run(give_back, _nothing, _nothing)  # some ms for a large heap, so not on the GUI thread


def keep_apart() -> bool:
    """Large pieces have pages of their own, which go back with them; False where the C library has no way.

    Left to itself glibc gives pages of their own only to pieces larger than the largest that was ever freed, up to
    32 MiB, and each thread a heap: pictures lie among small pieces that outlive them (mallopt(3)).
    """
    choose = _of_glibc("mallopt")
    return choose is not None and all(
        choose(what, value) for what, value in ((M_MMAP_THRESHOLD, LARGE_BYTES), (M_ARENA_MAX, HEAPS))
    )


def give_back() -> bool:
    """Whether something was given back; False where the C library has no way (`malloc_trim` is glibc's)."""
    trim = _of_glibc("malloc_trim")
    return bool(trim is not None and trim(0))


def _of_glibc(name: str) -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    import ctypes

    return getattr(ctypes.CDLL(None), name, None)


def _nothing(_outcome: object) -> None:
    """Nobody waits for it."""
