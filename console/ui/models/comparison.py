"""Puts sites, containers and regions on one scale: what each is measured against, and its curve and figures there.

Pure arithmetic over stored series and the judged fleet; knows no widget and reads no store.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.fleet_state import LIVE, FleetNow, SiteNow
from console.domain.place import container_key, container_of, region_key, site_key, site_of
from console.domain.series import Series
from console.domain.site import Ownership
from console.ui.models.containers import LOOSE, ContainerNow, containers_of
from console.ui.models.series_feed import Want
from console.ui.numbers import UNIT_FACTORS

LEAST, MOST = 2, 6  # places on one graph; the reference line comes on top


class Measure(enum.StrEnum):
    """What is compared."""

    HASHRATE = "Hashrate"
    POWER = "Power"
    EFFICIENCY = "Efficiency"


class Scale(enum.StrEnum):
    """What a place is measured against, so that a small one can stand beside a large one."""

    DEPLOYED = "Of deployed"
    CAPACITY = "By MW"
    ABSOLUTE = "Absolute"


SIGNALS = {
    Measure.HASHRATE: ("hashrate_hs",),
    Measure.POWER: ("power_w",),
    Measure.EFFICIENCY: ("power_w", "hashrate_hs"),
}
HELD = {Measure.HASHRATE: "held_hs", Measure.POWER: "held_w", Measure.EFFICIENCY: "held_hs"}
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that can be compared, with its newest values; NaN = not known. `fresh`: it is live now."""

    key: str
    title: str
    detail: str
    deployed_hs: float
    capacity_w: float
    hashrate_hs: float
    power_w: float
    fresh: bool

    def newest(self, measure: Measure, axis: Axis) -> float:
        """The newest value in the axis' unit: at a coarse level the last bucket's mean would not be the latest."""
        if measure is Measure.EFFICIENCY:
            return self.power_w / self.hashrate_hs * 1e12 if self.hashrate_hs > 0 else math.nan
        value = self.hashrate_hs if measure is Measure.HASHRATE else self.power_w
        return value * self.factor(axis)

    def factor(self, axis: Axis) -> float:
        """From the canonical unit to the axis'."""
        return axis.factor / (getattr(self, axis.against) or math.nan) if axis.against else axis.factor


@dataclass(frozen=True, slots=True)
class Axis:
    """How a measure is written on a scale: canonical value / (what the place is measured against) * `factor`."""

    unit: str
    decimals: int
    factor: float
    against: str = ""  # the field of Place that divides; nothing where none does


@dataclass(frozen=True, slots=True)
class Figures:
    """A curve in numbers over the whole span; NaN = no value. `known` is the share of buckets with a value, 0..1."""

    latest: float
    mean: float
    low: float
    high: float
    known: float


NO_FIGURES = Figures(math.nan, math.nan, math.nan, math.nan, 0.0)


def places_of(now: FleetNow) -> tuple[Place, ...]:
    """Everything that can be compared: the regions, then each site with its containers, in the fleet's order."""
    regions = [place for region in now.fleet.regions() if (place := place_of(now, region_key(region)))]
    rest = []
    for entry in now.sites:
        rest.append(_site(entry))
        rest += [_container(entry, each) for each in containers_of(entry.rollup)]
    return (*regions, *rest)


def place_of(now: FleetNow, key: str) -> Place | None:
    """One place by its key; None where the fleet has it no more."""
    if key.startswith("region:"):
        return _region(now, key)
    entry = next((entry for entry in now.sites if entry.site.id == site_of(key)), None)
    if entry is None:
        return None
    inside = container_of(key)
    if inside is None:
        return _site(entry)
    found = (each for each in containers_of(entry.rollup) if each.name == inside[1])
    return next((_container(entry, each) for each in found), None)


def reference_of(now: FleetNow) -> str | None:
    """The site that others are held against: the first of the fleet's own; None where it owns none."""
    return next((site_key(site.id) for site in now.fleet.sites if site.ownership is Ownership.OWNED), None)


def _site(entry: SiteNow) -> Place:
    site = entry.site
    values = entry.value("hashrate_hs"), entry.value("power_w")
    return Place(site_key(site.id), site.name, site.region, site.deployed_hs, site.capacity_w, *values, _fresh(entry))


def _container(entry: SiteNow, inside: ContainerNow) -> Place:
    """Nobody tells what a container is rated at: it gets its site's figures by its share of the machines."""
    site, miners = entry.site, entry.value("miners")
    share = inside.miners / miners if miners > 0 else math.nan
    return Place(
        container_key(site.id, inside.name),
        f"{site.name} {inside.name or LOOSE}",
        "container",
        site.deployed_hs * share,
        site.capacity_w * share,
        inside.hashrate_hs,
        inside.power_w,
        _fresh(entry),
    )


def _region(now: FleetNow, key: str) -> Place | None:
    total = next((total for total in now.regions if total.place == key), None)
    if total is None:
        return None
    name = key.partition(":")[2]
    sites = [site for site in now.fleet.sites if site.region == name]
    deployed, capacity = (sum(getattr(site, field) for site in sites) for field in ("deployed_hs", "capacity_w"))
    values = total.value("hashrate_hs"), total.value("power_w")
    return Place(key, name, f"region, {len(sites)} sites", deployed, capacity, *values, total.fresh > 0)


