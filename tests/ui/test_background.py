"""Reads off the GUI thread: nothing that a read brought outlives its delivery."""

from __future__ import annotations

import gc

from pytestqt.qtbot import QtBot

from console.ui.background import Background


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
