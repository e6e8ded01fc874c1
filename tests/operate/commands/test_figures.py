"""The promises that are counted: failing machines, lost answers, double presses, races of two consoles.

The counts are those of 5-trust.md (T3, T4, T26, T27). Desk, threads, store and journal are real; the sites are in
memory, because a thousand trials over a network would show nothing more of the desk.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.adapters.control import Foreseen
from console.domain.command import FAILED, Arguments, Order, Selector, TargetState, Verb
from console.domain.command_journal import CommandRecord, Phase
from console.domain.interlock import CommandRules
from console.link.orders import ExecuteCommand, PrepareCommand, Steer
from tests.operate.commands.field import ADA, BEN, Field, curtail, field_of, lose_answer, tell, unreachable, wait_for

STOPS = CommandRules(batch_machines=20, batch_gap_s=0.0, stop_at_share=0.05)


def test_t27_of_400_targets_7_percent_refuse_it_stops_and_a_resumption_repeats_nothing(memory: Path) -> None:
    with field_of(memory, {"alpha": 400}, STOPS) as field:
        yard = field.yards["alpha"]
        failing = yard.names[::14][:28]  # 7 %, spread over the whole
        command = curtail("alpha")
        assert field.select(command) == ()
        yard.refuses = dict.fromkeys(
            failing, "the breaker is open"
        )  # known to the site alone, and only when it is asked
        yard.preview = lambda order, deadline: willing(order)
        assert field.operate(command.id) == ()
        record = field.until(command.id, Phase.STOPPED)
        asked = sum(yard.asked().values())
        failed = sum(record.counts.get(state, 0) for state in FAILED)
        assert failed > 0.05 * asked, record.words
        assert failed - 2 <= 0.05 * asked, "it stops with the first batch that brings it over the limit"
        assert "stopped by itself" in record.words
        stops = 1
        while record.phase is not Phase.DONE:
            seen = asked_and_failed(record)
            assert field.steer(command.id, Steer.RESUME) == ()
            record = field.until(command.id, Phase.STOPPED, Phase.DONE)
            if record.phase is Phase.STOPPED:
                stops += 1
                more_asked, more_failed = (now - then for now, then in zip(asked_and_failed(record), seen, strict=True))
                assert more_failed > 0.05 * more_asked, "a person who lets it go on has seen those before"
                assert more_failed - 2 <= 0.05 * more_asked, "and it stops as early as the first time"
        assert record.counts == {TargetState.VERIFIED: 372, TargetState.REFUSED: 28}
        assert max(yard.asked().values()) == 1
        tell(f"T27: 400 targets, 28 refused: stopped {stops} times, first after {asked} asked with {failed} failed; "
              f"372 verified, 28 refused by name, 0 asked twice")  # fmt: skip


def asked_and_failed(record: CommandRecord) -> tuple[int, int]:
    asked = record.machines - record.counts.get(TargetState.REQUESTED, 0) - record.counts.get(TargetState.SKIPPED, 0)
    return asked, sum(record.counts.get(state, 0) for state in FAILED)


def willing(order: Order) -> Foreseen:
    return Foreseen(order.machines, ())


def test_t27_400_targets_of_which_7_percent_do_nothing_are_told_apart(memory: Path) -> None:
    rules = replace(STOPS, stop_at_share=1.0)
    with field_of(memory, {"alpha": 400}, rules) as field:
        yard = field.yards["alpha"]
        yard.deaf = set(yard.names[::14][:28])
        command = curtail("alpha")
        field.select(command)
        field.operate(command.id)
        deadline = time.monotonic() + 20
        while field.record(command.id).counts.get(TargetState.VERIFIED, 0) < 372:
            assert time.monotonic() < deadline
            field.poll()
            time.sleep(0.01)
        assert field.record(command.id).counts[TargetState.ACCEPTED] == 28, "a yes is no proof"
        field.clock.ahead_ms += 181_000  # past the time by which it must show
        record = field.until(command.id, Phase.DONE)
        assert record.counts == {TargetState.VERIFIED: 372, TargetState.UNVERIFIED: 28}
        assert [event.kind for event in field.reader.events(0)] == ["command"] * len(field.reader.events(0))
        yard.deaf = set()
        yard.resting[:] = True
        field.poll()
        while TargetState.UNVERIFIED in field.record(command.id).counts:
            assert time.monotonic() < deadline + 20
            time.sleep(0.01)
        tell("T27: 28 of 400 said yes and did nothing: 28 unverified after the deadline, verified when it came true")


@pytest.mark.parametrize("lose", [lose_answer, unreachable], ids=["lost", "any other fault"])
def test_t3_a_lost_answer_is_unknown_and_never_sent_again(memory: Path, lose: object) -> None:
    trials = 1_000
    rules = CommandRules(batch_machines=1, batch_gap_s=0.0, stop_at_share=1.0)
    with field_of(memory, {"alpha": trials}, rules) as field:
        yard = field.yards["alpha"]
        yard.after_execute = lose  # the site has done it; whoever asked does not know
        command = curtail("alpha", verb=Verb.REBOOT)
        field.select(command)
        assert field.operate(command.id, typed="Alpha") == ()
        deadline = time.monotonic() + 60
        while field.record(command.id).phase is not Phase.READING_BACK:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert field.record(command.id).counts == {TargetState.UNKNOWN: trials}
        assert set(yard.asked().values()) == {1}
        assert len(yard.asked()) == trials
        assert len({key for key, _ in yard.orders}) == trials
        tell(f"T3: {trials} answers lost ({lose.__name__}): {trials} UNKNOWN, 0 sent again")


def test_t3_t27_a_command_that_stopped_for_lost_answers_asks_nobody_again_when_it_goes_on(memory: Path) -> None:
    """By a person's own wish it goes on: with those that were never asked, and with no other."""
    with field_of(memory, {"alpha": 100}, CommandRules(batch_machines=5, batch_gap_s=0.0)) as field:
        yard = field.yards["alpha"]
        yard.after_execute = lose_answer
        yard.obey = lambda order, rows: None  # and it has not been done, so that no frame ever settles it
        command = curtail("alpha", verb=Verb.REBOOT)
        assert field.select(command) == ()
        assert field.operate(command.id, typed="Alpha") == ()
        stops = 0
        while field.record(command.id).phase is not Phase.READING_BACK:
            stops += field.until(command.id, Phase.STOPPED, Phase.READING_BACK).phase is Phase.STOPPED
            field.steer(command.id, Steer.RESUME)
        assert stops > 5
        assert field.record(command.id).counts == {TargetState.UNKNOWN: 100}
        assert set(yard.asked().values()) == {1}


