"""T6: of the plans that were made up none over a limit is allowed, at any moment of it; R33, by the source itself."""

from __future__ import annotations

import ast
from pathlib import Path

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
from tests.operate.commands.field import curtail, site, tell

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


@settings(max_examples=300, deadline=None)
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


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0, 1_000)), max_size=40), st.floats(1_000, 3_000))
def test_no_minute_holds_more_than_the_ramp(moves: list[tuple[float, float]], limit_w: float) -> None:
    ledger, now_s, sent = RampLedger(), 0.0, []
    for wait_s, swing_w in moves:
        now_s = ledger.earliest_s(now_s + wait_s, swing_w, limit_w)
        ledger.note(now_s, swing_w)
        sent.append((now_s, swing_w))
    for end_s, _ in sent:
        assert sum(swing for at_s, swing in sent if end_s - 60 < at_s <= end_s) <= limit_w * (1 + 1e-6)


def test_r33_one_place_in_the_program_executes() -> None:
    """Calls of `.execute(` above the adapters; `ui` may not import those (import-linter holds it)."""
    root = Path(__file__).resolve().parents[3] / "console"
    found = []
    for folder in ("operate", "collect", "link", "cli"):
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)) if ".execute(" in text else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "execute":
                    found.append((path.name, ast.unparse(node.func.value)))
    found = [(name, whose) for name, whose in found if (name, whose) != ("desk.py", "self._executing")]
    assert found == [("send.py", "controller")]
    sending = [
        path.name
        for path in sorted((root / "operate" / "commands").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("send", "_execute")
    ]
    assert sending == ["run.py", "send.py"], "and that place is reached from one function alone"
