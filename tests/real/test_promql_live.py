"""The promql adapter against Debian's real VictoriaMetrics and Prometheus: live values and their age."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest

from console.adapters.base import Deadline, Reader
from console.domain.errors import BadAnswer
from console.domain.frame import Reading
from tests.real.exporter import Exporter
from tests.real.sites import MINERS, Samples, ask, exposition, opened, push, settings

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]


def read_until(reader: Reader, accept: Callable[[Reading], bool], seconds: float = 60) -> Reading:
    """The first reading that `accept` takes: what was pushed becomes visible a moment later."""
    ends_s = time.monotonic() + seconds
    roster = None
    while True:
        try:
            reading = reader.read(Deadline.after(15))
        except BadAnswer:
            if time.monotonic() > ends_s:
                raise
        else:
            roster = reading.roster or roster
            if accept(reading):
                return Reading(reading.frame, roster, reading.site_values)
            assert time.monotonic() < ends_s, "the pushed samples never came to be seen"
        time.sleep(0.25)


def known(reading: Reading, metric: str) -> int:
    """How many machines have a value; a server shows what was pushed piece by piece."""
    return int(np.isfinite(reading.frame.columns[metric]).sum())


def complete(reading: Reading) -> bool:
    return all(known(reading, metric) == MINERS for metric in reading.frame.columns) and bool(reading.site_values)


def by_miner(reading: Reading, metric: str) -> dict[str, float]:
    assert reading.roster is not None
    return dict(zip([miner.id for miner in reading.roster.miners], reading.frame.columns[metric].tolist(), strict=True))


def assert_equal_to_six_digits(ours: dict[str, float], rows: list, factor: float) -> None:
    theirs = {row["metric"]["miner"]: float(row["value"][1]) * factor for row in rows}
    assert ours.keys() == theirs.keys()
    for miner, value in ours.items():
        assert value == pytest.approx(theirs[miner], rel=1e-6)


def check_values(url: str, site: str, reading: Reading) -> None:
    """Every value equals that of an independent query to six digits, in the order of the roster."""
    where, at = f'{{site="{site}"}}', str(reading.frame.at_ms / 1000)
    for metric, query, factor in (
        ("hashrate_hs", f"device_hashrate_terahash{where}", 1e12),
        ("power_w", f"device_power_kilowatt{where}", 1e3),
        ("board_c", f"max by (miner) (device_board_celsius{where})", 1.0),
    ):
        rows = ask(url, "/api/v1/query", query=query, time=at, nocache="1")
        assert len(rows) == MINERS
        assert_equal_to_six_digits(by_miner(reading, metric), rows, factor)
    assert reading.site_values["meter_w"] == pytest.approx(12.345678e6, rel=1e-6)
    assert [miner.container for miner in reading.roster.miners] == ["C1"] * 20 + ["C10"] * 20 + ['C"2\\'] * 20
    assert [miner.id for miner in reading.roster.miners[:3]] == ["m0", "m3", "m6"]


@pytest.fixture(scope="module")
def pushed_ms(victoria_url: str) -> int:
    """When the samples were measured that stand in the VictoriaMetrics; all at once, for it shows them seconds later.

    vm-1: every machine just now. vm-2: every machine three minutes ago. vm-3: m7 fell silent over three minutes ago.
    """
    at_ms = time.time_ns() // 1_000_000 - 2_000
    push(victoria_url, exposition(Samples.of(1), "vm-1", at_ms))
    push(victoria_url, exposition(Samples.of(2), "vm-2", at_ms - 180_000))
    rows = exposition(Samples.of(3), "vm-3", at_ms).splitlines()
    old = [row.replace(str(at_ms), str(at_ms - 200_000)) for row in rows if '"m7"' in row]
    push(victoria_url, "\n".join([*(row for row in rows if '"m7"' not in row), *old]) + "\n")
    return at_ms


def test_victoria_metrics_gives_the_values_of_an_independent_query_and_their_own_time(
    victoria_url: str, pushed_ms: int
) -> None:
    reader = opened("vm-1", settings(victoria_url, "vm-1"))
    reading = read_until(reader, lambda reading: reading.frame.at_ms == pushed_ms and complete(reading))
    check_values(victoria_url, "vm-1", reading)
    reader.close()


def test_r8_a_sample_of_three_minutes_ago_is_dated_so_and_not_shown_as_fresh(victoria_url: str, pushed_ms: int) -> None:
    reader = opened("vm-2", settings(victoria_url, "vm-2"))
    reading = read_until(reader, complete)
    assert reading.frame.at_ms == pushed_ms - 180_000, "the server would answer as if it were of now"
    reader.close()


def test_r8_a_machine_that_fell_silent_has_no_value_and_keeps_its_place(victoria_url: str, pushed_ms: int) -> None:
    reader = opened("vm-3", settings(victoria_url, "vm-3"))
    reading = read_until(
        reader, lambda reading: reading.frame.at_ms == pushed_ms and known(reading, "hashrate_hs") == MINERS - 1
    )
    hashrates = by_miner(reading, "hashrate_hs")
    assert np.isnan(hashrates["m7"])
    assert sum(np.isfinite(value) for value in hashrates.values()) == MINERS - 1
    reader.close()


def test_more_series_than_allowed_are_refused_before_they_are_sent(victoria_url: str, pushed_ms: int) -> None:
    whole = opened("vm-1", settings(victoria_url, "vm-1"))
    read_until(whole, complete)
    reader = opened("vm-1", {**settings(victoria_url, "vm-1"), "most_series": 59})
    with pytest.raises(BadAnswer, match=r"metrics\.hashrate gives 60 series, more than 59: narrow it with match"):
        reader.read(Deadline.after(15))
    whole.close()
    reader.close()


def test_prometheus_gives_the_values_of_an_independent_query(prometheus_url: str, exporter: Exporter) -> None:
    exporter.text = exposition(Samples.of(5), "pr-1")
    reader = opened("pr-1", settings(prometheus_url, "pr-1"))
    reading = read_until(reader, complete)
    check_values(prometheus_url, "pr-1", reading)
    assert time.time_ns() // 1_000_000 - reading.frame.at_ms < 10_000
    exporter.text = exposition(Samples.of(5), "pr-1").replace('miner="m9"', 'miner="m99"')
    gone = read_until(reader, lambda reading: reading.roster is not None and len(reading.roster.miners) == MINERS + 1)
    silent = read_until(reader, lambda reading: np.isnan(by_miner_at(gone, reading)["m9"]))
    assert np.isfinite(by_miner_at(gone, silent)["m99"]), "a staleness marker takes one machine's value, no other's"
    reader.close()


def by_miner_at(roster_of: Reading, reading: Reading) -> dict[str, float]:
    return by_miner(Reading(reading.frame, roster_of.roster), "hashrate_hs")


def test_a_query_that_the_server_refuses_says_why(prometheus_url: str) -> None:
    values = settings(prometheus_url, "pr-1")
    values["metrics"]["hashrate"] = {"query": "sum by (miner) (rate(device_hashrate_terahash))", "unit": "TH/s"}
    reader = opened("pr-1", values)
    with pytest.raises(BadAnswer, match="the source refuses the query"):
        reader.read(Deadline.after(15))
    reader.close()
