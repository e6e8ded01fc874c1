"""The watchdog names who held the screen up, and says nothing of a screen that lives."""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from console.ui.process import watchdog
from console.ui.process.watchdog import STALL_MS, Spent, Stall, Watchdog, stack_of


def sleeper() -> None:
    time.sleep(0.5)


def burner() -> None:
    end_s = time.perf_counter() + 0.5
    while time.perf_counter() < end_s:
        sum(range(1000))


def test_t11_both_kinds_of_stall_are_named(qtbot: QtBot) -> None:
    stalls: list[Stall] = []
    dog = Watchdog()
    dog.stalled.connect(stalls.append)
    for culprit in (sleeper, burner):
        stalls.clear()
        qtbot.wait(60)
        culprit()
        qtbot.waitUntil(lambda: any(culprit.__name__ in " ".join(stall.stack) for stall in stalls))  # noqa: B023 - at once
    assert all(stall.lag_ms > STALL_MS for stall in stalls)
    assert all(0.0 <= stall.starved_ms <= stall.lag_ms for stall in stalls)
    dog.close()


def test_it_watches_no_more_once_closed(qtbot: QtBot) -> None:
    stalls: list[Stall] = []
    dog = Watchdog()
    dog.stalled.connect(stalls.append)
    dog.close()
    dog.close()
    sleeper()
    qtbot.wait(60)
    assert not stalls
    assert "watchdog" not in {thread.name for thread in threading.enumerate()}


def test_measuring_is_not_held_against_the_screen(qtbot: QtBot) -> None:
    beats: list[float] = []
    dog = Watchdog(beat=beats.append)
    qtbot.waitUntil(lambda: len(beats) > 2)
    sleeper()
    dog.forgive()
    beats.clear()
    qtbot.waitUntil(lambda: bool(beats))
    assert beats[0] < 400
    dog.close()


def test_the_stack_of_a_thread_that_ended_is_empty() -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    assert stack_of(thread.ident or 0) == ()


def test_t11_the_culprit_is_our_own_innermost_frame() -> None:
    stall = Stall(
        150.0, 20.0, ("/x/console/ui/shell.py:3 tick", "/x/console/ui/map/land.py:9 paint", "/lib/re.py:1 sub")
    )
    assert stall.culprit.endswith("land.py:9 paint")
    assert stall.own_ms == 130.0
    assert Stall(150.0, 20.0, ()).culprit == "not seen"


def test_what_the_host_took_is_not_ours_but_what_we_computed_is() -> None:
    before = Spent(1000.0, 50.0, 600.0)
    stall = Spent(1080.0, 60.0, 750.0).stall(250.0, before, ())
    assert (stall.ran_ms, stall.starved_ms, stall.stolen_ms) == (80.0, 150.0, 150.0)
    assert stall.own_ms == 100.0, "twenty more than was computed: a lock, the interpreter"
    assert Spent(1080.0, 50.0, 1000.0).stall(100.0, before, ()).own_ms == 80.0, "never less than was computed"
    assert Spent(1080.0, 140.0, 640.0).stall(200.0, before, ()).own_ms == 110.0, "stolen while it waited: not twice"
    assert Spent(1250.0, 50.0, 600.0).stall(250.0, before, ()).own_ms == 250.0


@pytest.mark.skipif(sys.platform != "linux", reason="only there a system tells it")
def test_a_thread_is_told_what_it_ran() -> None:
    own = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    before = Spent.read(own)
    burner()
    after = Spent.read(own)
    assert 50.0 < after.ran_ms - before.ran_ms < 600.0
    assert after.stolen_ms >= before.stolen_ms >= 0.0


@pytest.mark.skipif(sys.platform == "win32", reason="os.sysconf, which tells the length of a tick, is not on Windows")
def test_a_system_that_tells_no_core_still_tells_what_a_thread_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "schedstat").write_text("5000000 2000000 7\n", encoding="ascii")
    for told in (b"cpu 1 2 3 4 5 6 7 8\nintr 1\n", b"cpu 1 2 3\ncpu0 1 2 3\n", b""):
        monkeypatch.setattr(watchdog, "open", lambda *_how, told=told: io.BytesIO(told), raising=False)
        assert Spent.read(tmp_path / "schedstat") == Spent(5.0, 2.0, 0.0)
    told = b"cpu 0 0 0 0 0 0 0 9 0\ncpu0 0 0 0 0 0 0 0 4 0\ncpu1 0 0 0 0 0 0 0 5 0\nintr 1\n"
    monkeypatch.setattr(watchdog, "open", lambda *_how: io.BytesIO(told), raising=False)
    assert Spent.read(tmp_path / "schedstat").stolen_ms == 4 * 1000 / os.sysconf("SC_CLK_TCK"), "the least of the cores"


def test_where_no_system_tells_nothing_is_forgiven(tmp_path: Path) -> None:
    assert Spent.read(tmp_path / "schedstat") == Spent(0.0, 0.0, 0.0)
