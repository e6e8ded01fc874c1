"""From the press of a button to the machines and back: the desk with a real store and sites in memory."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.domain.access import Person, Role
from console.domain.audit import faults
from console.domain.command import Arguments, Selector, TargetState, Verb
from console.domain.command_journal import Batch, Phase
from console.domain.errors import Unsupported
from console.domain.interlock import CommandRules
from console.link.orders import Steer
from console.operate.commands.guard import Guard
from console.store import open_reader
from tests.operate.commands.field import ADA, BEN, EVE, Field, curtail, field_of, wait_for


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


def test_r38_the_audit_chain_tells_the_whole_way(field: Field) -> None:
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


def test_r40_a_read_only_collector_opens_no_controller_and_continues_nothing(tmp_path: Path) -> None:
    """Also what needs no request: a way back that is due, a question to a site, the next batch."""
    with field_of(tmp_path, {"alpha": 5}) as field:
        command = curtail("alpha", revert_after_s=60.0)
        assert field.select(command) == ()
        assert field.operate(command.id) == ()
        field.until(command.id, Phase.DONE)
        field.desk.stop()
        field.read_only, asked = True, len(field.yards["alpha"].orders)
        polls = field.yards["alpha"].polls
        field.clock.ahead_ms = 61_000
        desk = field.open()
        with pytest.raises(Unsupported, match="read-only"), desk._runner._controllers.at(field.fleet.sites[0]):
            pytest.fail("a controller was opened")
        time.sleep(0.8)
        assert (len(field.yards["alpha"].orders), field.yards["alpha"].polls) == (asked, polls)
        assert not field.record(command.id).reverted_by
        steer = field.steer(command.id, Steer.CONFIRM)
        assert steer == ("this collector is read-only: it commands nothing",)


@pytest.mark.parametrize("steer", list(Steer))
def test_r40_a_viewer_steers_nothing_and_executes_nothing(field: Field, steer: Steer) -> None:
    """Not even one whose own command it was before the role was taken away."""
    command, demoted = curtail("alpha"), Person("Ada", Role.VIEWER)
    assert field.select(command) == ()
    for viewer in (EVE, demoted):
        assert field.operate(command.id, person=viewer) == ("your role may only look",)
        assert field.steer(command.id, steer, viewer) == ("your role may only look",)
    assert field.steer(command.id, steer, None) == ("sign in first: nobody is signed in at this desk",)
    assert field.record(command.id).phase is Phase.PREVIEWED
    assert not field.yards["alpha"].orders
    refused = [(row.actor, row.action) for row in field.reader.audit() if row.result.startswith("refused")]
    assert refused == [(name, action) for name in ("Eve", "Ada") for action in ("execute", str(steer))]


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


def test_r36_c5_a_site_that_answers_with_an_old_measurement_is_not_commanded(field: Field) -> None:
    """It answers at once, so the read is fresh; what it tells was measured longer ago than 2.5 poll periods."""
    field.yards["alpha"].behind_ms = 76_000
    refused = field.select(curtail("alpha"))
    assert refused[0] == "there is nothing to command"
    assert refused[1].startswith("Alpha: stale: measured 1 min ago")
    field.yards["alpha"].behind_ms = 74_000
    assert field.select(curtail("alpha")) == ()


def test_r36_without_emergency_a_supervisor_commands_no_stale_site_either(field: Field) -> None:
    field.yards["alpha"].dead = True
    assert "stale" in " ".join(field.select(curtail("alpha"), BEN))
    assert field.select(replace(curtail("alpha", emergency=True), reason=" "), BEN)[0].startswith("a reason is needed")


@pytest.mark.parametrize("answers", [False, True])
def test_r36_a_site_that_goes_stale_on_the_way_gets_no_further_batch(tmp_path: Path, answers: bool) -> None:
    """Unless it answers when it is asked afresh."""
    with field_of(tmp_path, {"alpha": 50}, CommandRules(batch_machines=10, batch_gap_s=0.1)) as field:
        yard = field.yards["alpha"]

        def fall_silent(order: object) -> None:
            yard.dead, field.clock.ahead_ms = not answers, field.clock.ahead_ms + 76_000

        yard.after_execute = fall_silent
        command = curtail("alpha")
        assert field.select(command) == ()
        assert field.operate(command.id) == ()
        wait_for(lambda: field.record(command.id).phase is Phase.READING_BACK)
        if answers:
            assert len(yard.orders) == 5
            return
        assert len(yard.orders) == 1
        assert field.record(command.id).counts == {TargetState.ACCEPTED: 10, TargetState.SKIPPED: 40}
        assert "is stale, measured 1 min ago" in field.reader.batches(command.id)[1].words


def test_t2_r38_when_an_order_leaves_the_store_has_its_row_and_the_chain_says_who_sends_it(field: Field) -> None:
    """Looked at through a connection of its own, in the very moment in which the site is asked."""
    seen = []

    def look(order: object) -> None:
        with closing(open_reader(field.path)) as store:
            batch = store.batches(command.id)[len(seen)]
            rows = [row for row in store.audit() if row.action == "send"]
            seen.append((batch.counts(), batch.sent_ms is not None, len(rows), rows[-1].actor, batch.machines))
            assert batch.machines == order.machines

    command = curtail("alpha")
    field.yards["alpha"].on_execute = look
    assert field.select(command) == ()
    assert field.operate(command.id) == ()
    field.until(command.id, Phase.DONE)
    assert [one[:4] for one in seen] == [({TargetState.SENT: 20}, True, number, "Ada") for number in range(1, 6)]


def test_r39_a_pause_in_the_moment_before_a_batch_leaves_keeps_it(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, judged = curtail("alpha"), Guard.why_not

    def pausing(guard: Guard, batch: Batch) -> str:
        words = judged(guard, batch)
        if batch.number == 3 and not paused:
            paused.append(field.steer(command.id, Steer.PAUSE))
        return words

    paused: list[object] = []
    monkeypatch.setattr(Guard, "why_not", pausing)
    assert field.select(command) == ()
    assert field.operate(command.id) == ()
    wait_for(lambda: paused)
    time.sleep(0.1)
    assert paused == [()]
    assert len(field.yards["alpha"].orders) == 2
    assert field.record(command.id).phase is Phase.PAUSED
    assert field.steer(command.id, Steer.RESUME) == ()
    assert field.until(command.id, Phase.DONE).counts == {TargetState.VERIFIED: 100}
    assert max(field.yards["alpha"].asked().values()) == 1


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
    ends_s = time.monotonic() + 30
    while len(field.yards["alpha"].orders) < 2 or not field.troubles:
        assert time.monotonic() < ends_s
        time.sleep(0.01)
    time.sleep(0.1)
    assert len(field.yards["alpha"].orders) == 2
    field.writer.full = False
    record = field.until(command.id, Phase.STOPPED)
    assert "journal cannot be written" in record.words
    assert record.batches_sent == 2
