"""The alarm banner: what it counts, what it names, and where one press leads."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from console.domain.alarm import AlarmState, Priority
from console.domain.alarm_change import Flood, Silence
from console.domain.place import site_key
from console.link.messages import AlarmAnswer, AlarmsChanged, AlarmVerb
from console.ui.bridge import Bridge
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.shell import Shell
from console.ui.theme import PRINT
from tests.ui.alarms.made import alarm, signed_in, store_of_a_day
from tests.ui.fakes import NOW_MS, FakeStore
from tests.ui.stand_in import SLOTS


class Desk:
    """A shell over a fake store, somebody at the desk."""

    def __init__(self, qtbot: QtBot, store: FakeStore, mode: Mode = Mode.LIVE, width: int = 1920) -> None:
        self.now_ms, self.store, self.qtbot = NOW_MS, store, qtbot
        self.live = LiveFleet(store, store, store.of, mode, clock=lambda: self.now_ms)
        self.live.load()
        self.alarms, self.engine = signed_in(self.live)
        self.shell = Shell(self.live, TimeBarModel(NOW_MS), SLOTS, "operator 2 · desk 2")
        self.banner = self.shell.alarm_banner
        qtbot.addWidget(self.shell)
        self.shell.resize(width, 1080)
        self.shell.open_view("world")
        self.shell.show()
        self.shell.activateWindow()
        qtbot.waitUntil(self.shell.isActiveWindow)

    def shown(self) -> list[str]:
        return [entry.words for entry in self.banner.entries if entry.words and not entry.isHidden()]


@pytest.fixture
def desk(qtbot: QtBot):
    made = []

    def make(store: FakeStore | None = None, mode: Mode = Mode.LIVE, width: int = 1920) -> Desk:
        made.append(Desk(qtbot, store or store_of_a_day(), mode, width))
        return made[-1]

    yield make
    for each in made:
        each.shell.close()
        each.live.close()


def test_r28_the_banner_names_the_three_newest_of_the_highest_priority_and_counts_all(desk) -> None:
    here = desk()
    first, second, third = here.shown()
    assert first.startswith("East Africa 4, 2 min · 3 grouped, ")
    assert second.startswith("South America 1, 9 min, ")
    assert "43.4 °C, limit 42.0 °C" in second
    assert third.startswith("East Africa 4, 21 min")
    words = here.banner.text
    assert "critical 1 new of 1, high 1 new of 1, medium 2 new of 2, low 1 new of 2" in words
    assert words.endswith("1 more alarm")


def test_r28_of_one_priority_the_newest_comes_first(desk) -> None:
    store = store_of_a_day()
    for site, minutes in ((30, 40), (31, 3)):
        place = site_key(store.of.sites[site].id)
        store.alarm_list.append(alarm("site-inlet-hot", place, AlarmState.UNACKNOWLEDGED, Priority.HIGH, minutes))
    ages = [words.split(", ")[1].split(" · ")[0] for words in desk(store).shown()]
    assert ages == ["2 min", "3 min", "9 min"]


def test_r28_the_banner_stands_on_every_view(desk) -> None:
    here = desk()
    for view in ("world", "site"):
        here.shell.open_view(view)
        assert here.banner.isVisible()
        assert here.banner.y() == here.shell.top_bar.height()


def test_r2_one_press_of_enter_opens_the_display_of_an_alarm(desk) -> None:
    here = desk()
    here.qtbot.keyClick(here.banner.entries[1], Qt.Key.Key_Return)
    assert here.shell.address == "site:south-america-1"


def test_r7_nothing_blinks_when_nothing_is_unacknowledged(desk) -> None:
    here = desk(FakeStore())
    assert not here.alarms.blink.running
    assert here.shown() == []
    assert "No unacknowledged alarm" in here.banner.text
    here.store.alarm_list = store_of_a_day().alarm_list
    here.alarms.load()
    assert here.alarms.blink.running
    here.qtbot.keyClick(here.shell, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert not here.alarms.blink.running
    assert not here.alarms.blink.dark_half


def test_r3_a_calm_banner_has_no_colour(desk) -> None:
    here = desk(FakeStore())
    image = here.banner.grab().toImage()
    most = max(
        image.pixelColor(x, y).hsvSaturationF() for x in range(image.width()) for y in range(0, image.height(), 2)
    )
    assert most <= 0.30


def test_r31_a_flood_is_said_first(desk) -> None:
    here = desk()
    here.store.flood_now = Flood(True, NOW_MS - 600_000, None, 34)
    here.alarms.load()
    assert here.shown()[0] == "Alarm flood, since 14:22 UTC, 34 in 10 min; the list is grouped"


def test_r32_silence_is_asked_by_one_key_and_shown_only_when_it_is_recorded(desk) -> None:
    here = desk()
    here.qtbot.keyClick(here.shell, Qt.Key.Key_Q)
    assert [(one.verb, one.span_s, one.who) for one in here.engine.asked] == [(AlarmVerb.SILENCE, 600.0, "operator 2")]
    assert here.banner.silence.text() == "Silence"
    here.store.silence_now = Silence(NOW_MS, NOW_MS + 581_000, "operator 2")
    here.alarms.load()
    assert here.banner.silence.text() == "Silenced · 9:41"


def test_r40_read_only_cuts_silence_and_says_why(desk) -> None:
    here = desk(mode=Mode.READ_ONLY)
    assert not here.banner.silence.isEnabled()
    assert "--read-only" in here.banner.silence.toolTip()
    here.qtbot.keyClick(here.shell, Qt.Key.Key_Q)
    assert here.engine.asked == []


def test_r11_what_is_cached_says_of_when_it_is(desk) -> None:
    here = desk(mode=Mode.OFFLINE)
    assert here.banner.text.endswith("as of 14:32 UTC")


@pytest.mark.parametrize("width", [1366, 1920, 3840])
def test_r55_r56_targets_are_large_enough_named_and_apart(desk, width: int) -> None:
    banner = desk(width=width).banner
    parts = [part for part in (*banner.entries, banner.silence, banner.next) if not part.isHidden()]
    assert all(part.accessibleName() and min(part.width(), part.height()) >= 24 for part in parts)
    lefts = sorted((part.x(), part.x() + part.width()) for part in parts)
    assert all(right <= left for (_, right), (left, _) in itertools.pairwise(lefts))
    assert lefts[-1][1] <= banner.width()
    banner.set_theme(PRINT)


def test_r28_a_word_that_was_lost_costs_three_seconds(desk) -> None:
    here = desk()
    here.live.load()
    here.qtbot.waitUntil(lambda: not here.live.reads.pending, timeout=3000)
    place = site_key(here.store.of.sites[31].id)
    here.store.alarm_list.append(alarm("site-half-gone", place, AlarmState.UNACKNOWLEDGED, Priority.CRITICAL, 0))
    here.now_ms += 3_000
    here.live.load()
    here.qtbot.waitUntil(lambda: len(here.alarms.now.alarms) == len(here.store.alarm_list), timeout=3000)
    assert here.store.of.sites[31].name in here.shown()[0]


def test_r28_the_word_of_the_collector_is_read_within_a_second(qtbot: QtBot) -> None:
    bridge, arrived = Bridge(), []
    bridge.arrived.connect(arrived.append)
    bridge.heard(AlarmsChanged(1, 1, 4))
    bridge.heard(AlarmAnswer("r1", ("k",), ()))
    qtbot.waitUntil(lambda: bool(arrived), timeout=3000)
    assert arrived[0].alarms_moved
    assert arrived[0].answers[0].request == "r1"
