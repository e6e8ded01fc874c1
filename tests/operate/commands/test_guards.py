"""T6, R39: no plan and no batch over a limit is allowed, at any moment of it; R33, by the source itself."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.command import Arguments, Selector, Verb
from console.domain.command_preview import Ground, SiteGround, draw_up
from console.domain.frame import Frame
from console.domain.interlock import CommandRules, SiteLimits, Window
from console.domain.machines_now import MachinesNow, NamedRoster
from console.domain.metric import MinerState
from console.domain.ramp import RampLedger
from console.domain.roster import Miner, Roster
from console.operate.commands.guard import Guard
from tests.operate.commands.field import Field, curtail, field_of, site, tell

NOW_MS = 12 * 3_600_000
WATTS = 3_000.0
COUNTED = {"plans": 0, "over": 0}
LIMITS = st.builds(
    SiteLimits,
    cap_w=st.floats(0, 150_000),
    floor_w=st.floats(0, 60_000),
    ramp_w_per_min=st.floats(1_000, 200_000),
    least_machines_on=st.integers(0, 30),
    windows=st.sampled_from([(), (Window(11 * 60, 13 * 60, "peak"),), (Window(22 * 60, 2 * 60, "night"),)]),
    hold=st.just(""),
    protected=st.sampled_from([frozenset(), frozenset({"m03", "m17"})]),
)
RULES = st.builds(
    CommandRules, batch_machines=st.integers(1, 20), batch_gap_s=st.floats(0, 60), least_sites_on=st.integers(0, 3)
)


def machines(resting: int) -> MachinesNow:
    """40 machines, of which the last ones rest."""
    names = [f"m{number:02d}" for number in range(40)]
    roster = Roster("alpha", "r", tuple(Miner(name, rated_hs=100e12, rated_w=WATTS) for name in names))
    awake = np.arange(40) < 40 - resting
    columns = {
        "hashrate_hs": np.where(awake, 100e12, 0.0),
        "power_w": np.where(awake, WATTS, 60.0),
        "state": np.where(awake, MinerState.HASHING, MinerState.CURTAILED),
    }
    told = {name: column.astype(np.float32) for name, column in columns.items()}
    return MachinesNow.of(NamedRoster.of(roster), Frame("alpha", NOW_MS, NOW_MS, "r", told), float("nan"))


@settings(max_examples=300)
@given(
    LIMITS, RULES, st.sampled_from([Verb.CURTAIL, Verb.RESUME, Verb.POWER_TARGET]), st.integers(0, 40),
    st.one_of(st.none(), st.floats(0, 130_000)), st.floats(0.5, 1.2),
)  # fmt: skip
def check_plan(
    limits: SiteLimits, rules: CommandRules, verb: Verb, resting: int, asked_w: float | None, share: float
) -> None:
    now = machines(resting)
    arguments = Arguments(site_power_w=asked_w) if verb is not Verb.POWER_TARGET else Arguments(machine_share=share)
    command = curtail(verb=verb, selector=Selector(("alpha",)), arguments=arguments)
    ground = SiteGround(site("alpha", 40, limits), now, {"protected": limits.protected})
    on = frozenset({"alpha"}) if resting < 40 else frozenset()
    drawn = draw_up(command, Ground((ground,), (), on | {"beta"}, rules, NOW_MS))
    COUNTED["plans"] += 1
    over = any(_over(drawn, now, limits, rules, on))
    COUNTED["over"] += over
    assert not (over and drawn.preview.allowed)


def _over(drawn: object, now: MachinesNow, limits: SiteLimits, rules: CommandRules, on: frozenset[str]) -> list[bool]:
    """Each limit that the plan breaks, worked out apart from the interlocks: by its batches, one after the other."""
    preview, at_s, moves, power_w = drawn.preview, 0.0, [], now.site_w
    touched = {name for batch in drawn.batches for name in batch.machines}
    running = {now.roster.ids[row] for row in np.flatnonzero(now.running)}
    verb = preview.command.verb
    after = running - touched if verb is Verb.CURTAIL else running | touched if verb is Verb.RESUME else running
    ledger = RampLedger()
    for batch in drawn.batches:
        at_s = ledger.earliest_s(at_s, abs(batch.delta_w), limits.ramp_w_per_min)
        ledger.note(at_s, abs(batch.delta_w))
        moves.append((at_s, abs(batch.delta_w)))
        power_w += batch.delta_w
        at_s += rules.batch_gap_s
    steepest = max((sum(w for t, w in moves if at - 60 < t <= at) for at, _ in moves), default=0.0)
    change = power_w - now.site_w
    return [
        change > 1e-6 and power_w > limits.cap_w + 1e-6,
        change < -1e-6 and power_w < limits.floor_w - 1e-6,
        steepest > limits.ramp_w_per_min * (1 + 1e-6),
        change < -1e-6 and len(after) < limits.least_machines_on,
        any(window.covers(NOW_MS) for window in limits.windows) and bool(touched),
        bool(limits.protected & touched),
        bool(on) and not after and rules.least_sites_on > 1,
    ]


def test_t6_every_plan_over_a_limit_is_refused() -> None:
    check_plan()
    assert COUNTED["over"] > 50, "plans over a limit were among them"
    tell(f"T6: {COUNTED['plans']} plans made up, {COUNTED['over']} over a limit: all of those refused")


@settings(max_examples=150)
@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0, 1_000)), max_size=40), st.floats(1_000, 3_000))
def test_no_minute_holds_more_than_the_ramp(moves: list[tuple[float, float]], limit_w: float) -> None:
    ledger, now_s, sent = RampLedger(), 0.0, []
    for wait_s, swing_w in moves:
        now_s = ledger.earliest_s(now_s + wait_s, swing_w, limit_w)
        ledger.note(now_s, swing_w)
        sent.append((now_s, swing_w))
    for end_s, _ in sent:
        assert sum(swing for at_s, swing in sent if end_s - 60 < at_s <= end_s) <= limit_w * (1 + 1e-6)


class Walk:
    """The batches of a previewed command, judged and sent by a guard whose clock the test sets; nothing leaves."""

    def __init__(self, field: Field) -> None:
        self.command = curtail("alpha")
        assert field.select(self.command) == ()
        field.poll()
        self.now_s = 1_000.0
        self.guards = dataclasses.replace(field.desk._runner._guards, now_s=lambda: self.now_s)
        self.guard = Guard(self.guards, self.command)
        self.batches = list(field.reader.batches(self.command.id))

    def send_all(self) -> list[tuple[float, float]]:
        """(second, watts) of each batch, sent in the very moment that the guard allows."""
        sent = []
        while self.batches:
            batch, due_s = self.guard.next_of(self.batches)
            self.now_s = max(self.now_s, due_s)
            assert self.guard.why_not(batch) == ""
            self.guard.note_sent(batch)
            self.batches.remove(batch)
            sent.append((self.now_s - 1_000.0, abs(batch.delta_w)))
        return sent


def test_r39_batches_of_a_site_leave_a_gap_apart_also_when_they_are_sent(tmp_path: Path) -> None:
    with field_of(tmp_path, {"alpha": 100}, CommandRules(batch_machines=25, batch_gap_s=10.0)) as field:
        assert [at_s for at_s, _ in Walk(field).send_all()] == [0.0, 10.0, 20.0, 30.0]


def test_r39_t6_no_minute_holds_more_than_the_ramp_when_they_are_sent_whichever_command_they_are_of(
    tmp_path: Path,
) -> None:
    limits = SiteLimits(cap_w=1e9, ramp_w_per_min=100_000.0)
    with field_of(
        tmp_path, {"alpha": 100}, CommandRules(batch_machines=20, batch_gap_s=1.0), {"alpha": limits}
    ) as field:
        walk = Walk(field)
        walk.guards.ramps.note(field.fleet.sites[0], walk.now_s - 30, 90_000.0)  # another command, half a minute ago
        sent = walk.send_all()
        assert sent[0][0] >= 30.0, "what another command has switched counts too"
        for end_s, _ in sent:
            assert sum(watts for at_s, watts in sent if end_s - 60 < at_s <= end_s) <= 100_000.0


def test_t6_a_limit_that_only_the_sum_of_what_was_sent_breaks_stops_the_next_batch(tmp_path: Path) -> None:
    """No frame shows yet what was sent: by what is measured, each batch alone would keep to the limit."""
    with field_of(tmp_path, {"alpha": 100}, CommandRules(batch_machines=20, batch_gap_s=0.0)) as field:
        walk = Walk(field)
        tight = msgspec.structs.replace(field.fleet.sites[0].limits, least_machines_on=50)
        site = msgspec.structs.replace(field.fleet.sites[0], limits=tight)
        fleet = msgspec.structs.replace(field.fleet, sites=(site,))
        guard = Guard(dataclasses.replace(walk.guards, fleet=fleet), walk.command)
        words = []
        for batch in walk.batches:
            words.append(guard.why_not(batch))
            if not words[-1]:
                guard.note_sent(batch)
        assert words[:2] == ["", ""]
        assert all("machines on" in one for one in words[2:])


BY_TEXT = ("getattr", "methodcaller", "attrgetter")
OTHER_MEANINGS = {  # of the word `execute` above the store: whose it is, and that it is no controller's
    ("cli/command_errand.py", "self._args"),
    ("cli/command_wish.py", "args"),
    ("operate/commands/desk.py", "self._executing"),
    ("ui/dialogs/command.py", "self._commands"),
}


def test_r33_one_place_in_the_program_executes() -> None:
    """Every mention of an attribute `execute` in the whole program, called or handed on. The store's are SQL.

    A program that asks for the attribute by its name as text would hide it, so nothing may.
    """
    root = Path(__file__).resolve().parents[3] / "console"
    found, by_text = set(), []
    for path in sorted(root.rglob("*.py")):
        place, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
        if place.startswith("store/") or "execute" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and node.attr == "execute":
                found.add((place, ast.unparse(node.value)))
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in BY_TEXT:
                by_text += [place for part in node.args if isinstance(part, ast.Constant) and part.value == "execute"]
    assert found - OTHER_MEANINGS == {("operate/commands/send.py", "controller")}
    assert by_text == []
    assert [*mentions("controller.execute")] == ["operate/commands/send.py"], "and only once there"


def mentions(words: str) -> Iterator[str]:
    """Where the program says so, once for each time; comments and docstrings do not count."""
    root = Path(__file__).resolve().parents[3] / "console"
    for path in sorted(root.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if words in text else ():
            if isinstance(node, ast.Attribute) and ast.unparse(node) == words:
                yield path.relative_to(root).as_posix()


def test_r33_that_place_is_reached_from_one_function_alone() -> None:
    folder = Path(__file__).resolve().parents[3] / "console" / "operate" / "commands"
    sending = [
        path.name
        for path in sorted(folder.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("send", "_execute")
    ]
    assert sending == ["run.py", "send.py"]
    importing = [
        path.name
        for path in sorted(folder.parents[1].rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "console.operate.commands.send"
    ]
    assert importing == ["run.py"]
