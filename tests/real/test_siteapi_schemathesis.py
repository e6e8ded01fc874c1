"""The simulator keeps to the Site API's OpenAPI document: every operation, with good and with bad requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from console.simulator.clock import Clock, wall_s
from console.simulator.host import SiteHost
from console.simulator.plan import demo_sites, scaled
from console.simulator.server import FleetServer

DOCUMENT = Path(__file__).resolve().parents[2] / "resources" / "siteapi" / "openapi.yaml"
schema = schemathesis.openapi.from_path(DOCUMENT)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    plan = scaled(demo_sites(), 1, 120)[0]
    server = FleetServer(0, {plan.id: SiteHost(plan, 1, Clock(wall_s()))})
    server.start()
    yield f"{server.base_url}/sites/{plan.id}"
    server.end()


@schema.parametrize()
@settings(max_examples=40, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_to_the_document(case: schemathesis.Case, base_url: str) -> None:
    case.call_and_validate(base_url=base_url)
