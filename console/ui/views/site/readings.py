"""The five key values of a site as readings: value, unit, usual band of the last day, last hour, age (R5, R8).

Knows roll-ups and series; draws nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from console.domain.durations import HOUR_MS
from console.domain.economics import j_per_th
from console.domain.fleet_state import NO_LINK, SiteNow
from console.domain.series import Series
from console.ui.models.containers import ContainerNow
from console.ui.models.spark import Spark
from console.ui.models.usual_band import Minutes, minutes_of, usual_band, usual_text
from console.ui.numbers import (
    decimal,
    efficiency_text,
    hashrate_text,
    in_unit,
    integer,
    percent,
    power_text,
    temperature_text,
)
from console.ui.views.site.words import age_of
from console.ui.widgets.state_glyph import ValueState
from console.ui.widgets.value_tile import Reading

SPARK_SIGNALS = ("hashrate_hs", "power_w", "meter_w", "board_c", "inlet_c", "hashing")


def state_of(now: SiteNow) -> ValueState:
    """How far every value of the site may be trusted: they all come from one frame."""
    return ValueState.of(now.freshness, linked=now.link.link not in NO_LINK)


def site_readings(
    now: SiteNow,
    containers: tuple[ContainerNow, ...],
    day: Mapping[str, Series],
    now_ms: int,
) -> tuple[Reading, ...]:
    """Hashrate, power, efficiency, hottest board, hashing; `day` holds the last 24 h by signal, as far as read."""
    state, age = state_of(now), age_of(now.at_ms, now_ms)
    tell = _Teller(state, age, day, now_ms)
    return (
        _hashrate(now, tell),
        _power(now, tell),
        _efficiency(now, tell),
        _hottest(now, containers, tell),
        _hashing(now, tell),
    )


class _Teller:
    """What all five readings share."""

    def __init__(self, state: ValueState, age: str, day: Mapping[str, Series], now_ms: int) -> None:
        self.state, self.age, self.day, self.now_ms = state, age, day, now_ms

    def reading(self, label: str, pair: tuple[str, str], line: str, values: Minutes | None, usual: str = "") -> Reading:
        """One reading with its hour; `usual` is the band in words."""
        line = " · ".join(part for part in (line, usual) if part)
        return Reading(label, pair[0], pair[1], self.state, self.age, lines=(line,), spark=self.spark(values))

    def minutes(self, signal: str) -> Minutes | None:
        """The day's minutes of a signal."""
        return minutes_of(self.day, signal)

    def spark(self, values: Minutes | None) -> Spark | None:
        """The last hour over the usual band."""
        series = next(iter(self.day.values()), None)
        if values is None or series is None:
            return None
        known = np.flatnonzero(np.isfinite(values))
        end_ms = self.now_ms
        if known.size and int(series.at_ms[known[-1]]) < self.now_ms - HOUR_MS:
            end_ms = int(series.at_ms[known[-1]])  # the last hour that is known, and the hollow dot says so
        recent = values[(series.at_ms > end_ms - HOUR_MS) & (series.at_ms <= end_ms)]
        return Spark(recent, usual_band(values), live=not self.state.is_old)


def _hashrate(now: SiteNow, tell: _Teller) -> Reading:
    pair = hashrate_text(now.value("hashrate_hs"))
    deployed = now.site.deployed_hs
    ratio = percent(now.value("hashrate_hs") / deployed if deployed else math.nan, 1)
    return tell.reading("Hashrate", pair, f"{ratio} % of {in_unit(deployed, pair[1], 2)}", tell.minutes("hashrate_hs"))


def _power(now: SiteNow, tell: _Teller) -> Reading:
    signal = "meter_w" if math.isfinite(now.value("meter_w")) else "power_w"
    where = "at the meter" if signal == "meter_w" else "miners"
    line = f"{where} · capacity {decimal(now.site.capacity_w / 1e6, 1)}"
    return tell.reading("Power", power_text(now.value(signal)), line, tell.minutes(signal))


def _efficiency(now: SiteNow, tell: _Teller) -> Reading:
    value, at_meter = j_per_th(now.value("power_w"), now.value("hashrate_hs")), math.nan
    if math.isfinite(now.value("meter_w")):
        at_meter = j_per_th(now.value("meter_w"), now.value("hashrate_hs"))
    power, hashrate = tell.minutes("power_w"), tell.minutes("hashrate_hs")
    values = None
    if power is not None and hashrate is not None and power.shape == hashrate.shape:
        hashing = np.where(hashrate > 0, hashrate, np.float32(np.nan))
        values = (power / (hashing * np.float32(1e-12))).astype(np.float32)
    line = f"{decimal(at_meter, 1)} at the meter" if math.isfinite(at_meter) else ""
    return tell.reading("Efficiency", efficiency_text(value), line, values, usual_text(values, 1.0, 1))


def _hottest(now: SiteNow, containers: tuple[ContainerNow, ...], tell: _Teller) -> Reading:
    values = tell.minutes("board_c")
    known = [container for container in containers if math.isfinite(container.board_c)]
    if known:
        hottest = max(known, key=lambda container: container.board_c)
        line = f"{hottest.title} · inlet mean {decimal(now.value('inlet_c'), 1)}"
        return tell.reading("Hottest board", temperature_text(now.value("board_c")), line, values)
    inlet = tell.minutes("inlet_c")
    pair = temperature_text(now.value("inlet_c"))
    return tell.reading("Inlet air, mean", pair, usual_text(inlet, 1.0, 0), inlet)


def _hashing(now: SiteNow, tell: _Teller) -> Reading:
    values = tell.minutes("hashing")
    miners = now.value("miners")
    line = f"of {integer(miners)}"
    return tell.reading("Hashing", (integer(now.value("hashing")), ""), line, values, usual_text(values, 1.0, 0))
