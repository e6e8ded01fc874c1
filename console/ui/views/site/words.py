"""Says a site in words: its link, its contract, its clock. Knows no Qt and no pixel (7-look.md, section 13)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from console.domain.fleet_state import SiteNow
from console.domain.freshness import Freshness, age_text
from console.domain.link_state import Link, LinkState
from console.domain.site import Site
from console.ui.numbers import NO_VALUE, counted, decimal, hashrate_text, integer, known, power_text, utc_minute
from console.ui.plot.ticks import zone_text
from console.ui.widgets.fact_list import Fact

LINK_WORDS = {
    Link.NEVER: "Not polled yet",
    Link.GOOD: "Link good",
    Link.SLOW: "Too slow",
    Link.DOWN: "No link",
    Link.REFUSED: "Refused",
    Link.LIMITED: "Asked to wait",
    Link.BROKEN: "Answers not usable",
}
SINCE = "since the collector started"


def link_word(now: SiteNow, *, offline: bool = False) -> str:
    """The link in two words; a good link whose samples are old says so, and offline there is no link at all."""
    if offline:
        return "Offline"
    if now.link.link is Link.GOOD and now.freshness is Freshness.STALE:
        return "Samples stale"
    return LINK_WORDS[now.link.link]


def age_of(at_ms: int | None, now_ms: int) -> str:
    """An age as the screen writes it, or the dash of no value."""
    return NO_VALUE if at_ms is None else age_text((now_ms - at_ms) / 1000)


def link_line(now: SiteNow, now_ms: int, *, offline: bool = False) -> str:
    """What the header says of the link; an error, or a clock ahead, leads; offline it is the link at the cut-off."""
    link = now.link
    adapter = f"adapter {link.adapter}" + (f", {link.rung}" if link.rung else "")
    latency = "" if link.latency_ms is None else f"{link.latency_ms:.0f} ms"
    parts = [adapter, f"last poll {age_of(link.last_ok_ms, now_ms)}", latency]
    parts.append(f"{integer(link.failures)} of {integer(link.polls)} failed")
    if link.error:
        parts.insert(0, link.error)
    if offline:
        parts.insert(0, f"at the cut-off: {LINK_WORDS[link.link].lower()}")
    return " · ".join(part for part in parts if part)


def local_time(site: Site, now_ms: int) -> str:
    """`09:32 EST`: the clock on the site's wall; an unknown zone says so instead of guessing."""
    try:
        zone = ZoneInfo(site.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"unknown zone {site.time_zone}"
    return f"{datetime.fromtimestamp(now_ms / 1000, zone):%H:%M} {zone_text(zone, now_ms)}"


def price_text(site: Site) -> str:
    """The power price as contracted."""
    return f"{decimal(site.power_price_usd_per_mwh, 1)} $/MWh"


def facts_line(now: SiteNow, containers: int) -> str:
    """Ownership, size and price in one line."""
    site = now.site
    return " · ".join(
        (
            site.ownership.value,
            " ".join(power_text(site.capacity_w)),
            *(
                (f"{integer(now.value('miners'))} miners", counted(containers, "container"))
                if known(now.value("miners"))
                else ("miners not known yet" if now.rollup is None else "no miner told",)
            ),
            price_text(site),
        )
    )


def link_facts(now: SiteNow, now_ms: int) -> tuple[Fact, ...]:
    """The link in full; the last error in plain words, wrapped."""
    link = now.link
    since = f"{utc_minute(link.since_ms)} UTC · {age_of(link.since_ms, now_ms)}" if link.since_ms else NO_VALUE
    return (
        Fact("state", link_word(now)),
        Fact("since", since),
        Fact("adapter", f"{link.adapter}{', ' + link.rung if link.rung else ''}"),
        Fact("last answer", _moment(link.last_ok_ms, now_ms)),
        Fact("last try", _moment(link.last_try_ms, now_ms)),
        Fact("latency", NO_VALUE if link.latency_ms is None else f"{link.latency_ms:.0f} ms"),
        Fact("polls", _polls(link)),
        Fact("last error", link.error or f"none {'at the last poll' if link.failures else SINCE}", wrap=True),
    )


def _moment(at_ms: int | None, now_ms: int) -> str:
    return "never" if at_ms is None else f"{age_of(at_ms, now_ms)} ago"


def _polls(link: LinkState) -> str:
    return f"{integer(link.polls)}, {integer(link.failures)} failed"


def contract_facts(now: SiteNow, now_ms: int) -> tuple[Fact, ...]:
    """What the fleet file says of the site."""
    site = now.site
    north, east = site.latitude_deg, site.longitude_deg
    place = f"{abs(north):.2f}° {'N' if north >= 0 else 'S'}, {abs(east):.2f}° {'E' if east >= 0 else 'W'}"
    facts = [
        Fact("ownership", site.ownership.value),
        Fact("deployed", " ".join(hashrate_text(site.deployed_hs))),
        Fact("capacity", " ".join(power_text(site.capacity_w))),
        Fact("power price", price_text(site)),
        Fact("local time", f"{local_time(site, now_ms)} · {site.time_zone}"),
        Fact("place", f"{site.country} · {place}"),
    ]
    return tuple(facts + ([Fact("note", site.note, wrap=True)] if site.note else []))
