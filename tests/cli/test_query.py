"""`meridian query` over a real store: what it finds, in every form, and what it says when it cannot."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from pathlib import Path

import numpy as np
import pytest

from console.__main__ import main
from console.domain.frame import Frame, Reading
from console.domain.query import CANONICAL, FIELDS
from console.domain.rollup import RosterIndex, roll_up
from console.domain.roster import Miner, Roster
from console.domain.site import Fleet, Ownership, Site, Source
from console.settings import Profile
from console.store import open_writer

SITE = Site(
    id="et-1",
    name="Adama 1",
    region="East Africa",
    country="Ethiopia",
    latitude_deg=8.5,
    longitude_deg=39.3,
    time_zone="Africa/Addis_Ababa",
    ownership=Ownership.HOSTED,
    deployed_hs=1e15,
    capacity_w=1e6,
    power_price_usd_per_mwh=50.0,
    poll_period_s=30.0,
    source=Source("siteapi"),
)
MINERS = (
    Miner(id="a", model="S19 XP", container="C1", rack="R1", rated_hs=141e12),
    Miner(id="=b", model="S19 XP", container="C1", rack="R2", rated_hs=141e12),
    Miner(id="c\x1b[31m", model="S21", container="C2", rack="R1", rated_hs=200e12),
)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    at_ms = int(time.time() * 1000) - 4_000
    roster = Roster("et-1", "v1", MINERS)
    columns = {
        "hashrate_hs": np.array([141e12, 90e12, np.nan], dtype=np.float32),
        "power_w": np.array([3000, 2900, np.nan], dtype=np.float32),
    }
    reading = Reading(Frame("et-1", at_ms, at_ms, "v1", columns), roster)
    writer = open_writer(Profile(tmp_path).store)
    writer.put_fleet(Fleet(name="test", sites=(SITE,)))
    writer.put_reading(reading.frame, roster, roll_up(SITE, RosterIndex.of(roster), reading))
    writer.close()
    return tmp_path


def ask(profile: Path, *arguments: str) -> int:
    return main(["query", *arguments, "--profile", str(profile)])


def test_an_empty_query_is_the_whole_fleet(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(profile, "--count") == 0
    assert capsys.readouterr().out == "3\n"


def test_json_has_canonical_units_and_null_for_no_value(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(profile, " -site:us-1", "--columns", "id,state,hashrate,power", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["state"] for entry in found] == ["hashing", "degraded", "unknown"]
    assert found[0]["hashrate"] == pytest.approx(141e12, rel=1e-3)
    assert found[2]["hashrate"] is None


def test_a_value_that_is_not_known_is_a_dash_and_its_age_is_in_seconds(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(profile, "state:unknown age<60", "--columns", "hashrate,ratio,power") == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["—\t—\t—", "1 found"]


def test_the_text_names_the_unit_of_each_number(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(profile, "state:hashing", "--columns", "id,hashrate,rated,ratio,power,efficiency,temp,inlet,age") == 0
    head = capsys.readouterr().out.splitlines()[0]
    assert head.replace("\t", ", ") == (
        "id, hashrate [H/s], rated [H/s], ratio [1], power [W], efficiency [J/TH], temp [°C], inlet [°C], age [s]"
    )


def test_the_help_names_the_unit_of_each_number_and_of_a_bare_one_in_a_filter(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["query", "--help"])
    told, _, filters = " ".join(capsys.readouterr().out.split()).partition("Values are in ")[2].partition(". A bare")
    told = told.replace("parts of 1", "1")
    units = {unit: re.search(rf"(?:^|\s){re.escape(unit)} \(([^)]*)\)", told) for unit in CANONICAL.values()}
    named = {name: unit for unit, found in units.items() if found for name in found.group(1).split(", ")}
    assert named == CANONICAL
    assert all(field.unit in filters for field in FIELDS.values())
    assert {field.name for field in FIELDS.values() if field.unit} == set(CANONICAL)


def test_csv_holds_no_formula(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(profile, "state:degraded", "--columns", "id,power", "--csv") == 0
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [["id", "power"], ["'=b", "2900.0"]]


def test_a_sources_text_does_not_speak_to_the_terminal(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(profile, 'region:"east africa" model:S21') == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "c\\x1b[31m" in out
    assert out.endswith("1 found\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["colour:red"], "no field 'colour'"),
        (["", "--columns", "id,colour"], "found colour, expected some of site"),
    ],
)
def test_a_mistake_is_said_plainly(
    profile: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert ask(profile, *arguments) == 1
    assert says in capsys.readouterr().err


def test_without_a_store_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(tmp_path, "--count") == 1
    assert "store" in capsys.readouterr().err
