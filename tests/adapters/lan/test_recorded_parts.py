"""Boards, fans, pools and errors of real devices, replayed: the right numbers, canonical, and only by reading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.adapters.base import Capability, Deadline
from console.adapters.detail import Details
from console.adapters.lan import ADAPTER, LanSource
from console.adapters.lan.parts import from_whatsminer
from console.domain.errors import BadAnswer, Unreachable, Unsupported
from console.domain.machine_detail import MachineDetail
from console.domain.roster import Miner
from tests.adapters.lan.fakes import devices, net, whatsminer
from tests.adapters.lan.test_recorded_devices import ANTMINERS, NET, RECORDINGS, WHATSMINERS, Site, pytestmark, replayed

__all__ = ["pytestmark", "replayed"]
OTHER = net(59)


def look(ip: str, **told: str) -> MachineDetail:
    reader = ADAPTER.open(Site, LanSource(addresses=(f"{NET}.0/26", f"{OTHER}.0/28")), lambda name: "")
    try:
        assert isinstance(reader, Details)
        return reader.detail(Miner("m", ip=ip, **told), Deadline.after(15))
    finally:
        reader.close()


def recorded(folder: str, name: str) -> dict:
    return json.loads((Path(RECORDINGS) / folder / f"{name}.json").read_text(encoding="utf-8"))


def test_t32_an_antminers_boards_and_fans_are_those_of_the_recording(replayed: None) -> None:
    stats = recorded("antminer", "stats")["STATS"][1]
    detail = look(ANTMINERS[0])
    rates = [float(stats[f"chain_rate{number}"]) * 1e9 for number in (1, 2, 3)]
    assert [board.hashrate_hs for board in detail.boards] == pytest.approx(rates)
    assert [board.chips_working for board in detail.boards] == [stats[f"chain_acn{number}"] for number in (1, 2, 3)]
    assert all(board.chips_expected is None for board in detail.boards), "108 expected of 114 that work is no truth"
    assert [fan.speed_rpm for fan in detail.fans] == [stats[f"fan{number}"] for number in (1, 2, 3, 4)]
    pools = recorded("antminer", "pools")["POOLS"]
    assert [(pool.accepted, pool.rejected) for pool in detail.pools] == [
        (pool["Accepted"], pool["Rejected"]) for pool in pools
    ]
    assert [pool.in_use for pool in detail.pools] == [pool["Stratum Active"] for pool in pools]
    assert all(pool["User"] not in str(detail) for pool in pools), "an account is for nobody's screen"


def test_t32_a_whatsminers_boards_and_fans_are_those_of_the_recording(replayed: None) -> None:
    devs, summary = recorded("whatsminer-v2", "devs")["DEVS"], recorded("whatsminer-v2", "summary")["SUMMARY"][0]
    detail = look(WHATSMINERS[0])
    assert [board.hashrate_hs for board in detail.boards] == pytest.approx([row["MHS av"] * 1e6 for row in devs])
    assert [board.chip_c for board in detail.boards] == [row["Chip Temp Max"] for row in devs]
    assert [board.board_c for board in detail.boards] == [row["Temperature"] for row in devs]
    assert [fan.speed_rpm for fan in detail.fans] == [summary["Fan Speed In"], summary["Fan Speed Out"]]
    assert detail.pools[0].host == "btc.example.pool:3333"
    assert detail.errors == ()


def test_the_errors_of_a_recording_are_told_with_their_code() -> None:
    detail = from_whatsminer(None, None, None, recorded("whatsminer-v2", "get_error_code_with_errors"), 1)
    assert detail.errors[0].startswith("code 218 since 2024-06-15 10:30:00")
    assert len(detail.errors) == 2


def test_another_machine_at_the_address_is_never_shown_as_this_one(replayed: None) -> None:
    with pytest.raises(BadAnswer, match="another machine"):
        look(WHATSMINERS[0], mac="AA:BB:CC:DD:EE:FF")
    assert look(WHATSMINERS[0], mac="D4:01:02:03:04:05").boards


def test_s4_an_address_outside_the_sites_own_is_never_asked() -> None:
    for ip in ("10.9.9.9", "", "169.254.169.254"):
        with pytest.raises(Unsupported):
            look(ip)


def test_a_dead_machine_is_told_as_such() -> None:
    with pytest.raises(Unreachable):
        look(f"{OTHER}.9")


def test_looking_closely_never_opens_the_write_door() -> None:
    with devices((f"{OTHER}.1", whatsminer())) as (device,):
        look(f"{OTHER}.1")
        reading = {"devdetails", "version", "get_version", "summary", "devs", "status", "pools", "get_error_code", ""}
        assert device.commands() <= reading
        assert not any(b"write" in request or b"token" in request or b'"enc"' in request for request in device.asked)


def test_the_manifest_says_that_it_can() -> None:
    assert Capability.DETAIL in ADAPTER.manifest.capabilities


@pytest.mark.parametrize("reply", [None, 5, [], {"DEVS": 5}, {"DEVS": [5, {"Temperature": "hot"}]}, {"Msg": "x"}])
def test_any_reply_gives_a_detail(reply: object) -> None:
    detail = from_whatsminer(reply, reply, reply, reply, 1)
    assert all(board.board_c is None for board in detail.boards)
