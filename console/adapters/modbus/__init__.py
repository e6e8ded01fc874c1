"""Container breakers and power strips over Modbus TCP: what the adapter is and how a session is opened.

A site has one source. A site of breakers is therefore a site of its own, whose rows are its containers' breakers; it
knows no machine and no hashrate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from console.adapters.base import Capability, Manifest, Reader, Rung, Secrets
from console.adapters.control import Controller
from console.adapters.modbus.breakers import Breaker, problems
from console.adapters.modbus.client import BreakerSession
from console.adapters.modbus.control import BreakerControl
from console.domain.errors import ConfigError, Unsupported
from console.domain.site import Site


class ModbusSource(msgspec.Struct, frozen=True):
    """The breakers of a site.

    breakers: one table a container, named like it: where its breaker is (host, port, device_id, coil), where its power
        is read (power = { register, unit, scale, kind, words }) and its rated_power_kw.
    control: whether the breakers may be switched from here; the protocol itself asks nobody for a password.
    """

    breakers: dict[str, Breaker]
    control: bool = False


MANIFEST = Manifest(
    name="modbus",
    vendor="any",
    summary="container breakers and their meters over Modbus TCP: whole containers off and on again",
    config=ModbusSource,
    capabilities=frozenset({Capability.READ, Capability.CONTROL}),
    rung=Rung.GOLD,
    requests_per_s=20.0,
)


@dataclass(frozen=True, slots=True)
class ModbusAdapter:
    """The object behind the entry point."""

    manifest: Manifest = MANIFEST

    def open(self, site: Site, config: Any, secrets: Secrets) -> Reader:
        """A session for `site`; asks nobody yet. Raises ConfigError with every breaker that cannot be used."""
        return BreakerSession(site.id, _checked(config))

    def open_control(self, site: Site, config: Any, secrets: Secrets) -> Controller:
        """A controller for `site`. Raises Unsupported unless the source says `control = true`, else as `open`."""
        if not config.control:
            raise Unsupported("the source only reads: its breakers are switched only where it says control = true")
        return BreakerControl(_checked(config))


def _checked(config: ModbusSource) -> dict[str, Breaker]:
    found = tuple(problems(config.breakers))
    if found:
        raise ConfigError(found)
    return config.breakers


ADAPTER = ModbusAdapter()
