"""Equal Earth against the paper's own figures, and by its properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ui.map.projection import EqualEarth

LONGITUDES = st.floats(-180, 179.999)
LATITUDES = st.floats(-89.9, 89.9)


@pytest.mark.parametrize(
    ("longitude", "latitude", "x", "y"),
    [  # PROJ 9: cs2cs +proj=eqearth +R=1
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 90.0, 0.0, 1.3173627591574133),
        (-180.0, 0.0, -2.7066299836960748, 0.0),
        (45.0, 45.0, 0.5799272495514918, 0.8602310855220103),
    ],
)
def test_the_published_formula_gives_its_published_points(longitude, latitude, x, y) -> None:
    got = EqualEarth().forward(longitude, latitude)
    assert got[0] == pytest.approx(x, abs=1e-12)
    assert got[1] == pytest.approx(y, abs=1e-12)


@given(LONGITUDES, LATITUDES, st.floats(-180, 180))
def test_there_and_back_again(longitude: float, latitude: float, meridian: float) -> None:
    projection = EqualEarth(meridian)
    back = projection.inverse(*projection.forward(longitude, latitude))
    assert abs((float(back[0]) - longitude + 180) % 360 - 180) < 1e-7
    assert float(back[1]) == pytest.approx(latitude, abs=1e-7)


@given(st.floats(-170, 170), st.floats(-80, 80))
def test_a_patch_keeps_its_area_wherever_it_lies(longitude: float, latitude: float) -> None:
    half = 0.05
    corners_x = np.array([-half, half, half, -half]) / np.cos(np.radians(latitude)) + longitude
    corners_y = np.array([-half, -half, half, half]) + latitude
    x, y = EqualEarth().forward(corners_x, corners_y)
    area = 0.5 * abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    east, west = np.radians(corners_x[1]), np.radians(corners_x[0])
    true = (east - west) * (np.sin(np.radians(corners_y[2])) - np.sin(np.radians(corners_y[0])))
    assert area == pytest.approx(true, rel=1e-3)


def test_a_point_off_the_earth_is_nowhere() -> None:
    longitude, latitude = EqualEarth().inverse([2.0, 0.0, 3.5], [1.3, 1.6, 0.0])
    assert np.isnan(longitude).all()
    assert np.isnan(latitude).all()


def test_the_meridian_stands_in_the_middle() -> None:
    assert EqualEarth(-28.0).forward(-28.0, 17.0)[0] == pytest.approx(0.0)
    assert EqualEarth(-28.0).forward(152.1, 0.0)[0] < 0 < EqualEarth(-28.0).forward(151.9, 0.0)[0]
