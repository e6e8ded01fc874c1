"""Knows what a fleet file says of a site's breakers, and what of it cannot be; speaks to nobody."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import msgspec

from console.adapters.dial import PRIVATE
from console.adapters.redaction import plain
from console.domain.errors import UnitError
from console.domain.units import Dimension, unit

MOST_NAME = 60
Host = Annotated[str, msgspec.Meta(description='a private address such as "10.20.0.5"')]
Port = Annotated[int, msgspec.Meta(ge=1, le=65_535, description="a port from 1 to 65535")]
DeviceId = Annotated[int, msgspec.Meta(ge=1, le=247, description="a device from 1 to 247")]
Address = Annotated[int, msgspec.Meta(ge=0, le=65_535, description="an address from 0 to 65535, as sent on the wire")]
Words = Annotated[int, msgspec.Meta(ge=1, le=2, description="1 or 2")]
Scale = Annotated[float, msgspec.Meta(gt=0, le=1e9, description="a factor above zero")]
RatedKw = Annotated[float, msgspec.Meta(gt=0, le=1e6, description="a power above zero, in kW")]


class PowerMeter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a breaker's power is read: unsigned, the high word first; all ones mean "no value".

    register: its address, as sent on the wire (register 40001 of many lists is 0).
    unit: what one count times `scale` measures: "W", "kW" or "MW".
    scale: counts are multiplied by it.
    kind: the table that it stands in.
    words: of 16 bits.
    """

    register: Address
    unit: str
    scale: Scale = 1.0
    kind: Literal["holding", "input"] = "input"
    words: Words = 1


class Breaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One container's breaker.

    host: the address of the device, or of the gateway before it; a private one.
    port: its TCP port.
    device_id: which device behind that address (also called unit or slave).
    coil: the coil that is on while the container has power, as sent on the wire.
    power: where its power is read, if it is.
    rated_power_kw: what the container draws at full load; a closed breaker proves itself by it.
    """

    host: Host
    coil: Address
    port: Port = 502
    device_id: DeviceId = 1
    power: PowerMeter | None = None
    rated_power_kw: RatedKw | None = None

    @property
    def gateway(self) -> tuple[str, int]:
        """Who is spoken to; one conversation at a time."""
        return self.host, self.port


def problems(breakers: Mapping[str, Breaker]) -> Iterator[str]:
    """Everything that keeps these breakers from being used, each as `key: found …, expected …`."""
    if not breakers:
        yield "breakers: found none, expected a table for each container"
    taken: dict[tuple[str, int, int, int], str] = {}
    for name, breaker in breakers.items():
        key = f"breakers.{plain(name, MOST_NAME)}"
        if not name.strip() or not name.isprintable() or len(name) > MOST_NAME:
            yield f"{key}: not a name of a container, expected up to {MOST_NAME} visible characters"
        if not _is_private(breaker.host):
            yield f"{key}.host: found {plain(breaker.host, 60)!r}, expected a private address such as 10.20.0.5"
        if breaker.power is not None and not _is_power(breaker.power.unit):
            yield f'{key}.power.unit: found {plain(breaker.power.unit, 20)!r}, expected "W", "kW" or "MW"'
        coil = (*breaker.gateway, breaker.device_id, breaker.coil)
        if coil in taken:
            yield f"{key}: has the coil of {plain(taken[coil], MOST_NAME)}; two containers cannot share one"
        taken.setdefault(coil, name)


def _is_private(host: str) -> bool:
    """A number, for a name may lead anywhere; private, for the protocol has neither encryption nor password."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in PRIVATE)


def _is_power(symbol: str) -> bool:
    try:
        unit(symbol, Dimension.POWER)
    except UnitError:
        return False
    return True
