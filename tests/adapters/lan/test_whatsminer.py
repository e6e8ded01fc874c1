"""WhatsMiners: units of both protocols, and the door that reading must never open."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.adapters.lan import whatsminer
from tests.adapters.lan.fakes import DETAILS, SUMMARY, VERSION

EDEVS = {"DEVS": [{"Temperature": 65.0}, {"Temperature": 67.0}, {"Temperature": 0}]}
V3_SUMMARY = {
    "code": 0,
    "msg": {
        "summary": {
            "hash-realtime": 124.5,
            "factory-hash": 126.0,
            "power-realtime": 3200,
            "environment-temperature": 28.5,
            "board-temperature": [65.0, 67.0],
        }
    },
}
V3_DEVICE = {
    "msg": {"miner": {"miner-sn": "HTM1"}, "network": {"mac": "d4:01:02:03:04:05"}, "system": {"fwversion": "2025"}}
}


def test_t32_both_protocols_give_the_same_canonical_numbers() -> None:
    old = whatsminer.sighting_v2("10.0.0.1", "M50", "f", SUMMARY, EDEVS, None)
    new = whatsminer.sighting_v3("10.0.0.1", "M50", V3_SUMMARY, V3_DEVICE)
    assert old is not None
    assert new is not None
    for seen in (old, new):
        assert (seen.hashrate_hs, seen.rated_hs, seen.power_w) == (124.5e12, 126e12, 3200.0)
        assert (seen.board_c, seen.inlet_c, seen.mac) == (67.0, 28.5, "D4:01:02:03:04:05")
    assert new.serial == "HTM1"


def test_a_machine_switched_off_on_purpose_is_curtailed() -> None:
    off = whatsminer.sighting_v2("10.0.0.1", "M50", "", SUMMARY, None, {"Msg": {"mineroff": "true"}})
    assert off is not None
    assert off.curtailed
    assert off.board_c is None


def test_an_average_stands_in_where_the_moment_is_not_told() -> None:
    seen = whatsminer.sighting_v2("10.0.0.1", "M30", "", {"SUMMARY": [{"MHS av": "99.5e6"}]}, None, None)
    assert seen is not None
    assert (seen.hashrate_hs, seen.power_w) == (99.5e12, None)


@pytest.mark.parametrize(
    "command", ["open_write_api", "get_token", "set_led", "reboot", "power_off", "set.miner.service"]
)
def test_only_reading_commands_exist(command: str) -> None:
    with pytest.raises(ValueError, match="not a reading command"):
        asyncio.run(whatsminer.ask("127.0.0.1", command))
    with pytest.raises(ValueError, match="not a reading command"):
        asyncio.run(whatsminer.ask_v3("127.0.0.1", command, ""))


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*SUMMARY, "SUMMARY", "msg", "summary", "Msg", "DEVS", "HS RT"]), inner)
    ),
    max_leaves=12,
)


@given(anything, anything, anything)
def test_any_reply_gives_a_sighting_or_none(summary: object, devs: object, status: object) -> None:
    for seen in (
        whatsminer.sighting_v2("10.0.0.1", "M50", "", summary, devs, status),
        whatsminer.sighting_v3("10.0.0.1", "M50", summary, devs),
    ):
        assert seen is None or seen.ip == "10.0.0.1"


def test_the_fakes_are_shaped_like_the_real_replies() -> None:
    assert DETAILS["DEVDETAILS"][0]["Driver"] == "BITMICRO"
    assert VERSION["Msg"]["fw_ver"].startswith("2023")
