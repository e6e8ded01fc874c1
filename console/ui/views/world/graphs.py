"""The fleet's curves under the time bar: hashrate with target, deployed and held part; power by region (mock-up 1)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import tzinfo

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.fleet_state import FleetNow
from console.domain.freshness import Freshness
from console.domain.place import FLEET, region_key
from console.domain.series import Series
from console.ui.models.series_feed import Answer, Want
from console.ui.models.span import Span
from console.ui.numbers import decimal, integer, known
from console.ui.plot.canvas import Loading, PlotCanvas
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.marks import Curve, Guide, Level
from console.ui.plot.stack_plot import StackPlot
from console.ui.plot.trend_plot import TrendPlot
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.views.world.readings import coverage_words

EH, MW = 1e-18, 1e-6
WALL_FROM_PX = 2400
STACKED_BELOW_PX = 700


class WorldGraphs(QWidget):
    """Two plots, five on a wall, side by side, with one crosshair. `span_asked` carries (start_ms, end_ms)."""

    span_asked = Signal(object)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = 12
        self._power_signal = "power_w"
        self._said: object = None
        self._cutoff_ms: int | None = None
        crosshair = Crosshair(self)
        self.hashrate = TrendPlot("Fleet hashrate", "EH/s", theme, crosshair=crosshair, parent=self)
        self.power = StackPlot("Site power by region", "MW", theme, crosshair=crosshair, parent=self)
        self.by_region = StackPlot("Hashrate by region", "EH/s", theme, decimals=2, crosshair=crosshair, parent=self)
        self.efficiency = TrendPlot("Efficiency, miners", "J/TH", theme, decimals=1, crosshair=crosshair, parent=self)
        self.coverage = TrendPlot(
            "Sites fresh", "sites", theme, decimals=0, from_zero=True, crosshair=crosshair, parent=self
        )
        self.plots: tuple[PlotCanvas, ...] = (
            self.hashrate,
            self.power,
            self.by_region,
            self.efficiency,
            self.coverage,
        )
        for plot in self.plots:
            plot.span_asked.connect(self.span_asked)
        self.setAccessibleName("fleet graphs")

    @property
    def shown(self) -> tuple[PlotCanvas, ...]:
        """The plots that there is room for."""
        return self.plots if self.width() >= WALL_FROM_PX else self.plots[:2]

    def wants(self, now: FleetNow) -> tuple[Want, ...]:
        """What the feed must bring for the plots shown."""
        self._power_signal = "meter_w" if known(now.total.value("meter_w")) else "power_w"
        regions = [region_key(region) for region in now.fleet.regions()]
        wants = [Want(FLEET, signal) for signal in ("hashrate_hs", "held_hs", self._power_signal)]
        wants += [Want(region, self._power_signal) for region in regions]
        if len(self.shown) > 2:
            wants += [Want(region, "hashrate_hs") for region in regions]
            wants += [Want(FLEET, "power_w"), Want(FLEET, "sites_fresh")]
        return tuple(dict.fromkeys(wants))

    def pixels(self) -> int:
        """The width of the curves in logical pixels."""
        return max(100, round(self.hashrate.plot_area().width()))

    def set_span(self, span: Span, zone: tzinfo) -> None:
        """The time bar moved."""
        for plot in self.plots:
            plot.set_zone(zone)
            plot.set_span(span)

    def set_cutoff(self, cutoff_ms: int | None) -> None:
        """The end of what is known when offline; behind it lies nothing but a hatch."""
        if cutoff_ms == self._cutoff_ms:
            return
        self._cutoff_ms = cutoff_ms
        for plot in (self.hashrate, self.efficiency, self.coverage):
            plot.set_cutoff(cutoff_ms)

    def set_waiting(self) -> None:
        """A question is on its way: what is on screen stays, but says so where it is empty."""
        for plot in self.shown:
            if plot.link.linked:
                plot.set_loading(Loading.WAITING)

    def show_coverage(self, now: FleetNow) -> None:
        """Coverage in each header; target, deployed and capacity as lines (R10).

        The age stands in the tiles alone: a plot repainted each second for its sake would make the window late.
        """
        said = (coverage_words(now), now.fleet)
        if said == self._said:
            return
        self._said = said
        for plot in self.plots:
            plot.set_coverage(coverage_words(now))
        if not now.sites:  # nothing is deployed that anybody knows of: no line at 0
            for plot in (self.hashrate, self.power, self.coverage):
                plot.set_guides(())
            return
        deployed = sum(entry.site.deployed_hs for entry in now.sites) * EH
        target = deployed * now.fleet.target_ratio
        self.hashrate.set_guides(
            (
                Guide(Level.CONTRACT, deployed, f"deployed {decimal(deployed, 2)}"),
                Guide(Level.TARGET, target, f"target {decimal(target, 2)}"),
            )
        )
        capacity = sum(entry.site.capacity_w for entry in now.sites) * MW
        self.power.set_guides((Guide(Level.CONTRACT, capacity, f"capacity {integer(capacity)}"),))
        self.coverage.set_guides((Guide(Level.CONTRACT, now.total.sites, f"all {integer(now.total.sites)}"),))

    def show_answer(self, answer: Answer, now: FleetNow, own: PlotCanvas | None = None) -> None:
        """The curves of the time bar's span for the plots linked to it, or those of one plot's `own` span."""
        series = answer.series
        live = now.total.freshness in (Freshness.FRESH, Freshness.LATE)
        loading = Loading.INCOMPLETE if answer.failed else Loading.COMPLETE
        for plot in self.plots:
            if plot is own or (own is None and plot.link.linked):
                if plot in self.shown:
                    self._draw(plot, series, now, live=live)
                plot.set_loading(loading)

    def _draw(self, plot: PlotCanvas, series: Mapping[Want, Series], now: FleetNow, *, live: bool) -> None:
        if plot is self.hashrate:
            self._show_hashrate(series, live=live)
        elif plot is self.efficiency:
            self._show_efficiency(series, live=live)
        elif plot is self.coverage:
            fresh = series.get(Want(FLEET, "sites_fresh"))
            if fresh is not None:
                self.coverage.set_curves((Curve.of(fresh, 1.0, name="fresh", live=live),))
        else:
            stack, signal, factor = (
                (self.power, self._power_signal, MW) if plot is self.power else (self.by_region, "hashrate_hs", EH)
            )
            stack.set_layers(_layers(series, now, signal, factor), _total(series, signal, factor, live=live))

    def _show_hashrate(self, series: Mapping[Want, Series], *, live: bool) -> None:
        whole, held = series.get(Want(FLEET, "hashrate_hs")), series.get(Want(FLEET, "held_hs"))
        if whole is None:
            self.hashrate.set_curves(())
            return
        part = None
        if held is not None and held.mean.shape == whole.mean.shape:
            part = np.nan_to_num(held.mean) > 0
        self.hashrate.set_curves((Curve.of(whole, EH, name="Fleet", live=live, held=part),))

    def _show_efficiency(self, series: Mapping[Want, Series], *, live: bool) -> None:
        power, hashrate = series.get(Want(FLEET, "power_w")), series.get(Want(FLEET, "hashrate_hs"))
        if power is not None and hashrate is not None and power.mean.shape == hashrate.mean.shape:
            self.efficiency.set_curves((_efficiency(power, hashrate, live=live),))

    def set_gap(self, gap: int) -> None:
        """Between plots, by the density of the layout."""
        self._gap = gap
        self._place()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        apply_theme(self, theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side; one above the other where it is narrow."""
        self._place()

    def _place(self) -> None:
        shown = self.shown
        for plot in self.plots:
            plot.setVisible(plot in shown)
        beside = self.width() >= STACKED_BELOW_PX
        length = self.width() if beside else self.height()
        each = (length - self._gap * (len(shown) - 1)) / len(shown)
        for index, plot in enumerate(shown):
            start = round(index * (each + self._gap))
            extent = math.floor(each)
            plot.setGeometry(
                start if beside else 0,
                0 if beside else start,
                extent if beside else self.width(),
                self.height() if beside else extent,
            )


