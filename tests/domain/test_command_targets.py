"""Which machines a command touches, in which order, and what it asks of each."""

from __future__ import annotations

import numpy as np
import pytest

from console.domain.command import Arguments, Command, Selector, Verb
from console.domain.command_batches import stage
from console.domain.command_targets import ASSUMED_W, choose, rated_power, touchable
from console.domain.economics import change_usd_per_h
from console.domain.frame import Frame
from console.domain.interlock import CommandRules, SiteLimits
from console.domain.machines_now import MachinesNow, NamedRoster
from console.domain.metric import MinerState
from console.domain.read_back import proved
from console.domain.roster import Miner, Roster

NAN = float("nan")
LIMITS = SiteLimits(cap_w=1e9, ramp_w_per_min=1e12)


def yard(power_w: list[float], *, resting: bool = False, meter_w: float = NAN, rated: bool = True) -> MachinesNow:
    """Machines of 100 TH/s that differ in power, so that the first is the most efficient where they are sorted."""
    names = [f"m{number}" for number in range(len(power_w))]
    miners = tuple(
        Miner(name, rated_hs=100e12, rated_w=watts if rated else None, container="AB"[number % 2])
        for number, (name, watts) in enumerate(zip(names, power_w, strict=True))
    )
    columns = {
        "hashrate_hs": [0.0 if resting else 100e12] * len(names),
        "power_w": [60.0] * len(names) if resting else power_w,
        "state": [MinerState.CURTAILED if resting else MinerState.HASHING] * len(names),
    }
    told = {name: np.array(column, dtype=np.float32) for name, column in columns.items()}
    return MachinesNow.of(NamedRoster.of(Roster("a", "r", miners)), Frame("a", 1, 1, "r", told), meter_w)


def command(verb: Verb, selector: Selector | None = None, **arguments: object) -> Command:
    return Command(
        id="c", verb=verb, selector=selector or Selector(("a",)), reason="r", by="", desk="", at_ms=0,
        arguments=Arguments(**arguments),
    )  # fmt: skip


def chosen(wish: Command, now: MachinesNow) -> list[str]:
    rows, _ = touchable(wish, "A", now, {})
    return [now.roster.ids[row] for row in choose(wish, "A", now, rows).rows.tolist()]


def test_least_efficient_off_first_and_unknown_ones_last() -> None:
    assert chosen(command(Verb.CURTAIL), yard([3_000, 3_200, NAN, 3_100])) == ["m1", "m3", "m0", "m2"]


def test_a_power_that_no_machine_can_have_counts_as_none() -> None:
    now = yard([3_000, 9e15, -40, 3_100], rated=False)
    assert now.site_w == pytest.approx(6_100)
    assert chosen(command(Verb.CURTAIL), now) == ["m3", "m0", "m1", "m2"]


def test_most_efficient_back_first() -> None:
    assert chosen(command(Verb.RESUME), yard([3_000, 2_800, 3_100], resting=True)) == ["m1", "m0", "m2"]


def test_as_many_as_it_takes_by_the_sites_meter() -> None:
    now = yard([3_000.0] * 10, meter_w=33_000.0)
    assert len(chosen(command(Verb.CURTAIL, site_power_w=30_000.0), now)) == 2  # 2 940 W each, 3 000 W to save
    assert chosen(command(Verb.CURTAIL, site_power_w=33_000.0), now) == []
    rows, _ = touchable(command(Verb.CURTAIL, site_power_w=1_000.0), "A", now, {})
    assert choose(command(Verb.CURTAIL, site_power_w=1_000.0), "A", now, rows).short_w == pytest.approx(2_600.0)


def test_a_resumption_never_goes_beyond_the_power_that_is_asked() -> None:
    now = yard([3_000.0] * 10, resting=True, meter_w=2_000.0)
    assert len(chosen(command(Verb.RESUME, site_power_w=8_000.0), now)) == 2
    assert chosen(command(Verb.RESUME, site_power_w=4_000.0), now) == []


def test_containers_and_machines_by_name() -> None:
    now = yard([3_000.0] * 4)
    assert chosen(command(Verb.REBOOT, Selector(("a",), containers={"a": ("B",)})), now) == ["m1", "m3"]
    wish = command(Verb.REBOOT, Selector(("a",), machines={"a": ("m3", "m0", "m3", "ghost")}))
    assert chosen(wish, now) == ["m3", "m0"]
    assert [(left.count, left.reason) for left in touchable(wish, "A", now, {})[1]] == [(1, "not in the roster")]


