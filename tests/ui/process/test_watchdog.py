"""The watchdog names who held the screen up, and says nothing of a screen that lives."""

from __future__ import annotations

import threading
import time

from pytestqt.qtbot import QtBot

from console.ui.process.watchdog import STALL_MS, Stall, Watchdog, stack_of


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
