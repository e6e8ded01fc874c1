"""The horn of a desk: what is played and when, by a real child process that stands where a sound card is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.alarm import AlarmState, Priority
from console.domain.alarm_change import Flood, Silence
from console.own_program import own_program
from console.ui.models.alarms.horn import FILE, AlarmHorn
from console.ui.models.live import LiveFleet, Mode
from console.ui.models.span import TimeBarModel
from console.ui.process.tone_player import GONE, MOST_DEATHS, TonePlayer
from console.ui.shell import Shell
from console.ui.widgets.alarms.sound import SoundPopover
from tests.ui.alarms.made import a_flood, alarm, signed_in, store_of_a_day
from tests.ui.fakes import NOW_MS
from tests.ui.stand_in import SLOTS

PLAYER = """
import sys
answer, heard = sys.argv[1], open(sys.argv[2], "a", buffering=1)
print(answer, flush=True)
for line in sys.stdin:
    heard.write(line)
    if "dies" in answer and line.strip() != "probe":
        sys.exit(3)
    print(answer, flush=True)
"""
NOTHING = "none no sound device on this machine"


class Desk:
    """The horn of a fake fleet's desk, its clock in hand, and what its player was told."""

    def __init__(self, qtbot: QtBot, folder: Path, answer: str = "ready", mode: Mode = Mode.LIVE) -> None:
        self.qtbot, self.folder, self.now_ms = qtbot, folder, NOW_MS
        self.store = store_of_a_day()
        self.store.alarm_list = []
        self.live = LiveFleet(self.store, self.store, self.store.of, mode, clock=lambda: self.now_ms)
        self.live.load()
        self.alarms, _ = signed_in(self.live)
        self.horn, self.file = AlarmHorn.of(self.alarms), folder / "heard"
        self.called = []
        self.horn.sounded.connect(self.called.append)
        self.file.touch()
        self.player = TonePlayer([sys.executable, "-c", PLAYER, answer, str(self.file)])
        self.horn.use(self.player, folder)
        self.player.start()
        qtbot.waitUntil(lambda: self.player.trouble != "the sound device is being looked for")

    def stand(self, *priorities: Priority) -> None:
        """These alarms, new at this moment, and nothing else."""
        sites = [f"site:{site.id}" for site in self.store.of.sites]
        minutes = (NOW_MS - self.now_ms) / 60_000
        self.store.alarm_list = [
            alarm("site-board-hot", sites[n], AlarmState.UNACKNOWLEDGED, priority, minutes)
            for n, priority in enumerate(priorities)
        ]
        self.alarms.load()

    def pass_s(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now_ms += 1000
            self.horn.look()

    def heard(self, *tones: str) -> None:
        self.qtbot.waitUntil(lambda: self.file.read_text().split() == list(tones))

    def close(self) -> None:
        self.player.end()
        self.live.close()


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path):
    made = []

    def make(**more: object) -> Desk:
        made.append(Desk(qtbot, tmp_path, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_r32_every_priority_plays_its_own_tone_worst_first_and_the_banner_shows_what_sounds(desk) -> None:
    here = desk()
    here.stand(Priority.LOW, Priority.CRITICAL, Priority.MEDIUM, Priority.HIGH)
    here.pass_s(30)
    here.heard("critical", "high", "medium", "low")
    shell = Shell(here.live, TimeBarModel(NOW_MS), SLOTS)
    here.qtbot.addWidget(shell)
    assert shell.alarm_banner.text.startswith("critical 1 new of 1, high 1 new of 1, medium 1 new of 1, low 1 new of 1")
    shell.close()


def test_r31_u2_a_flood_of_500_is_one_tone_in_five_seconds_at_most_and_low_ones_are_mute(desk) -> None:
    here = desk()
    here.store.flood_now = Flood(True, NOW_MS, None, 500)
    here.store.alarm_list = a_flood(here.store, 500)
    here.alarms.load()
    here.pass_s(60)
    assert here.called == []
    here.stand(*[Priority.HIGH] * 40)
    here.pass_s(20)
    here.heard("high")
    assert [call.more_text for call in here.called] == ["39 more alarms"]


def test_r32_silence_hushes_ten_minutes_at_most_and_what_still_stands_sounds_when_it_ends(desk) -> None:
    here = desk()
    here.horn.remind(1)
    here.stand(Priority.MEDIUM)
    here.heard("medium")
    here.store.silence_now = Silence(NOW_MS, NOW_MS + 600_000, "ada")
    here.alarms.load()
    here.pass_s(599)
    assert len(here.called) == 1, "no reminder either"
    here.pass_s(2)
    here.heard("medium", "medium")
    assert here.called[-1].again


def test_r32_the_reminder_is_kept_for_this_desk(desk, tmp_path: Path) -> None:
    here = desk()
    here.horn.remind(2)
    here.stand(Priority.HIGH)
    here.pass_s(245)
    here.heard("high", "high", "high")
    assert msgspec.json.decode((tmp_path / FILE).read_bytes()) == {"reminder_min": 2}
    again = desk()
    assert again.horn.wish.reminder_min == 2


@pytest.mark.parametrize("damage", [b"{", b'{"reminder_min": 999999}', b'{"reminder_min": "often"}'])
def test_a_damaged_choice_costs_the_memory_and_nothing_else(desk, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    assert desk().horn.wish.reminder_min == 5


def test_r32_each_tone_has_a_test_button_that_sounds_in_a_silence_too(desk) -> None:
    here = desk()
    here.store.silence_now = Silence(NOW_MS, NOW_MS + 600_000, "ada")
    here.alarms.load()
    sheet = _sheet(here)
    for priority, button in sheet.tests.items():
        assert button.accessibleName() == f"test {priority.name.lower()} tone"
        button.click()
    here.heard("critical", "high", "medium", "low")
    assert "This desk plays one tone a priority" in sheet.state.text()


def test_r32_a_machine_without_a_sound_device_says_so_calmly_and_can_be_asked_again(desk) -> None:
    here = desk(answer=NOTHING)
    sheet, shell = _sheet(here), Shell(here.live, TimeBarModel(NOW_MS), SLOTS)
    here.qtbot.addWidget(shell)
    assert "Nothing is heard here: no sound device on this machine." in sheet.state.text()
    assert "Nothing is heard at this desk: no sound device on this machine" in shell.alarm_banner.silence.toolTip()
    sheet.again.click()
    here.heard("probe")
    here.stand(Priority.HIGH)
    here.heard("probe", "high")
    shell.close()


def test_a_player_that_cannot_be_started_is_said_and_nothing_breaks(qtbot: QtBot, tmp_path: Path) -> None:
    player = TonePlayer([str(tmp_path / "no such program")])
    player.start()
    qtbot.waitUntil(lambda: player.trouble == GONE)
    for _ in range(10):
        player.play("high")
    player.end()


def test_a_player_that_dies_is_started_anew_by_the_next_tone_but_not_for_ever(desk) -> None:
    here = desk(answer="none dies")
    for tone in range(1, 4):
        here.player.play("high")
        here.heard(*["high"] * tone)
        here.qtbot.waitUntil(lambda: here.player.trouble == GONE)
    here.player._deaths = MOST_DEATHS + 1
    here.player.play("high")
    here.qtbot.wait(200)
    assert here.file.read_text().split() == ["high"] * 3
    here.player.look()
    here.heard(*["high"] * 3, "probe")


def test_r32_a_desk_that_opens_in_a_silence_waits_for_its_end(desk) -> None:
    here = desk()
    rules, here.store.rule_list = here.store.rule_list, []
    here.alarms.load()
    here.horn._horn._seen = None  # as after a start: the store was not read yet
    here.pass_s(5)
    here.store.rule_list, here.store.silence_now = rules, Silence(NOW_MS, NOW_MS + 60_000, "ada")
    here.stand(Priority.HIGH)
    here.pass_s(30)
    assert here.called == []


def test_r11_nothing_sounds_of_the_past(desk) -> None:
    here = desk(mode=Mode.OFFLINE)
    here.stand(Priority.CRITICAL)
    here.pass_s(20)
    assert here.called == []


def test_the_own_player_answers_whether_this_machine_can_be_heard(qtbot: QtBot) -> None:
    player = TonePlayer(own_program("sound", "--serve"))
    player.start()
    qtbot.waitUntil(lambda: "looked for" not in player.trouble, timeout=20_000)
    assert player.trouble != GONE
    player.end()


def _sheet(here: Desk) -> SoundPopover:
    here.window = QWidget()
    here.window.resize(900, 700)
    here.qtbot.addWidget(here.window)
    return SoundPopover(here.horn, parent=here.window)
