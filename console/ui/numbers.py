"""Writes numbers and times as the screen shows them; knows no Qt and decides no colour.

No value (None or NaN) is an em dash, never zero. Minus is U+2212, thousands have a comma, units a space.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, tzinfo

NO_VALUE = "—"
MINUS = "−"
HASHRATE_UNITS = ((1e18, "EH/s"), (1e15, "PH/s"), (1e12, "TH/s"), (1e9, "GH/s"), (1.0, "H/s"))
POWER_UNITS = ((1e6, "MW"), (1e3, "kW"), (1.0, "W"))
UNIT_FACTORS = {unit: factor for factor, unit in (*HASHRATE_UNITS, (1e9, "GW"), *POWER_UNITS)}


def known(value: float | None) -> bool:
    """Whether there is a value to show."""
    return value is not None and math.isfinite(value)


def decimal(value: float | None, decimals: int = 0) -> str:
    """A number with a fixed count of decimals: `1,050`, `−0.44`; a rounded zero has no sign."""
    if value is None or not math.isfinite(value):
        return NO_VALUE
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0.,"):
        return text.lstrip("-")
    return text.replace("-", MINUS)


def integer(value: float | None) -> str:
    """A count with thousands separators."""
    return decimal(value, 0)


def counted(count: int, thing: str) -> str:
    """`1 site`, `44 sites`: for things whose plural is an s."""
    return f"{integer(count)} {thing}{'' if count == 1 else 's'}"


def percent(ratio: float | None, decimals: int = 1) -> str:
    """The number of a ratio in percent, without the sign: 0.897 -> `89.7`."""
    return decimal(None if ratio is None else ratio * 100, decimals)


def hashrate_text(hashrate_hs: float | None) -> tuple[str, str]:
    """A hashrate in the largest unit that leaves a whole number: ("44.87", "EH/s"), ("460.2", "PH/s")."""
    return _scaled(hashrate_hs, HASHRATE_UNITS, "EH/s")


def power_text(power_w: float | None) -> tuple[str, str]:
    """A power: ("1,050", "MW"), ("24.1", "MW"), ("850", "kW"). Never GW: operators compare megawatts."""
    return _scaled(power_w, POWER_UNITS, "MW", most_decimals=1)


def in_unit(value: float | None, unit: str, decimals: int) -> str:
    """The number of a canonical value (H/s, W) in a stated unit, for columns and axes that must not jump."""
    return decimal(None if value is None else value / UNIT_FACTORS[unit], decimals)


def efficiency_text(j_per_th: float | None) -> tuple[str, str]:
    """An efficiency: ("22.4", "J/TH")."""
    return decimal(j_per_th, 1), "J/TH"


def temperature_text(celsius: float | None) -> tuple[str, str]:
    """A temperature: ("31.4", "°C")."""
    return decimal(celsius, 1), "°C"


def _scaled(
    value: float | None, units: tuple[tuple[float, str], ...], unknown_unit: str, most_decimals: int = 2
) -> tuple[str, str]:
    if value is None or not math.isfinite(value):
        return NO_VALUE, unknown_unit
    factor, unit = next((pair for pair in units if abs(value) >= pair[0]), units[-1])
    scaled = value / factor
    return decimal(scaled, _decimals(scaled, most_decimals)), unit


def _decimals(scaled: float, most: int) -> int:
    """About four significant digits: 1,050 / 460.2 / 44.87."""
    size = abs(scaled)
    return min(most, 2) if size < 100 else min(most - 1, 1) if size < 1000 else 0


def utc_time(at_ms: int | None) -> str:
    """`14:32:07` in UTC; the caller writes the zone beside it."""
    return NO_VALUE if at_ms is None else _moment(at_ms, UTC).strftime("%H:%M:%S")


def utc_date(at_ms: int | None) -> str:
    """`2026-11-22` in UTC."""
    return NO_VALUE if at_ms is None else _moment(at_ms, UTC).strftime("%Y-%m-%d")


def utc_weekday(at_ms: int) -> str:
    """`Sun`, in English whatever the platform's language: the screen has one."""
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[_moment(at_ms, UTC).weekday()]


def utc_minute(at_ms: int | None) -> str:
    """`2026-11-22 14:32` in UTC."""
    return minute_in(at_ms, UTC)


def minute_in(at_ms: int | None, zone: tzinfo) -> str:
    """`2026-11-22 14:32` in a zone."""
    return NO_VALUE if at_ms is None else _moment(at_ms, zone).strftime("%Y-%m-%d %H:%M")


def range_text(start_ms: int, end_ms: int, zone: tzinfo = UTC) -> str:
    """`2026-11-22 08:32 – 14:32`; the end has its date where it differs."""
    start, end = _moment(start_ms, zone), _moment(end_ms, zone)
    tail = "%H:%M" if start.date() == end.date() else "%Y-%m-%d %H:%M"
    return f"{start:%Y-%m-%d %H:%M} – {end.strftime(tail)}"


def _moment(at_ms: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, zone)
