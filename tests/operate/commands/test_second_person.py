"""T7: whatever anybody does in whatever order, no command above the limit leaves without a second person's own word."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from msgspec.structs import replace

from console.domain.access import Person, Role
from console.domain.command import Command, Verb
from console.domain.command_journal import Phase
from console.domain.interlock import CommandRules
from console.link.orders import ApproveCommand, Steer
from tests.operate.commands.conftest import SHARED_MEMORY
from tests.operate.commands.field import ADA, BEN, EVE, PEOPLE, Field, curtail, field_of, tell

STEPS = 10_000
RESUME = Verb.RESUME
RULES = CommandRules(batch_machines=50, batch_gap_s=0.0, second_person_above_w=1_000.0)
OTHER_ADA = Person(" ADA", Role.SUPERVISOR)  # the same name, as a careless administrator may have made it
OTHER = "whoever may"  # what is right is tried oftener than what is wrong, or nothing would ever come to its end
NAMES = st.sampled_from([OTHER, OTHER, OTHER, "Ada", " ADA", "Ben", "Eve", "Nobody"])
SECRETS = st.sampled_from(["right", "right", "right", "wrong"])
WHO = st.sampled_from([OTHER, OTHER, OTHER, ADA, BEN, EVE, None])
DESKS = st.sampled_from(["desk 1", "desk 2"])
AT = st.sampled_from([OTHER, OTHER, "desk 1", "desk 2"])
SECONDS = {"Ada": {"Ben"}, "Ben": {"Ada", " ADA"}}  # who may agree to whose command


class World:
    """One fleet for all walks: what is tried is the rules, not the opening of stores."""

    field: Field
    steps = 0
    left: set[str]


class Bypass(RuleBasedStateMachine):
    """Tries to get a command out; `agreed` is the model: whose word the current command truly has."""

    def __init__(self) -> None:
        super().__init__()
        self.command: Command | None = None
        self.by = self.desk = ""
        self.agreed: set[str] = set()

    def teardown(self) -> None:
        for live in World.field.desk._book.lives():
            World.field.steer(live.id, Steer.CANCEL, BEN)

    @invariant()
    def nothing_left_by_another_way(self) -> None:
        sent = {key.partition(".")[0] for key, _ in World.field.yards["alpha"].orders}
        assert sent <= World.left, "it left without having been executed"

    @rule(person=st.sampled_from([ADA, BEN]), desk=DESKS)
    def select(self, person: Person, desk: str) -> None:
        World.steps += 1
        command = curtail("alpha")
        World.field.select(command, person, desk)  # refused or not: what is tried next must not hang on the clock
        self.command, self.by, self.desk, self.agreed = command, person.name, desk, set()

    @precondition(lambda self: self.command is not None)
    @rule(name=NAMES, secret=SECRETS, agreed=st.sampled_from([True, True, True, False]))
    def approve(self, name: str, secret: str, agreed: bool) -> None:
        World.steps += 1
        name = ("Ben" if self.by == "Ada" else "Ada") if name == OTHER else name
        request = ApproveCommand(
            request="r", command_id=self.command.id, name=name, secret=secret, desk="desk 2", agreed=agreed
        )
        if World.field.ask(request, None, "") == () and agreed:
            assert secret == "right"
            self.agreed.add(name)

    @precondition(lambda self: self.command is not None)
    @rule(person=WHO, desk=AT, typed=st.sampled_from(["", "Alpha"]))
    def execute(self, person: Person | str | None, desk: str, typed: str) -> None:
        World.steps += 1
        person = PEOPLE[self.by] if person == OTHER else person
        desk = self.desk if desk == OTHER else desk
        field, yard = World.field, World.field.yards["alpha"]
        before, left = len(yard.orders), self.command.id in World.left
        refused = field.operate(self.command.id, typed, person, desk)
        if refused:
            assert len(yard.orders) == before
            return
        if left:  # pressed again: it says the same, and nothing more leaves
            assert len(yard.orders) == before
            return
        assert person is not None
        assert (person.name, desk) == (self.by, self.desk)
        assert self.agreed & SECONDS[self.by], "it left without a second person"
        World.left.add(self.command.id)
        field.until(self.command.id, Phase.DONE)
        yard.resting[:] = False

    @rule(now=st.sampled_from([False] * 9 + [True]))
    def the_right_way(self, now: bool) -> None:
        """By chance alone the whole way is walked so seldom that some ten thousand steps never end it."""
        if now:
            self.select(ADA, "desk 1")
            self.approve(OTHER, "right", True)
            self.execute(OTHER, OTHER, "Alpha")

    @precondition(lambda self: self.command is not None)
    @rule(steer=st.sampled_from([Steer.ALERT, Steer.ALERT, Steer.RESUME, Steer.CONFIRM, Steer.CANCEL]), person=WHO)
    def steer(self, steer: Steer, person: Person | str | None) -> None:
        World.steps += 1
        World.field.steer(self.command.id, steer, PEOPLE[self.by] if person == OTHER else person)

    @rule(seconds=st.sampled_from([1, 1, 1, 5, 31, 121]))
    def wait(self, seconds: int) -> None:
        World.steps += 1
        World.field.clock.ahead_ms += seconds * 1000


@pytest.mark.slow
def test_t7_ten_thousand_steps_and_no_bypass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PEOPLE, " ADA", OTHER_ADA)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None))
        World.field = stack.enter_context(field_of(Path(folder), {"alpha": 20}, RULES))
        World.steps, World.left = 0, set()
        began_s = time.monotonic()
        walk = settings(
            max_examples=120, stateful_step_count=100, database=None,
            suppress_health_check=list(HealthCheck), derandomize=False,
        )  # fmt: skip
        while World.steps < STEPS:
            run_state_machine_as_test(Bypass, settings=walk)
        assert World.left, "what was allowed did leave"
        tell(f"T7: {World.steps} steps of a stateful test, {len(World.left)} commands left with two people, "
             f"0 bypasses, {time.monotonic() - began_s:.0f} s")  # fmt: skip


def test_t7_what_needs_two_people_needs_them_in_parts_too(tmp_path: Path) -> None:
    rules = replace(RULES, second_person_above_w=100_000.0)  # 20 machines of 3.3 kW are 65 kW
    with field_of(tmp_path, {"alpha": 20, "beta": 20, "gamma": 20}, rules) as field:
        first, other, second, back = curtail("alpha"), curtail("beta"), curtail("beta"), curtail("alpha", verb=RESUME)
        assert field.select(first) == () == field.operate(first.id)
        assert not field.record(first.id).needs_second
        field.until(first.id, Phase.DONE)

        assert field.select(other, BEN, "desk 2") == ()
        assert not field.record(other.id).needs_second, "another person has done nothing yet"
        field.steer(other.id, Steer.CANCEL, BEN)

        assert field.select(second) == ()
        record = field.record(second.id)
        assert record.needs_second
        assert record.lately_w == field.record(first.id).delta_w < -60_000
        assert field.operate(second.id) == ("a second person has not agreed yet",)
        assert not field.yards["beta"].orders
        assert field.approve(second.id, "Ben") == () == field.operate(second.id)
        field.until(second.id, Phase.DONE)

        assert field.select(back) == () == field.operate(back.id), "taking back leaves less, not more"
        field.until(back.id, Phase.DONE)


def test_t7_two_selections_that_wait_side_by_side_are_counted_together(tmp_path: Path) -> None:
    rules = replace(RULES, second_person_above_w=100_000.0)
    with field_of(tmp_path, {"alpha": 20, "beta": 20}, rules) as field:
        first, second = curtail("alpha"), curtail("beta")
        assert field.select(first, ADA, "desk 1") == () == field.select(second, ADA, "desk 2")
        assert not field.record(first.id).needs_second
        assert field.record(second.id).needs_second


def test_t7_an_hour_later_and_after_a_restart_it_is_counted_by_the_clock(tmp_path: Path) -> None:
    rules = replace(RULES, second_person_above_w=100_000.0)
    with field_of(tmp_path, {"alpha": 20, "beta": 20}, rules) as field:
        first, soon, later = curtail("alpha"), curtail("beta"), curtail("beta")
        assert field.select(first) == () == field.operate(first.id)
        field.until(first.id, Phase.DONE)
        field.desk.stop()
        field.open()
        field.clock.ahead_ms += 3_500_000
        assert field.select(soon) == ()
        assert field.record(soon.id).needs_second
        field.steer(soon.id, Steer.CANCEL)
        field.clock.ahead_ms += 101_000
        assert field.select(later) == ()
        assert not field.record(later.id).needs_second
