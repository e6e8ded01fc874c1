"""Done when 3: VictoriaMetrics, Prometheus, a range of Antminers and a Site API host in one fleet, equal to six digits.

Fleet file → collector process → store, and beside it every source is asked again by other means.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console.domain.fleet_state import FleetNow, SiteMark, judge
from console.domain.metric import METRIC_BY_NAME
from console.fleet import load_fleet
from console.settings import Profile
from console.store import open_reader
from tests.adapters.lan.fakes import net
from tests.real import fleet_of_four as four
from tests.real.exporter import Exporter
from tests.real.sites import MINERS, Samples, ask, exposition, push, settings

NET = net(59)
ANTMINERS = [f"{NET}.{host}" for host in range(1, 7)]
VM, PROM, LAN = "four-vm", "four-prom", "four-lan"
SIX_DIGITS = 1e-6

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not four.REPLAY.exists(), reason="the recorded replies are not beside this checkout"),
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0, reason="replaying needs port 80, so root on Linux"
    ),
]


@dataclass(frozen=True)
class Collected:
    """What the store holds after one round, and where each source can be asked again."""

    now: FleetNow
    columns: dict[str, dict[str, dict[str, float]]]  # site -> metric -> machine -> value
    urls: dict[str, str]
    api_site: str
    api_says: dict[str, Any]


def wait_for(url: str, site: str, at_ms: int | None) -> None:
    """Until the server shows all that was given to it: the first sample of a minute is the one that is kept."""
    ends_s = time.monotonic() + 60
    query = f'count(device_power_kilowatt{{site="{site}"}})'
    moment = {} if at_ms is None else {"time": str(at_ms / 1000)}
    while True:
        rows = ask(url, "/api/v1/query", query=query, nocache="1", **moment)
        if rows and int(rows[0]["value"][1]) == MINERS:
            return
        assert time.monotonic() < ends_s, "the samples never came to be seen"
        time.sleep(0.25)


def next_sample(base_url: str) -> dict[str, Any]:
    """A Site API sample at the very beginning of its time, so that the collector reads the same one."""
    first = telemetry = four.telemetry(base_url)
    ends_s = time.monotonic() + 60
    while telemetry["measured_at"] == first["measured_at"] and time.monotonic() < ends_s:
        time.sleep(0.25)
        telemetry = four.telemetry(base_url)
    return telemetry


@pytest.fixture(scope="module")
def collected(
    victoria_url: str, prometheus_url: str, exporter: Exporter, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Collected]:
    folder = tmp_path_factory.mktemp("four")
    exporter.text = exposition(Samples.of(22), PROM)
    at_ms = time.time_ns() // 1_000_000 - 1_000
    push(victoria_url, exposition(Samples.of(21), VM, at_ms))
    with four.replayed_antminers(ANTMINERS), four.simulated_site(folder) as (api_site, api_url):
        sources = {
            VM: {"adapter": "promql", **settings(victoria_url, VM)},
            PROM: {"adapter": "promql", **settings(prometheus_url, PROM)},
            LAN: {"adapter": "lan", "addresses": [f"{NET}.0/28"], "places": {f"{NET}.1-{NET}.3": "C01/R1"}},
            api_site: {"adapter": "siteapi", "base_url": api_url},
        }
        (folder / "fleet.toml").write_text(four.fleet_text(sources), encoding="utf-8")
        wait_for(prometheus_url, PROM, None)
        wait_for(victoria_url, VM, at_ms)
        api_says = next_sample(api_url)
        four.collect_once(folder / "fleet.toml", folder / "profile")
        urls = {VM: victoria_url, PROM: prometheus_url}
        yield Collected(*stored(folder), urls, api_site, api_says)


def stored(folder: Path) -> tuple[FleetNow, dict[str, dict[str, dict[str, float]]]]:
    reader = open_reader(Profile(folder / "profile").store)
    try:
        fleet = load_fleet(folder / "fleet.toml")
        now = judge(fleet, reader.rollups(), reader.links(), time.time_ns() // 1_000_000)
        columns = {site.id: by_machine(reader, site.id) for site in fleet.sites}
    finally:
        reader.close()
    return now, columns


def by_machine(reader: Any, site_id: str) -> dict[str, dict[str, float]]:
    names = [miner.id for miner in reader.roster(site_id).miners]
    found = {}
    for metric in ("hashrate_hs", "power_w", "board_c"):
        column = reader.column(site_id, metric)
        if column is not None:
            found[metric] = dict(zip(names, column.values.tolist(), strict=True))
    return found


def assert_machines(collected: Collected, site: str, metric: str, theirs: dict[str, float]) -> None:
    """Frames are kept in steps (50 GH/s, 1 W, half a degree): each machine equals within half a step."""
    ours = collected.columns[site][metric]
    assert ours.keys() == theirs.keys()
    step = METRIC_BY_NAME[metric].step
    for machine, value in theirs.items():
        assert ours[machine] == pytest.approx(value, rel=SIX_DIGITS, abs=step * 0.501)


def test_all_four_are_fresh_on_one_map(collected: Collected) -> None:
    assert {entry.site.id for entry in collected.now.sites} == {VM, PROM, LAN, collected.api_site}
    assert [entry.mark for entry in collected.now.sites] == [SiteMark.NORMAL] * 4
    assert (collected.now.total.sites, collected.now.total.fresh, collected.now.total.missing) == (4, 4, 0)
    assert len({(entry.site.latitude_deg, entry.site.longitude_deg) for entry in collected.now.sites}) == 4


@pytest.mark.parametrize("site", [VM, PROM])
def test_prometheus_servers_equal_an_independent_query_to_six_digits(collected: Collected, site: str) -> None:
    entry, where = collected.now.site(site), f'{{site="{site}"}}'
    at = {"time": str(entry.at_ms / 1000), "nocache": "1"}
    for signal, query, factor in (
        ("hashrate_hs", f"sum(device_hashrate_terahash{where})", 1e12),
        ("power_w", f"sum(device_power_kilowatt{where})", 1e3),
        ("board_c", f"max(device_board_celsius{where})", 1.0),
        ("meter_w", f"sum(site_meter_megawatt{where})", 1e6),
    ):
        [row] = ask(collected.urls[site], "/api/v1/query", query=query, **at)
        assert entry.value(signal) == pytest.approx(float(row["value"][1]) * factor, rel=SIX_DIGITS)
    rows = ask(collected.urls[site], "/api/v1/query", query=f"device_hashrate_terahash{where}", **at)
    theirs = {row["metric"]["miner"]: float(row["value"][1]) * 1e12 for row in rows}
    assert_machines(collected, site, "hashrate_hs", theirs)


def test_the_range_of_antminers_equals_asking_each_device(collected: Collected) -> None:
    entry = collected.now.site(LAN)
    ghs = [four.antminer_ghs(address) for address in ANTMINERS]
    assert entry.value("hashrate_hs") == pytest.approx(sum(ghs) * 1e9, rel=SIX_DIGITS)
    assert entry.value("miners") == entry.value("hashing") == len(ANTMINERS)
    assert math.isnan(entry.value("power_w")), "this model tells no power, and no value is never zero"
    told = list(collected.columns[LAN]["hashrate_hs"].values())
    assert told == pytest.approx([value * 1e9 for value in ghs], abs=METRIC_BY_NAME["hashrate_hs"].step)


def test_the_site_api_equals_its_own_answer_to_six_digits(collected: Collected) -> None:
    entry, says = collected.now.site(collected.api_site), collected.api_says
    assert entry.at_ms == np.datetime64(says["measured_at"].removesuffix("Z"), "ms").astype(int)
    for signal, name, factor in (("hashrate_hs", "hashrate", 1e12), ("power_w", "power", 1.0)):
        values = [value for value in says["metrics"][name]["values"] if value is not None]
        assert entry.value(signal) == pytest.approx(sum(values) * factor, rel=SIX_DIGITS)
    assert entry.value("meter_w") == pytest.approx(says["site"]["meter_power"]["value"] * 1e6, rel=SIX_DIGITS)


def test_the_total_is_the_sum_of_the_four(collected: Collected) -> None:
    total = collected.now.total
    parts = [entry.value("hashrate_hs") for entry in collected.now.sites]
    assert total.value("hashrate_hs") == pytest.approx(sum(parts), rel=1e-12)
    assert total.operational_ratio == pytest.approx(sum(parts) / 80e15, rel=1e-12)
    assert total.value("miners") == 2 * MINERS + len(ANTMINERS) + collected.now.site(collected.api_site).value("miners")
