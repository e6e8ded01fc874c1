"""The demo fleet at real size costs less than half a core (measured: one part in two hundred)."""

from __future__ import annotations

import json
import time

from console.simulator.clock import Clock
from console.simulator.host import SiteHost
from console.simulator.plan import demo_sites

POLL_S = 30.0
HALF_A_CORE = 0.5


def test_every_site_polled_once_costs_less_than_half_a_core() -> None:
    now = [1_795_000_000.0]
    hosts = [SiteHost(plan, 1, Clock(now[0], 1.0, lambda: now[0])) for plan in demo_sites()]
    now[0] += POLL_S
    began = time.process_time()
    bodies = [host.telemetry({}, None).body for host in hosts]
    assert time.process_time() - began < HALF_A_CORE * POLL_S
    told = sum(len(json.loads(body)["metrics"]["hashrate"]["values"]) for body in bodies)
    assert told == sum(plan.miners for plan in demo_sites())


def test_a_sample_is_made_once_for_all_who_ask() -> None:
    host = SiteHost(demo_sites()[0], 1, Clock(1_795_000_000.0, 1.0, lambda: 1_795_000_000.0))
    assert host.telemetry({}, None).body is host.telemetry({}, None).body
