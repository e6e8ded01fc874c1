"""Reads beside the GUI thread: every answer comes on it, and nothing is kept of a read that was delivered."""

from __future__ import annotations

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from console.ui.background import Background


class Answer:
    """Something large that a read brings."""


def test_answers_come_on_the_gui_thread_and_are_not_kept(qtbot: QtBot) -> None:
    reads, seen, threads = Background(), [], set()

    def take(answer: Answer) -> None:
        seen.append(weakref.ref(answer))
        threads.add(threading.get_ident())

    for _ in range(400):
        reads.run(Answer, take)
    qtbot.waitUntil(lambda: not reads.pending, timeout=20_000)
    gc.collect()
    assert threads == {threading.get_ident()}
    assert len(seen) == 400
    assert sum(answer() is not None for answer in seen) <= 2, "at most what a thread has in hand"
    reads.close()


def test_a_read_that_fails_tells_so(qtbot: QtBot) -> None:
    reads, errors = Background(), []
    reads.run(lambda: 1 // 0, lambda _answer: None, errors.append)
    qtbot.waitUntil(lambda: bool(errors), timeout=10_000)
    assert isinstance(errors[0], ZeroDivisionError)
    reads.close()


def test_nothing_is_delivered_after_the_end(qtbot: QtBot) -> None:
    reads, seen, gate = Background(), [], threading.Event()
    reads.run(lambda: gate.wait(5), seen.append)
    for _ in range(20):
        reads.run(lambda: True, seen.append)
    gate.set()
    reads.close()
    reads.run(lambda: True, seen.append)
    qtbot.wait(50)
    assert seen == []
