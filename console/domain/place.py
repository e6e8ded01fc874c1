"""Names the places that carry signals: fleet, region, site, container, machine. Knows only their keys."""

from __future__ import annotations

FLEET = "fleet"


def region_key(region: str) -> str:
    """The key of a region, e.g. `region:East Africa`."""
    return f"region:{region}"


def site_key(site_id: str) -> str:
    """The key of a site, e.g. `site:us-ga-1`."""
    return f"site:{site_id}"


def container_key(site_id: str, container: str) -> str:
    """The key of a container, e.g. `container:us-ga-1/C07`; a site id never holds a slash."""
    return f"container:{site_id}/{container}"


def container_of(place: str) -> tuple[str, str] | None:
    """The site id and the name of a container, from its key; None for every other place."""
    kind, _, rest = place.partition(":")
    site_id, _, container = rest.partition("/")
    return (site_id, container) if kind == "container" else None


def is_total(place: str) -> bool:
    """Whether a place's signals are added up from its sites': a region's and the fleet's."""
    return place == FLEET or place.startswith("region:")


def miner_key(site_id: str, miner: str) -> str:
    """The key of a single machine, e.g. `miner:us-ga-1/C07-R03-12`."""
    return f"miner:{site_id}/{miner}"


def site_of(place: str) -> str | None:
    """The id of the site that a place is, or lies in; None for a region and the fleet."""
    kind, _, rest = place.partition(":")
    return rest.partition("/")[0] if kind in ("site", "container", "miner") else None
