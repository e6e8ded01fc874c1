"""Knows what hashrate is worth at one difficulty: expected BTC, hash price, break-even, costs, uptime.

Every formula is a definition of the fleet's own books (design page 6, "Fleet economics") or of the Bitcoin protocol.
How the difficulty moves over time is the matter of `difficulty`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.durations import DAY_S

HASHES_PER_DIFFICULTY = 2**32
BLOCK_S = 600
BLOCKS_PER_HALVING = 210_000
FIRST_SUBSIDY_BTC = 50.0


def subsidy_btc(height: int) -> float:
    """New coins of the block at `height`: 50 / 2^⌊height/210000⌋ (Bitcoin protocol, GetBlockSubsidy)."""
    return FIRST_SUBSIDY_BTC / 2.0 ** (height // BLOCKS_PER_HALVING)


def btc_per_day(hashrate_hs: float, difficulty: float, reward_btc: float, pool_fee: float = 0.0) -> float:
    """Expected BTC a day: H · 86400 / (D · 2³²) · (S + F) · (1 − pool fee); `reward_btc` = S + F."""
    return hashrate_hs * DAY_S / (difficulty * HASHES_PER_DIFFICULTY) * reward_btc * (1.0 - pool_fee)


def network_hashrate_hs(difficulty: float) -> float:
    """The hashrate at which blocks come every 600 s: D · 2³² / 600 s."""
    return difficulty * HASHES_PER_DIFFICULTY / BLOCK_S


def hashvalue_btc_per_ph_day(difficulty: float, reward_btc: float) -> float:
    """BTC that one PH/s is expected to earn in a day, before pool fees."""
    return btc_per_day(1e15, difficulty, reward_btc)


def hashprice_usd_per_ph_day(difficulty: float, reward_btc: float, btc_usd: float) -> float:
    """Hash value times the price of a bitcoin."""
    return hashvalue_btc_per_ph_day(difficulty, reward_btc) * btc_usd


def break_even_usd_per_mwh(hashprice: float, efficiency_j_per_th: float) -> float:
    """The power price at which energy costs what hashing earns: hashprice / (0.024 · efficiency).

    `hashprice` in USD per PH/s and day; one PH/s at one J/TH takes 1 kW, so 0.024 MWh a day.
    """
    return hashprice / (0.024 * efficiency_j_per_th)


def energy_per_btc_mwh(difficulty: float, reward_btc: float, efficiency_j_per_th: float) -> float:
    """Energy of one expected bitcoin: D · 2³² / (S + F) · efficiency[J/TH] / 10¹² / 3.6·10⁹."""
    return difficulty * HASHES_PER_DIFFICULTY / reward_btc * efficiency_j_per_th / 1e12 / 3.6e9


def change_usd_per_h(delta_w: float, power_price_usd_per_mwh: float, delta_hs: float, hashprice: float | None) -> float:
    """What a change is worth an hour, positive for a gain: −ΔMW · price + ΔPH/s · hashprice / 24.

    Power that is saved is paid no more, hashrate that rests earns nothing. `hashprice` in USD per PH/s and day; None
    where nobody told one: then the power's part alone, and whoever shows it says so.
    """
    power_usd = -delta_w / 1e6 * power_price_usd_per_mwh
    return power_usd + (0.0 if hashprice is None else delta_hs / 1e15 * hashprice / 24.0)


def energy_cost_per_btc_usd(energy_mwh: float, power_price_usd_per_mwh: float) -> float:
    """Energy of one bitcoin times the all-in power price."""
    return energy_mwh * power_price_usd_per_mwh


def cash_cost_per_btc_usd(energy_usd: float, hosting_usd: float, operations_usd: float, btc: float) -> float:
    """Cash cost: (energy + hosting + site operations) / BTC; NaN without a bitcoin."""
    return (energy_usd + hosting_usd + operations_usd) / btc if btc > 0 else math.nan


def all_in_cost_per_btc_usd(cash_usd: float, depreciation_usd: float, overhead_usd: float, btc: float) -> float:
    """All-in cost: what cash cost counts, in total, plus depreciation and overhead; NaN without a bitcoin."""
    return (cash_usd + depreciation_usd + overhead_usd) / btc if btc > 0 else math.nan


def j_per_th(power_w: float, hashrate_hs: float) -> float:
    """Efficiency of one place: power over hashrate; NaN where nothing hashes."""
    return power_w / (hashrate_hs / 1e12) if hashrate_hs else math.nan


def efficiency_j_per_th(power_w: NDArray[np.float64], hashrate_hs: NDArray[np.float64]) -> float:
    """Fleet efficiency: Σ power / Σ hashrate over the places where both are known; NaN where nothing hashes.

    Give the miners' power for the figure at the wall, the sites' meters for the figure with overhead. Shapes (n,).
    """
    both = np.isfinite(power_w) & np.isfinite(hashrate_hs)
    total_th = float(hashrate_hs[both].sum()) / 1e12
    return float(power_w[both].sum()) / total_th if total_th > 0 else math.nan


def operational_ratio(average_hs: float, deployed_hs: float) -> float:
    """Average operational over deployed hashrate (the company's target is above 0.90); NaN without machines."""
    return average_hs / deployed_hs if deployed_hs > 0 else math.nan


@dataclass(frozen=True, slots=True)
class Uptime:
    """`ratio` leaves economic curtailment out; `curtailed_h` is shown beside it, in miner-hours."""

    ratio: float
    curtailed_h: float


def uptime(hashing_h: float, all_h: float, curtailed_h: float) -> Uptime:
    """Hashing over available miner-hours. Hours curtailed for money are not available: they are no fault."""
    available_h = all_h - curtailed_h
    return Uptime(hashing_h / available_h if available_h > 0 else math.nan, curtailed_h)


def held_btc(before_btc: float, produced_btc: float, sold_btc: float) -> float:
    """Mine and hold is a ledger: held = held before + produced − sold."""
    return before_btc + produced_btc - sold_btc
