"""`meridian status`: numbers from the store, null for no value, every part with its moment and its state."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from console.__main__ import main
from console.cli.table import hashrate_text
from console.domain.link_state import Link, LinkState
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.rollup import SiteRollup
from console.settings import Profile
from console.store import open_writer
from tests.collect.fakes import make_fleet, make_reading, make_roster

MINUTE = 60_000


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """Four sites of 400 TH/s: one fresh, one stale for ten minutes, one without power, one that never answered."""
    profile, fleet, now = Profile(tmp_path).create(), make_fleet(4), time.time_ns() // 1_000_000
    writer = open_writer(profile.store)
    writer.put_fleet(fleet)
    writer.put_heartbeat(now - 2000)
    for number, age_ms, power in ((1, 5000, 9e3), (2, 10 * MINUTE, 6e3), (3, 5000, float("nan"))):
        values = np.full((1, len(SIGNALS)), np.nan)
        for name, value in {"hashrate_hs": 3e14, "power_w": power, "miners": 4, "hashing": 3}.items():
            values[0, SIGNAL_INDEX[name]] = value
        site_id, at_ms = f"site-{number}", now - age_ms
        rollup = SiteRollup(site_id, at_ms, at_ms, (), values)
        writer.put_reading(make_reading(site_id, at_ms).frame, make_roster(site_id), rollup)
    writer.put_link(LinkState(site_id="site-4", adapter="fake", link=Link.DOWN, error="refused\x1b[31m"))
    writer.close()
    return profile


def facts(profile: Profile, capsys: pytest.CaptureFixture[str]) -> dict:
    assert main(["status", "--profile", str(profile.folder), "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def test_json_has_the_fleet_its_regions_and_its_sites(profile: Profile, capsys: pytest.CaptureFixture[str]) -> None:
    told = facts(profile, capsys)
    assert (told["sites"], told["sites_fresh"], told["sites_held"], told["sites_missing"]) == (4, 2, 1, 1)
    assert told["deployed_hs"] == pytest.approx(1.6e15)
    assert told["operational_hs"] == pytest.approx(9e14)
    assert told["operational_ratio"] == pytest.approx(9 / 16)
    assert told["held_hs"] == pytest.approx(3e14)
    assert told["power_w"] == pytest.approx(1.5e4)
    assert told["efficiency_j_per_th"] == pytest.approx(1.5e4 / 600)
    assert (told["miners"], told["miners_hashing"]) == (12, 9)
    assert told["state"] == "fresh"
    assert told["measured_at"].endswith("Z")
    assert told["collector_seen_at"].endswith("Z")
    [region] = told["regions"]
    assert (region["region"], region["share"], region["sites_fresh"]) == ("North", 1.0, 2)


def test_json_says_null_where_there_is_no_value(profile: Profile, capsys: pytest.CaptureFixture[str]) -> None:
    by_site = {site["site"]: site for site in facts(profile, capsys)["by_site"]}
    assert [by_site[f"site-{number}"]["state"] for number in range(1, 5)] == ["fresh", "stale", "fresh", "never"]
    assert by_site["site-2"]["operational_hs"] == pytest.approx(3e14), "stale is still told, with its moment"
    assert by_site["site-3"]["power_w"] is None
    assert by_site["site-3"]["efficiency_j_per_th"] is None
    never = by_site["site-4"]
    assert (never["measured_at"], never["operational_hs"], never["miners"]) == (None, None, None)
    assert (never["link"], never["mark"], never["share"]) == ("down", "no link", 0.25)


def test_the_table_says_what_is_missing_and_prints_no_escapes(
    profile: Profile, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--profile", str(profile.folder)]) == 0
    text = capsys.readouterr().out
    assert "2 of 4 sites not fresh, 300.0 TH/s of it held from 1" in text
    assert "never" in text
    assert "\x1b" not in text


def test_without_a_store_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--profile", str(tmp_path)]) == 1
    assert "no store" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("hashrate_hs", "text"),
    [(4.1235e19, "41.235 EH/s"), (8.123e17, "812.3 PH/s"), (1.41e14, "141.0 TH/s"), (0.0, "0.0 TH/s"),
     (float("nan"), "-")],
)  # fmt: skip
def test_hashrates_as_a_terminal_shows_them(hashrate_hs: float, text: str) -> None:
    assert hashrate_text(hashrate_hs) == text
