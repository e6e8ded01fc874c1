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

from console.domain.access import Person, Role
from console.domain.command import Command
from console.domain.command_journal import Phase
from console.domain.interlock import CommandRules
from console.link.orders import ApproveCommand, Steer
from tests.operate.commands.conftest import SHARED_MEMORY
from tests.operate.commands.field import ADA, BEN, EVE, PEOPLE, Field, curtail, field_of, tell

STEPS = 10_000
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
            max_examples=120, stateful_step_count=100, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), derandomize=False,
        )  # fmt: skip
        while World.steps < STEPS:
            run_state_machine_as_test(Bypass, settings=walk)
        assert World.left, "what was allowed did leave"
        tell(f"T7: {World.steps} steps of a stateful test, {len(World.left)} commands left with two people, "
             f"0 bypasses, {time.monotonic() - began_s:.0f} s")  # fmt: skip
