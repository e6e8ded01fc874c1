"""The Site API, our own open interface for hosting sites: what the adapter is and how a session is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from console.adapters.base import Capability, Manifest, Reader, Rung, Secrets
from console.adapters.budget import Budgets
from console.adapters.control import Controller
from console.adapters.http import HttpSession, HttpSource
from console.adapters.redaction import Redactor
from console.adapters.siteapi.client import SiteApiSession
from console.adapters.siteapi.control import SiteApiControl
from console.domain.site import Site

REQUESTS_PER_S = 20.0
BURST = 40.0

MANIFEST = Manifest(
    name="siteapi",
    vendor="Meridian",
    summary="a hosting site that implements the open Site API (resources/siteapi/openapi.yaml)",
    config=HttpSource,
    capabilities=frozenset({Capability.READ, Capability.HISTORY, Capability.DETAIL, Capability.CONTROL}),
    rung=Rung.GOLD,
    requests_per_s=REQUESTS_PER_S,
    tells_simulated=True,
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

    def open_control(self, site: Site, config: Any, secrets: Secrets) -> Controller:
        """A controller for `site`, with a connection, a budget and a credential of its own. Makes no request yet."""
        name, redact = site.source.control_credential, Redactor()

        def secret() -> str:
            found = secrets(name or "")
            redact.learn(found)
            return found

        http = HttpSession(config, Budgets(REQUESTS_PER_S, BURST), secret if name is not None else None)
        return SiteApiControl(site.simulated, http, redact)


ADAPTER = SiteApiAdapter()
