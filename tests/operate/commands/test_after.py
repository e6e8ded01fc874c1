"""What happens after the send: proof, the way back, and a collector that starts anew."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from console.domain.command import Arguments, Selector, TargetState, Verb
from console.domain.command_journal import Phase
from console.domain.errors import CommandLost, CommandRefused, ConfigError, NotSent, SourceError
from console.domain.interlock import CommandRules
from console.link.orders import Steer
from console.operate.commands.book import Live
from tests.operate.commands.field import Field, curtail, field_of, lose_answer


def run_through(field: Field, verb: Verb = Verb.CURTAIL, **more: object) -> str:
    command = curtail("alpha", verb=verb, **more)
    assert field.select(command) == ()
    assert field.operate(command.id, typed="Alpha") == ()
    return command.id


def look_until(field: Field, done: object, seconds: float = 10.0) -> None:
    ends_s = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends_s, field.troubles
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("fault", "state", "words"),
    [
        (CommandRefused("the breaker is open"), TargetState.REFUSED, "the breaker is open"),
        (NotSent("no route to the site"), TargetState.REFUSED, "was not sent: no route to the site"),
        (CommandLost("no answer came"), TargetState.UNKNOWN, "no answer came"),
        (SourceError("half an answer"), TargetState.UNKNOWN, "it may have been done: half an answer"),
        (ZeroDivisionError(), TargetState.UNKNOWN, "it may have been done: the adapter failed (ZeroDivisionError)"),
    ],
)
def test_r37_c2_what_comes_back_of_an_order_is_said_as_what_it_proves(
    field: Field, fault: Exception, state: TargetState, words: str
) -> None:
    def answer(order: object) -> None:
        raise fault

    field.yards["alpha"].on_execute = answer
    names = field.yards["alpha"].names[:10]
    command_id = run_through(field, selector=Selector(("alpha",), machines={"alpha": names}))
    look_until(field, lambda: field.record(command_id).counts == {state: 10})
    (batch,) = field.reader.batches(command_id)
    assert batch.words == words
    assert [row.result for row in field.reader.audit() if row.action == "answer"] == [
        f"batch 1 at alpha: 10 {state} ({words})"
    ]


def test_r37_a_site_whose_controller_cannot_be_opened_was_not_asked(field: Field) -> None:
    controllers, begin = field.desk._runner._controllers, field.desk._executing._begin

    def closed(site: object) -> object:
        raise ConfigError(["the fleet file names no credential"])

    def late(live: Live) -> None:
        controllers.close()  # the session of the preview, and none can be opened anew
        controllers._open = closed
        begin(live)

    field.desk._executing._begin = late
    command_id = run_through(field)
    look_until(field, lambda: field.record(command_id).phase is Phase.STOPPED)
    assert field.record(command_id).counts == {TargetState.REFUSED: 20, TargetState.REQUESTED: 80}
    assert "was not sent: the fleet file names no credential" in field.reader.batches(command_id)[0].words
    assert not field.yards["alpha"].orders


def test_t9_c2_what_does_not_show_by_its_time_is_unverified_by_itself_and_never_done(field: Field) -> None:
    """No poll, no message, nobody who looks: the deadline alone."""
    yard = field.yards["alpha"]
    yard.deaf = set(yard.names)
    command_id = run_through(field)
    look_until(field, lambda: field.record(command_id).phase is Phase.READING_BACK)
    assert field.record(command_id).counts == {TargetState.ACCEPTED: 100}, "every yes of the site is here, not done"
    batches = field.reader.batches(command_id)
    assert {batch.due_ms - batch.sent_ms for batch in batches} == {180_000}
    field.clock.stand(min(batch.due_ms for batch in batches) - 1)
    time.sleep(1.2)  # several looks: none of them may judge yet
    assert field.record(command_id).counts == {TargetState.ACCEPTED: 100}
    assert field.alarms == START
    field.clock.stand(max(batch.due_ms for batch in batches))
    began_s = time.monotonic()
    look_until(field, lambda: field.record(command_id).counts == {TargetState.UNVERIFIED: 100})
    assert time.monotonic() - began_s < 60
    look_until(field, lambda: ("raised", "site:alpha") in field.alarms)
    look_until(field, lambda: field.record(command_id).phase is Phase.DONE)
    assert field.record(command_id).words == "100 unverified"


START = [("cleared", "site:alpha"), ("cleared", "site:beta")]  # what the last collector may have left


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        (Verb.POWER_TARGET, Arguments(machine_share=0.8)),
        (Verb.POWER_TARGET, Arguments(machine_power_w=2_500.0)),
        (Verb.LOCATE, Arguments()),
        (Verb.CHANGE_POOL, Arguments(pool_url="stratum+tcp://pool.example:3333", pool_worker="w")),
    ],
)
def test_every_verb_comes_to_its_proof(field: Field, verb: Verb, arguments: Arguments) -> None:
    command_id = run_through(field, verb, arguments=arguments)
    assert field.until(command_id, Phase.DONE).counts == {TargetState.VERIFIED: 100}


def test_a_reboot_must_be_seen_down_and_then_hashing(field: Field) -> None:
    yard = field.yards["alpha"]
    command_id = run_through(field, Verb.REBOOT)
    look_until(field, lambda: field.record(command_id).phase is Phase.READING_BACK)
    time.sleep(0.002)
    for _ in range(5):
        field.poll()
        field.desk._watch.look()
    assert TargetState.VERIFIED not in field.record(command_id).counts, "it hashes, but was never seen down"
    yard.off[:60] = True
    time.sleep(0.002)  # another measurement than the last
    field.poll()
    field.desk._watch.look()
    yard.off[:] = False
    time.sleep(0.002)
    field.poll()
    look_until(field, lambda: field.record(command_id).counts.get(TargetState.VERIFIED) == 60)
    field.clock.ahead_ms = 721_000
    assert field.until(command_id, Phase.DONE).counts == {TargetState.VERIFIED: 60, TargetState.UNVERIFIED: 40}


def test_the_sites_word_is_taken_where_nothing_can_be_measured_and_said_to_be_that(field: Field) -> None:
    command = curtail("alpha", verb=Verb.LOCATE)
    assert field.select(command) == ()
    last = field.reader.preview(command.id).targets[-1].machines[-3:]  # before them all is sent, so nothing stops it
    field.yards["alpha"].deaf = set(last)
    assert field.operate(command.id, typed="Alpha") == ()
    command_id = command.id
    record = field.until(command_id, Phase.DONE)
    assert record.counts == {TargetState.VERIFIED: 97, TargetState.UNVERIFIED: 3}
    assert {batch.words for batch in field.reader.batches(command_id)} == {"by the site's word"}


def test_a_frame_from_before_the_send_proves_nothing(field: Field) -> None:
    """The site takes the order and obeys only later; the frames in between are of machines that still hash."""
    yard = field.yards["alpha"]
    yard.obey = lambda order, rows: None
    yard.resting[:] = False
    command_id = run_through(field)
    look_until(field, lambda: field.record(command_id).phase is Phase.READING_BACK)
    field.poll()
    time.sleep(0.7)
    assert field.record(command_id).counts == {TargetState.ACCEPTED: 100}
    field.clock.ahead_ms = 181_000
    field.desk._watch.look()
    look_until(field, lambda: field.record(command_id).phase is Phase.DONE)
    assert field.record(command_id).counts == {TargetState.UNVERIFIED: 100}
    assert any("not seen to take effect" in event.text for event in field.reader.events(0))
    told = [alarm for alarm in field.alarms if alarm[0] != "cleared"]
    assert told == [("raised", "site:alpha")] + [("goes on", "site:alpha")] * 4, "five batches, one alarm a site"
    yard.resting[:] = True
    field.poll()
    look_until(field, lambda: field.record(command_id).counts == {TargetState.VERIFIED: 100})
    look_until(field, lambda: field.alarms[-1] == ("cleared", "site:alpha"))


def test_what_was_so_before_the_send_is_not_taken_for_its_proof(field: Field) -> None:
    """These machines draw what is asked already; only a measurement after the send says so of the order."""
    names = field.yards["alpha"].names[:10]
    selector = Selector(("alpha",), machines={"alpha": names})
    command = curtail(verb=Verb.POWER_TARGET, selector=selector, arguments=Arguments(machine_share=1.0))
    assert field.select(command) == ()
    assert field.operate(command.id) == ()
    time.sleep(0.8)  # several looks
    assert field.record(command.id).counts == {TargetState.ACCEPTED: 10}
    assert field.until(command.id, Phase.DONE).counts == {TargetState.VERIFIED: 10}


def test_r41_a_change_is_taken_back_unless_it_is_confirmed(field: Field) -> None:
    yard = field.yards["alpha"]
    command_id = run_through(field, revert_after_s=60.0)
    field.until(command_id, Phase.DONE)
    assert yard.resting.all()
    record = field.record(command_id)
    assert record.revert_at_ms == record.started_ms + 60_000
    field.clock.stand(record.revert_at_ms - 1)
    time.sleep(0.7)
    assert yard.resting.all()
    field.clock.ahead_ms = 1
    look_until(field, lambda: field.record(command_id).reverted_by)
    field.clock.run()
    look_until(field, lambda: field.record(command_id).reverted_by)
    back = field.until(field.record(command_id).reverted_by, Phase.DONE)
    assert not yard.resting.any()
    assert back.command.verb is Verb.RESUME
    assert back.command.takes_back == command_id
    assert back.command.by == "Meridian, asked by Ada"
    assert {row.actor for row in field.reader.audit() if row.command_id == back.id} <= {"Meridian", back.command.by}


def test_r41_a_confirmed_change_stays(field: Field) -> None:
    command_id = run_through(field, revert_after_s=60.0)
    field.until(command_id, Phase.DONE)
    assert field.steer(command_id, Steer.CONFIRM) == ()
    field.clock.ahead_ms = 120_000
    time.sleep(0.8)  # several looks
    assert field.yards["alpha"].resting.all()
    assert not field.record(command_id).reverted_by


def test_r41_the_way_back_survives_a_restart_and_waits_for_a_dead_site(field: Field) -> None:
    command_id = run_through(field, revert_after_s=60.0)
    field.until(command_id, Phase.DONE)
    field.desk.stop()
    field.yards["alpha"].dead = True
    field.clock.ahead_ms = 61_000
    field.open()
    look_until(field, lambda: any("could not be taken back" in event.text for event in field.reader.events(0)))
    field.yards["alpha"].dead = False
    field.clock.ahead_ms += 61_000
    look_until(field, lambda: field.record(command_id).reverted_by)
    field.until(field.record(command_id).reverted_by, Phase.DONE)
    assert not field.yards["alpha"].resting.any()


def test_c3_after_a_restart_nothing_is_continued_and_everything_is_said(tmp_path: Path) -> None:
    rules = CommandRules(batch_machines=10, batch_gap_s=0.5)
    with field_of(tmp_path, {"alpha": 100, "beta": 20}, rules) as field:
        yard = field.yards["alpha"]
        running, previewed = curtail("alpha"), curtail("beta")
        field.select(running)
        field.select(previewed, desk="desk 2")
        field.operate(running.id)
        look_until(field, lambda: len(yard.orders) >= 2)
        field.desk.stop()
        sent = len(yard.orders)
        time.sleep(0.7)
        field.open()
        time.sleep(1.2)
        assert len(yard.orders) == sent, "never continued by itself"
        record = field.record(running.id)
        assert record.phase is Phase.STOPPED
        assert record.words == f"the collector ended in between; {10 - sent} batches were not sent"
        assert field.record(previewed.id).phase is Phase.EXPIRED
        assert field.record(previewed.id).words == "the collector ended before it was executed"
        assert any("open when the collector started" in event.text for event in field.reader.events(0))
        assert field.steer(running.id, Steer.RESUME) == ()
        assert field.until(running.id, Phase.DONE).counts == {TargetState.VERIFIED: 100}
        assert max(yard.asked().values()) == 1


def test_c3_an_order_without_an_answer_is_unknown_after_a_restart_and_found_out(field: Field) -> None:
    yard = field.yards["alpha"]
    stuck = []

    def die(order: object) -> None:
        """The collector's journal stands still from here on, as if the process were gone."""
        field.writer.full = True
        stuck.append(order)
        lose_answer(order)

    yard.after_execute = die
    command_id = run_through(field)
    look_until(field, lambda: stuck)
    time.sleep(0.2)
    field.desk.stop()
    field.writer.full, yard.after_execute = False, lambda order: None
    asked = len(yard.orders)
    field.open()
    counts = field.record(command_id).counts
    assert counts[TargetState.UNKNOWN] == 20
    assert field.record(command_id).phase is Phase.STOPPED
    field.poll()
    look_until(field, lambda: field.record(command_id).counts.get(TargetState.VERIFIED) == 20)
    assert len(yard.orders) == asked
