"""The pane says what an operator must do before an alarm can be acknowledged, and its guidance reads as plain words."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from console.domain.access import Person, Role
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet, Mode
from console.ui.plain import PlainLabel
from console.ui.views.alarms.pane import AlarmPane
from console.ui.widgets.alarms.guidance import _without_marks
from console.ui.widgets.numbered_steps import NumberedSteps
from tests.ui.alarms.made import store_of_a_day
from tests.ui.fakes import NOW_MS


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (Person("", Role.VIEWER), "Sign in to acknowledge, to shelve or to take out of service (Ctrl+L)"),
        (Person("ada", Role.OPERATOR), "Acknowledging records ada, 14:32:07 UTC."),
        (Person("ada", Role.VIEWER), "Off: the role viewer may not acknowledge"),
    ],
)
def test_what_must_be_done_first_is_said(qtbot: QtBot, person: Person, words: str) -> None:
    store = store_of_a_day()
    live = LiveFleet(store, store, store.of, Mode.LIVE, clock=lambda: NOW_MS)
    live.load()
    alarms = LiveAlarms.of(live)
    alarms.load()
    alarms.use(lambda _request: True, person, "desk 2")
    pane = AlarmPane(alarms)
    qtbot.addWidget(pane)
    hot = next(alarm for alarm in alarms.now.alarms if alarm.rule == "site-inlet-hot")
    pane.show_alarms(hot, (hot,))
    assert pane._words.text() == words
    assert pane.acknowledge.isEnabled() is words.startswith("Acknowledging")
    assert pane.acknowledge.isEnabled() or "Off: " in pane.acknowledge.toolTip()
    live.close()


def test_marks_of_a_guidance_file_are_not_shown() -> None:
    assert _without_marks("# Title\n\n**Cause.** It is `hot`\nthere.\n\nThen.") == "Cause. It is hot there.\n\nThen."


def test_a_step_that_wraps_stays_beside_its_number(qtbot: QtBot) -> None:
    steps = NumberedSteps()
    qtbot.addWidget(steps)
    steps.show_text("Look at the fans of the container and at what stands before its filters\nCall the site")
    assert steps.text() == (
        "1  Look at the fans of the container and at what stands before its filters\n2  Call the site"
    )
    steps.resize(260, steps.heightForWidth(260))
    steps.show()
    labels = steps.findChildren(PlainLabel)
    numbers, words = labels[::2], labels[1::2]
    assert [label.text() for label in numbers] == ["1", "2"]
    assert words[0].height() >= 2 * words[1].height() * 0.9
    assert {label.x() for label in words} == {words[0].x()}
    assert words[0].x() > numbers[0].geometry().right()
    assert [number.y() for number in numbers] == [label.y() for label in words]
    assert words[1].accessibleName() == "2. Call the site"
    steps.show_text("Call the site")
    assert steps.text() == "1  Call the site"
    steps.show_text("")
    assert steps.isHidden()
