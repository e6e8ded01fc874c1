"""Commands act on the simulated machines, once, and tell how far they have come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from console.simulator.answer import Refused
from console.simulator.clock import Clock, iso
from console.simulator.host import SiteHost
from console.simulator.plan import demo_sites, scaled

STARTED_S = 1_795_000_000.0


@dataclass
class Hand:
    """A wall clock that the test moves."""

    at_s: float = STARTED_S

    def __call__(self) -> float:
        return self.at_s


@dataclass
class Desk:
    """A site of some hundred machines and its clock."""

    host: SiteHost
    hand: Hand

    def order(self, verb: str, key: str = "k", selector: Any = None, **arguments: Any) -> dict[str, Any]:
        body = {"verb": verb, "selector": selector or {"all": True}, "arguments": arguments, "reason": "test"}
        return json.loads(self.host.command(json.dumps(body).encode(), key).body)

    def preview(self, verb: str, selector: Any = None, **arguments: Any) -> dict[str, Any]:
        body = {"verb": verb, "selector": selector or {"all": True}, "arguments": arguments}
        return json.loads(self.host.preview(json.dumps(body).encode()).body)

    def later(self, seconds: float) -> None:
        self.hand.at_s += seconds

    def told(self) -> dict[str, Any]:
        return json.loads(self.host.telemetry({}, None).body)

    def power_w(self) -> float:
        return sum(value or 0 for value in self.told()["metrics"]["power"]["values"])

    def states(self) -> list[str | None]:
        state = self.told()["state"]
        return [None if index is None else state["words"][index] for index in state["values"]]


@pytest.fixture
def desk() -> Desk:
    hand = Hand()
    plan = scaled(demo_sites(), 1, 400)[0]
    return Desk(SiteHost(plan, 1, Clock(hand.at_s, 1.0, hand)), hand)


def test_a_curtailment_brings_the_site_down_to_the_power_and_resume_brings_it_back(desk: Desk) -> None:
    before_w = desk.power_w()
    held_w = before_w / 2
    desk.order("curtail", power={"unit": "W", "value": held_w}, ramp_s=60)
    desk.later(120)
    assert desk.power_w() == pytest.approx(held_w, rel=0.03)
    desk.order("resume", key="k2", ramp_s=60)
    desk.later(120)
    assert desk.power_w() == pytest.approx(before_w, rel=0.03)


def test_the_ramp_takes_its_time(desk: Desk) -> None:
    before_w = desk.power_w()
    desk.order("curtail", ramp_s=600)
    shares = []
    for _ in range(3):
        desk.later(150)
        shares.append(desk.power_w() / before_w)
    assert shares == pytest.approx([0.76, 0.51, 0.27], abs=0.06)


def test_curtailed_machines_say_that_they_rest_on_purpose(desk: Desk) -> None:
    desk.order("sleep", selector={"miners": [desk.host.yard.miner_ids[5]]})
    desk.later(30)
    assert desk.states()[5] == "curtailed"


def test_a_preview_moves_nothing_and_names_targets_reasons_and_change(desk: Desk) -> None:
    before = desk.power_w()
    preview = desk.preview("curtail")
    assert desk.power_w() == before
    answering = [state for state in desk.states() if state in ("mining", "degraded")]
    assert preview["targets"] == len(preview["miners"]) == len(answering)
    assert {"does not answer", "stopped: it does not hash"} >= {skip["reason"] for skip in preview["skipped"]}
    assert preview["targets"] + sum(skip["count"] for skip in preview["skipped"]) == len(desk.states())
    assert preview["change"]["power"]["value"] == pytest.approx(-before / 1e6, rel=0.05)
    assert preview["reversed_by"] == "resume"


def test_the_worst_machines_rest_first(desk: Desk) -> None:
    preview = desk.preview("curtail", power={"unit": "W", "value": desk.power_w() * 0.9})
    positions = [desk.host.yard.miner_ids.index(name) for name in preview["miners"]]
    degraded = {position for position, state in enumerate(desk.states()) if state == "degraded"}
    assert degraded
    assert degraded < set(positions)
    assert set(positions[: len(degraded)]) == degraded


def test_one_idempotency_key_is_one_command(desk: Desk) -> None:
    first = desk.order("reboot", ramp_s=0)
    desk.later(2)
    second = desk.order("reboot", ramp_s=0)
    assert second["command_id"] == first["command_id"]
    assert second["accepted_at"] == first["accepted_at"]
    assert len(desk.host.desk.commands()) == 1
    with pytest.raises(Refused, match="another command"):
        desk.order("sleep")


def test_progress_goes_from_pending_to_confirmed_and_a_few_are_lost(desk: Desk) -> None:
    started = desk.order("sleep", ramp_s=100)
    assert started["state"] == "running"
    assert started["counts"]["pending"] > 0.9 * len(started["targets"]["miners"])
    desk.later(50)
    half = json.loads(desk.host.progress(started["command_id"]).body)
    assert 0.3 < half["counts"]["confirmed"] / len(half["targets"]["miners"]) < 0.6
    desk.later(100)
    over = json.loads(desk.host.progress(started["command_id"]).body)
    assert over["state"] == "partly_done"
    assert over["counts"]["pending"] == over["counts"]["dispatched"] == 0
    lost = [index for index, step in enumerate(over["targets"]["states"]["values"]) if step == 3]
    assert 0 < len(lost) < 0.05 * len(over["targets"]["miners"])
    positions = [desk.host.yard.miner_ids.index(over["targets"]["miners"][index]) for index in lost]
    assert all(desk.states()[position] in ("mining", "degraded") for position in positions)


def test_a_power_target_lowers_power_more_gently_than_hashrate_falls(desk: Desk) -> None:
    before_w = desk.power_w()
    desk.order("power_target", power={"unit": "kW", "value": 2.4}, ramp_s=0)
    desk.later(30)
    working = [value for value in desk.told()["metrics"]["power"]["values"] if value and value > 1000]
    assert np.median(working) == pytest.approx(2400, rel=0.05)
    assert desk.power_w() < 0.85 * before_w


def test_a_reboot_stops_machines_for_three_minutes_and_wakes_some_of_the_dead(desk: Desk) -> None:
    dead = desk.states().count("stopped")
    assert dead > 0
    desk.order("reboot", ramp_s=0)
    desk.later(60)
    assert "mining" not in desk.states()[:5]
    desk.later(180)
    assert desk.states().count("stopped") < dead


def test_history_shows_what_commands_did(desk: Desk) -> None:
    desk.order("curtail", ramp_s=0)
    desk.later(1800)
    stretch = {"start": iso(STARTED_S - 1800), "end": iso(desk.hand.at_s)}
    for level in ("site", "container"):
        page = json.loads(desk.host.history({**stretch, "level": level}).body)
        power = np.array([series["metrics"]["power"]["values"] for series in page["series"]]).sum(axis=0)
        assert power[-1] < 0.1 * power[0]
    events = json.loads(desk.host.events({}).body)["events"]
    assert [event["kind"] for event in events][-2:] == ["command_accepted", "command_finished"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b'{"verb": "explode", "selector": {"all": true}}', 422),
        (b'{"verb": "sleep", "selector": {}}', 422),
        (b'{"verb": "sleep", "selector": {"all": true, "miners": ["x"]}}', 422),
        (b'{"verb": "power_target", "selector": {"all": true}}', 422),
        (b'{"verb": "locate", "selector": {"all": true}, "arguments": {"ramp_s": 1, "on": true}}', 422),
        (b'{"verb": "curtail", "selector": {"all": true}, "arguments": {"power": {"unit": "MWh", "value": 1}}}', 422),
    ],
)
def test_a_bad_order_is_refused(desk: Desk, body: bytes, status: int) -> None:
    with pytest.raises(Refused) as refused:
        desk.host.command(body, "key")
    assert refused.value.status == status


def test_an_order_without_a_key_is_refused_and_an_unknown_command_not_found(desk: Desk) -> None:
    with pytest.raises(Refused, match="Idempotency-Key"):
        desk.host.command(b'{"verb": "sleep", "selector": {"all": true}}', None)
    with pytest.raises(Refused, match="no such command"):
        desk.host.progress("nothing")


def test_names_outside_the_roster_are_told_and_touch_nothing(desk: Desk) -> None:
    preview = desk.preview("sleep", selector={"containers": ["C99"]})
    assert preview["targets"] == 0
    assert preview["skipped"] == [{"reason": "not in the roster", "count": 1, "names": ["C99"]}]


def test_speed_moves_the_physics_and_not_the_stamps() -> None:
    clock = Clock(STARTED_S, 60.0, lambda: STARTED_S + 100)
    assert clock.physics(STARTED_S - 500) == STARTED_S - 500
    assert clock.physics(STARTED_S + 100) == STARTED_S + 6000
