"""The Site API's answer about one machine, from the simulator over real HTTP and from hostile hands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from console.adapters.base import Capability, Deadline
from console.adapters.budget import Budgets
from console.adapters.detail import Details
from console.adapters.http import HttpSession
from console.adapters.http_source import HttpSource
from console.adapters.siteapi import ADAPTER
from console.adapters.siteapi.client import SiteApiSession
from console.adapters.siteapi.machine import machine_detail
from console.domain.errors import BadAnswer, Unsupported
from console.domain.metric import MinerState
from console.domain.roster import Miner
from console.simulator.clock import Clock, wall_s
from console.simulator.host import SiteHost
from console.simulator.parts import parts
from console.simulator.plan import demo_sites, scaled
from console.simulator.server import FleetServer

BODY = {
    "miner_id": "m",
    "measured_at": "2026-11-22T12:30:00Z",
    "units": {"hashrate": "GH/s", "temperature": "°F", "fan_speed": "rpm"},
    "boards": [{"name": "b", "hashrate": 50_000.0, "board_temperature": 140.0, "chips_working": 100}],
    "fans": [{"name": "f", "speed": 0}],
}


@pytest.fixture(scope="module", params=[0, 1, 2], ids=["first", "second", "third"])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[SiteHost, SiteApiSession]]:
    """Sites of the demo fleet that speak different units."""
    plans = {plan.wire: plan for plan in scaled(demo_sites(), 44, 44 * 120)}
    plan = list(plans.values())[request.param % len(plans)]
    host = SiteHost(plan, 1, Clock(wall_s()))
    server = FleetServer(0, {plan.id: host})
    server.start()
    source = HttpSource(base_url=f"{server.base_url}/sites/{plan.id}", plain_http_to=("127.0.0.0/8",))
    session = SiteApiSession(plan.id, HttpSession(source, Budgets(1000.0, 1000.0)))
    yield host, session
    session.close()
    server.end()


def test_t32_the_parts_add_up_to_what_the_telemetry_tells(site: tuple[SiteHost, SiteApiSession]) -> None:
    host, session = site
    now = host.sample(host.sampled_s())
    place = int(np.flatnonzero(now.state == MinerState.HASHING)[0])
    detail = session.detail(Miner(host.yard.miner_ids[place]), Deadline.after(5))
    told_hs, told_c = float(now.hashrate_hs[place]), float(now.board_c[place])
    assert sum(board.hashrate_hs or 0 for board in detail.boards) == pytest.approx(told_hs, rel=0.02)
    assert max(board.board_c or 0 for board in detail.boards) == pytest.approx(told_c, abs=1.0)
    assert all((board.chips_working or 0) <= 108 for board in detail.boards)
    assert all((fan.speed_rpm or 0) > 1000 for fan in detail.fans)
    assert abs(detail.at_ms / 1000 - wall_s()) < 30


def test_a_silent_machine_has_no_value_and_no_zero(site: tuple[SiteHost, SiteApiSession]) -> None:
    host, _ = site
    now = host.sample(host.sampled_s())
    nothing = np.full_like(now.hashrate_hs, np.nan)
    silent = replace(now, hashrate_hs=nothing, board_c=nothing, state=np.zeros_like(now.state))
    head = {"miner_id": "m", "measured_at": "2026-11-22T12:30:00Z"}
    detail = machine_detail(json.dumps(head | parts(silent, 0, "m", 1, host.units)).encode(), "m")
    assert {board.hashrate_hs for board in detail.boards} == {None}
    assert {board.chips_working for board in detail.boards} == {None}
    assert {fan.speed_rpm for fan in detail.fans} == {None}


def test_an_unknown_machine_is_unsupported_and_no_path_leads_out(
    site: tuple[SiteHost, SiteApiSession],
) -> None:
    session = site[1]
    assert isinstance(session, Details)
    for name in ("nobody", "a/b?c#d", "%2e%2e", "Ω <b>"):
        with pytest.raises(Unsupported):
            session.detail(Miner(name), Deadline.after(5))
    for name in ("..", "."):
        with pytest.raises(BadAnswer):
            session.detail(Miner(name), Deadline.after(5))


def changed(**parts: object) -> bytes:
    return json.dumps(BODY | parts).encode()


def test_t32_other_units_come_out_canonical_and_a_standing_fan_is_zero() -> None:
    detail = machine_detail(changed(), "m")
    assert detail.boards[0].hashrate_hs == pytest.approx(5e13)
    assert detail.boards[0].board_c == pytest.approx(60.0)
    assert detail.boards[0].chip_c is None
    assert detail.fans[0].speed_rpm == 0.0
    assert detail.at_ms == 1_795_350_600_000


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (changed(miner_id="other"), "expected the one that was asked for"),
        (changed(units={"temperature": "°F", "fan_speed": "rpm"}), "hashrate"),
        (changed(units={"hashrate": "GH/s", "temperature": "K?", "fan_speed": "rpm"}), "temperature"),
        (changed(units={"hashrate": "GH/s", "temperature": "°F"}), "fan_speed"),
        (changed(measured_at="yesterday"), "found the time"),
        (changed(boards=5), "."),
        (b'{"miner_id": "m", "miner_id": "m"}', "."),
        (b"<html>", "."),
        (b"", "."),
    ],
)
def test_t15_one_fault_refuses_the_whole(body: bytes, says: str) -> None:
    with pytest.raises(BadAnswer, match=says):
        machine_detail(body, "m")


def test_the_manifest_says_that_it_can() -> None:
    assert Capability.DETAIL in ADAPTER.manifest.capabilities
