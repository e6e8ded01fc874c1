"""Pieces of work come one a turn of the event loop, and newer ones take the place of older ones."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from console.ui.piecewise import Piecewise


def test_other_events_come_between_two_pieces(qtbot: QtBot) -> None:
    owner, order = QObject(), list[str]()
    pieces = Piecewise(owner)

    def first() -> None:
        order.append("first")
        QTimer.singleShot(0, lambda: order.append("a key"))

    pieces.run(first, lambda: order.append("second"), lambda: order.append("third"))
    assert order == []
    assert pieces.busy
    qtbot.waitUntil(lambda: not pieces.busy and "a key" in order)
    assert order.index("a key") < order.index("third")
    assert [word for word in order if word != "a key"] == ["first", "second", "third"]


def test_newer_pieces_replace_what_is_left_of_older_ones(qtbot: QtBot) -> None:
    owner, order = QObject(), list[str]()
    pieces = Piecewise(owner)
    pieces.run(lambda: pieces.run(lambda: order.append("new")), lambda: order.append("old"))
    qtbot.waitUntil(lambda: not pieces.busy)
    assert order == ["new"]


def test_what_was_stopped_is_never_done(qtbot: QtBot) -> None:
    owner, order = QObject(), list[str]()
    pieces = Piecewise(owner)
    pieces.run(lambda: order.append("never"))
    pieces.stop()
    qtbot.wait(20)
    assert order == []
    assert not pieces.busy
