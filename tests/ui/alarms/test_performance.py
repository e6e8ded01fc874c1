"""The performance page: the measures of the last day, week and month beside their targets."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from console.domain.alarm import AlarmEvent, AlarmState
from console.domain.durations import DAY_MS
from console.ui.models.alarms.measures import read_performance
from console.ui.models.live import LiveFleet
from console.ui.models.span import TimeBarModel
from console.ui.views.alarms.view import AlarmsView
from tests.ui.alarms.made import lines_of_a_month, signed_in, store_of_a_day
from tests.ui.fakes import NOW_MS, FakeStore


@pytest.fixture
def store() -> FakeStore:
    made = store_of_a_day()
    made.change_list = lines_of_a_month(made)
    return made


def test_r30_a_day_is_shown_by_the_hour_and_a_month_by_the_day(store: FakeStore) -> None:
    day, month = (read_performance(store, days * DAY_MS, NOW_MS) for days in (1, 30))
    assert (day.bars.size, month.bars.size) == (24, 30)
    assert day.bars.sum() == day.measures.announced
    assert month.bars.sum() == month.measures.announced


def test_r30_every_measure_stands_beside_its_target(qtbot: QtBot, store: FakeStore) -> None:
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    signed_in(live)
    view = AlarmsView(live, TimeBarModel(NOW_MS))
    qtbot.addWidget(view)
    view.resize(1888, 900)
    view.show()
    buttons = {button.text(): button for button in view.findChildren(QAbstractButton)}
    buttons["Performance"].click()
    qtbot.waitUntil(lambda: "alarms a day 40, target at most 144 (288), met" in view.performance.page.text)
    for words in ("time in flood 0.0 %", "chattering 0, target 0, met", "standing over 24 h 0, target fewer than 5"):
        assert words in view.performance.page.text
    buttons["30 d"].click()
    qtbot.waitUntil(lambda: "low priority 80.0 %" in view.performance.page.text)
    assert view.pane.isHidden()
    assert view.strip.isHidden(), "the page says it all"
    view.grab()
    live.close()


def test_r30_the_last_day_stands_over_the_list_where_there_is_room(qtbot: QtBot, store: FakeStore) -> None:
    live = LiveFleet(store, store, store.of, clock=lambda: NOW_MS)
    live.load()
    signed_in(live)
    view = AlarmsView(live, TimeBarModel(NOW_MS))
    qtbot.addWidget(view)
    view.resize(1888, 900)
    view.show()
    qtbot.waitUntil(lambda: bool(view.strip.text))
    for words in (
        "Alarms, last 24 h 40, target ≤ 144, manageable ≤ 288",
        "Per 10 min, average 0.28, target ≤ 1, now 0, flood > 10",
        "Time in flood 0.0 %, target < 1 %",
        "Top 10 share 25 %, target ≤ 5 %, too few",
        "Standing > 24 h 0, target < 5, none stands so long",
    ):
        assert words in view.strip.text
    calm = view.strip.grab().toImage()
    burst = store.change_list[0]
    at_ms = [NOW_MS - 30_000 + n for n in range(300)]
    more = [msgspec.structs.replace(burst, at_ms=at, number=10**6 + n, before=AlarmState.NORMAL,
                                    after=AlarmState.UNACKNOWLEDGED, event=AlarmEvent.OCCUR)
            for n, at in enumerate(at_ms)]  # fmt: skip
    store.change_list = [*reversed(more), *store.change_list]
    view.strip.measure(anew=True)
    qtbot.waitUntil(lambda: "Alarms, last 24 h 340, ▽ target ≤ 144" in view.strip.text)
    assert "now 300, flood > 10" in view.strip.text
    assert view.strip.grab().toImage() != calm
    view.resize(1366, 640)
    assert view.strip.isHidden()
    view.close()
    live.close()
