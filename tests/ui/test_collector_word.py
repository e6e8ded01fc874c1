"""What the operator reads of the collector's life."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from console.ui.collector_word import LOST, STARTING, CollectorWord
from console.ui.widgets.notice import Notice


class Clock:
    at_s = 100.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notice(qtbot: QtBot) -> Notice:
    made = Notice()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def word(notice: Notice, clock: Clock) -> CollectorWord:
    return CollectorWord(notice, clock)


def test_a_start_is_told_until_the_first_frame(word: CollectorWord, notice: Notice) -> None:
    word.starting()
    assert notice.text == STARTING
    word.attached(True)
    assert notice.text == STARTING
    word.heard()
    assert notice.text == ""


def test_r12_a_restart_is_told_with_its_age_once_the_new_one_answers(word, notice, clock) -> None:
    word.attached(False)
    assert notice.text == LOST
    word.ended("collector ended (exit -9), restarting")
    word.started_again()
    assert notice.text == "collector ended (exit -9), restarting"
    word.attached(True)
    assert notice.text == "collector restarted 0 s ago"
    clock.at_s += 3
    word.tell()
    assert notice.text == "collector restarted 3 s ago"
    clock.at_s += 60
    word.tell()
    assert notice.text == ""


def test_the_reason_of_one_that_dies_again_and_again_stays_on_screen(word, notice) -> None:
    for _ in range(3):
        word.ended("collector ended (exit 1), restarting: fleet.toml:3: no such unit")
        word.started_again()
        assert "no such unit" in notice.text


def test_what_was_said_later_is_not_overwritten(word, notice, clock) -> None:
    word.started_again()
    word.attached(True)
    notice.say("Saved meridian-world.png")
    clock.at_s += 2
    word.tell()
    assert notice.text == "Saved meridian-world.png"


def test_a_service_that_comes_back_takes_the_word_back(word, notice) -> None:
    word.attached(False)
    word.attached(True)
    assert notice.text == ""
