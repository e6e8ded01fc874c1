"""The key values of the fleet as readings: value, unit, target or usual band, age, last hour (R5, R10).

Knows totals and series; draws nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from console.domain.difficulty import Difficulty, NoDifficulty, Today, expected_today
from console.domain.durations import DAY_MS, HOUR_MS
from console.domain.fleet_state import FleetNow, SiteMark
from console.domain.freshness import age_text
from console.domain.series import Series
from console.ui.models.attention import STATE_WORDS, WORST_FIRST
from console.ui.models.spark import Spark
from console.ui.models.usual_band import Minutes, minutes_of, usual_band, usual_text
from console.ui.numbers import decimal, efficiency_text, in_unit, integer, known, percent, power_text
from console.ui.widgets.bullet_bar import Bullet
from console.ui.widgets.state_glyph import ValueState
from console.ui.widgets.value_tile import Aside, Reading

LEAST_RESTING = 0.001  # of the deployed hashrate: below it, curtailment does not show in the ratio
FINE_BELOW_W = 100e6
NO_SITE = "no site is known"
SIGNALS = ("hashrate_hs", "power_w", "meter_w", "sites_fresh")


@dataclass(frozen=True, slots=True)
class Context:
    """What the readings rest on: the fleet now, its last 24 h by signal as far as read, and the difficulty."""

    now: FleetNow
    day: Mapping[str, Series]
    difficulty: Difficulty | None

    @property
    def state(self) -> ValueState:
        """How far the totals may be trusted."""
        return ValueState.of(self.now.total.freshness)

    @property
    def age(self) -> str:
        """The age of the oldest fresh part."""
        at_ms = self.now.total.at_ms
        return "" if at_ms is None else age_text((self.now.now_ms - at_ms) / 1000)

    def minutes(self, signal: str) -> Minutes | None:
        """The day's minutes of a signal."""
        return minutes_of(self.day, signal)

    def spark(self, values: Minutes | None, target: float | None = None, *, band: bool = True) -> Spark | None:
        """The last hour, over the usual band or with a target."""
        series = next(iter(self.day.values()), None)
        if values is None or series is None:
            return None
        recent = values[series.at_ms > self.now.now_ms - HOUR_MS]
        return Spark(recent, usual_band(values) if band else None, target, live=not self.state.is_old)


def world_readings(context: Context) -> tuple[Reading, ...]:
    """Hashrate, power, efficiency, expected BTC today, coverage: the order of the strip."""
    return (_hashrate(context), _power(context), _efficiency(context), _expected(context), _coverage(context))


def last_hour(series: Series, now_ms: int, *, live: bool) -> Spark:
    """The last 60 minutes of a day, over its usual band."""
    return Spark(series.mean[series.at_ms > now_ms - HOUR_MS], usual_band(series.mean), live=live)


def held_words(now: FleetNow) -> str:
    """`0.52 EH/s held from 1 stale site`, and what is missing altogether; empty when every part is fresh."""
    total, parts = now.total, []
    if total.held:
        sites = "stale site" if total.held == 1 else "stale sites"
        parts.append(f"{in_unit(total.value('held_hs'), 'EH/s', 2)} EH/s held from {total.held} {sites}")
    if total.missing:
        parts.append(f"{total.missing} {'site' if total.missing == 1 else 'sites'} missing")
    return ", ".join(parts)


def coverage_words(now: FleetNow) -> str:
    """`43 of 44 sites fresh`."""
    return NO_SITE if not now.sites else f"{now.total.fresh} of {now.total.sites} sites fresh"


