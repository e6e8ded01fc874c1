"""The last hour of what an alarm watches, with its limit; nothing where no signal is kept of it."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.alarm import Alarm
from console.domain.alarm_rule import Condition, Rule
from console.domain.durations import HOUR_MS
from console.domain.metric import SIGNAL_BY_NAME
from console.domain.series import Series
from console.ui.fonts import px
from console.ui.models.span import Span
from console.ui.numbers import HASHRATE_UNITS, POWER_UNITS
from console.ui.theme import DARK, Theme

HEIGHT_PX = 150


def is_drawn(rule: Rule | None) -> bool:
    """Whether the store keeps what the rule watches."""
    return rule is not None and rule.signal in SIGNAL_BY_NAME


def unit_of(rule: Rule, size: float) -> tuple[str, float]:
    """Unit and factor in which a value of that size is drawn."""
    unit = SIGNAL_BY_NAME[rule.signal].unit
    scales = {"H/s": HASHRATE_UNITS, "W": POWER_UNITS}.get(unit)
    if scales is None:
        return unit, 1.0
    factor, name = next((pair for pair in scales if abs(size) >= pair[0]), scales[-1])
    return name, 1.0 / factor


class AlarmCurve(QWidget):
    """The plot is made when the first curve comes: it is the heaviest part of the program."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._plot = theme, None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setFixedHeight(px(HEIGHT_PX))
        self.setAccessibleName("last hour")

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        self._theme = theme
        self.setFixedHeight(px(HEIGHT_PX))
        if self._plot is not None:
            self._plot.set_theme(theme)

    def show_series(self, alarm: Alarm, rule: Rule, series: Series, end_ms: int, *, live: bool) -> None:
        """One hour up to `end_ms`."""
        from console.ui.plot.canvas import Loading
        from console.ui.plot.marks import Curve, Guide, Level
        from console.ui.plot.trend_plot import TrendPlot

        limit = (
            alarm.limit if alarm.limit is not None and rule.condition in (Condition.ABOVE, Condition.BELOW) else None
        )
        unit, factor = unit_of(rule, limit or alarm.value or 1.0)
        if self._plot is None:
            self._plot = TrendPlot("Last hour", unit, self._theme, decimals=1, header=False, width_px=1.6)
            self._column.addWidget(self._plot)
        plot = self._plot
        plot.set_unit(unit, 1)
        plot.set_span(Span(end_ms - HOUR_MS, end_ms, live=live))
        plot.set_curves((Curve.of(series, factor, live=live),))
        known = limit is not None and math.isfinite(limit)
        plot.set_guides((Guide(Level.LIMIT, limit * factor, f"limit {limit * factor:,.1f}"),) if known else ())
        plot.set_loading(Loading.COMPLETE)
        self.show()
