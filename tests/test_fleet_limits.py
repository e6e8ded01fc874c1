"""What a fleet file says of commands: limits of a site, rules of the fleet, each mistake with its line and key."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from console.domain.errors import ConfigError
from console.domain.interlock import USUAL_RAMP_W_PER_MIN, CommandRules, SiteLimits, Window
from console.domain.site import Fleet
from console.fleet import load_fleet
from console.settings import resources
from tests.fleet_text import FACTS

HEAD = """\
[fleet]
name = "Two"
{commands}
[[site]]
id = "us-ga-1"
name = "Georgia 1"
{facts}{limits}
[site.source]
adapter = "siteapi"
base_url = "http://127.0.0.1:1"
credential = "ga-read"
control_credential = "ga-control"
"""
LIMITS = """\
[site.limits]
cap = "48 MW"
floor = "12 MW"
ramp = "50 kW/s"
least_machines_on = 200
hold = "transformer 2 in service"
protected = ["C01-R01-01", "C01-R01-02"]
windows = [{ from = "16:00", to = "20:30", reason = "peak charge" }, { from = "23:00", to = "01:00", reason = "tests" }]
"""
COMMANDS = """\
[fleet.commands]
second_person_above = "5 MW"
batch_machines = 250
batch_gap = "15 s"
stop_at = 0.1
read_back = "2 min"
least_sites_on = 3
lock_after = "10 min"
"""


@pytest.fixture
def load(tmp_path: Path):
    def load(limits: str = "", commands: str = "") -> Fleet:
        path = tmp_path / "fleet.toml"
        path.write_text(HEAD.format(facts=FACTS, limits=limits, commands=commands), encoding="utf-8")
        return load_fleet(path)

    return load


def test_limits_and_rules_are_read_in_canonical_units(load) -> None:
    fleet = load(LIMITS, COMMANDS)
    assert fleet.sites[0].limits_in_force == SiteLimits(
        cap_w=48e6,
        floor_w=12e6,
        ramp_w_per_min=3e6,
        least_machines_on=200,
        hold="transformer 2 in service",
        protected=frozenset({"C01-R01-01", "C01-R01-02"}),
        windows=(Window(960, 1230, "peak charge"), Window(1380, 60, "tests")),
    )
    assert fleet.sites[0].source.control_credential == "ga-control"
    assert fleet.command_rules == CommandRules(
        second_person_above_w=5e6,
        batch_machines=250,
        batch_gap_s=15,
        stop_at_share=0.1,
        read_back_s=120,
        least_sites_on=3,
        lock_after_s=600,
    )


def test_a_site_that_states_nothing_is_bounded_by_its_capacity(load) -> None:
    fleet = load()
    assert fleet.sites[0].limits_in_force == SiteLimits(cap_w=50e6, ramp_w_per_min=USUAL_RAMP_W_PER_MIN)
    assert fleet.command_rules == CommandRules()


def test_the_store_gives_back_the_limits_that_it_was_given(load) -> None:
    fleet = load(LIMITS, COMMANDS)
    assert msgspec.json.decode(msgspec.json.encode(fleet), type=Fleet) == fleet


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        (LIMITS, '"48 MW"', '"51 MW"', 'site.limits.cap: found "51 MW", expected at most the site\'s capacity'),
        (LIMITS, '"12 MW"', '"49 MW"', 'site.limits.floor: found "49 MW", expected at most the cap'),
        (LIMITS, '"50 kW/s"', '"50 kW"', 'site.limits.ramp: unknown unit "kW" for a power ramp: it measures power'),
        (LIMITS, '"50 kW/s"', "3", "site.limits.ramp: found the bare number 3, expected a power ramp with its unit"),
        (LIMITS, "= 200", "= -1", "site.limits.least_machines_on: found -1, expected a whole number of machines"),
        (LIMITS, '"16:00"', '"24:00"', 'site.limits.windows.from: found "24:00", expected a time of the UTC day'),
        (LIMITS, ', reason = "tests"', "", "site.limits.windows.reason: missing, expected a reason in words"),
        (LIMITS, "cap =", "capp =", "site.limits.capp: unknown key, did you mean cap?"),
        (COMMANDS, '"15 s"', '"2 h"', 'fleet.commands.batch_gap: found "2 h", expected a duration from "0 s" to "1 h"'),
        (COMMANDS, "= 0.1", "= 0", "fleet.commands.stop_at: found 0, expected a share above 0 and up to 1"),
        (COMMANDS, "= 250", "= 0", "fleet.commands.batch_machines: found 0, expected 1 to 10000 machines"),
    ],
)
def test_each_mistake_is_named_where_it_stands(load, table: str, old: str, new: str, says: str) -> None:
    assert old in table
    broken = table.replace(old, new)
    with pytest.raises(ConfigError) as refused:
        load(broken) if table is LIMITS else load(commands=broken)
    (problem,) = refused.value.problems
    place, _, rest = problem.partition(": ")
    assert rest.startswith(says)
    line = int(place.rsplit(":", 1)[1])
    limits, commands = (broken if table is one else "" for one in (LIMITS, COMMANDS))
    text = HEAD.format(facts=FACTS, limits=limits, commands=commands)
    assert says.split(":")[0].split(".")[-1] in text.splitlines()[line - 1] or "windows" in text.splitlines()[line - 1]


def test_the_limits_in_the_manual_are_right(load) -> None:
    manual = (resources() / "manual" / "manual.md").read_text(encoding="utf-8")
    example = manual.partition("### Limits of commands")[2].partition("```toml\n")[2].partition("```")[0]
    limits, _, commands = example.partition("[fleet.commands]")
    fleet = load(limits, f"[fleet.commands]{commands}")
    assert fleet.command_rules == CommandRules()  # the manual says that these are the usual values
    assert fleet.sites[0].limits_in_force.windows[0].reason == "peak charge: no change of power"
