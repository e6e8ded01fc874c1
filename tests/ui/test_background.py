"""Reads off the GUI thread: nothing that a read brought outlives its delivery."""

from __future__ import annotations

import gc
import threading

from pytestqt.qtbot import QtBot

from console.ui.background import Background, Newest, Reread


class Answer:
    """What a read brings; a table of the fleet weighs tens of megabytes."""


def alive() -> int:
    gc.collect()
    return sum(isinstance(thing, Answer) for thing in gc.get_objects())


def test_no_answer_outlives_its_delivery(qtbot: QtBot) -> None:
    background, seen = Background(), []
    for _ in range(50):
        background.run(Answer, lambda _answer: seen.append(1))
        qtbot.waitUntil(lambda: not background.pending)
    background.close()
    assert len(seen) == 50
    assert alive() == 0


def test_nothing_is_delivered_after_close(qtbot: QtBot) -> None:
    background, seen = Background(), []
    background.run(lambda: 1, seen.append)
    background.close()
    background.run(lambda: 2, seen.append)
    qtbot.wait(20)
    assert seen == []


def test_answers_come_on_the_gui_thread_many_at_once(qtbot: QtBot) -> None:
    background, threads = Background(), []
    for _ in range(200):
        background.run(Answer, lambda _answer: threads.append(threading.get_ident()))
    qtbot.waitUntil(lambda: not background.pending, timeout=20_000)
    background.close()
    assert threads == [threading.get_ident()] * 200
    assert alive() == 0


def test_a_read_that_fails_tells_so(qtbot: QtBot) -> None:
    background, errors = Background(), []
    background.run(lambda: 1 // 0, lambda _answer: None, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    background.close()
    assert isinstance(errors[0], ZeroDivisionError)


def test_an_older_question_that_is_answered_later_is_forgotten(qtbot: QtBot) -> None:
    background, slow, seen = Background(), threading.Event(), []
    newest = Newest(background)
    newest.run(lambda: slow.wait(5) and "a year", seen.append)
    newest.run(lambda: "a day", seen.append)
    qtbot.waitUntil(lambda: seen == ["a day"])
    slow.set()
    qtbot.waitUntil(lambda: not background.pending)
    background.close()
    assert seen == ["a day"]


def test_what_moves_while_it_is_read_is_read_once_more_and_no_oftener(qtbot: QtBot) -> None:
    background, gate, seen, reads = Background(), threading.Event(), [], []

    def read() -> int:
        reads.append(1)
        gate.wait(20)
        return len(reads)

    reread = Reread(background, read, seen.append)
    for _ in range(5):
        reread.ask()
    assert reread.busy
    gate.set()
    qtbot.waitUntil(lambda: not background.pending and not reread.busy)
    background.close()
    assert seen == [1, 2]


def test_after_a_read_that_failed_the_next_one_is_made(qtbot: QtBot) -> None:
    background, seen, errors = Background(), [], [OSError("disk")]

    def read() -> str:
        if errors:
            raise errors.pop()
        return "here"

    reread = Reread(background, read, seen.append)
    reread.ask()
    qtbot.waitUntil(lambda: not reread.busy)
    assert seen == []
    reread.ask()
    qtbot.waitUntil(lambda: not reread.busy)
    background.close()
    assert seen == ["here"]
