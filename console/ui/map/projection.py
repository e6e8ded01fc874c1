"""Knows the Equal Earth projection, both ways, on arrays; knows nothing of pixels, widgets or sites.

Disc area on our map carries megawatts, so the ground keeps its area too (7-look.md, section 7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Šavrič, Patterson, Jenny (2018), "The Equal Earth map projection", doi:10.1080/13658816.2018.1504949
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
M = np.sqrt(3) / 2
NEWTON_STEPS = 6  # from theta = y / A1 the error is below 1e-14 everywhere


@dataclass(frozen=True, slots=True)
class EqualEarth:
    """Equal Earth about `meridian_deg`. Lengths are in earth radii, x to the east, y to the north."""

    meridian_deg: float = 0.0

    def forward(self, longitude_deg: ArrayLike, latitude_deg: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees to (x, y). Longitudes are taken within 180 degrees of the meridian."""
        around = (np.asarray(longitude_deg, dtype=np.float64) - self.meridian_deg + 180.0) % 360.0 - 180.0
        return self.forward_unwrapped(around, latitude_deg)

    def forward_unwrapped(self, from_meridian_deg: ArrayLike, latitude_deg: ArrayLike) -> tuple[Floats, Floats]:
        """As `forward`, for longitudes counted from the meridian and already cut there: +180 stays east, -180 west."""
        theta = np.arcsin(M * np.sin(np.radians(np.asarray(latitude_deg, dtype=np.float64))))
        x = np.radians(np.asarray(from_meridian_deg, dtype=np.float64)) * np.cos(theta) / (M * _slope(theta))
        return x, _height(theta)

    def inverse(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """(x, y) to degrees, by Newton's method; NaN where the point is off the earth."""
        height = np.asarray(y, dtype=np.float64)
        theta = height / A1
        for _ in range(NEWTON_STEPS):
            theta = theta - (_height(theta) - height) / _slope(theta)
        with np.errstate(invalid="ignore"):
            latitude = np.degrees(np.arcsin(np.sin(theta) / M))
        from_meridian = np.degrees(M * np.asarray(x, dtype=np.float64) * _slope(theta) / np.cos(theta))
        outside = (np.abs(from_meridian) > 180.0 + 1e-9) | ~np.isfinite(latitude)
        longitude = (from_meridian + self.meridian_deg + 180.0) % 360.0 - 180.0
        return np.where(outside, np.nan, longitude), np.where(outside, np.nan, latitude)


def _height(theta: Floats) -> Floats:
    """y of the parametric latitude, equation (1) of the paper."""
    square = theta * theta
    sixth = square * square * square
    return theta * (A1 + A2 * square + sixth * (A3 + A4 * square))


def _slope(theta: Floats) -> Floats:
    """dy / dtheta."""
    square = theta * theta
    sixth = square * square * square
    return A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square)
