"""Knows what a site and a fleet are, as configured: place on earth, ownership, size, price, source."""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from console.domain.interlock import CommandRules, SiteLimits


class Ownership(enum.StrEnum):
    """Whose ground the machines stand on."""

    OWNED = "owned"
    HOSTED = "hosted"


class Source(msgspec.Struct, frozen=True):
    """Where a site's data comes from: an adapter's name, its own settings, and the *names* of its credentials.

    Commands need a credential of their own where reading needs one: a token that reads may not move megawatts.
    """

    adapter: str
    settings: dict[str, Any] = {}
    credential: str | None = None
    control_credential: str | None = None


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """One site of the fleet file, in canonical units. `line` is where the fleet file defines it; `simulated` is its
    fleet's word, which a command must find true of the site as well (R60)."""

    id: str
    name: str
    region: str
    country: str
    latitude_deg: float
    longitude_deg: float
    time_zone: str
    ownership: Ownership
    deployed_hs: float
    capacity_w: float
    power_price_usd_per_mwh: float
    poll_period_s: float
    source: Source
    note: str = ""
    line: int = 0
    limits: SiteLimits | None = None
    simulated: bool = False

    @property
    def limits_in_force(self) -> SiteLimits:
        """What commands must keep to: as configured, else the contracted capacity and the usual ramp."""
        return self.limits or SiteLimits(cap_w=self.capacity_w)


class Fleet(msgspec.Struct, frozen=True, kw_only=True):
    """The whole fleet. `target_ratio` is operational over deployed hashrate (company goal 0.90)."""

    name: str
    sites: tuple[Site, ...]
    simulated: bool = False
    target_ratio: float = 0.90
    pool_fee: float = 0.0
    command_rules: CommandRules = CommandRules()

    def regions(self) -> tuple[str, ...]:
        """The regions in the order in which the fleet file names them first."""
        return tuple(dict.fromkeys(site.region for site in self.sites))

    def site_names(self) -> dict[str, str]:
        """How each site is called, by its id, in fleet order."""
        return {site.id: site.name for site in self.sites}

    def site(self, site_id: str) -> Site:
        """The site of that id; KeyError where the fleet has none."""
        for site in self.sites:
            if site.id == site_id:
                return site
        raise KeyError(site_id)
