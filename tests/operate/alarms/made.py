"""Rules, sites and roll-ups for the engine's tests, and an engine with a store of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np

from console.domain.access import Role
from console.domain.alarm import Priority
from console.domain.alarm_rule import Condition, Level, Rule
from console.domain.link_state import Link, LinkState
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.rollup import SiteRollup
from console.domain.site import Fleet
from console.link.messages import AlarmRequest, AlarmVerb
from console.operate.alarms.rules import load_rules
from tests.store.made import T0, make_site

ROOT = Path(__file__).resolve().parents[3]
MINUTE = 60_000
SHIPPED = load_rules(None, ROOT / "resources").rules


def rule(name: str = "hot", **changes: object) -> Rule:
    base = Rule(
        id=name,
        title="Inlet air hot",
        level=Level.CONTAINER,
        signal="inlet_c",
        condition=Condition.ABOVE,
        limit=40.0,
        priority=Priority.LOW,
        priority_reason="boards age",
        cause="fans",
        consequence="throttling",
        response=("look",),
        guidance="hot.md",
        view="container",
    )
    return msgspec.structs.replace(base, **changes)


def fleet(count: int = 3) -> Fleet:
    return Fleet(name="Test", sites=tuple(make_site(f"s-{number}", f"Region {number % 2}") for number in range(count)))


def rollup(site_id: str = "s-0", minute: float = 0, containers: int = 4, **signals: object) -> SiteRollup:
    """Healthy by default; a signal is one number for the site and its containers, or a list: the site's first."""
    healthy = {
        "hashrate_hs": 0.95e18, "power_w": 1.6e7, "meter_w": 1.7e7, "board_c": 70.0, "inlet_c": 25.0, "miners": 100.0,
        "hashing": 100.0, "degraded": 0.0, "off": 0.0, "curtailed": 0.0, "unknown": 0.0, "suspect": 0.0,
        "deployed_hs": 1e18,
    }  # fmt: skip
    values = np.full((1 + containers, len(SIGNALS)), np.nan)
    for name, value in (healthy | signals).items():
        values[:, SIGNAL_INDEX[name]] = value
    at_ms = T0 + round(minute * MINUTE)
    return SiteRollup(site_id, at_ms, at_ms, tuple(f"C{number:02d}" for number in range(1, containers + 1)), values)


def links(fleet: Fleet, link: Link = Link.GOOD, **others: Link) -> Mapping[str, LinkState]:
    words = {site.id: others.get(site.id.replace("-", "_"), link) for site in fleet.sites}
    return {site: LinkState(site_id=site, adapter="siteapi", link=word) for site, word in words.items()}


def request(verb: AlarmVerb, *keys: str, role: Role = Role.OPERATOR, **changes: object) -> AlarmRequest:
    asked = {"note": "seen", "span_s": 900.0, **changes}
    return AlarmRequest(request="r1", verb=verb, who="ada", role=int(role), workstation="desk-2", keys=keys, **asked)
