"""What the manual shows of rules and routes is read as it stands there."""

from __future__ import annotations

from pathlib import Path

from console.operate.alarms.routes import read_routes
from console.operate.alarms.rules import load_rules
from tests.operate.alarms.made import ROOT, SHIPPED


def block(holding: str) -> str:
    text = (ROOT / "resources" / "manual" / "manual.md").read_text(encoding="utf-8")
    return next(part.partition("```")[0] for part in text.split("```toml\n")[1:] if holding in part.partition("```")[0])


def test_the_manuals_rule_is_a_rule(tmp_path: Path) -> None:
    file = tmp_path / "alarms.toml"
    file.write_text(block("[[alarm]]"), encoding="utf-8")
    rules = load_rules(file, ROOT / "resources").rules
    assert len(rules) == len(SHIPPED) + 1
    assert rules[-1].id == "georgia-warm"


def test_the_manuals_route_is_a_route(tmp_path: Path) -> None:
    file = tmp_path / "notify.toml"
    file.write_text(block("[[route]]"), encoding="utf-8")
    assert [route.name for route in read_routes(file)] == ["Night shift"]
