"""Knows what one look at one device brought, in canonical units; None is "not told" and is never made a zero."""

from __future__ import annotations

import math

import msgspec

MOST_TEXT = 80


class Sighting(msgspec.Struct, frozen=True, omit_defaults=True):
    """One device that answered. Texts are printable and short; numbers are finite or None."""

    ip: str
    model: str = ""
    serial: str = ""
    mac: str = ""
    firmware: str = ""
    rated_hs: float | None = None
    hashrate_hs: float | None = None
    power_w: float | None = None
    board_c: float | None = None
    inlet_c: float | None = None
    curtailed: bool = False


def words(*parts: object) -> str:
    """The parts that are text, joined; control characters out, cut at 80 characters."""
    joined = " ".join(part for part in parts if isinstance(part, str) and part)
    return "".join(char for char in joined if char.isprintable()).strip()[:MOST_TEXT]


def number(value: object) -> float | None:
    """A finite number, also from text such as "3200"; everything else is None."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def hottest(values: object) -> float | None:
    """The highest of the known numbers, or None; a sensor that reads exactly 0 or below -40 °C is not there."""
    if not isinstance(values, list | tuple):
        return None
    known = [value for value in map(number, values) if value is not None and value > -40 and value != 0]
    return max(known, default=None)
