"""Writes the fleet file of the demo fleet; knows its format and where the simulator listens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from console.simulator.plan import SitePlan

HEAD = """\
# The demo fleet: a simulated fleet of the size and shape that the console is built for.
# Written by `meridian simulate --fleet-out`; its sites are answered by `meridian simulate` on this machine.
# Places, machine models and capacities come from sites.csv; what is invented says so in its note.

[fleet]
name = "Demo fleet"
simulated = true
"""


def fleet_toml(
    sites: Iterable[SitePlan], base_url: str, credential: str | None = None, control_credential: str | None = None
) -> str:
    """The fleet file for `sites` served under `base_url`, e.g. `http://127.0.0.1:18440`; credentials by name."""
    named = {"credential": credential, "control_credential": control_credential}
    credentials = {key: name for key, name in named.items() if name}
    return HEAD + "".join(_site_toml(site, base_url, credentials) for site in sites)


def _site_toml(site: SitePlan, base_url: str, credentials: Mapping[str, str]) -> str:
    fields = {
        "id": site.id,
        "name": site.name,
        "region": site.region,
        "country": site.country,
        "latitude": site.latitude_deg,
        "longitude": site.longitude_deg,
        "time_zone": site.time_zone,
        "ownership": site.ownership,
        "deployed": _hashrate(site.deployed_hs),
        "capacity": f"{site.capacity_w / 1e6:.6g} MW",
        "power_price": f"{site.price_usd_per_mwh:g} USD/MWh",
        "poll_period": "30 s",
        "note": site.note,
    }
    source = {"adapter": "siteapi", "base_url": f"{base_url}/sites/{site.id}", **credentials}
    return f"\n[[site]]\n{_pairs(fields)}\n[site.source]\n{_pairs(source)}"


def _hashrate(hashrate_hs: float) -> str:
    """Six digits: the rosters' sum and the fleet file must agree far below the 0.1 % that a check allows."""
    return f"{hashrate_hs / 1e18:.6g} EH/s" if hashrate_hs >= 1e17 else f"{hashrate_hs / 1e15:.6g} PH/s"


def _pairs(fields: Mapping[str, object]) -> str:
    """TOML's basic strings are JSON's, apart from what json leaves to `ensure_ascii`."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items())
