"""The feed asks off the GUI thread, once a grain, and drops what came too late."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from console.ui.models.live import LiveFleet
from console.ui.models.series_feed import BUCKETS_A_PIXEL, Answer, Question, SeriesFeed, Want, fetch
from tests.ui.fakes import NOW_MS, FakeStore

HOUR_MS = 3_600_000
ASKED = Question((Want("fleet", "hashrate_hs"),), NOW_MS - HOUR_MS, NOW_MS, 600)


class Slow(FakeStore):
    """Answers when the test lets it, and remembers from which thread it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple] = []

    def series(self, *question):
        self.asked.append((threading.get_ident(), *question))
        self.gate.wait(10)
        return super().series(*question)


@pytest.fixture
def feed(qtbot: QtBot):
    store = Slow()
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    made = SeriesFeed(live)
    made.store, made.got = store, []
    made.answered.connect(made.got.append)
    yield made
    store.gate.set()
    made.close()
    live.close()


def test_r17_the_store_is_read_off_the_gui_thread(feed, qtbot: QtBot) -> None:
    feed.ask(ASKED)
    qtbot.waitUntil(lambda: bool(feed.got))
    thread, *question = feed.store.asked[0]
    assert thread != threading.get_ident()
    assert question == ["fleet", "hashrate_hs", ASKED.start_ms, ASKED.end_ms, 600 * BUCKETS_A_PIXEL]
    assert not feed.busy


def test_a_burst_of_spans_is_one_question(feed, qtbot: QtBot) -> None:
    for step in range(10):
        feed.ask(replace(ASKED, start_ms=ASKED.start_ms - step * 60_000))
    qtbot.waitUntil(lambda: bool(feed.got))
    assert len(feed.store.asked) == 1
    assert feed.got[0].question.start_ms == ASKED.start_ms - 9 * 60_000


def test_the_same_to_a_pixel_is_not_asked_again_but_a_new_minute_is(feed, qtbot: QtBot) -> None:
    whole = replace(ASKED, start_ms=0, end_ms=600 * 60_000)  # a pixel is a minute
    feed.load(whole)
    feed._asked = feed._live.telemetry
    feed.ask(replace(whole, end_ms=whole.end_ms + 10_000))
    assert not feed.busy
    feed.ask(replace(whole, stamp=1))
    qtbot.waitUntil(lambda: len(feed.got) == 2)


def test_an_answer_that_comes_too_late_is_dropped(feed, qtbot: QtBot) -> None:
    feed.store.gate.clear()
    feed.ask(ASKED)
    qtbot.waitUntil(lambda: bool(feed.store.asked))
    later = replace(ASKED, start_ms=ASKED.start_ms - 7 * 24 * HOUR_MS)
    feed.ask(later)
    feed.store.gate.set()
    qtbot.waitUntil(lambda: bool(feed.got))
    qtbot.wait(50)
    assert [answer.question for answer in feed.got] == [later]


def test_another_store_is_another_answer(feed, qtbot: QtBot) -> None:
    feed.ask(ASKED)
    qtbot.waitUntil(lambda: len(feed.got) == 1)
    other = FakeStore()
    feed._live.attach(other, other)
    feed.ask(ASKED)
    qtbot.waitUntil(lambda: len(feed.got) == 2)


def test_r50_what_could_not_be_read_is_named() -> None:
    store = FakeStore()
    question = replace(ASKED, wants=(Want("fleet", "no such signal"), *ASKED.wants))
    answer = fetch(store, question, threading.Event())
    assert isinstance(answer, Answer)
    assert answer.failed == (Want("fleet", "no such signal"),)
    assert set(answer.series) == set(ASKED.wants)


def test_a_cancelled_question_reads_nothing() -> None:
    cancelled = threading.Event()
    cancelled.set()
    assert fetch(FakeStore(), ASKED, cancelled) is None
