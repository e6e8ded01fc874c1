"""T21, T22: commands wait for a verified chain, and where it is broken for an administrator; the head is anchored."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.access import Person, Role
from console.domain.audit import Anchor
from console.operate.audit import watch as watch_module
from console.operate.audit.anchors import FilePlace
from console.operate.audit.watch import VERIFYING, AuditWatch
from console.store import open_reader, open_writer
from tests.store.people_and_commands import said

CHIEF = Person("Ada", Role.ADMINISTRATOR)


class Desk:
    """A chain of ten rows, a share, and a watch as a collector that starts now has one."""

    def __init__(self, folder: Path) -> None:
        self.path, self.share = folder / "store.db", folder / "anchors.jsonl"
        self.share.touch()
        self.writer = open_writer(self.path)
        self.writer.put_audit([said(number) for number in range(10)])
        self.reader = open_reader(self.path)
        self.said: list[str] = []
        self.start()

    def start(self) -> AuditWatch:
        places = [FilePlace(self.share)]
        self.watch = AuditWatch(self.reader, self.writer, places, lambda: 5, self.said.append)
        return self.watch

    def tamper(self, statement: str) -> None:
        with sqlite3.connect(self.path) as connection:
            for trigger in ("audit_stays", "audit_whole"):
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            connection.execute(statement)
        connection.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.reader.close()
    desk.writer.close()


def test_r38_commands_wait_until_the_chain_was_verified_at_the_start(desk: Desk) -> None:
    assert desk.watch.why_refused() == VERIFYING
    assert desk.watch.acknowledge(CHIEF, "d", "x") == VERIFYING
    state = desk.watch.verify()
    assert desk.watch.why_refused() == ""
    assert (state.rows, state.faults, state.accepted) == (10, (), True)
    assert desk.reader.chain_state() == state
    assert desk.said == []
    assert "no fault that waits" in desk.watch.acknowledge(CHIEF, "d", "x")


def test_r38_t21_a_broken_chain_refuses_commands_until_an_administrator_has_looked_and_over_a_restart(
    desk: Desk,
) -> None:
    desk.tamper("UPDATE audit SET actor = 'eve' WHERE seq = 4")
    desk.watch.verify()
    assert "row 4 was changed after it was written" in desk.watch.why_refused()
    assert desk.said == [desk.watch.why_refused()]
    assert desk.start().verify().accepted is False
    for person in (None, Person("Bo", Role.SUPERVISOR)):
        assert "sign in as an administrator" in desk.watch.acknowledge(person, "d", "looked")
    assert "needs a note" in desk.watch.acknowledge(CHIEF, "d", "  ")
    assert desk.watch.why_refused()
    assert desk.watch.acknowledge(CHIEF, "desk 1", "the disk failed") == ""
    assert desk.watch.why_refused() == ""
    row = desk.reader.audit_head()
    assert (row.actor, row.reason, row.before) == ("Ada", "the disk failed", "row 4 was changed after it was written")
    state = desk.start().verify()
    assert (desk.watch.why_refused(), len(state.faults), state.accepted) == ("", 1, True)
    desk.tamper("UPDATE audit SET actor = 'eve' WHERE seq = 7")
    desk.start().verify()
    assert desk.watch.why_refused(), "a new fault is not an old one"


def test_t22_what_cannot_be_acknowledged_on_the_disk_is_not_acknowledged(desk: Desk) -> None:
    desk.tamper("DELETE FROM audit WHERE seq = 3")
    desk.watch.verify()
    desk.tamper("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    assert "could not be kept" in desk.watch.acknowledge(CHIEF, "d", "looked")
    assert desk.watch.why_refused()


def test_t21_a_chain_that_was_cut_is_found_by_what_the_share_holds(desk: Desk) -> None:
    head = desk.reader.audit_head()
    assert desk.watch.anchor() == ""
    assert desk.reader.anchors() == [Anchor(10, head.digest, 5)]
    assert FilePlace(desk.share).kept() == (Anchor(10, head.digest, 5),)
    desk.tamper("DELETE FROM audit WHERE seq > 6")
    desk.tamper("DELETE FROM audit_anchor")  # the owner of the file cleans up behind them
    assert desk.start().verify().faults == ("row 10 was anchored and is gone: the chain was cut",)


def test_t21_the_head_is_anchored_every_hour_as_long_as_it_runs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch_module.ANCHOR_EVERY_S == 3600.0
    monkeypatch.setattr(watch_module, "ANCHOR_EVERY_S", 0.05)
    desk.watch.start()
    try:
        for more in range(3):
            desk.writer.put_audit([said(11 + more)])
            ends_s = time.monotonic() + 30
            while [anchor.seq for anchor in FilePlace(desk.share).kept()][-1:] != [11 + more]:
                assert time.monotonic() < ends_s
                time.sleep(0.01)
    finally:
        desk.watch.stop()


def test_an_anchor_that_cannot_be_kept_is_said_once_and_once_more_when_it_is_other(desk: Desk) -> None:
    desk.share.unlink()
    for _ in range(3):
        assert "No such file" in desk.watch.anchor()
    assert len(desk.said) == 1
    assert "could not be anchored" in desk.said[0]
    assert "No such file" in desk.reader.chain_state().trouble
    desk.share.touch()
    assert desk.watch.anchor() == ""
    assert desk.reader.chain_state().trouble == ""
    assert desk.reader.chain_state().anchored_ms == 5
    assert desk.watch.anchor() == ""
    assert len(FilePlace(desk.share).kept()) == 1, "nothing was added since"


def test_a_share_that_is_away_at_the_start_is_said_and_refuses_nothing(desk: Desk) -> None:
    desk.share.unlink()
    desk.watch.verify()
    assert desk.watch.why_refused() == ""
    assert "without the anchors of a second place" in desk.said[0]


def test_it_verifies_and_anchors_by_itself_and_once_more_when_it_stops(desk: Desk) -> None:
    desk.watch.start()
    desk.watch.stop()
    assert desk.watch.why_refused() == ""
    assert [anchor.seq for anchor in FilePlace(desk.share).kept()] == [10]
    watch = desk.start()
    watch.start()
    desk.writer.put_audit([said(11)])
    watch.stop()
    assert FilePlace(desk.share).kept()[-1].seq == 11


def test_without_a_second_place_it_says_so(desk: Desk) -> None:
    watch = AuditWatch(desk.reader, desk.writer, (), lambda: 5, desk.said.append)
    assert "no anchor" in watch.anchor()
    assert watch.verify().places == ()