def test_t9_what_was_unknown_is_found_out_by_the_frames(field: Field) -> None:
    field.yards["alpha"].after_execute = lose_answer
    command = curtail("alpha", selector=Selector(("alpha",), machines={"alpha": field.yards["alpha"].names[:10]}))
    field.select(command)
    field.operate(command.id)
    record = field.until(command.id, Phase.DONE)
    assert record.counts == {TargetState.VERIFIED: 10}
    assert [row.result for row in field.reader.audit() if row.action == "answer"] == [
        "batch 1 at alpha: 10 unknown (the line broke before an answer came)"
    ]


def test_t4_c1_a_double_press_is_one_command(memory: Path) -> None:
    """A thousand of them, the second press between 0 and 300 ms after the first, of the preview and of the gesture."""
    sizes = {f"site-{number}": 50 for number in range(20)}
    with field_of(memory, sizes) as field:
        began_s = time.monotonic()
        for site_id, yard in field.yards.items():
            commands = [
                curtail(verb=Verb.LOCATE, selector=Selector((site_id,), machines={site_id: (name,)}))
                for name in yard.names
            ]
            firsts = [PrepareCommand(request="r", session="s", command=one) for one in commands]
            assert answers_of(field, firsts) == {()}
            gestures = [ExecuteCommand(request="r", session="s", command_id=one.id) for one in commands]
            assert answers_of(field, gestures) == {()}
        wait_for(lambda: sum(len(yard.orders) for yard in field.yards.values()) >= 1_000)
        time.sleep(0.2)
        orders = [order for yard in field.yards.values() for order in yard.orders]
        assert len(orders) == len({key for key, _ in orders}) == 1_000
        tell(f"T4: 1000 double presses, 0 to 300 ms apart: {len(orders)} orders, 0 duplicates, "
             f"{time.monotonic() - began_s:.1f} s")  # fmt: skip


def answers_of(field: Field, firsts: Sequence[object]) -> set[tuple[str, ...]]:
    """What everybody is answered: a desk for each of these, which presses again 0 to 300 ms after it pressed."""
    apart_s = 0.3 / max(1, len(firsts) - 1)
    presses = [(0.0, desk, press) for desk, press in enumerate(firsts)]
    presses += [(desk * apart_s, desk, press) for desk, press in enumerate(firsts)]
    waiting, began_s = [], time.monotonic()
    for at_s, desk, press in sorted(presses, key=lambda one: one[:2]):
        time.sleep(max(0.0, began_s + at_s - time.monotonic()))
        waiting.append(field.begin(press, ADA, f"desk {desk}"))
    return {answer.get(timeout=30).refused for answer in waiting}


