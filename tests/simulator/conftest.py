"""A small fleet on a real socket of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from console.simulator.clock import Clock, wall_s
from console.simulator.faults import Fault
from console.simulator.host import SiteHost
from console.simulator.plan import demo_sites, scaled
from console.simulator.server import FleetServer

StartFleet = Callable[..., FleetServer]


@pytest.fixture
def start_fleet() -> Iterator[StartFleet]:
    """Starts fleets that end with the test."""
    running: list[FleetServer] = []

    def start(
        sites: int = 2,
        miners: int = 400,
        faults: dict[str, Fault] | None = None,
        token: str | None = None,
        control_token: str | None = None,
    ) -> FleetServer:
        clock = Clock(wall_s())
        hosts = {plan.id: SiteHost(plan, 1, clock) for plan in scaled(demo_sites(), sites, miners)}
        server = FleetServer(0, hosts, token, faults, control_token)
        server.start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.end()
