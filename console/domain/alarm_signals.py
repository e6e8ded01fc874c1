"""Knows what an alarm rule may watch: the signals of a place, what is derived from them, and in which unit each is.

The same functions serve one sample of many places and many samples of one place: arrays go in, an array comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm_rule import Level
from console.domain.metric import METRICS, SIGNALS
from console.domain.units import Dimension

Values = NDArray[np.float64]
Columns = Mapping[str, Values]
SHARE = "share"  # a number between 0 and 1, written in percent
NUMBER = "number"
EVENT = "event"  # nothing is measured: whoever knows of it raises the alarm and clears it
LEAST_AWAKE = 0.2  # below this share of machines awake and heard, "expected" says nothing
DIMENSION_OF_UNIT = {"H/s": Dimension.HASHRATE, "W": Dimension.POWER, "°C": Dimension.TEMPERATURE}
PLACES = frozenset({Level.SITE, Level.CONTAINER})
SUMS = frozenset({Level.SITE, Level.REGION, Level.FLEET})


@dataclass(frozen=True, slots=True)
class Watchable:
    """One signal of a rule: in which unit a limit is written, at which places it is known, and what it is made of.

    `of` is None where whoever feeds the rule supplies it (a measured signal, a link's state).
    """

    name: str
    kind: Dimension | str
    levels: frozenset[Level]
    of: Callable[[Columns], Values] | None = None
    needs: tuple[str, ...] = ()


def _share_of_miners(name: str) -> Callable[[Columns], Values]:
    def share(columns: Columns) -> Values:
        return _ratio(columns[name], columns["miners"])

    return share


def _ratio(part: Values, whole: Values) -> Values:
    """NaN where the whole is 0 or not known."""
    return part / np.where(whole > 0, whole, np.nan)


def _expected_hs(columns: Columns) -> Values:
    """The rated hashrate of the machines that are heard of and do not rest; NaN where that is hardly any of them.

    A machine that tells nothing is missing, not at zero: that it is silent is an alarm of its own.
    """
    silent = np.nan_to_num(columns["unknown"])
    part = _ratio(columns["miners"] - columns["curtailed"] - silent, columns["miners"])
    return columns["deployed_hs"] * np.where(part >= LEAST_AWAKE, part, np.nan)


def _efficiency(columns: Columns) -> Values:
    """Power over hashrate in J/TH, where at least a tenth of the deployed hashrate is there to be divided by."""
    enough = columns["hashrate_hs"] >= 0.1 * columns["deployed_hs"]
    return _ratio(columns["power_w"], np.where(enough, columns["hashrate_hs"], np.nan) / 1e12)


def _down_share(columns: Columns) -> Values:
    return _ratio(columns["off"] + columns["unknown"], columns["miners"])


def _missing_share(columns: Columns) -> Values:
    """The share of the sites that have no fresh value."""
    return _ratio(columns["sites"] - columns["sites_fresh"], columns["sites"])


def _derived() -> tuple[Watchable, ...]:
    shares = ("off", "degraded", "unknown", "suspect", "curtailed")
    return (
        *(Watchable(f"{name}_share", SHARE, PLACES, _share_of_miners(name), (name, "miners")) for name in shares),
        Watchable("down_share", SHARE, PLACES, _down_share, ("off", "unknown", "miners")),
        Watchable(
            "expected_hs",
            Dimension.HASHRATE,
            frozenset({Level.SITE}),
            _expected_hs,
            ("deployed_hs", "miners", "curtailed", "unknown"),
        ),
        Watchable(
            "efficiency_j_per_th",
            Dimension.EFFICIENCY,
            frozenset({Level.SITE}),
            _efficiency,
            ("power_w", "hashrate_hs", "deployed_hs"),
        ),
        Watchable("missing_share", SHARE, SUMS - {Level.SITE}, _missing_share, ("sites", "sites_fresh")),
    )


def _told() -> tuple[Watchable, ...]:
    """What the configuration or the collector itself knows of a site or of the fleet."""
    site, fleet = frozenset({Level.SITE}), frozenset({Level.FLEET})
    flags = ("no_link", "refused", "broken", "limited")
    return (
        Watchable("capacity_w", Dimension.POWER, site),
        Watchable("target_hs", Dimension.HASHRATE, fleet),
        Watchable("hashrate_untold", NUMBER, site),  # 1 while its samples hold none and held one before, else 0
        Watchable("age_periods", NUMBER, site),  # age of the newest sample, in poll periods
        Watchable("clock_ahead_s", Dimension.DURATION, site),
        Watchable("backfill_stalled_s", Dimension.DURATION, fleet),
        Watchable(EVENT, NUMBER, frozenset(Level)),
        *(Watchable(flag, NUMBER, site) for flag in flags),  # 1 while the link is so, else 0
    )


def _measured() -> tuple[Watchable, ...]:
    everywhere = PLACES | SUMS
    metrics = {metric.name for metric in METRICS} | {"deployed_hs"}  # of a machine that is its rating
    return tuple(
        Watchable(
            signal.name,
            DIMENSION_OF_UNIT.get(signal.unit, NUMBER),
            everywhere | {Level.MINER} if signal.name in metrics else everywhere,
        )
        for signal in SIGNALS
    )


WATCHABLE = {watchable.name: watchable for watchable in (*_measured(), *_derived(), *_told())}
STATE_OF_THE_LINK = frozenset({"no_link", "refused", "broken", "limited", "age_periods", "clock_ahead_s"})


def signal_of(name: str, columns: Columns, size: int) -> Values:
    """One watchable signal, shape (size,); NaN where what it needs is not there."""
    watchable = WATCHABLE[name]
    if watchable.of is None:
        return columns[name] if name in columns else np.full(size, np.nan)
    if any(need not in columns for need in watchable.needs):
        return np.full(size, np.nan)
    return watchable.of(columns)


def needed(name: str) -> tuple[str, ...]:
    """The measured or told signals behind a watchable one."""
    return WATCHABLE[name].needs or (name,)
