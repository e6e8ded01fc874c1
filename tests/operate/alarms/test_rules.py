"""The loader of alarm rules: units, every problem with its line, and no alarm that nobody could answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.domain.alarm import Priority
from console.domain.alarm_rule import Condition, Enabling, Level
from console.domain.errors import ConfigError
from console.operate.alarms.rules import load_rules, read_rules
from tests.operate.alarms.made import ROOT, SHIPPED

RESOURCES = ROOT / "resources"
GOOD = """[[alarm]]
id = "warm"
title = "Warm air"
level = "container"
signal = "inlet_c"
condition = "above"
limit = "95 °F"
deadband = "2 °C"
on_delay = "5 min"
off_delay = "1 h"
enabled_when = ["fresh", "not curtailed"]
priority = "low"
priority_reason = "boards age"
cause = "fans"
consequence = "throttling"
response = ["look at the fans"]
guidance = "warm.md"
view = "container"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "guidance").mkdir()
    (tmp_path / "guidance" / "warm.md").write_text("# Warm air\n\nLook at the fans.\n", encoding="utf-8")
    path = tmp_path / "alarms.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def problems(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_rules(file, RESOURCES)
    return [problem.removeprefix(f"{file}:") for problem in caught.value.problems]


def test_a_rule_is_read_in_canonical_units_with_its_guidance(file: Path) -> None:
    (rule,) = read_rules(file, RESOURCES)
    assert (rule.level, rule.condition, rule.priority) == (Level.CONTAINER, Condition.ABOVE, Priority.LOW)
    assert rule.limit == pytest.approx(35.0)
    assert (rule.on_delay_s, rule.off_delay_s) == (300.0, 3600.0)
    assert rule.enabled_when == (Enabling.FRESH, Enabling.NOT_CURTAILED)
    assert rule.guidance_text == "# Warm air\n\nLook at the fans."


NEEDED = ("cause", "consequence", "response", "guidance", "view", "priority_reason", "priority", "title", "limit")


@pytest.mark.parametrize("key", NEEDED)
def test_r21_no_alarm_without_all_that_an_operator_needs(file: Path, key: str) -> None:
    text = re.sub(rf"^{key} = .*\n", "", GOOD, flags=re.MULTILINE)
    (problem,) = problems(file, text)
    assert problem.startswith(f"1: alarm.{key}: missing, expected ")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"95 °F"', '"95"', '7: alarm.limit: found the bare number "95", expected a temperature with its unit'),
        ('"95 °F"', "95", "7: alarm.limit: found the bare number 95"),
        ('"95 °F"', '"95 MW"', '7: alarm.limit: unknown unit "MW" for a temperature'),
        ('"2 °C"', '"-2 °C"', '8: alarm.deadband: found "-2 °C", expected zero or more'),
        ('"inlet_c"', '"inlet_k"', '5: alarm.signal: found "inlet_k", expected a signal, did you mean inlet_c?'),
        ('"inlet_c"', '"meter_w"\nrelative_to = "capacity_w"', "6: alarm.relative_to: found"),
        ('"inlet_c"', '"no_link"', "5: alarm.signal: found \"no_link\", which is known of site and not of a container"),
        ('"above"', '"over"', "6: alarm.condition: found \"over\", expected one of above, below, rises, falls"),
        ('"above"', '"rises"', '7: alarm.limit: found "95 °F", expected a change a minute'),
        ('"low"', '"urgent"', "12: alarm.priority: found \"urgent\""),
        ('["look at the fans"]', "[]", "16: alarm.response: found a list, expected a list of at least one step"),
        ('"warm.md"', '"../../etc/passwd"', '17: alarm.guidance: found "../../etc/passwd", expected a file name'),
        ('"warm.md"', '"cold.md"', '17: alarm.guidance: found "cold.md", expected a file of that name in'),
        ('"warm"', '"Warm air"', '2: alarm.id: found "Warm air", expected a name'),
        ("[[alarm]]", "[alarm]", "1: alarm: found a table, expected [[alarm]] tables"),
        ("cause", "course", "unknown key, did you mean cause?"),
        ('"5 min"', '"8 d"', '9: alarm.on_delay: found "8 d", expected a duration from'),
    ],
)  # fmt: skip
def test_every_problem_is_told_with_its_line_and_key(file: Path, old: str, new: str, told: str) -> None:
    assert any(told in problem for problem in problems(file, GOOD.replace(old, new, 1)))


def test_all_problems_are_told_at_once_in_the_order_of_their_lines(file: Path) -> None:
    text = GOOD + GOOD.replace('"95 °F"', '"hot"').replace('"container"', '"rack"', 1)
    lines = [int(problem.split(":")[0]) for problem in problems(file, text)]
    assert lines == sorted(lines)
    assert len(lines) == 3, "the id again, the level, the limit"


def test_a_fleets_own_rules_lie_over_the_shipped_ones(file: Path) -> None:
    assert load_rules(file.with_name("none.toml"), RESOURCES).rules == SHIPPED
    assert len(load_rules(file, RESOURCES).rules) == len(SHIPPED) + 1
    file.write_text(GOOD.replace('"warm"', '"site-clock-ahead"', 1), encoding="utf-8")
    own = {rule.id: rule for rule in load_rules(file, RESOURCES).rules}
    assert len(own) == len(SHIPPED)
    assert own["site-clock-ahead"].title == "Warm air"
    file.write_text('[rules]\nwithout = ["site-clock-ahead"]\n', encoding="utf-8")
    assert len(load_rules(file, RESOURCES).rules) == len(SHIPPED) - 1
    file.write_text("[rules]\nshipped = false\n" + GOOD, encoding="utf-8")
    assert [rule.id for rule in load_rules(file, RESOURCES).rules] == ["warm"]


def test_r27_a_parent_must_hold_and_be_as_urgent_as_its_child(file: Path) -> None:
    for text, told in (
        (GOOD + 'parent = "nobody"\n', 'found "nobody", expected a rule that holds'),
        (
            GOOD.replace('"low"', '"high"') + 'parent = "container-dead"\n',
            'found "container-dead" of a lower priority',
        ),
        ('[rules]\nwithout = ["site-no-link"]\n', 'parent of "site-stale": found "site-no-link"'),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=re.escape(told)):
            load_rules(file, RESOURCES)


def test_r20_the_shipped_rules_keep_to_80_15_5(file: Path) -> None:
    assert load_rules(None, RESOURCES).warnings == ()
    file.write_text("[rules]\nshipped = false\n" + GOOD, encoding="utf-8")
    assert "100% of the rules are low" in load_rules(file, RESOURCES).warnings[0]


def test_no_guidance_file_lies_about_that_no_rule_names() -> None:
    assert {path.name for path in (RESOURCES / "guidance").iterdir()} == {rule.guidance for rule in SHIPPED}
