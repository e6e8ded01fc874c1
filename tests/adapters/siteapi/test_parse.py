"""Answers of the Site API become readings in canonical units, or nothing at all."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.adapters.siteapi.parse import Parser, reading
from console.domain.errors import BadAnswer
from console.domain.frame import Reading
from console.domain.metric import MinerState
from tests.adapters.siteapi.answers import AT_MS, HISTORY, ROSTER, TELEMETRY, body

PARSER = Parser()
NOW_MS = AT_MS + 5_000


def read(raw: bytes, miners: int = 3) -> Reading:
    return reading(PARSER.telemetry(raw), "us-ga-1", miners, NOW_MS)


def test_units_are_converted_by_what_the_source_declares() -> None:
    columns = read(body(TELEMETRY)).frame.columns
    assert columns["hashrate_hs"][0] == np.float32(140.5e12)
    assert columns["power_w"][0] == np.float32(3100)
    assert columns["board_c"][0] == pytest.approx(60.0, abs=1e-4)
    assert columns["inlet_c"][2] == 20.0
    assert all(column.dtype == np.float32 for column in columns.values())


def test_null_is_no_value_and_zero_is_zero() -> None:
    columns = read(body(TELEMETRY)).frame.columns
    assert all(math.isnan(column[1]) for column in columns.values())
    assert columns["hashrate_hs"][2] == 0.0
    assert columns["state"].tolist()[::2] == [MinerState.HASHING, MinerState.OFF]


def test_the_reading_carries_both_times_and_the_meter() -> None:
    now = read(body(TELEMETRY))
    assert (now.frame.at_ms, now.frame.received_ms) == (AT_MS, NOW_MS)
    assert now.frame.roster_version == "r1"
    assert dict(now.site_values) == {"meter_w": 8500.0}
    assert now.frame.site_id == "us-ga-1"


def test_fields_of_a_later_minor_version_are_ignored() -> None:
    raw = body(TELEMETRY, humidity={"unit": "%"}, metrics__fan_speed={"unit": "rpm", "values": [1]})
    assert set(read(raw).frame.columns) == {"hashrate_hs", "power_w", "board_c", "inlet_c", "state"}


def test_an_unknown_state_word_is_unknown() -> None:
    raw = body(TELEMETRY, state={"words": ["dreaming", "mining"], "values": [0, 1, None]})
    assert read(raw).frame.columns["state"].tolist()[:2] == [MinerState.UNKNOWN, MinerState.HASHING]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"metrics__hashrate__unit": "hashes"}, "unknown unit"),
    ({"metrics__hashrate__unit": "W"}, "unknown unit"),
    ({"metrics__power__unit": "mW"}, "case matters"),
    ({"metrics__power__unit": ""}, "unknown unit"),
    ({"metrics__power__unit": ...}, "unit"),
    ({"metrics__power__values": [1.0]}, "1 values, expected 3"),
    ({"metrics__power__values": [1, 2, 3, 4]}, "4 values, expected 3"),
    ({"metrics__power__values": ["1", 2, 3]}, "not as agreed"),
    ({"metrics__power__values": [True, 2, 3]}, "not as agreed"),
    ({"metrics__power__values": [1e300, 2, 3]}, "beyond every range"),
    ({"metrics__power__values": [math.nan, 2, 3]}, "no proper JSON"),
    ({"metrics__power__values": [math.inf, 2, 3]}, "no proper JSON"),
    ({"metrics": {}}, "none of"),
    ({"metrics": []}, "not as agreed"),
    ({"state__values": [1, 1]}, "2 values, expected 3"),
    ({"state__values": [5, 1, 1]}, "outside its 5 words"),
    ({"state__values": [-1, 1, 1]}, "outside its 5 words"),
    ({"site__meter_power__unit": "MWh"}, "energy"),
    ({"measured_at": "yesterday"}, "expected one such as"),
    ({"measured_at": "2026-11-18T11:06:40"}, "expected one such as"),
    ({"measured_at": "0001-01-01T00:00:00Z"}, "expected one such as"),
    ({"measured_at": 1795000000}, "not as agreed"),
    ({"measured_at": "2026-11-20T12:06:40Z"}, "ahead of ours"),
    ({"roster_version": ...}, "not as agreed"),
]


@pytest.mark.parametrize(("changes", "words"), BAD, ids=lambda value: str(value)[:50])
def test_one_fault_refuses_the_whole_poll(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadAnswer, match=words):
        read(body(TELEMETRY, **changes))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'{"roster_version":"r1","roster_version":"r2","measured_at":"x","metrics":{}}',
        b"[" * 100_000,
        body(TELEMETRY).replace(b"140.5", b"1e999"),
        body(TELEMETRY).replace(b"140.5", b"9" * 5000),
        body(TELEMETRY).replace(b'"power"', b'"hashrate"'),
        body(TELEMETRY, deep=json.loads("[" * 80 + "]" * 80)),
        body(TELEMETRY).replace(b"TH/s", b"\xff\xfe"),
    ],
    ids=lambda raw: raw[:30].decode(errors="replace"),
)
def test_t15_hostile_json_is_refused(raw: bytes) -> None:
    with pytest.raises(BadAnswer):
        read(raw)


@pytest.mark.parametrize("answer", [TELEMETRY, ROSTER, HISTORY], ids=["telemetry", "roster", "history"])
def test_n5_an_answer_cut_at_any_byte_is_refused(answer: dict[str, Any]) -> None:
    raw = body(answer)
    decode = {id(TELEMETRY): read, id(ROSTER): roster, id(HISTORY): history}[id(answer)]
    decode(raw)
    for length in range(len(raw)):
        with pytest.raises(BadAnswer):
            decode(raw[:length])


@given(st.data())
def test_n6_a_damaged_answer_is_refused_or_read_and_never_crashes(data: st.DataObject) -> None:
    raw = bytearray(body(TELEMETRY))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        columns = read(bytes(raw)).frame.columns
    except BadAnswer:
        return
    assert not any(np.isinf(column).any() for column in columns.values())


@given(st.lists(st.none() | st.floats(0, 1e9), min_size=1, max_size=60))
def test_every_value_survives_the_way_in(values: list[float | None]) -> None:
    raw = body(TELEMETRY, metrics={"hashrate": {"unit": "GH/s", "values": values}}, state=...)
    column = read(raw, len(values)).frame.columns["hashrate_hs"]
    for told, found in zip(values, column.tolist(), strict=True):
        assert math.isnan(found) if told is None else found == pytest.approx(told * 1e9, rel=1e-6)


def roster(raw: bytes) -> Any:
    return PARSER.roster(raw, "us-ga-1")


def history(raw: bytes) -> Any:
    return PARSER.history(raw, "us-ga-1")


def test_the_roster_is_read_with_its_units() -> None:
    known = roster(body(ROSTER))
    assert known.version == "r1"
    assert known.site_id == "us-ga-1"
    assert [miner.id for miner in known.miners] == ["a", "b", "c"]
    assert known.miners[0].rated_hs == 141e12
    assert [miner.rated_w for miner in known.miners] == [3172.5, None, None]
    assert known.containers() == ("C01", "")
    assert known.miners[2].serial == "<b>7</b>"


def test_a_machine_named_twice_costs_nobody_the_site() -> None:
    """The screen names the pair; a whole site is not given up for one wrong row."""
    known = roster(body(ROSTER, miners=[{"id": "a", "rack": "R1"}, {"id": "a", "rack": "R2"}]))
    assert [miner.rack for miner in known.miners] == ["R1", "R2"]


def test_a_clock_an_hour_ahead_is_passed_on_to_be_flagged() -> None:
    assert read(body(TELEMETRY, measured_at="2026-11-18T12:06:40Z")).frame.at_ms > NOW_MS


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"units": {}}, "unknown unit"),
        ({"units__rated_power": "J"}, "it measures energy"),
        ({"miners": [{"model": "x"}]}, "not as agreed"),
        ({"miners": [{"id": "a", "rated_hashrate": "141"}]}, "not as agreed"),
    ],
    ids=str,
)
def test_a_bad_roster_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadAnswer, match=words):
        roster(body(ROSTER, **changes))


def test_history_is_read_by_place_and_bucket() -> None:
    (chunk,), cursor = history(body(HISTORY))
    assert cursor is None
    assert chunk.place == "container:us-ga-1/C01"
    assert chunk.at_ms.tolist() == [AT_MS, AT_MS + 900_000]
    assert chunk.signals["hashrate_hs"][0] == 1.5e15
    assert math.isnan(chunk.signals["hashrate_hs"][1])
    assert chunk.signals["off"].tolist() == [3.0, 0.0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"points": 3}, "2 values, expected 3"),
        ({"points": -1}, "expected some of"),
        ({"points": 10**12}, "expected some of"),
        ({"step_s": 1}, "expected some of"),
        ({"start": "2026"}, "expected one such as"),
        ({"series": [{"container": "C01", "metrics": {"miners": {"unit": "k", "values": [1, 2]}}}]}, 'expected "1"'),
    ],
    ids=str,
)
def test_a_bad_page_of_history_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadAnswer, match=words):
        history(body(HISTORY, **changes))
