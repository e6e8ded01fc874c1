"""`meridian status`: the state of the fleet as the store knows it, for a terminal or, with --json, for a script."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.reading import reader_of
from console.domain.economics import j_per_th

if TYPE_CHECKING:
    from console.domain.fleet_state import FleetNow, SiteNow, TotalNow


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The subcommand's arguments."""
    parser = subparsers.add_parser("status", help="print the state of the fleet from the store")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="the profile to read (default: the user's own)")
    parser.add_argument("--demo", action="store_true", help="the demo fleet's profile")
    parser.add_argument("--json", action="store_true", help="as JSON; no value is null, times are UTC")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0, whether or not anything is fresh: each part says its own state. Raises StoreError where there is no store."""
    from console.domain.errors import StoreError
    from console.domain.fleet_state import judge
    from console.settings import profile as profile_at

    reader = reader_of(profile_at(args.profile, demo=args.demo))
    try:
        fleet = reader.fleet()
        if fleet is None:
            raise StoreError("the store holds no fleet yet: no collector has run with this profile")
        now = judge(fleet, reader.rollups(), reader.links(), time.time_ns() // 1_000_000)
        heartbeat_ms = reader.heartbeat_ms()
    finally:
        reader.close()
    if args.json:
        sys.stdout.write(json.dumps(fleet_facts(now, heartbeat_ms), indent=2, allow_nan=False) + "\n")
    else:
        sys.stdout.write("\n".join(fleet_lines(now)) + "\n")
    return 0


def fleet_facts(now: FleetNow, heartbeat_ms: int | None) -> dict[str, Any]:
    """The whole fleet as JSON has it: SI units in the keys, ISO times, null for no value."""
    regions = zip(now.fleet.regions(), now.regions, strict=True)
    return {
        "fleet": now.fleet.name,
        "simulated": now.fleet.simulated,
        "at": iso(now.now_ms),
        "collector_seen_at": iso(heartbeat_ms),
        **_total_facts(now.total),
        "regions": [{"region": name, "share": _share(total, now), **_total_facts(total)} for name, total in regions],
        "by_site": [_site_facts(entry, now) for entry in now.sites],
    }


def _total_facts(total: TotalNow) -> dict[str, Any]:
    return {
        "state": str(total.freshness),
        "measured_at": iso(total.at_ms),
        "sites": total.sites,
        "sites_fresh": total.fresh,
        "sites_held": total.held,
        "sites_missing": total.missing,
        "deployed_hs": known(total.value("deployed_hs")),
        "operational_hs": known(total.value("hashrate_hs")),
        "held_hs": known(total.value("held_hs")),
        "operational_ratio": known(total.operational_ratio),
        "power_w": known(total.value("power_w")),
        "meter_w": known(total.value("meter_w")),
        "efficiency_j_per_th": known(total.efficiency_j_per_th),
        "miners": count(total.value("miners")),
        "miners_hashing": count(total.value("hashing")),
    }


def _share(total: TotalNow, now: FleetNow) -> float | None:
    return known(total.value("deployed_hs") / sum(site.deployed_hs for site in now.fleet.sites))


def _site_facts(entry: SiteNow, now: FleetNow) -> dict[str, Any]:
    hashrate_hs, power_w = entry.value("hashrate_hs"), entry.value("power_w")
    site = entry.site
    return {
        "site": site.id,
        "name": site.name,
        "region": site.region,
        "state": str(entry.freshness),
        "mark": str(entry.mark),
        "link": str(entry.link.link),
        "error": entry.link.error,
        "measured_at": iso(entry.at_ms),
        "share": site.deployed_hs / sum(other.deployed_hs for other in now.fleet.sites),
        "deployed_hs": site.deployed_hs,
        "operational_hs": known(hashrate_hs),
        "operational_ratio": known(hashrate_hs / site.deployed_hs),
        "power_w": known(power_w),
        "meter_w": known(entry.value("meter_w")),
        "efficiency_j_per_th": known(j_per_th(power_w, hashrate_hs)),
        "miners": count(entry.value("miners")),
        "miners_hashing": count(entry.value("hashing")),
    }


def known(value: float) -> float | None:
    """A number, or None where there is none: JSON has no NaN, and no value is never 0."""
    return value if math.isfinite(value) else None


def count(value: float) -> int | None:
    """A whole number, or None where there is none."""
    return round(value) if math.isfinite(value) else None


def iso(at_ms: int | None) -> str | None:
    """A moment as `2026-11-22T05:40:00Z`."""
    if at_ms is None:
        return None
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def fleet_lines(now: FleetNow) -> list[str]:
    """The fleet, its regions with their shares, and its sites, as a terminal shows them."""
    from console.cli.table import columns, site_lines, total_line

    head = f"{now.fleet.name}{' (SIMULATED)' if now.fleet.simulated else ''} at {iso(now.now_ms)}"
    regions = [
        (name, f"{100 * (_share(total, now) or 0):.1f} %", total_line(total, now.now_ms))
        for name, total in zip(now.fleet.regions(), now.regions, strict=True)
    ]
    return [head, total_line(now.total, now.now_ms), "", *columns(regions, right=(1,)), "", *site_lines(now)]
