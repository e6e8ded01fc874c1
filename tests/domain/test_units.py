"""Units: exact scaling, exact case, and refusals that say what was expected."""

from __future__ import annotations

import contextlib
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.errors import UnitError
from console.domain.units import EXAMPLES, UNITS, Dimension, parse, unit

ALL_UNITS = sorted((dimension, symbol) for dimension, symbols in UNITS.items() for symbol in symbols)


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("2.2 EH/s", Dimension.HASHRATE, 2.2e18),
        ("44.85 EH/s", Dimension.HASHRATE, 44.85e18),
        ("141 TH/s", Dimension.HASHRATE, 141e12),
        ("95000 GHS", Dimension.HASHRATE, 95e12),
        ("95 Th/s", Dimension.HASHRATE, 95e12),
        ("1 ZH/s", Dimension.HASHRATE, 1e21),
        ("7 KHS", Dimension.HASHRATE, 7e3),
        ("50 MW", Dimension.POWER, 50e6),
        ("50MW", Dimension.POWER, 50e6),
        ("1.1 GW", Dimension.POWER, 1.1e9),
        ("0.1 kW", Dimension.POWER, 100.0),
        ("1 kWh", Dimension.ENERGY, 3.6e6),
        ("938 MWh", Dimension.ENERGY, 938 * 3.6e9),
        ("45 USD/MWh", Dimension.ENERGY_PRICE, 45.0),
        ("0.0758 USD/kWh", Dimension.ENERGY_PRICE, 75.8),
        ("22.5 J/TH", Dimension.EFFICIENCY, 22.5),
        ("0.0225 J/GH", Dimension.EFFICIENCY, 22.5),
        ("212 °F", Dimension.TEMPERATURE, 100.0),
        ("-40 F", Dimension.TEMPERATURE, -40.0),
        ("300 K", Dimension.TEMPERATURE, 26.85),
        ("35 degC", Dimension.TEMPERATURE, 35.0),
        ("500 ms", Dimension.DURATION, 0.5),
        ("30 s", Dimension.DURATION, 30.0),
        ("1 h", Dimension.DURATION, 3600.0),
        ("1.5e3 W", Dimension.POWER, 1500.0),
    ],
)
def test_a_quantity_becomes_the_nearest_double(text: str, dimension: Dimension, value: float) -> None:
    assert parse(text, dimension) == value


@pytest.mark.parametrize(
    ("text", "dimension", "says"),
    [
        ("50 mW", Dimension.POWER, "case matters, write MW"),
        ("50 KW", Dimension.POWER, "case matters, write kW"),
        ("2 mH/s", Dimension.HASHRATE, "case matters"),
        ("50 MWh", Dimension.POWER, "it measures energy"),
        ("50", Dimension.POWER, 'the bare number "50"'),
        (50, Dimension.POWER, "the bare number 50"),
        (True, Dimension.POWER, "the bare number True"),
        (None, Dimension.POWER, "NoneType"),
        ("", Dimension.POWER, 'found ""'),
        ("MW", Dimension.POWER, 'found "MW"'),
        ("1,000 MW", Dimension.POWER, 'unknown unit ",000 MW"'),
        ("nan W", Dimension.POWER, "found"),
        ("inf W", Dimension.POWER, "found"),
        ("1e999999999 W", Dimension.POWER, "unknown unit"),
        ("45 EUR/MWh", Dimension.ENERGY_PRICE, "USD/MWh"),
        ("٣ W", Dimension.POWER, "found"),
        ("5 parsecs", Dimension.DURATION, 'unknown unit "parsecs" for a duration'),
    ],
)
def test_t32_what_is_not_in_the_table_is_refused(text: object, dimension: Dimension, says: str) -> None:
    with pytest.raises(UnitError) as refused:
        parse(text, dimension)
    assert says in str(refused.value)
    assert dimension in str(refused.value)


@pytest.mark.parametrize("dimension", Dimension)
def test_the_example_of_each_dimension_is_itself_valid(dimension: Dimension) -> None:
    assert math.isfinite(parse(EXAMPLES[dimension], dimension))


@given(st.sampled_from(ALL_UNITS), st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_text_and_array_agree_in_every_unit(named: tuple[Dimension, str], digits: int, places: int) -> None:
    dimension, symbol = named
    number = format(Decimal(digits).scaleb(-places), "f")
    array = unit(symbol, dimension).canonical(np.array([float(number), np.nan]))
    assert array[0] == pytest.approx(parse(f"{number} {symbol}", dimension), rel=1e-12, abs=1e-9)
    assert np.isnan(array[1])


@given(st.integers(-(10**9), 10**9), st.sampled_from([("GH/s", "TH/s"), ("MH/s", "GH/s"), ("PH/s", "EH/s")]))
def test_a_thousand_of_the_smaller_is_one_of_the_larger(count: int, pair: tuple[str, str]) -> None:
    small, large = pair
    assert parse(f"{count * 1000} {small}", Dimension.HASHRATE) == parse(f"{count} {large}", Dimension.HASHRATE)


@given(st.text(), st.sampled_from(list(Dimension)))
def test_any_text_gives_a_number_or_a_unit_error(text: str, dimension: Dimension) -> None:
    with contextlib.suppress(UnitError):
        assert math.isfinite(parse(text, dimension))