def _fresh(entry: SiteNow) -> bool:
    return entry.freshness in LIVE


def wants_of(keys: Iterable[str], measure: Measure) -> tuple[Want, ...]:
    """What the store must be asked for; of a region also which part of it is a stale site's last value."""
    wants = []
    for key in keys:
        wants += [Want(key, signal) for signal in SIGNALS[measure]]
        if key.startswith("region:"):
            wants.append(Want(key, HELD[measure]))
    return tuple(dict.fromkeys(wants))


def axis_of(measure: Measure, scale: Scale, top: float) -> Axis:
    """The unit of a measure on a scale; `top` is the largest canonical value, for what is drawn absolute."""
    if measure is Measure.EFFICIENCY:
        return Axis("J/TH", 1, 1.0)
    if scale is Scale.ABSOLUTE:
        units = ("EH/s", "PH/s", "TH/s") if measure is Measure.HASHRATE else ("MW", "kW", "W")
        unit = next((unit for unit in units if top >= UNIT_FACTORS[unit]), units[-1])
        return Axis(unit, 2, 1 / UNIT_FACTORS[unit])
    if measure is Measure.HASHRATE:
        if scale is Scale.DEPLOYED:
            return Axis("%", 1, 100.0, "deployed_hs")
        return Axis("PH/s per MW", 2, 1e6 / 1e15, "capacity_w")
    if scale is Scale.DEPLOYED:
        return Axis("W per TH/s", 2, 1e12, "deployed_hs")
    return Axis("%", 1, 100.0, "capacity_w")


def words_of(measure: Measure, scale: Scale) -> str:
    """What the graph shows, in words."""
    if measure is Measure.EFFICIENCY or scale is Scale.ABSOLUTE:
        return measure.value
    if scale is Scale.DEPLOYED:
        return f"{measure.value} of deployed" if measure is Measure.HASHRATE else "Power by deployed hashrate"
    return "Hashrate by MW of capacity" if measure is Measure.HASHRATE else "Power of capacity"


def scaled(series: Mapping[Want, Series], place: Place, measure: Measure, axis: Axis) -> Series | None:
    """A place's series in the axis' own unit; None while one that it needs is not there."""
    parts = [series.get(Want(place.key, signal)) for signal in SIGNALS[measure]]
    if any(part is None for part in parts):
        return None
    if measure is Measure.EFFICIENCY:
        return efficiency(*parts)  # type: ignore[arg-type]  # none of them is None, as asked above
    whole = parts[0]
    assert whole is not None  # noqa: S101 - asked above, for the type checker
    factor = place.factor(axis)
    low, mean, high = ((edge * factor).astype(np.float32) for edge in (whole.low, whole.mean, whole.high))
    return Series(place.key, axis.unit, whole.step_ms, whole.at_ms, mean, low, high)


def efficiency(power: Series, hashrate: Series) -> Series:
    """Power over hashrate in J/TH; no value where nothing hashes.

    At a minute it is exact. Of a wider bucket the store keeps the extremes of both parts and not of the ratio: its
    ends are taken of low over low, mean over mean and high over high, so that hashrate which fell while power did
    not shows, and a site that was curtailed as a whole shows no false peak.
    """
    sides = ((power.low, hashrate.low), (power.mean, hashrate.mean), (power.high, hashrate.high))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.stack([np.where(below > 0, above / below * 1e12, np.nan) for above, below in sides])
    mean = ratios[1].astype(np.float32)
    known = np.isfinite(mean)
    low = np.where(known, np.fmin.reduce(ratios, axis=0), np.nan).astype(np.float32)
    high = np.where(known, np.fmax.reduce(ratios, axis=0), np.nan).astype(np.float32)
    return Series(power.place, "J/TH", power.step_ms, power.at_ms, mean, low, high)


def held_part(series: Mapping[Want, Series], key: str, measure: Measure, like: Series) -> NDArray[np.bool_] | None:
    """Which buckets of a region rest on a stale site's last value; None where nothing does."""
    held = series.get(Want(key, HELD[measure]))
    if held is None or held.high.shape != like.mean.shape:
        return None
    part: NDArray[np.bool_] = np.nan_to_num(held.high) > 0
    return part if part.any() else None


def figures(of: Series | None, start_ms: int, end_ms: int) -> Figures:
    """Latest, mean, lowest and highest of what lies in [start_ms, end_ms)."""
    if of is None:
        return NO_FIGURES
    first, last = of.at_ms.searchsorted([start_ms - of.step_ms + 1, end_ms])
    mean = of.mean[first:last].astype(np.float64)
    known = np.isfinite(mean)
    if not known.any():
        return NO_FIGURES
    low, high = float(np.nanmin(of.low[first:last])), float(np.nanmax(of.high[first:last]))
    return Figures(float(mean[known][-1]), float(mean[known].mean()), low, high, float(known.mean()))


def top_of(series: Mapping[Want, Series], measure: Measure) -> float:
    """The largest canonical value of all, which chooses the unit of an absolute axis; 0 where there is none."""
    signal = SIGNALS[measure][0]
    tops = [float(np.nanmax(one.high)) for want, one in series.items() if want.signal == signal and _any(one.high)]
    return max(tops, default=0.0)


def _any(values: Values) -> bool:
    return bool(np.isfinite(values).any())