def _hashrate(context: Context) -> Reading:
    now, total = context.now, context.now.total
    hashrate_hs, deployed_hs, ratio = total.value("hashrate_hs"), total.value("deployed_hs"), now.fleet.target_ratio
    deployed_hs = deployed_hs if known(deployed_hs) else _deployed_hs(now)
    target_hs = ratio * deployed_hs
    away_hs = hashrate_hs - target_hs
    aside = None
    if known(away_hs):
        word = "under" if away_hs < 0 else "above"
        line = f"{word} target {in_unit(target_hs, 'EH/s', 2)}"
        aside = Aside(f"{in_unit(abs(away_hs), 'EH/s', 2)} EH/s", line, under=away_hs < 0)
    held_hs, held, resting = total.value("held_hs"), held_words(now), _without_curtailment(now)
    bullet = Bullet(
        share=hashrate_hs / deployed_hs if deployed_hs else math.nan,
        target=ratio,
        held=held_hs / deployed_hs if known(held_hs) and deployed_hs else 0.0,
        left_text=held or resting or coverage_words(now),
        target_text=f"target {percent(ratio, 0)} %",
    )
    return Reading(
        "Operational hashrate",
        in_unit(hashrate_hs, "EH/s", 2),
        "EH/s",
        context.state,
        context.age,
        context=f"of {in_unit(deployed_hs, 'EH/s', 2)} EH/s deployed" + (f" · {resting}" if held and resting else ""),
        second=(percent(total.operational_ratio), "%"),
        aside=aside,
        spark=context.spark(context.minutes("hashrate_hs"), target_hs),
        bullet=bullet,
    )


def _deployed_hs(now: FleetNow) -> float:
    """By the fleet file; NaN where no site is known."""
    return sum(entry.site.deployed_hs for entry in now.sites) if now.sites else math.nan


def _without_curtailment(now: FleetNow) -> str:
    """The ratio with machines that rest on purpose left out: curtailing for money is no fault (6-economics.md)."""
    resting_hs = 0.0
    for entry in now.sites:
        share = entry.value("curtailed") / entry.value("miners") if entry.value("miners") else math.nan
        resting_hs += entry.site.deployed_hs * share if known(share) else 0.0
    deployed_hs = sum(entry.site.deployed_hs for entry in now.sites)
    if resting_hs < LEAST_RESTING * deployed_hs or resting_hs >= deployed_hs:
        return ""
    return f"{percent(now.total.value('hashrate_hs') / (deployed_hs - resting_hs))} % without curtailment"


def _power(context: Context) -> Reading:
    total = context.now.total
    miners_w, meter_w = total.value("power_w"), total.value("meter_w")
    metered = known(meter_w)
    signal = "meter_w" if metered else "power_w"
    pair = power_text(meter_w if metered else miners_w)
    fine = 0 if not metered or meter_w >= FINE_BELOW_W else 1  # the parts as fine as the whole: they add up
    miners = f"miners {in_unit(miners_w, 'MW', fine)}"
    rest = f" · cooling, aux {in_unit(meter_w - miners_w, 'MW', fine)}" if metered else " at the wall, no site meters"
    values = context.minutes(signal)
    lines = (miners + rest, usual_text(values, 1e-6, fine))
    return Reading("Site power", *pair, context.state, context.age, lines=lines, spark=context.spark(values))


def _efficiency(context: Context) -> Reading:
    total = context.now.total
    miners_w, meter_w = total.value("power_w"), total.value("meter_w")
    at_meter = total.efficiency_j_per_th * meter_w / miners_w if known(meter_w) and miners_w else math.nan
    pue = f"{decimal(at_meter, 1)} J/TH at the meter · PUE {decimal(meter_w / miners_w, 3)}" if known(at_meter) else ""
    values = _ratio(context.minutes("power_w"), context.minutes("hashrate_hs"))
    return Reading(
        "Efficiency, miners",
        *efficiency_text(total.efficiency_j_per_th),
        context.state,
        context.age,
        lines=(pue, usual_text(values, 1.0, 1)),
        spark=context.spark(values),
    )


def _ratio(power_w: Minutes | None, hashrate_hs: Minutes | None) -> Minutes | None:
    if power_w is None or hashrate_hs is None or power_w.shape != hashrate_hs.shape:
        return None
    hashing = np.where(hashrate_hs > 0, hashrate_hs, np.float32(np.nan))
    return (power_w / (hashing * np.float32(1e-12))).astype(np.float32)


