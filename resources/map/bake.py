"""Bakes public-domain outlines from npm into the compact files the map draws; knows TopoJSON, never the program.

    python3 resources/map/bake.py

Needs npm and the network, once, on a developer's machine. The console reads only the `.npz` files beside this script.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
PACKAGES = ("world-atlas@2.0.2", "us-atlas@3.0.1")
PER_DEGREE = 160  # longitudes reach 190 degrees once unwrapped; 190 * 160 still fits 16 bits; 1/160 degree is 0.7 km


@dataclass(frozen=True)
class Sheet:
    """One file to bake: its source, how coarse its lines may become, and the smallest ring worth drawing."""

    name: str
    source: str
    collection: str
    tolerance_deg: float
    least_deg: float


SHEETS = (
    Sheet("countries-110m", "world-atlas/countries-110m.json", "countries", 0.05, 0.0),
    # 0.45 px where the map of a 1920 px screen draws 4.3 px a degree
    Sheet("countries-50m", "world-atlas/countries-50m.json", "countries", 0.09, 0.15),
    Sheet("countries-50m-fine", "world-atlas/countries-50m.json", "countries", 0.015, 0.03),
    Sheet("states-us", "us-atlas/states-10m.json", "states", 0.015, 0.05),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603  fixed arguments, no shell
            ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES],  # noqa: S607  npm of PATH
            cwd=folder,
            check=True,
        )
        for sheet in SHEETS:
            path = Path(folder) / "node_modules" / sheet.source
            bake(sheet, json.loads(path.read_text(encoding="utf-8")))


def bake(sheet: Sheet, topology: dict[str, Any]) -> None:
    """Write one sheet: `xy` (points, 2) int16 in 1/PER_DEGREE degrees, delta-coded along the whole array."""
    arcs = [simplify(arc, sheet.tolerance_deg) for arc in decode_arcs(topology)]
    geometries = topology["objects"][sheet.collection]["geometries"]
    rings, owners, names = [], [], []
    for geometry in geometries:
        names.append(geometry["properties"]["name"])
        for ring in rings_of(geometry):
            outline = close_round_pole(unwrap(join(arcs, ring)))
            if len(outline) >= 4 and np.ptp(outline, axis=0).max() >= sheet.least_deg:
                rings.append(outline)
                owners.append(len(names) - 1)
    borders = [unwrap(arcs[index]) for index in shared_arcs(geometries)]
    points, starts = pack(rings)
    border_points, border_starts = pack(borders)
    target = HERE / f"{sheet.name}.npz"
    np.savez_compressed(
        target,
        per_degree=np.int32(PER_DEGREE),
        ring_xy=points,
        ring_start=starts,
        ring_owner=np.array(owners, dtype=np.int16),
        border_xy=border_points,
        border_start=border_starts,
        names=np.array(names),
    )
    sys.stdout.write(f"{target.name}: {len(points)} points, {len(rings)} rings, {target.stat().st_size} bytes\n")


def decode_arcs(topology: dict[str, Any]) -> list[NDArray[np.float64]]:
    """Every arc in degrees, shape (n, 2): TopoJSON stores differences of integers (TopoJSON 1.0, section 4)."""
    scale, translate = (np.array(topology["transform"][key], dtype=np.float64) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc, dtype=np.float64), axis=0) * scale + translate for arc in topology["arcs"]]


def rings_of(geometry: dict[str, Any]) -> Iterator[list[int]]:
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    for polygon in polygons:
        yield from polygon


def join(arcs: list[NDArray[np.float64]], ring: list[int]) -> NDArray[np.float64]:
    """The arcs of a ring end to end; ~i names arc i walked backwards; the shared end point is kept once."""
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in ring]
    return np.concatenate([part[:-1] for part in parts] + [parts[-1][-1:]])


def shared_arcs(geometries: list[dict[str, Any]]) -> list[int]:
    """Arcs with a neighbour on either side: borders, as against coast."""
    uses = Counter(
        index if index >= 0 else ~index for geometry in geometries for ring in rings_of(geometry) for index in ring
    )
    return sorted(index for index, count in uses.items() if count > 1)


def simplify(line: NDArray[np.float64], tolerance_deg: float) -> NDArray[np.float64]:
    """Douglas and Peucker (1973), an arc at a time, so that two countries keep one and the same border."""
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(line) - 1)]
    narrow = np.cos(np.radians(line[:, 1]))  # a degree of longitude is worth less towards the poles
    flat = np.column_stack([line[:, 0] * np.maximum(narrow, 0.2), line[:, 1]])
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        away = distance(flat[first + 1 : last], flat[first], flat[last])
        worst = int(away.argmax())
        if away[worst] > tolerance_deg:
            middle = first + 1 + worst
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return line[keep]


def distance(points: NDArray[np.float64], a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of points from the segment a-b."""
    along = b - a
    length = float(along @ along)
    share = np.clip((points - a) @ along / length, 0, 1) if length else np.zeros(len(points))
    return np.hypot(*(points - (a + share[:, None] * along)).T)


def unwrap(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same line without jumps at the date line: longitudes may pass 180 degrees, centred as near 0 as can be."""
    out = line.copy()
    out[:, 0] = np.unwrap(line[:, 0], period=360)
    out[:, 0] -= 360 * np.rint((out[:, 0].min() + out[:, 0].max()) / 720)
    return out


def close_round_pole(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Antarctica goes once round the earth: lead its ends to the pole, or it would be a line, not an area."""
    if abs(ring[-1, 0] - ring[0, 0]) < 180:
        return ring
    pole = -90.0 if ring[:, 1].mean() < 0 else 90.0
    return np.concatenate([ring, [[ring[-1, 0], pole], [ring[0, 0], pole], ring[0]]])


def pack(lines: list[NDArray[np.float64]]) -> tuple[NDArray[np.int16], NDArray[np.int32]]:
    """All points in one delta-coded array (it deflates far better), and where each line starts.

    Jumps between lines may pass 16 bits; the arithmetic wraps, and the reader's running sum wraps back.
    """
    starts = np.cumsum([0] + [len(line) for line in lines]).astype(np.int32)
    points = np.rint(np.concatenate(lines) * PER_DEGREE).astype(np.int32)
    if np.abs(points).max() > np.iinfo(np.int16).max:
        raise ValueError(f"a point at {np.abs(points).max() / PER_DEGREE:.1f} degrees does not fit 16 bits")
    return np.diff(points, axis=0, prepend=[[0, 0]]).astype(np.int16), starts


if __name__ == "__main__":
    main()
