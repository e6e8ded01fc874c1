"""The real collector: an alarm reaches the link, is acknowledged over it, and outlives kill -9."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.access import Role
from console.domain.alarm import AlarmState
from console.link.client import LinkClient
from console.link.messages import AlarmAnswer, AlarmRequest, AlarmsChanged, AlarmVerb, FrameStored
from console.link.orders import Done, PutAccount, SignedIn, SignIn
from console.settings import Profile
from console.store import open_reader
from tests.cli.test_alarms import RULE
from tests.kill.processes import collector, end, simulated_fleet, until

pytestmark = pytest.mark.slow


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    profile = Profile(tmp_path / "profile").create()
    text = RULE.replace("40 °C", "-40 °C").replace('on_delay = "5 min"\n', "")
    (profile.folder / "alarms.toml").write_text(text, encoding="utf-8")
    return profile


class Ear:
    """What a desktop hears, and when."""

    def __init__(self, profile: Profile) -> None:
        self.heard: list[object] = []
        self.client = LinkClient(profile, self.heard.append)
        self.client.start()

    def of(self, kind: type) -> list:
        return [message for message in self.heard if isinstance(message, kind)]


@pytest.fixture
def ear(profile: Profile) -> Iterator[Ear]:
    ear = Ear(profile)
    yield ear
    ear.client.stop()


def states(profile: Profile) -> dict[str, AlarmState]:
    reader = open_reader(profile.store)
    found = {alarm.key: alarm.state for alarm in reader.alarms()}
    reader.close()
    return found


def signed_in(ear: Ear) -> str:
    """The session of the first account, which this makes."""
    wish = {"name": "Ada", "secret": "correct horse 1", "desk": "w"}
    ear.client.ask(PutAccount(request="p", session="", role=int(Role.ADMINISTRATOR), **wish))
    ear.client.ask(SignIn(request="s", **wish))
    until(lambda: ear.of(SignedIn))
    assert ear.of(Done) == [Done("p")]
    return ear.of(SignedIn)[0].session


def ask_to_acknowledge(ear: Ear, key: str, session: str) -> None:
    ear.client.ask(
        AlarmRequest(
            request="a", verb=AlarmVerb.ACKNOWLEDGE, who="eve", role=int(Role.ADMINISTRATOR), workstation="x",
            keys=(key,), session=session,
        )
    )  # fmt: skip


def test_r25_r28_an_alarm_is_told_acknowledged_and_survives_kill_9(profile: Profile, ear: Ear, tmp_path: Path) -> None:
    with simulated_fleet(tmp_path, sites=2, miners=60) as fleet:
        child = collector(fleet, profile.folder)
        until(lambda: ear.of(AlarmsChanged) and len(ear.of(FrameStored)) >= 2)
        key = sorted(states(profile))[0]
        ask_to_acknowledge(ear, key, session="")
        until(lambda: ear.of(AlarmAnswer))
        assert "sign in first" in ear.of(AlarmAnswer)[0].refused[0][1], "the desktop's own word for its role is none"
        ask_to_acknowledge(ear, key, signed_in(ear))
        until(lambda: len(ear.of(AlarmAnswer)) == 2)
        assert ear.of(AlarmAnswer)[1] == AlarmAnswer("a", (key,), ())
        end(child, signal.SIGKILL)
        assert states(profile)[key] is AlarmState.ACKNOWLEDGED
        child = collector(fleet, profile.folder)
        heard = len(ear.of(FrameStored))
        until(lambda: len(ear.of(FrameStored)) >= heard + 3)
        assert states(profile)[key] is AlarmState.ACKNOWLEDGED
        end(child)


def test_broken_rules_of_the_profile_leave_the_shipped_ones_in_force_and_are_told(
    profile: Profile, ear: Ear, tmp_path: Path
) -> None:
    (profile.folder / "alarms.toml").write_text("[[alarm]]\nid = 3\n", encoding="utf-8")
    with simulated_fleet(tmp_path, sites=1, miners=30) as fleet:
        child = collector(fleet, profile.folder)
        until(lambda: ear.of(FrameStored))
        end(child)
    reader = open_reader(profile.store)
    told = [event.text for event in reader.events(0) if event.kind == "alarm rules"]
    assert "the shipped rules hold alone:" in told
    assert any("alarms.toml:2: alarm.id: found 3" in text for text in told)
    assert len(reader.alarm_rules()) > 20
    reader.close()
