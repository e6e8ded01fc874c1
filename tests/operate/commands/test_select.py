"""T5, C5, C6: a preview is fresh, held by one desk, dies in time, and must still be true when it leaves."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from console.domain.command import Arguments, Selector, Verb
from console.domain.command_journal import Phase
from console.domain.frame import Reading
from console.domain.interlock import CommandRules, SiteLimits, Window
from console.domain.machines_now import NamedRoster
from console.domain.rollup import RosterIndex, roll_up
from console.domain.roster import Roster
from console.link.orders import HoldCommand, Steer
from tests.operate.commands.field import ADA, BEN, Field, curtail, field_of, wait_for

DAY = Window(0, 1439, "contract peak")
WATTS = SiteLimits(cap_w=1e9, ramp_w_per_min=1e12)


def test_c5_what_changed_since_it_was_shown_starts_again(field: Field) -> None:
    command = curtail("alpha")
    field.select(command)
    field.yards["alpha"].off[:10] = True
    refused = field.operate(command.id)
    assert refused[0] == "what was shown holds no more, so it starts again"
    assert any("90 machines" in line for line in refused)
    assert field.record(command.id).phase is Phase.EXPIRED
    assert not field.yards["alpha"].orders


def test_c5_a_site_that_went_silent_since_it_was_shown_is_not_commanded(field: Field) -> None:
    command = curtail("alpha")
    field.select(command)
    field.yards["alpha"].dead = True
    assert field.operate(command.id)[0] == "what was shown holds no more, so it starts again"
    assert not field.yards["alpha"].orders


def test_a_machine_that_left_since_is_skipped_by_name(field: Field) -> None:
    command = curtail("alpha")
    field.select(command)
    field.yards["alpha"].off[5] = True
    assert field.operate(command.id) == ()
    field.until(command.id, Phase.DONE)
    assert field.yards["alpha"].names[5] not in field.yards["alpha"].asked()
    words = {batch.words for batch in field.reader.batches(command.id)}
    assert "1 changed since they were shown" in words


def put_roster(field: Field, version: str, names: Iterable[str]) -> NamedRoster:
    """The machines of alpha by their serials under these names, as its source tells them from now on."""
    yard = field.yards["alpha"]
    miners = [
        replace(miner, id=name, serial=f"S{row}")
        for row, (miner, name) in enumerate(zip(yard.roster.miners, names, strict=True))
    ]
    yard.roster = Roster("alpha", version, tuple(miners))
    frame = yard.frame()
    site = field.fleet.site("alpha")
    field.writer.put_reading(frame, yard.roster, roll_up(site, RosterIndex.of(yard.roster), Reading(frame)))
    field.clock.stand(field.clock() + 60_000)
    return NamedRoster.of(yard.roster)


def chosen_of(roster: NamedRoster, names: tuple[str, ...]) -> Selector:
    return Selector(("alpha",), machines={"alpha": names}, who={"alpha": roster.who_bears(names)})


def test_a_name_that_passed_to_another_machine_since_it_was_chosen_is_not_commanded(field: Field) -> None:
    names = field.yards["alpha"].names
    chosen = chosen_of(put_roster(field, "r2", names), names[3:5])
    assert field.select(curtail(selector=chosen)) == ()
    put_roster(field, "r3", reversed(names))
    refused = field.select(curtail(selector=chosen))
    assert refused[0] == "there is nothing to command"
    assert (
        "of the machines chosen some left, or their names passed to others since: choose them again (2 machines)"
        in refused[1]
    )


def test_machines_that_were_chosen_are_commanded_whatever_became_of_others(field: Field) -> None:
    names = field.yards["alpha"].names
    chosen = chosen_of(put_roster(field, "r2", names), names[3:5])
    put_roster(field, "r3", (*names[:10], *reversed(names[10:])))
    assert field.select(curtail(selector=chosen)) == ()


def test_c5_names_that_passed_to_other_machines_since_they_were_shown_start_again(field: Field) -> None:
    names = field.yards["alpha"].names
    command = curtail(selector=replace(chosen_of(put_roster(field, "r2", names), names[3:5]), who={}))
    assert field.select(command) == ()
    put_roster(field, "r3", reversed(names))
    refused = field.operate(command.id)
    assert refused[0] == "what was shown holds no more, so it starts again"
    assert any("their names passed to others" in line for line in refused)
    assert not field.yards["alpha"].orders


def test_each_preview_and_each_execution_reads_afresh(field: Field) -> None:
    command = curtail("alpha")
    field.select(command)
    assert field.yards["alpha"].polls == 1
    field.operate(command.id)
    assert field.yards["alpha"].polls == 2


def settled(field: Field, command_id: str) -> Phase:
    field.desk._watch.look()
    return field.record(command_id).phase


def test_t5_a_lease_ends_30_s_after_its_desk_fell_silent(field: Field) -> None:
    field.clock.stand()
    command = curtail("alpha")
    field.select(command)
    field.clock.ahead_ms = 29_999
    assert settled(field, command.id) is Phase.PREVIEWED
    field.desk.answer(HoldCommand("s", command.id), lambda message: True, ADA, "desk 1")
    field.clock.ahead_ms = 59_998
    assert settled(field, command.id) is Phase.PREVIEWED
    field.desk.answer(HoldCommand("s", command.id), lambda message: True, BEN, "desk 2")  # not its desk
    field.clock.ahead_ms = 60_000
    assert settled(field, command.id) is Phase.EXPIRED
    assert "silent" in field.record(command.id).words
    assert field.select(curtail("alpha"), BEN, "desk 2") == ()


def test_t5_a_preview_dies_after_120_s_however_well_it_is_held(field: Field) -> None:
    command = curtail("alpha")
    field.select(command)
    for ahead_s in range(10, 130, 10):
        field.clock.ahead_ms = ahead_s * 1000
        field.desk.answer(HoldCommand("s", command.id), lambda message: True, ADA, "desk 1")
    assert field.operate(command.id) != ()
    assert settled(field, command.id) is Phase.EXPIRED


def test_t5_a_read_is_fresh_for_ten_seconds_and_no_longer(field: Field) -> None:
    """Of many sites the first may have answered long before the last: it is judged by its age when all have."""
    field.clock.stand()
    field.poll("alpha")
    reads, site = field.desk._reads, field.fleet.sites[0]
    now = reads.now("alpha")
    field.clock.ahead_ms = 10_000
    assert reads.not_fresh(site, now) == ""
    field.clock.ahead_ms = 10_001
    assert reads.not_fresh(site, now) == "no answer; read 10 s ago"


def test_t5_a_site_whose_read_grew_old_while_others_were_waited_for_is_left_out(field: Field) -> None:
    field.clock.stand()
    yard = field.yards["beta"]
    answer = yard.preview

    def slowly(order: object, deadline: object) -> object:
        wait_for(lambda: field.yards["alpha"].polls == 1)
        time.sleep(0.1)  # alpha has been read by now
        field.clock.ahead_ms = 11_000
        return answer(order, deadline)

    yard.preview = slowly
    refused = field.select(curtail("alpha", "beta", title="Both"))
    assert any(line.startswith("Alpha: stale: no answer; read 11 s ago") for line in refused)


@pytest.mark.parametrize("happens", ["it is cancelled", "its time runs out"])
def test_t5_what_ends_while_it_is_read_afresh_does_not_leave(field: Field, happens: str) -> None:
    command, yard = curtail("alpha"), field.yards["alpha"]
    assert field.select(command) == ()
    field.desk._watch.stop()  # nobody else ends it
    answer = yard.preview

    def meanwhile(order: object, deadline: object) -> object:
        if happens == "it is cancelled":
            live = field.desk._book.get(command.id)
            field.desk._steering.steer(live, Steer.CANCEL, ADA, "desk 1")
        else:
            field.clock.ahead_ms = 121_000
        return answer(order, deadline)

    yard.preview = meanwhile
    (refused,) = field.operate(command.id)
    assert refused.endswith("cancelled by Ada" if happens == "it is cancelled" else "valid for 120 s")
    assert not yard.orders
    assert field.record(command.id).started_ms is None


def test_c1_the_same_id_with_another_intent_is_refused_and_changes_nothing(field: Field) -> None:
    command = curtail("alpha")
    assert field.select(command) == ()
    other = replace(command, verb=Verb.REBOOT)
    assert field.select(other) == ("another command has this id already",)
    assert field.record(command.id).command.verb is Verb.CURTAIL
    assert field.operate(command.id) == ()
    field.until(command.id, Phase.DONE)
    assert field.select(command)[0].startswith("this command is done"), "and once it is over it is not begun anew"


def test_c6_who_selected_holds_it_at_that_desk_alone(field: Field) -> None:
    command = curtail("alpha")
    assert field.select(command) == ()
    for person, desk in ((BEN, "desk 1"), (BEN, "desk 2"), (ADA, "desk 2")):
        assert field.operate(command.id, person=person, desk=desk) == ("Ada at desk 1 holds it",)
        assert any("held by Ada at desk 1" in line for line in field.select(curtail("alpha"), BEN, "desk 2"))
    assert not field.yards["alpha"].orders
    assert field.operate(command.id) == ()


def test_a_new_selection_of_the_same_desk_takes_the_place_of_the_old_one(field: Field) -> None:
    first, second = curtail("alpha"), curtail("alpha")
    assert field.select(first) == ()
    assert field.select(second) == ()
    assert field.record(first.id).phase is Phase.CANCELLED


@pytest.mark.parametrize(
    ("limits", "verb", "check"),
    [
        (SiteLimits(cap_w=1e9, floor_w=100_000, ramp_w_per_min=1e12), Verb.CURTAIL, "Contract floor"),
        (SiteLimits(cap_w=200_000, ramp_w_per_min=1e12), Verb.RESUME, "Power cap"),
        (SiteLimits(cap_w=1e9, ramp_w_per_min=1_000), Verb.CURTAIL, "Ramp"),
        (SiteLimits(cap_w=1e9, ramp_w_per_min=1e12, least_machines_on=1), Verb.CURTAIL, "Machines on"),
        (SiteLimits(cap_w=1e9, ramp_w_per_min=1e12, windows=(DAY,)), Verb.CURTAIL, "Contract window"),
    ],
)
def test_t6_an_interlock_shows_and_forbids(tmp_path: Path, limits: SiteLimits, verb: Verb, check: str) -> None:
    with field_of(tmp_path, {"alpha": 100}, limits={"alpha": limits}) as field:
        field.yards["alpha"].resting[:] = verb is Verb.RESUME
        command = curtail("alpha", verb=verb)
        assert field.select(command) == (), "it is shown, so that everybody sees why"
        refused = field.operate(command.id)
        assert any(line.startswith(check) for line in refused)
        assert not field.yards["alpha"].orders


@pytest.mark.parametrize(("least", "leaves"), [(1, True), (2, False)])
def test_t6_the_fleet_keeps_its_least_number_of_sites_on(tmp_path: Path, least: int, leaves: bool) -> None:
    with field_of(tmp_path, {"alpha": 10, "beta": 10}, CommandRules(least_sites_on=least)) as field:
        command = curtail("alpha")
        assert field.select(command) == ()
        refused = field.operate(command.id)
        assert bool(refused) is not leaves
        assert leaves or refused == ("Sites on: 1 sites hash afterwards, least 2",)


def test_t6_held_and_protected_machines_are_skipped(tmp_path: Path) -> None:
    limits = {
        "alpha": SiteLimits(cap_w=1e9, ramp_w_per_min=1e12, hold="transformer work"),
        "beta": SiteLimits(cap_w=1e9, ramp_w_per_min=1e12, protected=frozenset({"beta-m0003"})),
    }
    with field_of(tmp_path, {"alpha": 10, "beta": 10}, limits=limits) as field:
        command = curtail("alpha", "beta", title="Both")
        assert field.select(command) == ()
        preview = field.reader.preview(command.id)
        reasons = {(left.name, left.reason) for left in preview.skipped}
        assert ("Alpha", "maintenance hold: transformer work") in reasons
        assert ("Beta", "protected: never commanded") in reasons
        assert field.operate(command.id, typed="Both") == ()
        field.until(command.id, Phase.DONE)
        assert not field.yards["alpha"].orders
        assert "beta-m0003" not in field.yards["beta"].asked()


def test_a_hold_that_begins_on_the_way_is_kept_by_the_next_batch(tmp_path: Path) -> None:
    """The guard asks again right before each batch: here a window opens while the command runs."""
    rules = CommandRules(batch_machines=10, batch_gap_s=0.1)
    with field_of(tmp_path, {"alpha": 50}, rules) as field:
        command = curtail("alpha")
        field.select(command)

        def close_window(order: object) -> None:
            site = replace(field.fleet.sites[0], limits=replace(WATTS, windows=(DAY,)))
            field.desk._runner._guards.fleet.__class__.site = lambda fleet, site_id: site

        original = type(field.fleet).site
        field.yards["alpha"].on_execute = close_window
        try:
            field.operate(command.id)
            record = field.until(command.id, Phase.DONE)
        finally:
            type(field.fleet).site = original
        assert len(field.yards["alpha"].orders) == 1
        assert record.counts == {"verified": 10, "skipped": 40}
        assert "contract window" in field.reader.batches(command.id)[1].words


def test_two_commands_that_move_one_site_do_not_run_beside_each_other(field: Field) -> None:
    names = field.yards["alpha"].names
    first = curtail(selector=Selector(("alpha",), machines={"alpha": names[:60]}))
    field.select(first)
    entered = []
    field.yards["alpha"].on_execute = lambda order: entered or entered.append(field.steer(first.id, Steer.PAUSE))
    field.operate(first.id)
    field.until(first.id, Phase.PAUSED)
    second = curtail(selector=Selector(("alpha",), machines={"alpha": names[60:]}))
    assert field.select(second, BEN, "desk 2") == ()
    refused = field.operate(second.id, person=BEN, desk="desk 2")
    assert any("abort it first" in line for line in refused)
    third = curtail(selector=Selector(("alpha",), machines={"alpha": names[:60]}))
    assert any("is under way" in line for line in field.select(third, BEN, "desk 2"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": "  "}, "a reason is needed"),
        ({"arguments": Arguments(machine_share=0.5)}, "takes no power for each machine"),
        ({"arguments": Arguments(site_power_w=-1.0)}, "a site's power"),
        ({"selector": Selector(("gamma",))}, "the fleet has no site gamma"),
        ({"selector": Selector(())}, "no site is named"),
        ({"verb": Verb.REBOOT, "revert_after_s": 600.0}, "cannot be taken back"),
        ({"verb": Verb.POWER_TARGET}, "either a power or a share"),
        ({"verb": Verb.CHANGE_POOL, "arguments": Arguments(pool_url="http://pool")}, "stratum+tcp"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(field: Field, changes: dict[str, object], words: str) -> None:
    command = replace(curtail("alpha"), **changes)
    assert any(words in line for line in field.select(command))
    assert field.yards["alpha"].polls == 0
