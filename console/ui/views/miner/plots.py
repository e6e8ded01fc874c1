"""A machine's past: one plot a metric over one time axis, with what its profile expects as a line."""

from __future__ import annotations

import math
from datetime import tzinfo

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.durations import MINUTE_MS
from console.ui.fonts import px
from console.ui.models.miners.page import PLOTTED, MinerNow, Past
from console.ui.models.span import Span
from console.ui.numbers import minute_in
from console.ui.plot.canvas import Loading
from console.ui.plot.column import stand_in_column
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.marks import Curve, Guide, Level, level_text
from console.ui.plot.ticks import zone_text
from console.ui.plot.trend_plot import TrendPlot
from console.ui.theme import DARK, Theme
from console.ui.widgets.panel import Panel
from console.ui.widgets.press_button import Look, PressButton

BUTTON_PX = 26
SPANS = (("48 h", 48 * 3600), ("14 d", 14 * 86_400))  # by the minute, and by five minutes as far as frames are kept
LOOK = {  # metric: title, unit, factor, decimals, from zero
    "hashrate_hs": ("Hashrate", "TH/s", 1e-12, 1, True),
    "power_w": ("Power", "W", 1.0, 0, True),
    "board_c": ("Hottest board", "°C", 1.0, 1, False),
    "inlet_c": ("Inlet air", "°C", 1.0, 1, False),
}
TITLE = "The machine's past"
LEAST_EMPTY = 0.02  # of the span; less is not seen


class MinerPlots(Panel):
    """Four plots that share span, zone and crosshair. `span_asked` carries (start_ms, end_ms)."""

    span_asked = Signal(object)
    preset_asked = Signal(int)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, theme, pad=0, foot=4, parent=parent)
        self._crosshair = Crosshair(self)
        body = QWidget(self)
        self.plots = {metric.name: self._plot(metric.name, body) for metric in PLOTTED}
        self._left_out: dict[str, int] = {}
        self._thinned: dict[str, bool] = {}
        self.set_body(body)
        self.buttons = [self._button(*span) for span in SPANS]

    def _plot(self, metric: str, parent: QWidget) -> TrendPlot:
        title, unit, _, decimals, from_zero = LOOK[metric]
        plot = TrendPlot(
            title,
            unit,
            self._theme,
            decimals=decimals,
            from_zero=from_zero,
            header=False,
            time_axis=metric == PLOTTED[-1].name,
            crosshair=self._crosshair,
            parent=parent,
        )
        plot.span_asked.connect(self.span_asked)
        plot.previewed.connect(self._preview)
        plot.link.changed.connect(self._share_axis)
        return plot

    def _button(self, label: str, seconds: int) -> PressButton:
        button = PressButton(label, Look.OUTLINE, name=f"show the last {label}", theme=self._theme, parent=self)
        button.set_height(BUTTON_PX)
        button.clicked.connect(lambda: self.preset_asked.emit(seconds))
        return button

    def clear(self) -> None:
        """Another machine: the old curves go at once."""
        for plot in self.plots.values():
            plot.set_curves(())
            plot.set_guides(())
            plot.set_loading(Loading.WAITING)
        self._left_out.clear()
        self._thinned.clear()
        self._say()

    def set_span(self, span: Span, zone: tzinfo, cutoff_ms: int | None) -> None:
        """The time bar moved."""
        for plot in self.plots.values():
            plot.set_zone(zone)
            plot.set_span(span)
            plot.set_cutoff(cutoff_ms)
        self._say()

    def set_waiting(self) -> None:
        """A question is on its way."""
        for plot in self.plots.values():
            if plot.link.linked:
                plot.set_loading(Loading.WAITING)
        self._say()

    def show_past(self, past: Past, live: bool, own: TrendPlot | None = None) -> None:
        """The curves of the time bar's span for the plots linked to it, or of one plot's `own`.

        A metric without one value in it says so by an empty plot.
        """
        for name, plot in self.plots.items():
            if plot is not own and (own is not None or not plot.link.linked):
                continue
            series = past.series.get(name)
            plot.set_curves((Curve.of(series, LOOK[name][2], live=live),) if series is not None else ())
            plot.set_loading(Loading.INCOMPLETE if name in past.failed else Loading.COMPLETE)
            self._left_out[name] = past.left_out.get(name, 0)
            self._thinned[name] = name in past.thinned
        self._say()

    def show_expected(self, miner: MinerNow) -> None:
        """What its profile expects."""
        for metric, field, factor in (("hashrate_hs", "rated", 1e-12), ("power_w", "rated_w", 1.0)):
            rated = miner.number[field] * factor
            guides = (Guide(Level.CONTRACT, rated, f"expected {rated:,.0f}"),) if math.isfinite(rated) else ()
            self.plots[metric].set_guides(guides)

    def _preview(self, span: Span) -> None:
        """One plot is dragged: the others that are linked go along."""
        for plot in self.plots.values():
            if plot.link.linked:
                plot.preview(span)

    def _share_axis(self, _linked: bool) -> None:
        """One time axis serves all while they share a span; else each plot has its own."""
        each = any(not plot.link.linked for plot in self.plots.values())
        for name, plot in self.plots.items():
            plot.set_time_axis(each or name == PLOTTED[-1].name)
        self._say()

    def _say(self) -> None:
        unlinked = sum(not plot.link.linked for plot in self.plots.values())
        plot = next((plot for plot in self.plots.values() if plot.link.linked), self.plots["hashrate_hs"])
        level = plot.level_name() or level_text(MINUTE_MS)
        empty = plot.loading is Loading.COMPLETE and not any(each.has_data() for each in self.plots.values())
        words = [level, zone_text(plot.zone, plot.span.end_ms)]
        words += [f"{unlinked} of {len(self.plots)} unlinked" if unlinked else "one time axis"]
        words += ["no frame is kept of this span"] if empty else self._begin_words(plot)
        words += ["of what is older than 48 h one sample in 5 min"] if any(self._thinned.values()) else []
        suspect = sum(self._left_out.values())
        words += [f"{suspect:,} suspect left out: no machine can have them"] if suspect else []
        words += [plot.loading.value] if plot.loading is not Loading.COMPLETE else []
        words += [] if plot.span.live else ["FIXED"]
        self.set_words(TITLE, " · ".join(words))

    def _begin_words(self, of: TrendPlot) -> list[str]:
        """Where the linked plots are empty at their left: since when anything is known."""
        linked = [plot for plot in self.plots.values() if plot.link.linked and plot.loading is Loading.COMPLETE]
        begins = [curve.begin_ms() for plot in linked for curve in plot.curves_shown()]
        first_ms = min((at_ms for at_ms in begins if at_ms is not None), default=of.span.start_ms)
        empty_ms = first_ms - of.span.start_ms
        return [f"no value before {minute_in(first_ms, of.zone)}"] if empty_ms > LEAST_EMPTY * of.span.length_ms else []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Equal plots, the lowest with room for the times; buttons at the right of the title."""
        super().resizeEvent(event)
        self._share()

    def _place(self) -> None:
        super()._place()
        self._share()

    def _share(self) -> None:
        stand_in_column(tuple(getattr(self, "plots", {}).values()), self.body_area())
        right = self.width() - 12
        for button in reversed(getattr(self, "buttons", [])):
            hint = button.sizeHint()
            button.setGeometry(right - hint.width(), px(7), hint.width(), hint.height())
            right -= hint.width() + 6
