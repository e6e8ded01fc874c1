"""Wraps `pyasic_rs`: looks at one device and says what it saw. Beside `order_devices` the only module that imports it.

The library is pre-1.0 and native code, so this runs in a process of its own (see `child`).
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pyasic_rs
from pyasic_rs.data import DataField

from console.adapters.lan import whatsminer
from console.adapters.lan.parts import from_library, stated_hs
from console.adapters.lan.sighting import Sighting, hottest, number, words
from console.domain.machine_detail import MachineDetail

CONNECT_S = 2
RESTING = frozenset({"Paused", "Suspended"})
NEEDED = (
    "DeviceInfo", "Mac", "SerialNumber", "FirmwareVersion", "ApiVersion", "Hashboards", "Hashrate",
    "ExpectedHashrate", "Wattage", "OperatingState", "Timestamp", "Ip", "SchemaVersion",
)  # fmt: skip
EXCLUDED = [
    getattr(DataField, name) for name in dir(DataField) if name[0].isupper() and name not in NEEDED
]  # pools, fans, chips, messages: each would cost a device another request
CLOSELY = (*NEEDED, "Fans", "PsuFans", "Pools", "Messages", "Chips")
EXCLUDED_CLOSELY = [getattr(DataField, name) for name in dir(DataField) if name[0].isupper() and name not in CLOSELY]
Closely = tuple[Sighting, MachineDetail]


class Devices:
    """Looks at devices, one event loop's worth; remembers what each address turned out to be."""

    def __init__(self) -> None:
        self._factory = pyasic_rs.MinerFactory().with_connectivity_timeout_secs(CONNECT_S).with_connectivity_retries(0)
        self._known: dict[str, Any] = {}

    def known(self, ip: str) -> bool:
        """Whether the address answered the last time it was looked at."""
        return ip in self._known

    async def find(self, ip: str) -> Any:
        """The library's handle of what stands at `ip`, made anew; None where nothing answers."""
        return await self._factory.get_miner(ip)

    async def look(self, ip: str) -> Sighting | None:
        """What stands at `ip` now; None where nothing answers that can be read."""
        sighting = None
        try:
            miner = self._known.pop(ip, None) or await self._factory.get_miner(ip)
            if miner is not None:
                sighting = await _read(ip, miner)
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - a panic in native code arrives as a BaseException; it is one device's
            return None
        if sighting is not None:
            self._known[ip] = miner
        return sighting

    async def look_closely(self, ip: str) -> Closely | None:
        """The same with boards, fans, pools and errors: some requests more, so for one device at a time."""
        try:
            miner = self._known.pop(ip, None) or await self._factory.get_miner(ip)
            return None if miner is None else await _read_closely(ip, miner, time.time_ns() // 1_000_000)
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # noqa: BLE001 - as above
            return None


async def _read(ip: str, miner: Any) -> Sighting | None:
    if str(miner.make).casefold() == "whatsminer":
        return await whatsminer.read(ip, words(miner.make, miner.model))
    return sighting(ip, await miner.get_data(exclude=EXCLUDED))


async def _read_closely(ip: str, miner: Any, wall_ms: int) -> Closely | None:
    if str(miner.make).casefold() == "whatsminer":
        return await whatsminer.read_closely(ip, words(miner.make, miner.model), wall_ms)
    data = await miner.get_data(exclude=EXCLUDED_CLOSELY)
    seen = sighting(ip, data)
    return None if seen is None else (seen, from_library(data, wall_ms))


def sighting(ip: str, data: Any) -> Sighting | None:
    """What the library's data say; None where they hold no sign that the device itself answered."""
    hashrate, power, boards = stated_hs(data.hashrate), number(data.wattage), list(data.hashboards)
    if hashrate is None and power is None and not any((boards, data.api_version, data.firmware_version)):
        return None
    about = data.device_info
    return Sighting(
        ip=ip,
        model=words(about.make, about.model),
        serial=words(data.serial_number),
        mac=words(data.mac).upper(),
        firmware=words(about.firmware, data.firmware_version),
        rated_hs=stated_hs(data.expected_hashrate),
        hashrate_hs=hashrate,
        power_w=power,
        board_c=hottest([board.board_temperature for board in boards]),
        curtailed=type(data.operating_state).__name__.rpartition("_")[2] in RESTING,
    )
