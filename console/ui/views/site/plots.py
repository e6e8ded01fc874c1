"""Hashrate, power and temperature of a site or one of its containers over one time axis (mock-up 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.durations import MINUTE_MS
from console.domain.fleet_state import SiteNow
from console.domain.freshness import Freshness
from console.domain.link_state import Link
from console.domain.place import container_key, site_key
from console.domain.series import Series
from console.ui.models.series_feed import Answer, Want
from console.ui.models.span import Span
from console.ui.numbers import NO_VALUE, decimal
from console.ui.plot.canvas import Loading
from console.ui.plot.column import stand_in_column
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.marks import Curve, Guide, Level, level_text
from console.ui.plot.ticks import zone_text
from console.ui.plot.trend_plot import TrendPlot
from console.ui.theme import DARK, Theme
from console.ui.widgets.panel import Panel

SIGNALS = ("hashrate_hs", "power_w", "meter_w", "board_c", "inlet_c")
LEAST_GAP = 2  # buckets without a value in a row before they are named as a gap


class SitePlots(Panel):
    """Three plots that share span, zone and crosshair. `span_asked` carries (start_ms, end_ms)."""

    span_asked = Signal(object)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Hashrate, power, temperature", theme, pad=0, foot=4, parent=parent)
        self._crosshair = Crosshair(self)
        self._place_name, self._site_id, self._container = "", "", ""
        self._gap = ""
        self._joined_ms: int | None = None
        body = QWidget(self)
        self.hashrate = self._plot("Hashrate", "EH/s", 2, from_zero=True, time_axis=False, parent=body)
        self.power = self._plot("Power", "MW", 1, from_zero=True, time_axis=False, parent=body)
        self.temperature = self._plot("Temperature", "°C", 1, from_zero=False, time_axis=True, parent=body)
        self.plots = (self.hashrate, self.power, self.temperature)
        self.set_body(body)

    def _plot(self, title: str, unit: str, decimals: int, *, from_zero: bool, time_axis: bool, parent: QWidget):
        plot = TrendPlot(
            title,
            unit,
            self._theme,
            decimals=decimals,
            from_zero=from_zero,
            header=False,
            time_axis=time_axis,
            crosshair=self._crosshair,
            parent=parent,
        )
        plot.previewed.connect(self._preview)
        plot.span_asked.connect(self.span_asked)
        plot.link.changed.connect(self._share_axis)
        return plot

    @property
    def place(self) -> str:
        """The key of the place whose curves are shown."""
        return container_key(self._site_id, self._container) if self._container else site_key(self._site_id)

    def wants(self) -> tuple[Want, ...]:
        """What the feed must bring."""
        return tuple(Want(self.place, signal) for signal in SIGNALS)

    def pixels(self) -> int:
        """The width of the curves in logical pixels."""
        return max(100, round(self.hashrate.plot_area().width()))

    def show_place(self, site_id: str, container: str = "") -> None:
        """Another site, or one of its containers; the old curves go at once, they belong to another place.

        Those of the same place stay: nobody asks again for what is shown already, so nothing would replace them.
        """
        if (site_id, container) == (self._site_id, self._container):
            return
        self._site_id, self._container = site_id, container
        for plot in self.plots:
            plot.set_curves(())
            plot.set_guides(())
            plot.set_loading(Loading.WAITING)
        self._say()

    def set_span(self, span: Span, zone: tzinfo) -> None:
        """The time bar moved."""
        for plot in self.plots:
            plot.set_zone(zone)
            plot.set_span(span)
        self._say()

    def _preview(self, span: Span) -> None:
        """One plot is dragged: the others go along."""
        for plot in self.plots:
            if plot.link.linked:
                plot.preview(span)

    def set_cutoff(self, cutoff_ms: int | None) -> None:
        """The end of what is known when offline."""
        for plot in self.plots:
            plot.set_cutoff(cutoff_ms)

    def set_waiting(self) -> None:
        """A question is on its way: what is on screen stays, but says so where it is empty."""
        for plot in self.plots:
            if plot.link.linked:
                plot.set_loading(Loading.WAITING)
        self._say()

    def show_answer(self, answer: Answer, now: SiteNow, own: TrendPlot | None = None) -> None:
        """The curves of the time bar's span for the plots linked to it, or of one plot's `own`; `now`: how they end."""
        series = {want.signal: answer.series[want] for want in answer.series}
        unit, factor = hashrate_unit(now.site.deployed_hs if not self._container else _top(series.get("hashrate_hs")))
        self._joined_ms = now.link.since_ms if now.link.link is Link.GOOD and now.link.since_ms else None
        loading = Loading.INCOMPLETE if answer.failed else Loading.COMPLETE
        told = [plot for plot in self.plots if plot is own or (own is None and plot.link.linked)]
        for plot in told:
            self._draw(plot, series, now, unit, factor)
            plot.set_joined(self._joined_ms)
            plot.set_loading(loading)
        main = series.get("hashrate_hs")
        if own is None:
            self._gap = "" if main is None else gap_text(main, self.hashrate.zone, self._leading.span)
        self._say()

    def _draw(self, plot: TrendPlot, series: Mapping[str, Series], now: SiteNow, unit: str, factor: float) -> None:
        newest = {} if self._container or not plot.span.live else _newest_texts(now, unit, factor)
        draw = partial(_curves, series, newest, live=is_live(now))
        if plot is self.hashrate:
            plot.set_unit(unit, 2 if unit == "EH/s" else 1)
            plot.set_curves(draw((("hashrate_hs", ""),), factor))
        elif plot is self.power:
            plot.set_unit("MW", 2 if self._container else 1)
            plot.set_curves(draw((("meter_w", "meter"), ("power_w", "miners")), 1e-6))
        else:
            plot.set_curves(draw((("board_c", "board"), ("inlet_c", "inlet")), 1.0))
        self._set_guides(plot, now, factor)

    @property
    def _leading(self) -> TrendPlot:
        """The plot whose span is the time bar's, for the title line; any where all were unlinked."""
        return next((plot for plot in self.plots if plot.link.linked), self.hashrate)

    def _share_axis(self, _linked: bool) -> None:
        """One time axis serves all while they share a span; else each plot has its own."""
        each = not all(plot.link.linked for plot in self.plots)
        for plot in self.plots:
            plot.set_time_axis(each or plot is self.temperature)
        self._say()

    def follow(self, now: SiteNow) -> None:
        """A second went by: curves that ended live end hollow once the site is stale, with no message needed (R8)."""
        live = is_live(now)
        for plot in self.plots:
            if any(curve.live is not live for curve in plot.curves):
                plot.set_curves([replace(curve, live=live) for curve in plot.curves])

    def _set_guides(self, plot: TrendPlot, now: SiteNow, factor: float) -> None:
        guides: tuple[Guide, ...] = ()
        if plot is self.hashrate and not self._container:
            deployed = now.site.deployed_hs * factor
            guides = (Guide(Level.CONTRACT, deployed, f"deployed {decimal(deployed, 2 if factor == 1e-18 else 1)}"),)
        elif plot is self.power and not self._container:
            capacity = now.site.capacity_w / 1e6
            guides = (Guide(Level.LIMIT, capacity, f"capacity {decimal(capacity, 1)}"),)
        plot.set_guides(guides)

    def _say(self) -> None:
        plot = self._leading
        title = "Hashrate, power, temperature"
        if self._container:
            title = f"Container {self._container}: hashrate, power, temperature"
        level = plot.level_name() or level_text(MINUTE_MS)
        zone = zone_text(plot.zone, plot.span.end_ms)
        note = self._gap if plot.loading is Loading.COMPLETE else plot.loading.value
        tone = "t3"
        if not plot.span.live:
            note, tone = " · ".join(part for part in ("FIXED", note) if part), "mode"
        joined = ""
        if self._joined_ms is not None and plot.span.start_ms <= self._joined_ms <= plot.span.end_ms:
            joined = f"polled without a break since {clock_text(self._joined_ms, plot.zone)}"
        self.set_words(
            title, " · ".join(part for part in (level, zone, self._axis_words(), joined) if part), note, tone
        )

    def _axis_words(self) -> str:
        count = sum(not plot.link.linked for plot in self.plots)
        return f"{count} of {len(self.plots)} unlinked" if count else "one time axis"

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Three equal plots, the lowest with room for the times."""
        super().resizeEvent(event)
        self._share()

    def _place(self) -> None:
        super()._place()
        self._share()

    def _share(self) -> None:
        stand_in_column(getattr(self, "plots", ()), self.body_area())


def is_live(now: SiteNow) -> bool:
    """Whether a curve of the site may end in a filled dot."""
    return now.freshness in (Freshness.FRESH, Freshness.LATE)


def hashrate_unit(largest_hs: float) -> tuple[str, float]:
    """The unit of an axis that reaches to `largest_hs`, and the factor from H/s."""
    for unit, factor in (("EH/s", 1e-18), ("PH/s", 1e-15), ("TH/s", 1e-12)):
        if largest_hs * factor >= 1.0:
            return unit, factor
    return "TH/s", 1e-12


def _top(series: Series | None) -> float:
    if series is None or not np.isfinite(series.high).any():
        return 0.0
    return float(np.nanmax(series.high))


def _newest_texts(now: SiteNow, unit: str, factor: float) -> dict[str, str]:
    """The newest sample as the gutter writes it: at a coarse level the last bucket's mean would not be the latest."""
    texts = {
        "hashrate_hs": f"{decimal(now.value('hashrate_hs') * factor, 2 if unit == 'EH/s' else 1)} {unit}",
        "power_w": f"{decimal(now.value('power_w') / 1e6, 1)} MW",
        "meter_w": f"{decimal(now.value('meter_w') / 1e6, 1)} MW",
        "board_c": f"{decimal(now.value('board_c'), 1)} °C",
        "inlet_c": f"{decimal(now.value('inlet_c'), 1)} °C",
    }
    return {signal: text for signal, text in texts.items() if not text.startswith(NO_VALUE)}