def _expected(context: Context) -> Reading:
    now = context.now
    share = f"{percent(now.now_ms % DAY_MS / DAY_MS)} % of UTC day"
    day = context.day.get("hashrate_hs")
    label, unit = "Expected BTC today", "BTC"
    if day is None or context.difficulty is None:
        return Reading(label, decimal(None), unit, ValueState.NEVER, lines=("no history read yet",))
    present_hs = now.total.value("hashrate_hs")
    if not known(present_hs) and not np.isfinite(day.mean).any():
        return Reading(label, decimal(None), unit, ValueState.NEVER, lines=("no hashrate is known",))
    try:
        today = _today(context.difficulty, day, present_hs, now)
        epoch = context.difficulty.at(now.now_ms)
    except NoDifficulty as error:
        return Reading(label, decimal(None), unit, ValueState.NEVER, lines=(str(error),))
    held = ", last known" if today.held else ""
    return Reading(
        label,
        decimal(today.btc, 2),
        unit,
        context.state,
        context.age,
        lines=(
            f"{decimal(today.accrued_btc, 2)} accrued · {share}",
            f"subsidy only · difficulty {decimal(epoch.difficulty / 1e12, 1)} T{held}",
        ),
        spark=context.spark(_forecasts(context.difficulty, day, now), band=False),
    )


def _today(difficulty: Difficulty, day: Series, present_hs: float, now: FleetNow) -> Today:
    return expected_today(
        difficulty, day.mean, day.at_ms, day.step_ms, present_hs, now.now_ms, pool_fee=now.fleet.pool_fee
    )


def _forecasts(difficulty: Difficulty, day: Series, now: FleetNow) -> Minutes:
    """What was expected of this day at each minute of the last hour: a fall in hashrate shows as a step down.

    Inside that hour the reward of one H/s is taken as steady; a new epoch in it would move the line by a hair.
    """
    out = np.full(day.mean.shape, np.nan, dtype=np.float32)
    start_ms = now.now_ms - now.now_ms % DAY_MS
    end_ms = start_ms + DAY_MS
    whole = day.at_ms + day.step_ms <= now.now_ms
    before = (day.at_ms >= start_ms) & (day.at_ms <= now.now_ms - HOUR_MS)
    recent = np.flatnonzero(whole & (day.at_ms >= start_ms) & ~before)
    if not recent.size:
        return out
    first_ms, last_ms = int(day.at_ms[recent[0]]), int(day.at_ms[recent[-1]])
    edges = [difficulty.expected(1.0, moment, end_ms).btc for moment in (first_ms, last_ms)]
    rest_per_hs = np.interp(day.at_ms[recent], [first_ms, last_ms], edges)
    mean = np.nan_to_num(day.mean[recent].astype(np.float64))
    steps = mean * -np.diff(rest_per_hs, append=rest_per_hs[-1])
    earned = difficulty.accrued(day.mean[before], day.at_ms[before], day.step_ms).btc + np.cumsum(steps) - steps
    fee = 1.0 - now.fleet.pool_fee
    out[recent] = np.where(np.isfinite(day.mean[recent]), (earned + mean * rest_per_hs) * fee, np.nan)
    return out


def _coverage(context: Context) -> Reading:
    now, total = context.now, context.now.total
    counts = Counter(entry.mark for entry in now.sites)
    states = " · ".join(
        f"{counts[mark]} {STATE_WORDS[mark]}" for mark in WORST_FIRST if counts[mark] and mark is not SiteMark.NORMAL
    )
    hashing, miners = total.value("hashing"), total.value("miners")
    machines = f"{integer(hashing)} of {integer(miners)} miners hashing" if known(miners) else ""
    if counts[SiteMark.NORMAL] == len(now.sites):
        states = "all sites normal" if now.sites else NO_SITE
    return Reading(
        "Sites fresh",
        integer(total.fresh if now.sites else None),
        f"of {total.sites}" if now.sites else "",
        context.state,
        context.age,
        lines=(states, machines),
        spark=context.spark(context.minutes("sites_fresh"), band=False),
    )
