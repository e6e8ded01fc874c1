"""Gives one order to one device through `pyasic_rs`, once, and says no more of the outcome than the library can know.

What was measured of version 0.8.6 against a WhatsMiner (tests/adapters/lan/test_control.py): `pause` and
`restart` answer True even where the machine refused, hung or cut the line; every other call answers False alike for
a refusal and for a lost answer. So True means "taken, prove it", and False "nobody knows". A refused order makes the
library send `open_write_api` with the maker's word: a site that lets its machines be commanded lets that happen too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from pyasic_rs.config import Pool, PoolGroup

from console.adapters.lan.order_wire import Doing, Fate, OrderRequest, Told
from console.domain.command import Verb

UNKNOWN = "the machine did not say yes; whether it did anything is not known"
SILENT = "does not answer"
Call = Callable[[Any, OrderRequest], Awaitable[bool]]
CALLS: dict[Verb, tuple[str, Call]] = {  # what the library must offer for this machine, and how it is asked
    Verb.CURTAIL: ("supports_pause", lambda miner, order: miner.pause()),
    Verb.RESUME: ("supports_resume", lambda miner, order: miner.resume()),
    Verb.POWER_TARGET: ("supports_set_power_limit", lambda miner, order: miner.set_power_limit(order.power_w)),
    Verb.REBOOT: ("supports_restart", lambda miner, order: miner.restart()),
    Verb.LOCATE: ("supports_set_fault_light", lambda miner, order: miner.set_fault_light(order.led_on)),
    Verb.CHANGE_POOL: ("supports_pools_config", lambda miner, order: miner.set_pools_config(_pools(order))),
}
CHECKS: dict[Verb, Call] = {  # what no measurement shows, and the machine itself can tell
    Verb.LOCATE: lambda miner, order: _lamp_is(miner, order.led_on),
    Verb.CHANGE_POOL: lambda miner, order: _mines_at(miner, order),
}


class Finds(Protocol):
    """What finds the library's handle of a device."""

    async def find(self, ip: str) -> Any:
        """The handle; None where nothing answers."""
        ...


async def serve_one(devices: Finds, ip: str, order: OrderRequest, within_s: float) -> Told:
    """What became of the order at `ip`; never raises but for a cancellation, and never asks twice."""
    sent = False
    try:
        async with asyncio.timeout(within_s):
            miner = await devices.find(ip)
            if miner is None:
                return Told(ip, Fate.UNSENT, SILENT)
            support, call = CALLS[Verb(order.verb)]
            if not getattr(miner, support):
                return Told(ip, Fate.REFUSED, f"the firmware of this {miner.make} has no order '{order.verb}'")
            if order.doing is Doing.CAN:
                return Told(ip, Fate.ABLE)
            if order.doing is Doing.CHECK:
                return Told(ip, Fate.DONE if await CHECKS[Verb(order.verb)](miner, order) else Fate.TAKEN)
            if order.user or order.password:
                miner.set_auth(order.user, order.password)
            ask = call(miner, order)
            sent = True
            return Told(ip, Fate.TAKEN) if await ask else Told(ip, Fate.LOST, UNKNOWN)
    except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic in native code arrives as a BaseException
        if sent:
            return Told(ip, Fate.LOST, UNKNOWN)
        return Told(ip, Fate.UNSENT, SILENT if isinstance(error, TimeoutError) else "the order could not be put to it")


async def _lamp_is(miner: Any, on: bool) -> bool:
    return (await miner.get_light_flashing()) is on


async def _mines_at(miner: Any, order: OrderRequest) -> bool:
    """Whether the pool stands first among those that the machine names."""
    wanted = _pools(order)[0].pools[0].url
    told = [pool.url for group in await miner.get_pools_config() or () for pool in group.pools]
    return bool(told) and (told[0].host, told[0].port) == (wanted.host, wanted.port)


def _pools(order: OrderRequest) -> list[PoolGroup]:
    """One pool in place of all that were there; miners' pools know no real password."""
    pool = Pool(url=order.pool_url, username=order.pool_worker, password="x")  # noqa: S106 - a placeholder of the trade
    return [PoolGroup(name="meridian", quota=1, pools=[pool])]
