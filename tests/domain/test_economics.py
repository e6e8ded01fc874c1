"""Economics: the golden numbers of the operator's own books, and laws that every formula must keep."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import economics as eco
from console.domain.difficulty import NoDifficulty, expected_today, parse_epochs
from console.domain.durations import DAY_MS
from console.domain.economics import j_per_th
from console.domain.errors import ConfigError
from console.epochs import load_difficulty

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
DIFFICULTY = load_difficulty()
D_HASHPRICE = 126.27e12
FIRST_MS = DIFFICULTY.epochs[0].start_ms
SPAN_MS = DIFFICULTY.known_until_ms - FIRST_MS


def ms(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp() * 1000)


def month(year: int, number: int) -> tuple[int, int]:
    ahead = (year + number // 12, number % 12 + 1)
    return ms(f"{year}-{number:02}-01"), ms(f"{ahead[0]}-{ahead[1]:02}-01")


def test_july_2025_is_649_btc_as_near_as_the_epoch_starts_are_known() -> None:
    """The page says 649.0; starts rebuilt from the retarget rule are some hours off, and give 648.3 (0.11 % less)."""
    expected = DIFFICULTY.expected(40.91e18, *month(2025, 7))
    assert expected.btc == pytest.approx(649.0, rel=2e-3)
    assert not expected.held
    assert 1.000 <= 650.5 / expected.btc <= 1.005


def full_months() -> list[dict[str, str]]:
    path = SHARED / "data" / "production_monthly.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["avg_operational_ehs"] and row["month"] != "2024-11"]


@pytest.mark.skipif(not full_months(), reason="the operator's monthly figures are not beside this checkout")
@pytest.mark.parametrize("row", full_months(), ids=lambda row: row["month"])
def test_every_full_month_is_met_within_one_percent(row: dict[str, str]) -> None:
    year, number = map(int, row["month"].split("-"))
    expected = DIFFICULTY.expected(float(row["avg_operational_ehs"]) * 1e18, *month(year, number))
    assert 1.000 <= float(row["btc_produced"]) / expected.btc <= 1.012


def test_hashprice_and_break_even() -> None:
    price = eco.hashprice_usd_per_ph_day(D_HASHPRICE, 3.125, 115_000)
    assert round(price, 2) == 57.25
    assert [round(eco.break_even_usd_per_mwh(price, j)) for j in (15, 20, 29.5)] == [159, 119, 81]


def test_energy_per_bitcoin() -> None:
    energy = eco.energy_per_btc_mwh(D_HASHPRICE, 3.125, 20)
    assert round(energy) == 964
    with_fees = eco.energy_per_btc_mwh(D_HASHPRICE, 3.125 + 0.087, 20)
    assert round(with_fees) == 938  # the page's figure holds with fees of 2.8 % of the subsidy
    assert eco.energy_cost_per_btc_usd(energy, 50) == energy * 50
    assert 22.5 * 1000 * 24 / 1000 == 540  # kWh per PH/s and day at 22.5 J/TH


def test_at_the_break_even_price_energy_costs_what_a_bitcoin_brings() -> None:
    price = eco.hashprice_usd_per_ph_day(D_HASHPRICE, 3.125, 115_000)
    even = eco.break_even_usd_per_mwh(price, 20)
    assert eco.energy_cost_per_btc_usd(eco.energy_per_btc_mwh(D_HASHPRICE, 3.125, 20), even) == pytest.approx(115_000)


@pytest.mark.parametrize(
    ("height", "subsidy"),
    [(0, 50.0), (209_999, 50.0), (210_000, 25.0), (840_000, 3.125), (1_049_999, 3.125), (1_050_000, 1.5625)],
)
def test_the_subsidy_halves_every_210000_blocks(height: int, subsidy: float) -> None:
    assert eco.subsidy_btc(height) == subsidy


def test_the_halving_of_2024_falls_inside_its_epoch() -> None:
    before = DIFFICULTY.expected(1e18, ms("2024-04-18"), ms("2024-04-19")).btc
    after = DIFFICULTY.expected(1e18, ms("2024-04-21"), ms("2024-04-22")).btc
    assert before / after == pytest.approx(2.0)
    across = DIFFICULTY.expected(1e18, ms("2024-04-19"), ms("2024-04-21")).btc
    assert 2 * after < across < 2 * before


def test_the_network_at_its_own_hashrate_finds_144_blocks_a_day() -> None:
    network = eco.network_hashrate_hs(D_HASHPRICE)
    assert eco.btc_per_day(network, D_HASHPRICE, 3.125) == pytest.approx(144 * 3.125)
    assert eco.btc_per_day(network, D_HASHPRICE, 3.125, pool_fee=0.25) == pytest.approx(144 * 3.125 * 0.75)


def test_past_the_table_the_last_difficulty_is_held_and_said() -> None:
    end = DIFFICULTY.known_until_ms
    inside, past = DIFFICULTY.expected(1e18, end - DAY_MS, end), DIFFICULTY.expected(1e18, end, end + DAY_MS)
    assert (inside.held, past.held) == (False, True)
    assert past.btc == pytest.approx(inside.btc)
    assert DIFFICULTY.expected(1e18, ms("2028-12-01"), ms("2028-12-02")).btc == pytest.approx(inside.btc / 2)


def test_before_the_table_there_is_no_answer() -> None:
    with pytest.raises(NoDifficulty, match="only for 2021-11-14"):
        DIFFICULTY.expected(1e18, ms("2020-01-01"), ms("2020-01-02"))
    with pytest.raises(NoDifficulty):
        DIFFICULTY.at(0)


def test_the_difficulty_of_a_moment_is_that_of_its_epoch() -> None:
    assert DIFFICULTY.at(FIRST_MS).difficulty == 22674148233453.11
    assert DIFFICULTY.at(ms("2040-01-01")) == DIFFICULTY.epochs[-1]


moments = st.integers(0, SPAN_MS)


@given(moments, moments, moments, st.floats(0, 1e20))
def test_a_span_is_the_sum_of_its_parts(a: int, b: int, c: int, hashrate: float) -> None:
    start, middle, end = (FIRST_MS + moment for moment in sorted((a, b, c)))
    parts = DIFFICULTY.expected(hashrate, start, middle).btc + DIFFICULTY.expected(hashrate, middle, end).btc
    assert parts == pytest.approx(DIFFICULTY.expected(hashrate, start, end).btc, rel=1e-9, abs=1e-6)


@given(moments, st.floats(1e12, 1e20), st.floats(0, 0.5), st.floats(0, 0.2))
def test_inside_one_epoch_the_table_agrees_with_the_daily_formula(at: int, hs: float, fees: float, fee: float) -> None:
    epoch = DIFFICULTY.at(FIRST_MS + at)
    if epoch.first_height // eco.BLOCKS_PER_HALVING != (epoch.first_height + 2016) // eco.BLOCKS_PER_HALVING:
        return  # the one epoch of the halving is tested above
    got = DIFFICULTY.expected(hs, epoch.start_ms, epoch.start_ms + DAY_MS, fees, fee).btc
    reward = eco.subsidy_btc(epoch.first_height) + fees
    assert got == pytest.approx(eco.btc_per_day(hs, epoch.difficulty, reward, fee), rel=1e-9)


@given(st.lists(st.floats(0, 60e18), min_size=1, max_size=200))
def test_a_series_of_one_level_earns_what_the_level_earns(levels: list[float]) -> None:
    start = ms("2025-07-01")
    at = start + 60_000 * np.arange(len(levels), dtype=np.int64)
    total = DIFFICULTY.accrued(np.array(levels), at, 60_000).btc
    parts = sum(DIFFICULTY.expected(hs, int(t), int(t) + 60_000).btc for hs, t in zip(levels, at, strict=True))
    assert total == pytest.approx(parts, rel=1e-9, abs=1e-9)


def test_a_gap_in_a_series_earned_nothing() -> None:
    at = ms("2025-07-01") + 60_000 * np.arange(4, dtype=np.int64)
    whole = DIFFICULTY.accrued(np.full(4, 1e18), at, 60_000).btc
    assert DIFFICULTY.accrued(np.array([1e18, np.nan, np.nan, 1e18]), at, 60_000).btc == pytest.approx(whole / 2)
    assert DIFFICULTY.accrued(np.array([]), np.array([], dtype=np.int64), 60_000).btc == 0.0


def test_today_is_what_was_earned_and_what_the_rest_will_bring() -> None:
    day, minute = ms("2025-07-02"), 60_000
    at = day - 100 * minute + minute * np.arange(820, dtype=np.int64)  # from yesterday up to noon
    now = day + 12 * 60 * minute + 30_000
    today = expected_today(DIFFICULTY, np.full(820, 40e18), at, minute, 40e18, now)
    assert today.btc == pytest.approx(DIFFICULTY.expected(40e18, day, day + DAY_MS).btc, rel=1e-9)
    assert today.accrued_btc == pytest.approx(today.rest_btc, rel=1e-6)
    none = expected_today(DIFFICULTY, np.array([]), np.array([], dtype=np.int64), minute, math.nan, now)
    assert (none.btc, none.held) == (0.0, False)


def test_costs_keep_both_definitions_apart() -> None:
    assert eco.cash_cost_per_btc_usd(60.0, 30.0, 10.0, 2.0) == 50.0
    assert eco.all_in_cost_per_btc_usd(100.0, 50.0, 10.0, 2.0) == 80.0
    assert math.isnan(eco.cash_cost_per_btc_usd(1.0, 1.0, 1.0, 0.0))


def test_efficiency_is_power_weighted_and_ignores_what_is_half_known() -> None:
    power, hashrate = np.array([3000.0, 1500.0, 9e9, np.nan]), np.array([100e12, 100e12, np.nan, 1e15])
    assert eco.efficiency_j_per_th(power, hashrate) == 22.5
    assert math.isnan(eco.efficiency_j_per_th(np.array([np.nan]), np.array([1e12])))


def test_curtailing_for_money_is_no_downtime_but_is_shown() -> None:
    assert eco.uptime(hashing_h=90, all_h=100, curtailed_h=10) == eco.Uptime(1.0, 10)
    assert math.isnan(eco.uptime(0, 10, 10).ratio)


def test_ratio_and_ledger() -> None:
    assert eco.operational_ratio(40.9e18, 50e18) == pytest.approx(0.818)
    assert round(eco.operational_ratio(43.74e18, 50e18), 3) == 0.875
    assert eco.held_btc(3879.2, 650.5, 0) == pytest.approx(4529.7)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ":1: found no epoch"),
        ("epoch,first_height\n1,2\n", ":2: 'start_utc_derived_pm_3h'"),
        ("first_height,start_utc_derived_pm_3h,difficulty_exact\n1,2025-01-01T00:00:00Z,-1\n", ":2: expected a diff"),
        ("first_height,start_utc_derived_pm_3h,difficulty_exact\n1,yesterday,1\n", ":2: Invalid isoformat"),
        ("first_height,start_utc_derived_pm_3h,difficulty_exact\n1,2025-01-01,1\n", ":2: expected a diff"),
    ],
)
def test_a_bad_table_names_its_line(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse_epochs(text, "epochs.csv")
    assert f"epochs.csv{says}" in str(refused.value)


def test_a_place_that_does_not_hash_has_no_efficiency() -> None:
    assert j_per_th(3_250.0, 100e12) == pytest.approx(32.5)
    assert math.isnan(j_per_th(3_250.0, 0.0))
    assert math.isnan(j_per_th(3_250.0, math.nan))
