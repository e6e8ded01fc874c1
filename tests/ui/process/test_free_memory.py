"""Holes in the heap go back to the system, once an hour of the screen's clock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from console.ui.models.live import LiveFleet
from console.ui.process import free_memory
from console.ui.process.free_memory import EVERY_MS, FreeMemory, give_back
from tests.ui.fakes import NOW_MS, FakeStore

ROOT = Path(__file__).resolve().parents[3]
PIECE, PIECES = 8_000, 8_000  # 64 MB in pieces that no allocator of Python's own takes


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(sys.platform != "linux", reason="malloc_trim is glibc's")
def test_holes_between_what_is_kept_go_back() -> None:
    pieces = [b"x" * PIECE for _ in range(PIECES)]
    full_mb = resident_mb()
    kept = pieces[::50]
    pieces.clear()
    assert full_mb - resident_mb() < 0.1 * PIECE * PIECES / 1e6, "what is kept at the top holds all beneath it"
    assert give_back()
    assert len(kept) == PIECES / 50
    assert full_mb - resident_mb() > 0.5 * PIECE * PIECES / 1e6


APART = """
import sys
from console.ui.process.free_memory import keep_apart
from tests.soak.measure import heap_apart_mib
if sys.argv[1] == "apart":
    assert keep_apart()
picture = bytearray(8 << 20)
del picture
before = heap_apart_mib()
picture = bytearray(4 << 20)
sys.stdout.write(str(round(heap_apart_mib() - before)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mallopt is glibc's: other systems have none to ask")
@pytest.mark.parametrize(("how", "mib"), [("as it is", 0), ("apart", 4)])
def test_a_picture_has_pages_of_its_own_though_a_larger_one_was_freed_before(how: str, mib: int) -> None:
    done = subprocess.run([sys.executable, "-c", APART, how], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) == mib


def test_once_an_hour_of_the_screens_clock(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(free_memory, "give_back", lambda: given.append(now_ms[0]))
    now_ms, store = [NOW_MS], FakeStore()
    live = LiveFleet(store, store, store.of, clock=lambda: now_ms[0])
    keeper = FreeMemory(live)
    for minutes in (0, 30, 59, 60, 61, 119, 120):
        now_ms[0] = NOW_MS + minutes * 60_000
        live.load()
        qtbot.waitUntil(lambda: not live.reads.pending)
    assert given == [NOW_MS + EVERY_MS, NOW_MS + 2 * EVERY_MS]
    keeper.deleteLater()
    live.close()
