"""The contract that every adapter keeps, held against the lan adapter: it speaks no HTTP, so it has its own stage."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from console.adapters.base import Capability, Deadline, History, Reader
from console.adapters.lan import ADAPTER
from console.adapters.registry import Registry
from console.collect.arrival import accept
from console.domain.frame import Reading
from console.domain.metric import METRIC_BY_NAME
from console.domain.site import Ownership, Site, Source
from tests.adapters.lan.fakes import devices, net, whatsminer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs every 127.x.y.z address to be local")
NET = net(56)
SITE = Site(
    id="hall", name="Hall", region="Test", country="US", latitude_deg=1, longitude_deg=2, time_zone="UTC",
    ownership=Ownership.HOSTED, deployed_hs=1e15, capacity_w=1e6, power_price_usd_per_mwh=45, poll_period_s=30,
    source=Source(
        adapter="lan", settings={"addresses": [f"{NET}.1", f"{NET}.2-{NET}.4"], "places": {f"{NET}.1": "C1"}}
    ),
)  # fmt: skip


def opened() -> Reader:
    return Registry(plugins=()).open(SITE, lambda name: "")


def test_opening_asks_nothing_and_closing_twice_is_fine() -> None:
    with devices((f"{NET}.1", whatsminer())) as (device,):
        reader = opened()
        assert isinstance(reader, Reader)
        assert not isinstance(reader, History)
        assert Capability.HISTORY not in ADAPTER.manifest.capabilities
        reader.close()
        reader.close()
        assert device.asked == []


def test_readings_pass_the_gate_one_after_another() -> None:
    """Two machines, then one falls silent, then a third appears: each reading fits the roster that it names."""
    reader, index, readings = opened(), None, []
    try:
        with devices((f"{NET}.3", whatsminer())):
            with devices((f"{NET}.2", whatsminer(summary={"SUMMARY": [{"HS RT": 1e8, "MAC": "AA:02"}]}))):
                readings.append(reader.read(Deadline.after(10)))
            readings.append(reader.read(Deadline.after(10)))
            with devices((f"{NET}.4", whatsminer(summary={"SUMMARY": [{"HS RT": 2e8, "MAC": "AA:04"}]}))):
                readings.append(reader.read(Deadline.after(10)))
    finally:
        reader.close()
    for reading in readings:
        arrival = accept(SITE, index, reading, reading.frame.received_ms)
        index = arrival.index
    assert [hashing(reading) for reading in readings] == [2, 1, 2]
    assert [reading.frame.columns["hashrate_hs"].shape for reading in readings] == [(3,), (3,), (4,)]
    for reading in readings:
        assert reading.frame.columns.keys() <= METRIC_BY_NAME.keys()
        assert all(column.dtype == np.float32 for column in reading.frame.columns.values())


def hashing(reading: Reading) -> int:
    return int(np.isfinite(reading.frame.columns["hashrate_hs"]).sum())


def test_any_device_may_damage_its_answer_at_any_place() -> None:
    """Bytes of a reply that go wrong give a value, no value, or no sighting; never an error of the whole site."""
    random = np.random.default_rng(7)

    def damaged(connection, command, device) -> None:
        class Line:
            @staticmethod
            def sendall(data: bytes) -> None:
                at = int(random.integers(0, len(data)))
                connection.sendall(data[:at] + random.bytes(3) + data[at + 3 :])

        whatsminer()(Line, command, device)

    reader = opened()
    try:
        with devices((f"{NET}.1", whatsminer()), (f"{NET}.2", damaged)):
            for _ in range(12):
                reading = reader.read(Deadline.after(10))
                assert reading.frame.columns["hashrate_hs"][0] == np.float32(124.5e12)
    finally:
        reader.close()
