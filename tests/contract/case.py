"""What an adapter brings to the contract: how it is opened against a server, and what a healthy source answers."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from console.adapters.base import Adapter, Reader
from console.adapters.control import Controller, Controls
from console.adapters.source_settings import as_config
from console.domain.command import Order
from console.domain.frame import Reading
from console.domain.site import Ownership, Site, Source
from tests.hostile import Play, Reply, Request

CANARY = "canary-4711-secret"
Honest = Callable[[Request], Reply]


@dataclass(frozen=True)
class Case:
    """One adapter over HTTP.

    `settings` makes the source's settings for a base URL. `honest` answers like a healthy source. `check` asserts
    that a reading holds what `honest` tells. `lies`: a name -> an honest reply made into one that must be refused.
    `history_ms`: a stretch that `honest` has, or None. An adapter that commands brings an `order` that `honest` takes
    whole, the path under which it is given, and `command_lies` about what was taken.
    """

    adapter: Adapter
    settings: Callable[[str], dict[str, Any]]
    honest: Honest
    check: Callable[[Reading], None]
    lies: Mapping[str, Callable[[Request, Reply], Reply]] = field(default_factory=dict)
    history_ms: tuple[int, int] | None = None
    order: Order | None = None
    commands: str = ""
    command_lies: Mapping[str, Callable[[Request, Reply], Reply]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The adapter's name."""
        return self.adapter.manifest.name

    def site(self, url: str) -> Site:
        """A site whose source is at `url`, with a credential."""
        return Site(
            id="site-1", name="Site One", region="Test", country="US", latitude_deg=1, longitude_deg=2,
            time_zone="UTC", ownership=Ownership.HOSTED, deployed_hs=1e18, capacity_w=1e7,
            power_price_usd_per_mwh=45, poll_period_s=30,
            source=Source(adapter=self.name, settings=self.settings(url), credential="site-key",
                          control_credential="site-control-key"),
        )  # fmt: skip

    def open(self, url: str) -> Reader:
        """A session; every credential is the canary."""
        site = self.site(url)
        config = as_config(self.adapter.manifest.config, site.source.settings)
        return self.adapter.open(site, config, lambda name: CANARY)

    def open_control(self, url: str) -> Controller:
        """A controller; every credential is the canary."""
        assert isinstance(self.adapter, Controls)
        site = self.site(url)
        config = as_config(self.adapter.manifest.config, site.source.settings)
        return self.adapter.open_control(site, config, lambda name: CANARY)


class Stage:
    """A play that is honest but for one request: the one numbered `turn`, from 0; None: always honest."""

    def __init__(self, honest: Honest, trick: Callable[[Request, Reply], Reply | Play], turn: int | None = 0) -> None:
        self._honest, self._trick = honest, trick
        self.turn, self.asked = turn, 0

    def __call__(self, sock: socket.socket, request: Request) -> None:
        reply = self._honest(request)
        mine, self.asked = self.asked, self.asked + 1
        act = self._trick(request, reply) if mine == self.turn else reply
        if isinstance(act, Reply):
            sock.sendall(act.wire())
        else:
            act(sock, request)


def now_ms() -> int:
    """The time of this machine, epoch ms."""
    return time.time_ns() // 1_000_000
