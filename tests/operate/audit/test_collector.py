"""The real collector: it verifies the chain when it starts, anchors it when it ends, and hears an acknowledgement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.access import Role
from console.domain.account import new_account
from console.domain.audit import ChainState
from console.link.asking import Asking
from console.link.messages import FrameStored
from console.link.orders import AcknowledgeAudit, Done, HandOnDesk, SessionEnded, SignedIn, SignIn
from console.operate.audit.anchors import kept_anchors
from console.settings import Profile
from console.store import open_reader, open_writer
from tests.kill.processes import collector, end, simulated_fleet, until
from tests.store.people_and_commands import said

pytestmark = pytest.mark.slow
SECRET = "correct horse 1"


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    """A profile with a share, an administrator, and a chain that somebody changed."""
    profile = Profile(tmp_path / "profile").create()
    share = tmp_path / "share.jsonl"
    share.touch()
    (profile.folder / "audit.toml").write_text(f'[anchor]\nfile = "{share}"\n', encoding="utf-8")
    writer = open_writer(profile.store)
    writer.put_audit([said(number) for number in range(9)])
    writer.put_account(new_account("Ada", Role.ADMINISTRATOR, SECRET, 1))
    writer.close()
    with sqlite3.connect(profile.store) as connection:
        connection.executescript("DROP TRIGGER audit_stays; UPDATE audit SET actor = 'eve' WHERE seq = 4")
    connection.close()
    return profile


def chain_state(profile: Profile) -> ChainState:
    reader = open_reader(profile.store)
    found = reader.chain_state()
    reader.close()
    return found or ChainState()


def test_r38_a_broken_chain_is_an_event_monitoring_goes_on_and_an_administrator_acknowledges(
    profile: Profile, tmp_path: Path
) -> None:
    with simulated_fleet(tmp_path, sites=1, miners=30) as fleet:
        child = collector(fleet, profile.folder)
        until(lambda: profile.link_key.exists() and chain_state(profile).faults)
        assert chain_state(profile).faults == ("row 4 was changed after it was written",)
        assert not chain_state(profile).accepted
        with Asking(profile) as desk:
            until(lambda: isinstance(desk.hear(30), FrameStored))
            ended = desk.ask(AcknowledgeAudit(request="a", session="none", note="looked"))
            assert isinstance(ended, Done)
            assert "sign in as an administrator" in ended.refused
            found = desk.ask(SignIn(request="s", name="ada", secret=SECRET, desk="desk 1"))
            assert isinstance(found, SignedIn)
            session = found.session
            assert desk.ask(AcknowledgeAudit(request="b", session=session, note="a disk failed")) == Done("b")
        assert chain_state(profile).accepted
        assert end(child) == 0
        child = collector(fleet, profile.folder)
        with Asking(profile) as desk:
            desk.tell(HandOnDesk(session))
            until(lambda: isinstance(desk.hear(30), SessionEnded))  # a new collector knows nobody
        until(lambda: chain_state(profile).accepted)
        assert end(child) == 0
    reader = open_reader(profile.store)
    events = [event.text for event in reader.events(0) if event.kind == "audit"]
    head = reader.audit_head()
    reader.close()
    assert len(events) == 1
    assert "commands are refused until an administrator acknowledges" in events[0]
    assert kept_anchors(tmp_path / "share.jsonl")[-1].digest == head.digest
