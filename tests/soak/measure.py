"""What is measured each simulated hour of a process, and what of it decides: slopes (Theil and Sen), daily rises."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import statistics
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

WARM_SHARE = 0.2  # of the run: caches fill, views are opened first
GROWERS = 8


def resident_mib() -> float:
    """Memory of this process that is in RAM."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def unshared_mib() -> float:
    """Of it, what no file backs: what a leak would be made of."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


class _Heap(ctypes.Structure):
    """glibc's `struct mallinfo2`."""

    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks",
                                                     "fsmblks", "uordblks", "fordblks", "keepcost")]  # fmt: skip


def heap_used_mib() -> float:
    """Of the C library's heap, what is in use: memory that grows beside it is holes, not a leak. 0 where none tells."""
    told = _heap()
    return (int(told.uordblks) + int(told.hblkhd)) / (1 << 20)


def heap_apart_mib() -> float:
    """Of it, pieces with pages of their own."""
    return int(_heap().hblkhd) / (1 << 20)


def _heap() -> _Heap:
    tell = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if tell is None:
        return _Heap()
    tell.restype = _Heap
    told: _Heap = tell()
    return told


def process() -> dict[str, float]:
    """Memory, descriptors and threads of this process now."""
    return {
        "rss_mib": resident_mib(),
        "anon_mib": unshared_mib(),
        "heap_used_mib": heap_used_mib(),
        "py_blocks": sys.getallocatedblocks(),
        "fds": len(os.listdir("/proc/self/fd")),
        "threads": len(os.listdir("/proc/self/task")),
        "py_threads": threading.active_count(),
    }


def store_files(path: Path) -> dict[str, float]:
    """Sizes of the store and of its log."""
    sizes = {"store_mib": path, "wal_mib": path.with_name(path.name + "-wal")}
    return {name: file.stat().st_size / (1 << 20) if file.exists() else 0.0 for name, file in sizes.items()}


def objects_by_type() -> Counter[str]:
    """Every object that Python's collector knows, by type; slow, so not every hour."""
    return Counter(f"{type(item).__module__}.{type(item).__qualname__}" for item in gc.get_objects())


def growers(before: Counter[str], after: Counter[str]) -> list[tuple[str, int]]:
    """The types that grew most."""
    return (after - before).most_common(GROWERS)


def slope(values: Sequence[float], a_day: float = 24.0) -> float:
    """The median of the slopes between all pairs after the warm-up, per day of `a_day` values; 0 for too few."""
    warm = list(values)[round(len(values) * WARM_SHARE) :]
    slopes = [(b - a) / (n - m) for m, a in enumerate(warm) for n, b in enumerate(warm) if n > m]
    return statistics.median(slopes) * a_day if slopes else 0.0


def rise_a_day(values: Sequence[float], a_day: int = 24) -> float:
    """The median of what each hour has more than the same hour of the day before; the slope where there is no day.

    For things that are counted: what leaks does so every day, while a part that is made at its first use is one step,
    in whichever hour that falls. A slope over all pairs would share that step out among the days.
    """
    rises = [after - before for before, after in zip(values, values[a_day:], strict=False)]
    return statistics.median(rises) if rises else slope(values, a_day)


def least_of_a_day(values: Sequence[float], a_day: int = 24) -> list[float]:
    """The least of each run of so many; the values themselves in less than two days.

    For what comes and goes with what views show, as the curves of a comparison of two or of six places do: a day
    holds some hour of few, and what leaks is there in that hour too.
    """
    if len(values) < 2 * a_day:
        return list(values)
    return [min(values[start : start + a_day]) for start in range(len(values) - a_day + 1)]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Book:
    """One side's rows, written as they come and not kept: they would be a leak that the side measures."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, **row: Any) -> None:
        """One more row."""
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")


def rows_of(path: Path) -> list[dict[str, Any]]:
    """What a Book wrote; none where it never began."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
