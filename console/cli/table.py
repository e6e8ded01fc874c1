"""Writes the state of the fleet as plain text for a terminal: one line a site, columns that line up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from console.domain.fleet_state import FleetNow, SiteNow, TotalNow
from console.domain.freshness import age_text

NONE = "-"


def columns(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Rows as lines with aligned columns; those in `right` are set to the right."""
    if not rows:
        return []
    widths = [max(len(row[number]) for row in rows) for number in range(len(rows[0]))]
    to_right = set(right)
    return [
        "  ".join(
            cell.rjust(width) if number in to_right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def hashrate_text(hashrate_hs: float) -> str:
    """`41.235 EH/s`, `812.3 PH/s`, `141.0 TH/s`; `-` for no value."""
    for scale, unit, digits in ((1e18, "EH/s", 3), (1e15, "PH/s", 1), (1e12, "TH/s", 1)):
        if abs(hashrate_hs) >= scale:
            return f"{hashrate_hs / scale:.{digits}f} {unit}"
    return f"{hashrate_hs / 1e12:.1f} TH/s" if math.isfinite(hashrate_hs) else NONE


def number_text(value: float, scale: float, unit: str, digits: int = 1) -> str:
    """A value in its unit; `-` for no value."""
    return f"{value / scale:.{digits}f} {unit}" if math.isfinite(value) else NONE


def age_of(at_ms: int | None, now_ms: int) -> str:
    """How old a sample is; `never` without one."""
    return "never" if at_ms is None else age_text((now_ms - at_ms) / 1000)


def site_lines(now: FleetNow) -> list[str]:
    """A heading and a line a site: state, hashrate, age, link, latency, what went wrong."""
    heading = ("SITE", "STATE", "HASHRATE", "AGE", "LINK", "LATENCY", "ERROR")
    return columns([heading, *(_site_row(entry, now.now_ms) for entry in now.sites)], right=(2, 3, 5))


def _site_row(entry: SiteNow, now_ms: int) -> tuple[str, ...]:
    latency_ms = entry.link.latency_ms
    return (
        entry.site.id,
        str(entry.freshness),
        hashrate_text(entry.value("hashrate_hs")),
        age_of(entry.at_ms, now_ms),
        str(entry.link.link),
        NONE if latency_ms is None else f"{latency_ms:.0f} ms",
        "".join(character if character.isprintable() else " " for character in entry.link.error),
    )


def total_line(total: TotalNow, now_ms: int) -> str:
    """A total and how much of it is missing, never one without the other (R10)."""
    missing = total.sites - total.fresh
    coverage = f"all {total.sites} sites fresh" if not missing else f"{missing} of {total.sites} sites not fresh"
    if total.held:
        coverage += f", {hashrate_text(total.value('held_hs'))} of it held from {total.held}"
    return (
        f"{hashrate_text(total.value('hashrate_hs'))} of {hashrate_text(total.value('deployed_hs'))} deployed"
        f" ({number_text(total.operational_ratio, 0.01, '%')}), {number_text(total.value('power_w'), 1e6, 'MW')},"
        f" {number_text(total.efficiency_j_per_th, 1, 'J/TH', 2)}; {coverage}; {age_of(total.at_ms, now_ms)} old"
    )
