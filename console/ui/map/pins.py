"""What the map knows of a site: where, how large, in which state, and its words. Judges nothing itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from console.domain.fleet_state import FleetNow, SiteMark, SiteNow
from console.domain.freshness import age_text
from console.domain.site import Site
from console.ui.map.outlines import state_at
from console.ui.models.alarms.sites import NO_ALARMS, SiteAlarm, SiteAlarms
from console.ui.numbers import hashrate_text, known, percent, power_text
from console.ui.plain import safe_text

STEADY_SHARE = 0.1
WORST_FIRST = tuple(SiteMark)  # the enumeration is ordered so (7-look.md, section 5)


@dataclass(frozen=True, slots=True)
class Pin:
    """One site on the map. `power_w` is its disc's area: what it draws, or its capacity where that is not known.

    `reason` is the second line of its label, empty where all is well; `words` are the lines of its plate.
    """

    site_id: str
    name: str
    country: str
    time_zone: str
    longitude_deg: float
    latitude_deg: float
    power_w: float
    capacity_w: float
    mark: SiteMark
    reason: str
    words: tuple[str, ...]
    alarm: SiteAlarm | None = None


def pins_of(now: FleetNow, alarms: SiteAlarms = NO_ALARMS) -> tuple[Pin, ...]:
    """A pin a site, in the fleet's own order; one in alarm says which."""
    return tuple(_alarmed(_pin(entry, now.now_ms), alarms.get(entry.site.id)) for entry in now.sites)


def _alarmed(pin: Pin, alarm: SiteAlarm | None) -> Pin:
    if alarm is None:
        return pin
    text = safe_text(alarm.text)
    return replace(pin, alarm=alarm, reason=f"{alarm.priority.name.lower()} alarm", words=(*pin.words, text))


def steadied(pins: tuple[Pin, ...], before: tuple[Pin, ...]) -> tuple[Pin, ...]:
    """The same pins, with the old size where a site draws about as much as before: discs must not breathe."""
    sizes = {pin.site_id: pin.power_w for pin in before}
    return tuple(
        replace(pin, power_w=sizes[pin.site_id])
        if pin.site_id in sizes and abs(sizes[pin.site_id] - pin.power_w) <= STEADY_SHARE * pin.power_w
        else pin
        for pin in pins
    )


def worst(marks: tuple[SiteMark, ...]) -> SiteMark:
    """The mark that a cluster wears."""
    return min(marks, key=WORST_FIRST.index)


def reason_of(entry: SiteNow, now_ms: int) -> str:
    """Why a site is not plain normal, in two or three words; empty where it is."""
    if entry.mark is SiteMark.NORMAL:
        return ""
    if entry.mark is SiteMark.NEVER or entry.at_ms is None:
        return "no link, no data" if entry.mark is SiteMark.NO_LINK else "no data"
    if entry.mark is SiteMark.CURTAILED:
        return f"curtailed, {' '.join(power_text(entry.value('power_w')))}"
    return f"{entry.mark.value} {age_text((now_ms - entry.at_ms) / 1000)}"


def where(site: Site) -> str:
    """The country, and the state before it where the country is the USA: `Texas, United States`."""
    state = state_at(site.longitude_deg, site.latitude_deg)
    return f"{state}, {site.country}" if state else site.country


def _pin(entry: SiteNow, now_ms: int) -> Pin:
    power_w = entry.value("power_w")
    site = entry.site
    return Pin(
        site_id=site.id,
        name=safe_text(site.name),
        country=safe_text(site.country),
        time_zone=site.time_zone,
        longitude_deg=site.longitude_deg,
        latitude_deg=site.latitude_deg,
        power_w=site.capacity_w if math.isnan(power_w) or entry.mark is SiteMark.CURTAILED else power_w,
        capacity_w=site.capacity_w,
        mark=entry.mark,
        reason=reason_of(entry, now_ms),
        words=_words(entry, now_ms),
    )


def _words(entry: SiteNow, now_ms: int) -> tuple[str, ...]:
    """Name, place, values and state: all that a hover may ask."""
    site = entry.site
    lines = [safe_text(site.name), safe_text(f"{site.region} · {where(site)}")]
    if entry.rollup is not None:
        hashrate_hs, power_w = entry.value("hashrate_hs"), entry.value("power_w")
        share = f" · {percent(hashrate_hs / site.deployed_hs)} % of deployed" if known(hashrate_hs) else ""
        lines.append(f"{' '.join(hashrate_text(hashrate_hs))}{share} · {' '.join(power_text(power_w))}")
    age = "no sample yet" if entry.at_ms is None else f"age {age_text((now_ms - entry.at_ms) / 1000)}"
    lines.append(f"{entry.mark.value} · {age}")
    if entry.link.error:
        lines.append(safe_text(entry.link.error))
    return tuple(lines)
