"""The demo fleet is the fleet of the design: size, shares, efficiency, and a fleet file that says the same."""

from __future__ import annotations

import time
from collections import Counter
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from console.fleet import load_fleet
from console.settings import resources
from console.simulator import DEFAULT_PORT
from console.simulator.fleet_file import fleet_toml
from console.simulator.history import past, site_of
from console.simulator.live import machines
from console.simulator.plan import MODELS, demo_sites, scaled
from console.simulator.yard import Yard

SHARES = {"North America": 0.38, "East Africa": 0.37, "Middle East": 0.15, "South America": 0.09, "Canada": 0.01}
SITES = {"North America": 17, "East Africa": 12, "Middle East": 7, "South America": 6, "Canada": 2}


def test_the_fleet_file_is_what_the_simulator_would_write() -> None:
    written = (resources() / "demo" / "fleet.toml").read_text(encoding="utf-8")
    assert written == fleet_toml(demo_sites(), f"http://127.0.0.1:{DEFAULT_PORT}")


def test_the_fleet_file_loads_and_has_the_designs_size_and_shares() -> None:
    fleet = load_fleet(resources() / "demo" / "fleet.toml")
    assert fleet.simulated
    assert sum(site.deployed_hs for site in fleet.sites) == pytest.approx(50e18, rel=1e-3)
    for region, share in SHARES.items():
        deployed = sum(site.deployed_hs for site in fleet.sites if site.region == region)
        assert deployed / 50e18 == pytest.approx(share, abs=1e-4)
    assert Counter(site.region for site in fleet.sites) == SITES


def test_the_machines_are_the_designs() -> None:
    sites = demo_sites()
    assert sum(site.miners for site in sites) == pytest.approx(355_000, rel=1e-3)
    xp = sum(site.machines[0] for site in sites) * MODELS[0].rated_hs
    assert xp == pytest.approx(32e18, rel=1e-3)
    rated_w = sum(n * model.rated_w for site in sites for n, model in zip(site.machines, MODELS, strict=True))
    assert rated_w == pytest.approx(1.1e9, rel=0.01)


def test_only_georgia_is_owned_and_every_invented_capacity_says_so() -> None:
    sites = demo_sites()
    assert [site.id for site in sites if site.ownership == "owned"] == ["us-ga-1"]
    assert all("invented" in site.note for site in sites if site.id != "us-ga-1")
    assert all(ZoneInfo(site.time_zone) for site in sites)
    hosted = [site.price_usd_per_mwh for site in sites if site.ownership == "hosted"]
    assert np.mean(hosted) == pytest.approx(75.8, abs=0.5)


@pytest.mark.parametrize(("count", "miners"), [(1, 40), (8, 2000), (44, 44_000), (60, 480_000)])
def test_the_fleet_scales(count: int, miners: int) -> None:
    sites = scaled(demo_sites(), count, miners)
    assert len({site.id for site in sites}) == count
    assert sum(site.miners for site in sites) == pytest.approx(miners, rel=0.05)
    assert sites[0].id == "us-ga-1"


def test_a_month_of_it_is_in_good_condition() -> None:
    at_s = 1_795_000_000.0 - 3600.0 * np.arange(720)
    hashrate, power = np.zeros(720), np.zeros(720)
    for site in demo_sites():
        metrics = site_of(past(Yard.of(site, 1), 1, at_s))
        hashrate += np.nan_to_num(metrics["hashrate"][0])
        power += np.nan_to_num(metrics["power"][0])
    assert 0.88 < (hashrate / 50e18).mean() < 0.92
    assert (hashrate / 50e18).min() > 0.75
    assert 21.5 < (power / hashrate * 1e12).mean() < 22.8


@pytest.mark.parametrize("hours_ago", [0, 5, 11, 20])
@pytest.mark.parametrize("site", demo_sites()[::9], ids=lambda site: site.id)
def test_history_and_the_live_machines_agree(site, hours_ago: int) -> None:
    yard, at_s = Yard.of(site, 1), time.time() - 3600 * hours_ago
    now = machines(yard, 1, at_s)
    then = {name: values[0, 0] for name, values in site_of(past(yard, 1, np.array([at_s]))).items()}
    assert np.nansum(now.hashrate_hs) == pytest.approx(then["hashrate"], rel=2e-3)
    assert np.nansum(now.power_w) == pytest.approx(then["power"], rel=2e-3)
    assert now.meter_w == pytest.approx(then["meter_power"], rel=2e-3)
    assert np.nanmean(now.inlet_c) == pytest.approx(then["inlet_temperature"], abs=0.1)
    assert np.nanmax(now.board_c) == pytest.approx(then["board_temperature"], abs=4.0)
    counted = np.bincount(now.state, minlength=5).tolist()
    names = ("miners_unknown", "miners_hashing", "miners_degraded", "miners_stopped", "miners_curtailed")
    assert counted == [int(then[name]) for name in names]


def test_the_past_depends_on_seed_and_time_alone() -> None:
    yard = Yard.of(demo_sites()[3], 7)
    at_s = 1_790_000_000.0 + 60.0 * np.arange(500)
    whole = past(yard, 7, at_s).metrics["hashrate"]
    later = past(Yard.of(demo_sites()[3], 7), 7, at_s[250:]).metrics["hashrate"]
    assert np.array_equal(whole[:, 250:], later, equal_nan=True)
    assert not np.array_equal(whole, past(yard, 8, at_s).metrics["hashrate"], equal_nan=True)


def test_days_are_warmer_than_nights_and_the_gulf_than_canada() -> None:
    by_id = {site.id: site for site in demo_sites()}
    day_s = 1_782_000_000.0 + 3600.0 * np.arange(24)
    texas = past(Yard.of(by_id["us-tx-1"], 1), 1, day_s).ambient_c
    assert texas.max() - texas.min() > 8
    gulf = past(Yard.of(by_id["ae-abudhabi-1"], 1), 1, day_s).ambient_c
    canada = past(Yard.of(by_id["ca-qc-1"], 1), 1, day_s).ambient_c
    assert gulf.mean() > canada.mean() + 5
