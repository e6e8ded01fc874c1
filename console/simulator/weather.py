"""The air outside a site: a pure function of latitude, longitude, height, season and hour."""

from __future__ import annotations

import numpy as np

from console.simulator.noise import Floats, key_of, smooth
from console.simulator.plan import SitePlan

DAY_S = 86_400.0
YEAR_S = 365.2425 * DAY_S
EQUATOR_C = 28.0
LAPSE_C_PER_M = 0.0065  # the standard atmosphere's
HOTTEST_DAY = 200.0  # of the northern year
HOTTEST_HOUR = 15.0


def ambient_c(site: SitePlan, seed: int, at_s: Floats) -> Floats:
    """Outside air in °C at UTC epoch seconds `at_s`, shape of `at_s`.

    A rough fit to station means (32° north: 19 °C a year, 10 °C between mean and July), good to a few degrees.
    """
    latitude = site.latitude_deg
    mean = EQUATOR_C - 0.0085 * latitude**2 - LAPSE_C_PER_M * site.elevation_m
    season = np.sign(latitude) * 0.33 * abs(latitude)
    year = 2 * np.pi * (at_s / YEAR_S - HOTTEST_DAY / 365.0)
    solar_hour = at_s / 3600.0 + site.longitude_deg / 15.0
    day = 2 * np.pi * (solar_hour - HOTTEST_HOUR) / 24.0
    key = key_of(seed, site.id, "weather")
    front = 3.0 * smooth(key, at_s, 2.5 * DAY_S) + 0.6 * smooth(key ^ np.uint64(1), at_s, 3_600.0)
    air: Floats = mean + season * np.cos(year) + 6.0 * np.cos(day) + front
    return air
