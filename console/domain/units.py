"""Knows the units of the trade and turns "2.2 EH/s" into a canonical number; knows nothing of files or sources.

Canonical units are H/s, W, J, USD/MWh, J/TH, °C and s. Case is exact, because it carries meaning: `MW` and `mW` differ
by a factor of 10⁹, so whatever is not in the table is refused rather than guessed. Scaling is done in rationals and
rounded once, so "2.2 EH/s" is the double nearest to 2.2e18 and nothing else.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from console.domain.errors import UnitError

Values = TypeVar("Values", float, NDArray[np.float64])

QUANTITY = re.compile(r"\s*([+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?)\s*(\S.*?)?\s*", re.DOTALL)
PREFIXES = {"": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21}


class Dimension(enum.StrEnum):
    """What a quantity measures; each has one canonical unit."""

    HASHRATE = "hashrate"
    POWER = "power"
    ENERGY = "energy"
    ENERGY_PRICE = "energy price"
    EFFICIENCY = "efficiency"
    TEMPERATURE = "temperature"
    DURATION = "duration"
    POWER_RAMP = "power ramp"


EXAMPLES = {
    Dimension.HASHRATE: "2.2 EH/s",
    Dimension.POWER: "50 MW",
    Dimension.ENERGY: "1.2 MWh",
    Dimension.ENERGY_PRICE: "45 USD/MWh",
    Dimension.EFFICIENCY: "22.5 J/TH",
    Dimension.TEMPERATURE: "35 °C",
    Dimension.DURATION: "30 s",
    Dimension.POWER_RAMP: "5 MW/min",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: canonical = (value + shift) · factor."""

    symbol: str
    dimension: Dimension
    factor: Fraction
    shift: Fraction = Fraction(0)

    def exact(self, value: Fraction) -> float:
        """The canonical value, rounded once."""
        return float((value + self.shift) * self.factor)

    def canonical(self, values: Values) -> Values:
        """A float or an array of any shape in this unit, in the canonical one; NaN stays NaN."""
        shifted = values + float(self.shift) if self.shift else values
        if self.factor.denominator == 1:
            return shifted * float(self.factor)
        return shifted * float(self.factor.numerator) / float(self.factor.denominator)


def _hashrates() -> dict[str, Fraction]:
    """`TH/s` and the spellings that sources use: `Th/s` (Braiins Pool) and `THS` (cgminer, Luxor); `K` as in `KHS`."""
    prefixes = {**PREFIXES, "K": 3}
    return {
        f"{prefix}{tail}": Fraction(10**power) for prefix, power in prefixes.items() for tail in ("H/s", "h/s", "HS")
    }


def _scaled(base: str, least: str, most: str, factor: Fraction) -> dict[str, Fraction]:
    """The prefixed forms of `base` between two prefixes."""
    low, high = PREFIXES[least], PREFIXES[most]
    return {f"{prefix}{base}": factor * 10**power for prefix, power in PREFIXES.items() if low <= power <= high}


FACTORS: dict[Dimension, dict[str, Fraction]] = {
    Dimension.HASHRATE: _hashrates(),
    Dimension.POWER: _scaled("W", "", "G", Fraction(1)),
    Dimension.ENERGY: {**_scaled("J", "", "T", Fraction(1)), **_scaled("Wh", "", "T", Fraction(3600))},
    Dimension.ENERGY_PRICE: {
        "USD/MWh": Fraction(1),
        "USD/kWh": Fraction(1000),
        "$/MWh": Fraction(1),
        "$/kWh": Fraction(1000),
    },
    Dimension.EFFICIENCY: {"J/TH": Fraction(1), "W/TH": Fraction(1), "J/GH": Fraction(1000), "W/GH": Fraction(1000)},
    Dimension.TEMPERATURE: {},
    Dimension.DURATION: {
        "ms": Fraction(1, 1000),
        "s": Fraction(1),
        "min": Fraction(60),
        "h": Fraction(3600),
        "d": Fraction(86400),
    },
    Dimension.POWER_RAMP: {  # canonical: W/min
        **_scaled("W/min", "", "G", Fraction(1)),
        **_scaled("W/s", "", "G", Fraction(60)),
        **_scaled("W/h", "", "G", Fraction(1, 60)),
    },
}
TEMPERATURES = {
    "C": (Fraction(1), Fraction(0)),
    "F": (Fraction(5, 9), Fraction(-32)),
}


def _table() -> dict[Dimension, dict[str, Unit]]:
    table = {
        dimension: {symbol: Unit(symbol, dimension, factor) for symbol, factor in factors.items()}
        for dimension, factors in FACTORS.items()
    }
    temperatures = table[Dimension.TEMPERATURE]
    for letter, (factor, shift) in TEMPERATURES.items():
        for symbol in (f"°{letter}", f"deg{letter}", letter):
            temperatures[symbol] = Unit(symbol, Dimension.TEMPERATURE, factor, shift)
    temperatures["K"] = Unit("K", Dimension.TEMPERATURE, Fraction(1), Fraction("-273.15"))
    return table


UNITS = _table()


def unit(symbol: str, dimension: Dimension) -> Unit:
    """The unit of that exact spelling; raises UnitError, naming symbol and dimension, for every other one."""
    known = UNITS[dimension]
    if symbol in known:
        return known[symbol]
    raise UnitError(f'unknown unit "{symbol}" for a {dimension}: {_advice(symbol, dimension)}')


def _advice(symbol: str, dimension: Dimension) -> str:
    """Why the spelling is refused: another case, another dimension, or not known at all."""
    known = UNITS[dimension]
    same_letters = [name for name in known if name.casefold() == symbol.casefold()]
    if same_letters:
        return f"case matters, write {' or '.join(same_letters)}"
    elsewhere = [other for other, names in UNITS.items() if symbol in names]
    if elsewhere:
        return f"it measures {' or '.join(elsewhere)}; expected one such as {_usual(dimension)}"
    return f"expected one such as {_usual(dimension)}"


def _usual(dimension: Dimension) -> str:
    usual = [
        name for name in UNITS[dimension] if "h/s" not in name and not name.endswith("HS") and name[0] not in "K$d"
    ]
    return ", ".join(usual or UNITS[dimension])


def parse(text: object, dimension: Dimension) -> float:
    """A quantity as people write it, in the canonical unit of its dimension: `parse("50 MW", POWER)` is 5e7.

    Takes any object, since a file may hold a bare number where a quantity belongs. Raises UnitError, which says
    what was found and what was expected. The sign is not judged here.
    """
    expected = f'expected a {dimension} with its unit, e.g. "{EXAMPLES[dimension]}"'
    if isinstance(text, int | float):
        raise UnitError(f"found the bare number {text}, {expected}")
    if not isinstance(text, str):
        raise UnitError(f"found {type(text).__name__}, {expected}")
    match = QUANTITY.fullmatch(text)
    if match is None:
        raise UnitError(f'found "{text[:60]}", {expected}')
    number, symbol = match.groups()
    if symbol is None:
        raise UnitError(f'found the bare number "{number}", {expected}')
    return unit(symbol[:60], dimension).exact(Fraction(number))
