"""Any server with the Prometheus HTTP API: what the adapter is and how a session is opened."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from console.adapters.base import Capability, Deadline, Manifest, Reader, Rung, Secrets
from console.adapters.budget import Budgets
from console.adapters.http import HttpSession
from console.adapters.promql.client import PromqlClient
from console.adapters.promql.live import LiveReader
from console.adapters.promql.mapping import PromqlSource, plan
from console.adapters.promql.past import PastReader
from console.domain.frame import HistoryChunk, Reading
from console.domain.site import Site

REQUESTS_PER_S = 100.0  # a company's own server; 44 sites ask it some 400 things within a poll period
BURST = 400.0

MANIFEST = Manifest(
    name="promql",
    vendor="Prometheus, VictoriaMetrics, Mimir, Thanos",
    summary="any server with the Prometheus HTTP API; the fleet file maps its metrics, units and labels",
    config=PromqlSource,
    capabilities=frozenset({Capability.READ, Capability.HISTORY}),
    rung=Rung.SILVER,
    requests_per_s=REQUESTS_PER_S,
)


class PromqlSession:
    """An open session: `Reader` and `History` of the adapter contract. Used by one thread at a time."""

    def __init__(self, site: Site, source: PromqlSource, session: HttpSession) -> None:
        what = plan(source)
        self._client = PromqlClient(session, source.tenant)
        self._live = LiveReader(site.id, what, self._client)
        self._past = PastReader(site.id, what, self._client)

    def read(self, deadline: Deadline) -> Reading:
        """The newest values, dated by their samples."""
        return self._live.read(deadline)

    def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
        """The site by the minute and its containers by five, newest stretch first."""
        return self._past.history(start_ms, end_ms, time.time_ns() // 1_000_000, deadline)

    def close(self) -> None:
        """Close the sockets; safe to call twice."""
        self._client.close()


class PromqlAdapter:
    """The object behind the entry point. Its budgets are per server, however many sites one server holds."""

    def __init__(self) -> None:
        self._budgets = Budgets(REQUESTS_PER_S, BURST)

    @property
    def manifest(self) -> Manifest:
        """What the adapter is and can do."""
        return MANIFEST

    def open(self, site: Site, config: Any, secrets: Secrets) -> Reader:
        """A session for `site`. Makes no request yet; raises ConfigError where the mapping makes no sense."""
        name = site.source.credential
        secret = None if name is None else lambda: secrets(name)
        return PromqlSession(site, config, HttpSession(config, self._budgets, secret))


ADAPTER = PromqlAdapter()
