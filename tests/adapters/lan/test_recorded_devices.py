"""The lan adapter against recorded replies of real Antminers and WhatsMiners, replayed over TCP and HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from console.adapters.base import Deadline
from console.adapters.lan import ADAPTER, LanSource
from console.domain.command import Arguments, Order, Verb
from console.domain.frame import Reading
from console.domain.site import Source
from tests.adapters.lan.fakes import net

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared"
REPLAY, RECORDINGS = SHARED / "tools" / "replay_miner.py", SHARED / "data" / "recordings"
NET = net(58)
ANTMINERS = [f"{NET}.{host}" for host in range(1, 9)]
WHATSMINERS = [f"{NET}.{host}" for host in range(11, 15)]

pytestmark = [
    pytest.mark.skipif(not REPLAY.exists(), reason="the recorded replies are not beside this checkout"),
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0, reason="replaying needs port 80, so root on Linux"
    ),
]


class Site:
    id = "hall"


@pytest.fixture(scope="module")
def replayed() -> Iterator[None]:
    running = [
        subprocess.Popen([sys.executable, REPLAY, RECORDINGS / folder, *addresses], stdout=subprocess.PIPE)
        for folder, addresses in (("antminer", ANTMINERS), ("whatsminer-v2", WHATSMINERS))
    ]
    try:
        for process in running:
            assert process.stdout.readline().startswith(b"replaying")
        yield
    finally:
        for process in running:
            process.terminate()
            process.wait()
            process.stdout.close()


@pytest.fixture(scope="module")
def reading(replayed: None) -> Reading:
    config = LanSource(addresses=(f"{NET}.0/26",), places={f"{NET}.0/28": "C01/R1", f"{NET}.8-{NET}.14": "C02"})
    reader = ADAPTER.open(Site, config, lambda name: "")
    try:
        return reader.read(Deadline.after(15))
    finally:
        reader.close()


def recorded(folder: str, name: str) -> dict:
    return json.loads((RECORDINGS / folder / f"{name}.json").read_text(encoding="utf-8"))


def test_every_device_is_found_and_named(reading: Reading) -> None:
    miners = reading.roster.miners
    assert [miner.ip for miner in miners] == ANTMINERS + WHATSMINERS
    antminer, whatsminer = miners[0], miners[-1]
    system = recorded("antminer", "system_info")
    assert antminer.model.startswith("Antminer S21")
    assert antminer.serial == system["serinum"]
    assert "FR-1.12" in antminer.firmware
    assert (whatsminer.mac, whatsminer.firmware) == ("D4:01:02:03:04:05", "20230803.11.REL")
    assert whatsminer.model.startswith("Whatsminer M50S")
    assert len({miner.id for miner in miners}) == len(miners)


def test_t32_hashrates_are_those_of_the_recordings_in_hs(reading: Reading) -> None:
    ghs = recorded("antminer", "summary")["SUMMARY"][0]["GHS 5s"]
    mhs = recorded("whatsminer-v2", "summary")["SUMMARY"][0]["HS RT"]
    hashrate = reading.frame.columns["hashrate_hs"]
    assert hashrate[: len(ANTMINERS)] == pytest.approx(np.float32(ghs * 1e9))
    assert hashrate[len(ANTMINERS) :] == pytest.approx(np.float32(mhs * 1e6))
    rated = {miner.rated_hs for miner in reading.roster.miners}
    assert rated == {110e12, 126e12}


def test_a_power_that_a_device_does_not_tell_is_no_value(reading: Reading) -> None:
    power = reading.frame.columns["power_w"]
    assert np.isnan(power[: len(ANTMINERS)]).all()
    assert (power[len(ANTMINERS) :] == 3200.0).all()


def test_temperatures_are_the_hottest_board_and_the_inlet(reading: Reading) -> None:
    columns = reading.frame.columns
    assert columns["board_c"][0] == 61.75
    assert (columns["board_c"][-1], columns["inlet_c"][-1]) == (67.0, 28.5)
    assert np.isnan(columns["inlet_c"][0])


def test_machines_stand_where_the_settings_say(reading: Reading) -> None:
    places = [(miner.container, miner.rack) for miner in reading.roster.miners]
    assert places[:7] == [("C01", "R1")] * 7
    assert places[7:] == [("C02", "")] * 5


def test_a_second_sweep_agrees_with_the_first(replayed: None) -> None:
    reader = ADAPTER.open(Site, LanSource(addresses=(f"{NET}.1-{NET}.14",)), lambda name: "")
    try:
        first, second = reader.read(Deadline.after(15)), reader.read(Deadline.after(15))
    finally:
        reader.close()
    assert second.roster is None
    assert second.frame.at_ms >= first.frame.at_ms
    assert second.frame.columns["hashrate_hs"].tolist() == first.frame.columns["hashrate_hs"].tolist()


def test_a_preview_tells_whose_firmware_has_no_such_order(reading: Reading) -> None:
    """Stock Antminers know no power target (4-adapters.md, 3.2); the preview asks nothing but what they are."""
    config = LanSource(addresses=(ANTMINERS[0], WHATSMINERS[0]), control=True)
    source = Source(adapter="lan", control_credential="hall")
    control = ADAPTER.open_control(SimpleNamespace(id="hall", source=source), config, lambda name: "root:root")
    one_each = {miner.ip: miner for miner in reading.roster.miners}
    antminer, whatsminer = one_each[ANTMINERS[0]].id, one_each[WHATSMINERS[0]].mac
    try:
        asked = Order(
            verb=Verb.POWER_TARGET,
            machines=(antminer, whatsminer),
            arguments=Arguments(machine_power_w=2800.0),
            reason="a test",
            by="ada",
        )
        seen = control.preview(asked, Deadline.after(15))
    finally:
        control.close()
    assert seen.machines == (whatsminer,)
    assert seen.delta_w == -400.0
    assert [(one.name, one.reason) for one in seen.skipped] == [
        (antminer, "the firmware of this Antminer has no order 'power target'")
    ]
