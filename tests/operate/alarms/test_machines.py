"""Rules over single machines: named only when needed, rated each by its own model, gone with their roster."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from console.domain.alarm_rule import Condition, Enabling, Level
from console.domain.frame import Frame
from console.domain.metric import MinerState
from console.domain.rollup import RosterIndex
from console.domain.roster import Miner, Roster
from console.operate.alarms.engine import AlarmEngine
from console.operate.alarms.machines import Machines
from tests.operate.alarms.made import fleet, rollup, rule
from tests.store.made import T0

WEAK = rule(
    "weak", level=Level.MINER, signal="hashrate_hs", condition=Condition.BELOW, limit=0.5, relative_to="deployed_hs",
    enabled_when=(Enabling.NOT_CURTAILED,),
)  # fmt: skip


def roster(version: str = "v1", count: int = 4) -> Roster:
    machines = tuple(
        Miner(id=f"m{number}", container="C01", rated_hs=1e14 * (1 + number % 2)) for number in range(count)
    )
    return Roster("s-0", version, machines)


def machines(of: Roster, hashrate_ths: Sequence[float], state: Sequence[float] | None = None) -> Machines:
    columns = {"hashrate_hs": np.array(hashrate_ths, dtype=np.float32) * np.float32(1e12)}
    if state is not None:
        columns["state"] = np.array(state, dtype=np.float32)
    return Machines(Frame("s-0", T0, T0, of.version, columns), RosterIndex.of(of))


class Names:
    """Counts how often a roster was asked for."""

    def __init__(self, *rosters: Roster) -> None:
        self.rosters = {one.version: one for one in rosters}
        self.asked = 0

    def __call__(self, site_id: str, version: str) -> tuple[str, ...] | None:
        self.asked += 1
        return tuple(miner.id for miner in self.rosters[version].miners) if version in self.rosters else None


def test_a_breaker_of_a_container_is_judged_by_what_its_rating_allows_and_a_machine_by_its_own_bound() -> None:
    kinds = (Miner(id="breaker", container="C01", rated_w=1e6), Miner(id="machine", container="C01", rated_w=3500.0))
    of = Roster("s-0", "v1", kinds)
    columns = {"power_w": np.array([1.5e6, 1.5e6], dtype=np.float32)}
    over = rule("over", level=Level.MINER, signal="power_w", condition=Condition.ABOVE, limit=1.2e6)
    engine = AlarmEngine(fleet(1), [over], names=Names(of))
    engine.sample(rollup(minute=0), 0.0, Machines(Frame("s-0", T0, T0, "v1", columns), RosterIndex.of(of)))
    assert [alarm.place for alarm in engine.book.alarms()] == ["miner:s-0/breaker"]


def test_each_machine_is_judged_by_its_own_rating_and_no_roster_is_read_while_all_is_well() -> None:
    first = roster()
    names = Names(first)
    engine = AlarmEngine(fleet(1), [WEAK], names=names)
    engine.sample(rollup(minute=0), 0.0, machines(first, [99, 199, 101, 150]))
    assert names.asked == 0
    engine.sample(rollup(minute=1), 0.0, machines(first, [60, 60, float("nan"), 1e9]))
    assert [alarm.place for alarm in engine.book.alarms()] == ["miner:s-0/m1"], "no value and a silly one raise nothing"
    assert names.asked == 1


def test_a_machine_that_rests_on_purpose_raises_nothing() -> None:
    first = roster()
    engine = AlarmEngine(fleet(1), [WEAK], names=Names(first))
    engine.sample(rollup(), 0.0, machines(first, [0, 0, 99, 199], [MinerState.CURTAILED, 1, 1, 1]))
    assert {alarm.place: str(alarm.state) for alarm in engine.book.alarms()} == {
        "miner:s-0/m0": "F", "miner:s-0/m1": "B",
    }  # fmt: skip


def test_another_roster_keeps_the_alarm_with_its_machine_and_ends_those_that_left() -> None:
    first = roster(count=4)
    second = Roster("s-0", "v2", (first.miners[3], first.miners[0]))
    engine = AlarmEngine(fleet(1), [WEAK], names=Names(first, second))
    engine.sample(rollup(minute=0), 0.0, machines(first, [99, 10, 99, 10]))
    assert {alarm.place for alarm in engine.book.alarms()} == {"miner:s-0/m1", "miner:s-0/m3"}
    engine.sample(rollup(minute=1), 0.0, machines(second, [10, 99]))
    assert {alarm.place: alarm.active for alarm in engine.book.alarms()} == {
        "miner:s-0/m1": False,
        "miner:s-0/m3": True,
    }
    engine.sample(rollup(minute=2), 0.0, machines(second, [199, 99]))
    assert not any(alarm.active for alarm in engine.book.alarms())


def test_a_roster_that_is_not_at_hand_leaves_the_position_as_the_name() -> None:
    engine = AlarmEngine(fleet(1), [WEAK])
    engine.sample(rollup(), 0.0, machines(roster(), [99, 10, 99, 199]))
    assert [alarm.place for alarm in engine.book.alarms()] == ["miner:s-0/#2"]
