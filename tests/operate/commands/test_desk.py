"""From the press of a button to the machines and back: the desk with a real store and sites in memory."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.domain.audit import faults
from console.domain.command import Arguments, Selector, TargetState, Verb
from console.domain.command_journal import Phase
from tests.operate.commands.field import ADA, BEN, EVE, Field, curtail, field_of


def test_a_site_is_curtailed_to_a_power_least_efficient_first_and_put_back(field: Field) -> None:
    down = curtail("alpha", arguments=Arguments(site_power_w=200_000.0))
    assert field.select(down) == ()
    preview = field.reader.preview(down.id)
    yard = field.yards["alpha"]
    assert preview.targets[0].machines[0] == yard.names[-1], "the least efficient machine goes first"
    assert not yard.orders, "nothing leaves before it is executed"
    assert field.operate(down.id) == ()
    record = field.until(down.id, Phase.DONE)
    assert record.counts == {TargetState.VERIFIED: preview.machines}
    assert yard.frame().columns["power_w"].sum() <= 200_000.0
    assert yard.frame().columns["power_w"].sum() > 200_000.0 - 3_600.0, "no more machines than it takes"
    up = curtail("alpha", verb=Verb.RESUME)
    assert field.select(up) == ()
    assert field.operate(up.id) == ()
    assert field.until(up.id, Phase.DONE).counts == {TargetState.VERIFIED: preview.machines}
    assert not yard.resting.any()


def test_the_audit_chain_tells_the_whole_way(field: Field) -> None:
    command = curtail("alpha")
    field.select(command)
    field.operate(command.id)
    field.until(command.id, Phase.DONE)
    rows = field.reader.audit()
    assert faults(rows) == ()
    actions = [row.action for row in rows if row.command_id == command.id]
    assert actions[:3] == ["preview", "execute", "send"]
    assert actions.count("send") == actions.count("answer") == 5
    assert actions[-1] == "done"
    assert {row.actor for row in rows if row.action in ("preview", "execute", "send")} == {"Ada"}


@pytest.mark.parametrize("person", [None, EVE])
def test_r40_nobody_and_a_viewer_command_nothing(field: Field, person: object) -> None:
    command = curtail("alpha")
    assert field.select(command, person)
    assert field.record(command.id) is None


def test_r40_a_read_only_collector_commands_nothing(tmp_path: Path) -> None:
    with field_of(tmp_path, {"alpha": 5}) as field:
        field.desk.stop()
        field.read_only = True
        field.open()
        assert field.select(curtail("alpha"), BEN) == ("this collector is read-only: it commands nothing",)


def test_who_asks_is_the_session_and_not_what_the_desktop_says(field: Field) -> None:
    command = replace(curtail("alpha"), by="Ben", desk="elsewhere")
    assert field.select(command) == ()
    assert field.record(command.id).command.by == "Ada"
    assert field.operate(command.id, person=BEN) != (), "another person does not execute what Ada selected"


def test_reasons_for_machines_that_are_left_out(field: Field) -> None:
    yard = field.yards["alpha"]
    yard.resting[0], yard.off[1], yard.mute[2] = True, True, True
    yard.refuses[yard.names[3]] = "in repair"
    names = (*yard.names[:6], "nobody")
    command = curtail(selector=Selector(("alpha",), machines={"alpha": names}))
    assert field.select(command) == ()
    preview = field.reader.preview(command.id)
    assert {left.reason for left in preview.skipped} == {
        "curtailed already",
        "off: it does not hash",
        "does not answer",
        "the site says: in repair",
        "not in the roster",
    }
    assert set(preview.targets[0].machines) == set(yard.names[4:6])


def test_r36_a_stale_site_is_skipped_and_an_emergency_is_a_supervisors(field: Field) -> None:
    field.poll()
    field.yards["alpha"].dead = True
    field.clock.ahead_ms = 120_000
    command = curtail("alpha")
    refused = field.select(command)
    assert "stale" in " ".join(refused)
    emergency = curtail("alpha", emergency=True)
    assert "supervisor" in field.select(emergency, ADA)[0]
    assert field.select(emergency, BEN) == ()
    checks = {check.name: check for check in field.reader.preview(emergency.id).checks}
    assert "emergency" in checks["Fresh read"].detail


def test_t22_a_full_disk_refuses_commands(field: Field) -> None:
    command = curtail("alpha")
    field.writer.full = True
    assert "could not be kept" in field.select(command)[0]
    field.writer.full = False
    assert field.select(command) == ()
    field.writer.full = True
    assert "could not be kept" in field.operate(command.id)[0]
    assert not field.yards["alpha"].orders


def test_t22_a_disk_that_fills_up_on_the_way_stops_the_command(field: Field) -> None:
    command = curtail("alpha")
    field.select(command)

    def fill(order: object) -> None:
        field.writer.full = len(field.yards["alpha"].orders) == 1

    field.yards["alpha"].on_execute = fill
    assert field.operate(command.id) == ()
    ends_s = time.monotonic() + 10
    while len(field.yards["alpha"].orders) < 2 or not field.troubles:
        assert time.monotonic() < ends_s
        time.sleep(0.01)
    time.sleep(0.1)
    assert len(field.yards["alpha"].orders) == 2
    field.writer.full = False
    record = field.until(command.id, Phase.STOPPED)
    assert "journal cannot be written" in record.words
    assert record.batches_sent == 2
