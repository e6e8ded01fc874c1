"""Miners on a site's own network, by address range: what the adapter is and how a session is opened.

Reading can do nothing but read. Commanding is a door of its own: a site opens it in so many words.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from console.adapters.base import Capability, Manifest, Reader, Rung, Secrets
from console.adapters.control import Controller
from console.adapters.lan.addresses import Addresses, Places, parse_addresses, parse_places
from console.adapters.lan.client import LanSession
from console.adapters.lan.control import LanControl
from console.adapters.lan.sweeper import Sweeper
from console.adapters.lan.teller import Teller
from console.domain.errors import AuthRefused, ConfigError, Unsupported
from console.domain.site import Site

LIBRARY = "pyasic_rs"
if importlib.util.find_spec(LIBRARY) is None:  # it is used in a process of its own, so nothing here would miss it
    raise ModuleNotFoundError(f"No module named {LIBRARY!r}", name=LIBRARY)


class LanSource(msgspec.Struct, frozen=True):
    """Where the miners are.

    addresses: the miners' addresses: "10.20.0.0/22", "10.20.0.10-10.20.0.90" or a single one. A single address
        always has a row; within a range a machine has one from the first time that it answers.
    places: which addresses stand where, as address range = "container" or "container/rack".
    at_once: how many devices are spoken to at the same time.
    control: whether the machines may be commanded from here; that needs a control_credential "user:password" as well.
        The library opens a WhatsMiner's write API by itself when that refuses an order, or a question about one.
    """

    addresses: Annotated[
        tuple[str, ...], msgspec.Meta(min_length=1, description='a list such as ["10.20.0.0/22", "10.20.4.7"]')
    ]
    places: dict[str, str] = {}
    at_once: Annotated[int, msgspec.Meta(ge=1, le=200, description="a whole number from 1 to 200")] = 200
    control: bool = False


MANIFEST = Manifest(
    name="lan",
    vendor="any",
    summary="miners of any make on an address range, read directly through asic-rs",
    config=LanSource,
    capabilities=frozenset({Capability.READ, Capability.DETAIL, Capability.CONTROL}),
    rung=Rung.GOLD,
    requests_per_s=200.0,
)


@dataclass(frozen=True, slots=True)
class LanAdapter:
    """The object behind the entry point."""

    manifest: Manifest = MANIFEST

    def open(self, site: Site, config: Any, secrets: Secrets) -> Reader:
        """A session for `site`; asks nobody yet. Raises ConfigError with every range that cannot be used."""
        return LanSession(site.id, *_where(config), Sweeper(config.at_once))

    def open_control(self, site: Site, config: Any, secrets: Secrets) -> Controller:
        """A controller for `site`; asks nobody yet. Raises Unsupported unless the source says `control = true`,
        AuthRefused where it names no control credential, else as `open`."""
        name = site.source.control_credential
        if not config.control:
            raise Unsupported("the source only reads: its machines are commanded only where it says control = true")
        if name is None:
            raise AuthRefused('no control credential is configured: machines want a "user:password" to be commanded')
        parts = _where(config), Sweeper(config.at_once), Teller(config.at_once)
        return LanControl(site.id, *parts[0], *parts[1:], lambda: secrets(name))


def _where(config: LanSource) -> tuple[Addresses, Places]:
    addresses, problems = parse_addresses(config.addresses)
    places, more = parse_places(config.places)
    if problems or more:
        raise ConfigError((*problems, *more))
    return addresses, places


ADAPTER = LanAdapter()