def _layers(series: Mapping[Want, Series], now: FleetNow, signal: str, factor: float) -> tuple[Curve, ...]:
    """One layer a region, the largest at the bottom as the fleet names them; all share their times."""
    found = [(region, series.get(Want(region_key(region), signal))) for region in now.fleet.regions()]
    whole = series.get(Want(FLEET, signal))
    length = None if whole is None else whole.mean.shape
    return tuple(
        Curve.of(each, factor, name=region) for region, each in found if each is not None and each.mean.shape == length
    )


def _total(series: Mapping[Want, Series], signal: str, factor: float, *, live: bool) -> Curve | None:
    whole = series.get(Want(FLEET, signal))
    return None if whole is None else Curve.of(whole, factor, name="Total", live=live)


def _efficiency(power: Series, hashrate: Series, *, live: bool) -> Curve:
    """Power over hashrate of each bucket; its extremes are those of the mean, not of either part."""
    hashing = np.where(hashrate.mean > 0, hashrate.mean * np.float32(1e-12), np.float32(np.nan))
    mean = (power.mean / hashing).astype(np.float32)
    ratio = Series(FLEET, "efficiency", power.step_ms, power.at_ms, mean, mean, mean)
    return Curve.of(ratio, 1.0, name="J/TH", live=live)
