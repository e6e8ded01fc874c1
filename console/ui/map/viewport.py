"""Knows which part of the earth a rectangle of pixels shows, and how to move and zoom it; paints nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from console.ui.map.projection import EqualEarth, Floats


@dataclass(frozen=True, slots=True)
class Extent:
    """A stretch of the earth in degrees; `west` < `east`, never across the date line."""

    west: float
    east: float
    south: float
    north: float

    def including(self, longitudes: Iterable[float], latitudes: Iterable[float], margin_deg: float = 4.0) -> Extent:
        """The smallest extent with this one and every point, `margin_deg` from the edge."""
        points = list(zip(longitudes, latitudes, strict=True))
        return Extent(
            max(-180.0, min([self.west, *(x - margin_deg for x, _ in points)])),
            min(180.0, max([self.east, *(x + margin_deg for x, _ in points)])),
            max(-90.0, min([self.south, *(y - margin_deg for _, y in points)])),
            min(90.0, max([self.north, *(y + margin_deg for _, y in points)])),
        )


FOOTPRINT = Extent(west=-127.0, east=66.0, south=-43.0, north=53.6)  # both Americas to the Gulf, 7-look.md section 7
FOOTPRINT_MERIDIAN_DEG = -28.0  # both Americas and the Gulf are bent alike
WORLD = Extent(west=-180.0, east=180.0, south=-58.0, north=76.0)
WORLD_MERIDIAN_DEG = 10.0


@dataclass(frozen=True, slots=True)
class Viewport:
    """`width` x `height` logical pixels, centred on (x, y) of the projection, `scale` pixels an earth radius."""

    projection: EqualEarth
    width: float
    height: float
    x: float
    y: float
    scale: float

    def to_px(self, longitude_deg: ArrayLike, latitude_deg: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees to pixels, y downwards."""
        x, y = self.projection.forward(longitude_deg, latitude_deg)
        return self.width / 2 + (x - self.x) * self.scale, self.height / 2 - (y - self.y) * self.scale

    def to_degrees(self, px: ArrayLike, py: ArrayLike) -> tuple[Floats, Floats]:
        """Pixels to (longitude, latitude); NaN off the earth."""
        x = self.x + (np.asarray(px, dtype=np.float64) - self.width / 2) / self.scale
        y = self.y - (np.asarray(py, dtype=np.float64) - self.height / 2) / self.scale
        return self.projection.inverse(x, y)

    def panned(self, dx_px: float, dy_px: float) -> Viewport:
        """The ground moved by so many pixels, as a hand would move it; the centre never leaves the earth."""
        x = float(np.clip(self.x - dx_px / self.scale, -2.7, 2.7))
        y = float(np.clip(self.y + dy_px / self.scale, -1.3, 1.3))
        return replace(self, x=x, y=y)

    def zoomed(self, factor: float, px: float, py: float, least: float, most: float) -> Viewport:
        """Zoomed with the ground under (px, py) kept in place; `least` and `most` bound the scale."""
        scale = float(np.clip(self.scale * factor, least, most))
        share = 1 / self.scale - 1 / scale
        return replace(
            self,
            scale=scale,
            x=self.x + (px - self.width / 2) * share,
            y=self.y - (py - self.height / 2) * share,
        )

    def resized(self, width: float, height: float) -> Viewport:
        """The same centre and scale in another rectangle."""
        return replace(self, width=width, height=height)


def showing(extent: Extent, meridian_deg: float, width: float, height: float) -> Viewport:
    """The viewport that holds an extent as large as it fits."""
    projection = EqualEarth(meridian_deg)
    steps = np.linspace(0, 1, 25)
    east = extent.east - 1e-6 if extent.east - extent.west >= 360 else extent.east
    longitudes = np.concatenate([np.full(25, extent.west), np.full(25, east)])
    latitudes = np.tile(extent.south + steps * (extent.north - extent.south), 2)
    if extent.east - extent.west >= 359.0:  # the whole round: counted from the meridian, or both edges fall together
        longitudes = np.where(np.arange(50) < 25, meridian_deg - 180.0, meridian_deg + 180.0 - 1e-6)
    x, y = projection.forward(longitudes, latitudes)
    scale = min(width / np.ptp(x), height / np.ptp(y))
    return Viewport(projection, width, height, float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2, float(scale))


def home(longitudes: Iterable[float], latitudes: Iterable[float], width: float, height: float) -> Viewport:
    """The view to come back to: the footprint, widened until it holds every site; the whole world where it must."""
    extent = FOOTPRINT.including(longitudes, latitudes)
    if extent.east > 120.0 or extent.west < -170.0:
        return showing(WORLD, WORLD_MERIDIAN_DEG, width, height)
    return showing(extent, FOOTPRINT_MERIDIAN_DEG, width, height)
