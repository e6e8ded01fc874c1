"""The Site API, our own open interface for hosting sites: what the adapter is and how a session is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from console.adapters.base import Capability, Manifest, Reader, Rung, Secrets
from console.adapters.budget import Budgets
from console.adapters.http import HttpSession, HttpSource
from console.adapters.siteapi.client import SiteApiSession
from console.domain.site import Site

REQUESTS_PER_S = 20.0
BURST = 40.0

MANIFEST = Manifest(
    name="siteapi",
    vendor="Meridian",
    summary="a hosting site that implements the open Site API (resources/siteapi/openapi.yaml)",
    config=HttpSource,
    capabilities=frozenset({Capability.READ, Capability.HISTORY, Capability.DETAIL}),
    rung=Rung.SILVER,
    requests_per_s=REQUESTS_PER_S,
)


@dataclass(frozen=True, slots=True)
class SiteApiAdapter:
    """The object behind the entry point."""

    manifest: Manifest = MANIFEST

    def open(self, site: Site, config: Any, secrets: Secrets) -> Reader:
        """A session for `site`. Makes no request yet; raises ConfigError where the settings break the rules.

        The budget belongs to the session, because the Site API's limits are a site's own: one site that asks us to
        wait must not silence its neighbours behind the same address.
        """
        name = site.source.credential
        secret = None if name is None else lambda: secrets(name)
        return SiteApiSession(site.id, HttpSession(config, Budgets(REQUESTS_PER_S, BURST), secret))


ADAPTER = SiteApiAdapter()