def test_t26_of_two_consoles_exactly_one_holds_the_targets(field: Field) -> None:
    races, both, none = 200, 0, 0
    for _ in range(races):
        mine, theirs = curtail("alpha"), curtail("alpha")
        barrier = [
            (mine, ADA, "desk 1"),
            (theirs, BEN, "desk 2"),
        ]
        waiting = [field.begin(PrepareCommand(request="r", session="s", command=c), who, at) for c, who, at in barrier]
        answers = [answer.get(timeout=30).refused for answer in waiting]
        winners = [one for one, refused in zip(barrier, answers, strict=True) if not refused]
        both += len(winners) > 1
        none += not winners
        loser = next(refused for refused in answers if refused)
        assert "held by" in " ".join(loser)
        held = [live for live in (field.record(mine.id), field.record(theirs.id)) if live is not None]
        assert [record.phase for record in held] == [Phase.PREVIEWED]
        assert field.steer(winners[0][0].id, Steer.CANCEL) == ()
    assert (both, none) == (0, 0)
    tell(f"T26: {races} races of two consoles: {races} times exactly one holder")


def test_c4_pause_resume_and_abort_send_nothing_twice_and_nothing_more(memory: Path) -> None:
    rules = CommandRules(batch_machines=5, batch_gap_s=0.05)
    with field_of(memory, {"alpha": 100}, rules) as field:
        yard = field.yards["alpha"]
        command = curtail("alpha")
        field.select(command)
        field.operate(command.id)
        for least in (2, 5, 8):
            wait_for(lambda least=least: len(yard.orders) >= least)
            assert field.steer(command.id, Steer.PAUSE) == ()
            sent = len(yard.orders)
            time.sleep(0.2)
            assert len(yard.orders) <= sent + 1, "at most the one that had left already"
            assert field.steer(command.id, Steer.RESUME) == ()
        wait_for(lambda: len(yard.orders) >= 11)
        assert field.steer(command.id, Steer.ABORT, BEN) == ()
        record = field.until(command.id, Phase.DONE)
        assert max(yard.asked().values()) == 1
        asked = len(yard.asked())
        assert record.counts == {TargetState.VERIFIED: asked, TargetState.SKIPPED: 100 - asked}
        assert record.words == "aborted by Ben"


def test_a_plan_of_many_sites_runs_them_beside_each_other(memory: Path) -> None:
    rules = CommandRules(batch_machines=10, batch_gap_s=0.3)
    sizes = {f"site-{number}": 30 for number in range(8)}
    with field_of(memory, sizes, rules) as field:
        command = curtail(*sizes, title="All of it", arguments=Arguments())
        field.select(command)
        assert "typed" in field.operate(command.id, typed="all")[0]
        began_s = time.monotonic()
        assert field.operate(command.id, typed="All of it") == ()
        field.until(command.id, Phase.DONE)
        assert time.monotonic() - began_s < 8 * 3 * 0.3, "sites do not wait for each other's gap"
        assert all(len(yard.orders) == 3 for yard in field.yards.values())
    assert threading.active_count() < 50


@pytest.mark.slow
def test_t27_four_hundred_thousand_targets(memory: Path) -> None:
    sizes = {f"site-{number}": 9_100 for number in range(44)}
    rules = CommandRules(batch_machines=500, batch_gap_s=0.0, second_person_above_w=1e12)
    with field_of(memory, sizes, rules) as field:
        deaf = {site_id: yard.names[::100] for site_id, yard in field.yards.items()}
        for site_id, yard in field.yards.items():
            yard.deaf = set(deaf[site_id])
        command = curtail(*sizes, title="All of it")
        began_s = time.monotonic()
        assert field.select(command) == ()
        selected_s = time.monotonic() - began_s
        assert field.operate(command.id, typed="All of it") == ()
        failing = sum(map(len, deaf.values()))
        deadline = time.monotonic() + 200
        while field.record(command.id).counts.get(TargetState.ACCEPTED, 0) != failing:
            assert time.monotonic() < deadline
            field.poll()
            time.sleep(0.2)
        field.clock.ahead_ms += 181_000
        record = field.until(command.id, Phase.DONE, seconds=60)
        assert record.counts == {TargetState.VERIFIED: 400_400 - failing, TargetState.UNVERIFIED: failing}
        assert max(max(yard.asked().values()) for yard in field.yards.values()) == 1
        tell(f"T27: 400,400 targets in {record.batches} batches: preview {selected_s:.1f} s, all told apart in "
             f"{time.monotonic() - began_s:.0f} s: {failing:,} unverified, 0 asked twice")  # fmt: skip
