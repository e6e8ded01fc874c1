"""The OpenAPI document and the adapter mean the same: examples, units and words."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from console.adapters.siteapi.orders import ALWAYS, STEPS, VERBS
from console.adapters.siteapi.parse import HISTORY_COUNTS, HISTORY_METRICS, METRICS, STATES, Parser, epoch_ms, reading
from console.domain.units import Dimension, unit
from console.settings import resources

DOCUMENT: dict[str, Any] = yaml.safe_load((resources() / "siteapi" / "openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]


def test_the_documents_example_of_telemetry_is_read() -> None:
    content = DOCUMENT["paths"]["/v1/telemetry"]["get"]["responses"]["200"]["content"]["application/json"]
    example = content["examples"]["columns"]["value"]
    wire = Parser().telemetry(json.dumps(example).encode())
    now = reading(wire, "x", 3, epoch_ms(example["measured_at"]))
    assert now.frame.columns["hashrate_hs"][0] == pytest.approx(146.2e12)
    assert now.site_values["meter_w"] == pytest.approx(29.871e6)


@pytest.mark.parametrize(
    ("name", "dimension"),
    [
        ("HashrateUnit", Dimension.HASHRATE),
        ("PowerUnit", Dimension.POWER),
        ("TemperatureUnit", Dimension.TEMPERATURE),
    ],
)
def test_every_unit_of_the_document_is_known(name: str, dimension: Dimension) -> None:
    assert all(unit(symbol, dimension) for symbol in SCHEMAS[name]["enum"])


def test_every_metric_that_is_read_is_in_the_document_and_the_other_way_round() -> None:
    columns = SCHEMAS["Columns"]["allOf"][1]["properties"]["metrics"]["properties"]
    past = SCHEMAS["History"]["properties"]["series"]["items"]["properties"]["metrics"]["properties"]
    assert set(columns) == set(METRICS)
    assert set(past) == {*HISTORY_METRICS, *HISTORY_COUNTS}


def test_every_state_that_is_read_is_in_the_document() -> None:
    assert set(STATES) < set(SCHEMAS["State"]["examples"])


def test_every_verb_of_ours_is_a_command_of_the_document() -> None:
    told: set[str] = set()
    for part in SCHEMAS["Command"]["oneOf"]:
        verb = SCHEMAS[part["$ref"].rpartition("/")[2]]["properties"]["verb"]
        told |= set(verb.get("enum", [verb.get("const")]))
    assert set(VERBS.values()) == told - {"sleep"}, "sleep is curtail without a limit, and of no use here"
    first = SCHEMAS["Site"]["properties"]["verbs"]["description"]
    assert all(VERBS[verb] in first for verb in ALWAYS)
    assert not any(VERBS[verb] in first for verb in VERBS.keys() - ALWAYS)


def test_the_steps_of_the_document_are_those_that_are_read() -> None:
    words = SCHEMAS["Progress"]["properties"]["targets"]["properties"]["states"]["properties"]["words"]
    assert set(words["items"]["enum"]) == set(STEPS)


def test_every_measured_number_of_the_document_stands_beside_a_unit() -> None:
    for name in ("HashrateValue", "PowerValue", "Hashrates", "Powers", "Temperatures", "Counts", "Power"):
        assert set(SCHEMAS[name]["required"]) > {"unit"}
