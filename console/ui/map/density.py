"""Finds where on earth sites are dense, and what such a place is called; knows no pixel and no widget."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from console.ui.assets import asset

REACH_DEG = 7.5  # a dense area is what lies this near to its middle: Texas, or the whole Gulf
LEAST_SITES = 3
SIDES = (("W", "E"), ("S", "N"))  # a lens is narrow


@dataclass(frozen=True, slots=True)
class DenseArea:
    """Sites (indices) that stand close together, about a middle in degrees."""

    members: tuple[int, ...]
    longitude_deg: float
    latitude_deg: float


def dense_areas(longitudes: Sequence[float], latitudes: Sequence[float], most: int) -> tuple[DenseArea, ...]:
    """At most `most` areas, the one with the most sites first; no site is in two of them."""
    if not longitudes:
        return ()
    vectors = _unit_vectors(np.asarray(longitudes, dtype=np.float64), np.asarray(latitudes, dtype=np.float64))
    free = np.ones(len(vectors), dtype=bool)
    areas: list[DenseArea] = []
    while len(areas) < most:
        inside = _densest(vectors, free)
        if inside.sum() < LEAST_SITES:
            break
        middle = vectors[inside].mean(axis=0)
        longitude = float(np.degrees(np.arctan2(middle[1], middle[0])))
        latitude = float(np.degrees(np.arctan2(middle[2], np.hypot(middle[0], middle[1]))))
        areas.append(DenseArea(tuple(np.flatnonzero(inside).tolist()), longitude, latitude))
        free &= ~inside
    return tuple(areas)


def _densest(vectors: NDArray[np.float64], free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The free sites near the best-placed free site, then near their own middle."""
    near = vectors @ vectors.T >= np.cos(np.radians(REACH_DEG))
    counts = (near & free).sum(axis=1) * free
    inside = near[int(counts.argmax())] & free
    if not inside.any():
        return inside
    middle = vectors[inside].mean(axis=0)
    about = free & (vectors @ (middle / np.linalg.norm(middle)) >= np.cos(np.radians(REACH_DEG)))
    return about if about.sum() >= inside.sum() else inside


def _unit_vectors(longitude_deg: NDArray[np.float64], latitude_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    longitude, latitude = np.radians(longitude_deg), np.radians(latitude_deg)
    return np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[str, float, float, float, float], ...]:
    stored = json.loads(asset("map", "places.json").read_text(encoding="utf-8"))
    return tuple((place["name"], *place["box"]) for place in stored)


def place_name(longitude_deg: float, latitude_deg: float) -> str | None:
    """The smallest named box of `resources/map/places.json` that holds a point; None where none does."""
    holding = [
        ((east - west) * (north - south), name)
        for name, west, south, east, north in _places()
        if west <= longitude_deg <= east and south <= latitude_deg <= north
    ]
    return min(holding)[1] if holding else None


def told_apart(names: Sequence[str], areas: Sequence[DenseArea]) -> tuple[str, ...]:
    """Names of areas, each once: what shares a name says besides on which side of the others it lies."""
    apart = list(names)
    for name in {name for name in names if names.count(name) > 1}:
        alike = [place for place, other in enumerate(names) if other == name]
        middles = np.array([(areas[place].longitude_deg, areas[place].latitude_deg) for place in alike])
        wide, high = np.ptp(middles, axis=0)
        wide *= np.cos(np.radians(middles[:, 1].mean()))
        sides = SIDES[0] if wide >= high else SIDES[1]
        order = np.argsort(middles[:, 0 if wide >= high else 1]).tolist()
        ends = {0: sides[0], len(order) - 1: sides[1]}
        for rank, at in enumerate(order):
            apart[alike[at]] = f"{name} {ends.get(rank, f'{rank + 1} of {len(order)}')}"
    return tuple(apart)
