"""What a fleet file may say of a Prometheus server: units are a must, and every problem is told with its key."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest

from console.adapters.promql.mapping import Plan, PromqlSource, plan
from console.adapters.source_settings import as_config
from console.domain.errors import BadAnswer, ConfigError
from console.settings import resources

BASE = {"base_url": "https://prometheus.example"}


def planned(**settings: Any) -> Plan:
    return plan(as_config(PromqlSource, {**BASE, **settings}))


def problems(**settings: Any) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        planned(**settings)
    return caught.value.problems


def test_a_metric_is_narrowed_by_the_labels_of_the_source_and_its_own() -> None:
    what = planned(
        match={"site": "kz-1"}, metrics={"hashrate": {"metric": "h", "unit": "TH/s", "match": {"job": "miners"}}}
    )
    (hashrate,) = what.miners
    assert hashrate.query == 'h{site="kz-1",job="miners"}'
    assert hashrate.canonical(np.array([2.5, np.nan])).tolist()[0] == 2.5e12
    assert what.max_age_s == 120


@pytest.mark.parametrize(
    ("unit", "value", "canonical"), [("TH/s", 1, 1e12), ("GH/s", 3, 3e9), ("PH/s", 0.5, 5e14), ("H/s", 7, 7)]
)
def test_units_are_converted(unit: str, value: float, canonical: float) -> None:
    (hashrate,) = planned(metrics={"hashrate": {"metric": "h", "unit": unit}}).miners
    assert hashrate.canonical(np.array([value])).tolist() == [canonical]


def test_fahrenheit_becomes_celsius() -> None:
    what = planned(totals={"inlet": {"metric": "f", "unit": "°F"}})
    assert what.totals[0].canonical(np.array([212.0])).tolist() == pytest.approx([100])


def test_a_value_beyond_every_range_is_refused() -> None:
    (hashrate,) = planned(metrics={"hashrate": {"metric": "h", "unit": "EH/s"}}).miners
    for value in (1e30, 1e300):
        with pytest.raises(BadAnswer, match="beyond every range"):
            hashrate.canonical(np.array([value]))


@pytest.mark.parametrize("unit", ["TH", "th/s", "", "kW", "hashes"])
def test_t32_a_value_without_a_known_unit_is_refused(unit: str) -> None:
    (problem,) = problems(metrics={"hashrate": {"metric": "h", "unit": unit}})
    assert problem.startswith(f'metrics.hashrate.unit: unknown unit "{unit}" for a hashrate')


def test_t32_a_missing_unit_is_refused() -> None:
    assert problems(metrics={"hashrate": {"metric": "h"}}) == (
        'metrics.hashrate.unit: missing, expected the unit of the values, e.g. "TH/s"',
    )


def test_all_problems_of_the_settings_are_told_at_once() -> None:
    assert problems(metrics={"hashrat": {}, "power": {"metric": 5}}, most_series=0, labels={"rack": 1}, extra=True) == (
        "extra: not a setting of this adapter; expected one of base_url, auth, ca_file, plain_http_to, metrics, "
        "totals, labels, match, max_age, most_series, tenant",
        "metrics.hashrat: not a setting of this adapter; did you mean hashrate?",
        'metrics.power.unit: missing, expected the unit of the values, e.g. "TH/s"',
        "metrics.power.metric: found 5, expected text",
        "labels.rack: found 1, expected text",
        "most_series: found 0, expected a whole number from 1 to 500000",
    )


def test_all_problems_of_the_meaning_are_told_at_once() -> None:
    found = problems(
        metrics={
            "power": {"unit": "kW"},
            "board": {"unit": "°C", "metric": "a", "query": "b"},
            "inlet": {"unit": "°C", "metric": "sum(x)"},
            "curtailed": {"unit": "TH/s", "metric": "c"},
            "rated": {"unit": "TH/s", "query": "vector(1)"},
        },
        labels={"miner": "my label"},
        match={"a b": "c"},
        max_age="120",
    )
    assert [problem.partition(": ")[0] for problem in found] == [
        "metrics.power", "metrics.board", "metrics.inlet.metric", "metrics.curtailed.unit", "metrics.rated.dated_by",
        "labels.miner", "match", "metrics.hashrate", "max_age",
    ]  # fmt: skip


@pytest.mark.parametrize("tenant", ["", "two words", "a\r\nX-Evil: 1", "ü"])
def test_a_tenant_cannot_smuggle_a_header(tenant: str) -> None:
    assert problems(tenant=tenant)[0].startswith("tenant: found ")


def test_nothing_mapped_is_a_problem() -> None:
    assert "expected at least one of metrics and totals" in problems()[0]


def test_machines_without_a_hashrate_are_a_problem() -> None:
    assert problems(metrics={"power": {"metric": "p", "unit": "W"}}) == (
        "metrics.hashrate: missing, expected beside the other metrics of machines",
    )


def test_a_query_is_dated_by_what_it_reads_or_by_what_the_file_names() -> None:
    what = planned(
        metrics={"hashrate": {"query": "sum by (miner) (rate(hashes[5m])) / 1e12", "unit": "TH/s"}},
        totals={"meter": {"query": "vector(5)", "unit": "MW", "dated_by": "meter_w"}},
    )
    assert what.miners[0].dated("miner") == "max by (miner) (timestamp(hashes))"
    assert what.totals[0].dated(None) == "max(timestamp(meter_w))"


def test_the_example_of_the_manual_is_right() -> None:
    manual = (resources() / "manual" / "manual.md").read_text(encoding="utf-8")
    example = manual.partition("### A Prometheus server")[2].partition("```toml\n")[2].partition("```")[0]
    source = tomllib.loads(example)["site"]["source"]
    assert source.pop("adapter") == "promql"
    what = plan(as_config(PromqlSource, source))
    assert [quantity.query for quantity in (*what.miners, *what.totals)] == [
        'device_hashrate_terahash{site="us-ga-1"}',
        "sum by (instance) (psu_watts{site='us-ga-1'})",
        "sum(meter_kilowatts{site='us-ga-1'})",
    ]
    assert what.miners[1].read == ("psu_watts{site='us-ga-1'}",)