def _curves(
    series: Mapping[str, Series],
    newest: Mapping[str, str],
    signals: tuple[tuple[str, str], ...],
    factor: float,
    live: bool,
) -> tuple[Curve, ...]:
    """One curve a signal that has a value at all in the span."""
    return tuple(
        Curve.of(series[signal], factor, name=name, live=live, value=newest.get(signal, ""))
        for signal, name in signals
        if signal in series and np.isfinite(series[signal].mean).any()
    )


def clock_text(at_ms: int, zone: tzinfo) -> str:
    """`09:37` on a zone's clock; the zone is named beside the axis."""
    return f"{datetime.fromtimestamp(at_ms / 1000, zone):%H:%M}"


def gap_text(series: Series, zone: tzinfo, span: Span) -> str:
    """`gap 09:37 – 09:47`, or how many there are and the longest; nothing where there is none (R16)."""
    inside = (series.at_ms >= span.start_ms) & (series.at_ms <= span.end_ms)
    at_ms, known = series.at_ms[inside], np.isfinite(series.mean[inside])
    where = np.flatnonzero(known)
    if where.size < 2:
        return ""
    steps = np.diff(where)
    gaps = np.flatnonzero(steps > LEAST_GAP)
    if not gaps.size:
        return ""
    longest = gaps[int(np.argmax(steps[gaps]))]
    start, end = (clock_text(int(at_ms[where[index]]), zone) for index in (longest, longest + 1))
    words = f"{start} – {end}"
    return f"gap {words}" if gaps.size == 1 else f"{gaps.size} gaps, longest {words}"
