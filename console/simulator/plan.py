"""Knows the demo fleet as built: its sites, machine models and how both scale; not how anything behaves.

The figures come from `resources/demo/sites.csv`; its deployed hashrates add up to the fleet of the design.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from console.domain.errors import ConfigError

SITES_CSV = Path(__file__).resolve().parents[2] / "resources" / "demo" / "sites.csv"


@dataclass(frozen=True, slots=True)
class Model:
    """A machine model at its rated profile, at the wall."""

    column: str
    name: str
    rated_hs: float
    rated_w: float


MODELS = (
    Model("s19xp_ehs", "Antminer S19 XP", 141e12, 141 * 22.5),
    Model("s19jxp_ehs", "Antminer S19j XP", 151e12, 151 * 21.5),
    Model("s19kpro_ehs", "Antminer S19k Pro", 120e12, 120 * 23.0),
    Model("s21_ehs", "Antminer S21", 200e12, 200 * 17.5),
)


@dataclass(frozen=True, slots=True)
class SitePlan:
    """One site of the demo fleet. `machines`: how many of each of MODELS stand there; `wire`: which units it speaks."""

    id: str
    name: str
    region: str
    country: str
    latitude_deg: float
    longitude_deg: float
    elevation_m: float
    time_zone: str
    ownership: str
    machines: tuple[int, ...]
    capacity_w: float
    price_usd_per_mwh: float
    wire: str
    note: str

    @property
    def miners(self) -> int:
        """How many machines stand at the site."""
        return sum(self.machines)

    @property
    def deployed_hs(self) -> float:
        """The rated hashrate of all machines."""
        return sum(count * model.rated_hs for count, model in zip(self.machines, MODELS, strict=True))


def demo_sites(path: Path = SITES_CSV) -> tuple[SitePlan, ...]:
    """The 44 sites at real size. Raises ConfigError when the file is missing."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return tuple(_site(row) for row in csv.DictReader(lines))
    except OSError as error:
        raise ConfigError((f"{path}: the demo fleet's sites cannot be read: {error.strerror}",)) from error


def _site(row: dict[str, str]) -> SitePlan:
    return SitePlan(
        id=row["id"],
        name=row["name"],
        region=row["region"],
        country=row["country"],
        latitude_deg=float(row["latitude"]),
        longitude_deg=float(row["longitude"]),
        elevation_m=float(row["elevation_m"]),
        time_zone=row["time_zone"],
        ownership=row["ownership"],
        machines=tuple(round(float(row[model.column]) * 1e18 / model.rated_hs) for model in MODELS),
        capacity_w=float(row["capacity_mw"]) * 1e6,
        price_usd_per_mwh=float(row["price_usd_mwh"]),
        wire=row["wire"],
        note=row["note"],
    )


def scaled(sites: tuple[SitePlan, ...], count: int | None = None, miners: int | None = None) -> tuple[SitePlan, ...]:
    """The fleet with `count` sites, spread evenly over the list, and about `miners` machines in all.

    More sites than there are come as copies named `-b`, `-c` and so on; a site keeps at least one machine.
    """
    chosen = tuple(_pick(sites, count)) if count else sites
    if not miners:
        return chosen
    factor = miners / sum(site.miners for site in chosen)
    return tuple(_resized(site, factor) for site in chosen)


def _pick(sites: tuple[SitePlan, ...], count: int) -> Iterable[SitePlan]:
    if count <= len(sites):
        yield from (sites[index * len(sites) // count] for index in range(count))
        return
    for index in range(count):
        turn, position = divmod(index, len(sites))
        site, letter = sites[position], "abcdefghijklmnopqrstuvwxyz"[turn % 26]
        yield site if turn == 0 else dataclasses.replace(site, id=f"{site.id}-{letter}", name=f"{site.name} {letter}")


def _resized(site: SitePlan, factor: float) -> SitePlan:
    machines = [round(count * factor) for count in site.machines]
    if not any(machines):
        machines[max(range(len(machines)), key=lambda index: site.machines[index])] = 1
    return dataclasses.replace(site, machines=tuple(machines), capacity_w=site.capacity_w * factor)