def test_what_is_not_rated_counts_as_the_largest_because_a_cap_must_hold() -> None:
    assert rated_power(yard([3_000.0, 3_200.0], rated=False)).tolist() == [ASSUMED_W] * 2
    now = yard([3_000.0, 3_200.0], rated=False)
    wish = command(Verb.POWER_TARGET, machine_share=0.8)
    rows, skipped = touchable(wish, "A", now, {})
    assert rows.size == 0
    assert skipped[0].reason == "its rated power is not told"


def test_batches_keep_to_number_gap_and_ramp() -> None:
    now = yard([3_000.0] * 10)
    wish = command(Verb.CURTAIL)
    choice = choose(wish, "A", now, touchable(wish, "A", now, {})[0])
    rules = CommandRules(batch_machines=4, batch_gap_s=10.0)
    free = stage(wish, "a", choice, now.roster.ids, rules, LIMITS)
    assert [(piece.at_s, len(piece.machines)) for piece in free.pieces] == [(0.0, 4), (10.0, 4), (20.0, 2)]
    tight = stage(wish, "a", choice, now.roster.ids, rules, SiteLimits(cap_w=1e9, ramp_w_per_min=6_000.0))
    assert {len(piece.machines) for piece in tight.pieces} == {2}
    assert [round(piece.at_s) for piece in tight.pieces] == [0, 60, 120, 180, 240]
    assert tight.steepest_w_per_min <= 6_000.0


def test_a_reboot_counts_for_the_ramp_with_all_its_power() -> None:
    now, wish = yard([3_000.0] * 10), command(Verb.REBOOT)
    choice = choose(wish, "A", now, touchable(wish, "A", now, {})[0])
    staged = stage(wish, "a", choice, now.roster.ids, CommandRules(), SiteLimits(cap_w=1e9, ramp_w_per_min=9_000.0))
    assert len(staged.pieces) == 4


def test_money_is_power_saved_less_hashing_foregone() -> None:
    assert change_usd_per_h(-10e6, 50.0, -500e15, None) == pytest.approx(500.0)
    assert change_usd_per_h(-10e6, 50.0, -500e15, 48.0) == pytest.approx(500.0 - 1_000.0)


def breakers(*open_ones: bool, power_w: float = NAN) -> MachinesNow:
    """Containers' breakers: no hashrate, a rating of 1.5 MW, a power where there is a meter."""
    names = [f"C{number}" for number in range(len(open_ones))]
    roster = Roster("a", "r", tuple(Miner(name, rated_w=1.5e6) for name in names))
    state = np.array([MinerState.CURTAILED if one else NAN for one in open_ones], dtype=np.float32)
    power = np.array([0.0 if one else power_w for one in open_ones], dtype=np.float32)
    columns = {"hashrate_hs": np.full(len(names), NAN, dtype=np.float32), "state": state, "power_w": power}
    return MachinesNow.of(NamedRoster.of(roster), Frame("a", 1, 1, "r", columns), NAN)


def test_breakers_without_a_hashrate_are_opened_and_closed_and_count_with_their_rating() -> None:
    now = breakers(True, False)
    assert chosen(command(Verb.CURTAIL), now) == ["C1"]
    assert chosen(command(Verb.RESUME), now) == ["C0"]
    wish = command(Verb.CURTAIL)
    choice = choose(wish, "A", now, touchable(wish, "A", now, {})[0])
    assert choice.power_now_w.tolist() == [1.5e6], "no meter: it counts in full, or a second person were never asked"
    assert now.running.tolist() == [False, True]


def test_a_breaker_is_proved_by_its_state_and_its_meter() -> None:
    rows, nobody = np.array([0, 1]), np.zeros(2, dtype=np.bool_)
    metered, blind = breakers(True, False, power_w=1.2e6), breakers(True, False)
    assert proved(Verb.CURTAIL, Arguments(), metered, rows, nobody).tolist() == [True, False]
    assert proved(Verb.RESUME, Arguments(), metered, rows, nobody).tolist() == [False, True]
    assert proved(Verb.RESUME, Arguments(), blind, rows, nobody).tolist() == [False, False], "by its own word alone"
