"""Reads off the GUI thread: nothing that a read brought outlives its delivery."""

from __future__ import annotations

import gc
import threading

from pytestqt.qtbot import QtBot

from console.ui.background import Background, Newest


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
