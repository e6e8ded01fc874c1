"""Curves over one time axis with their band, guides, planned spans and direct labels (7-look.md, section 8)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_haloed, text_width
from console.ui.numbers import decimal
from console.ui.plot.canvas import PlotCanvas
from console.ui.plot.column_curve import ColumnCurve
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.crosshair_tag import Tag
from console.ui.plot.geometry import Geometry, reach
from console.ui.plot.gutter_labels import Label, free_baseline, paint_labels
from console.ui.plot.marks import Band, Curve, Guide, Planned, level_text, origin_of
from console.ui.plot.paint import (
    paint_band,
    paint_cutoff,
    paint_end_dot,
    paint_guides,
    paint_planned,
    paint_planned_words,
)
from console.ui.theme import DARK, Theme

CURVE_PX = 1.8
MOST_CURVES = 12
NAME_PX, UNLINKED_PX = 90, 420  # how far the words inside a plot without a header reach


class TrendPlot(PlotCanvas):
    """At most twelve curves. Without a header it stands in a group: its name is written inside, at the bottom left."""

    def __init__(
        self,
        title: str,
        unit: str,
        theme: Theme = DARK,
        *,
        decimals: int = 2,
        from_zero: bool = False,
        width_px: float = CURVE_PX,
        header: bool = True,
        time_axis: bool = True,
        crosshair: Crosshair | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self._curves: tuple[Curve, ...] = ()
        self._guides: tuple[Guide, ...] = ()
        self._band: Band | None = None
        self._planned: tuple[Planned, ...] = ()
        self._cutoff_ms: int | None = None
        self._joined_ms: int | None = None
        self._items: list[ColumnCurve] = []
        self._ends: list[tuple[int, float] | None] = []
        self._decimals, self._from_zero, self._width_px = decimals, from_zero, width_px
        super().__init__(title, unit, theme, header=header, time_axis=time_axis, crosshair=crosshair, parent=parent)

    # what it is told

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The curves shown."""
        return self._curves

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Show other curves; the first is the one whose level the header names."""
        self._curves = tuple(curves)[:MOST_CURVES]
        while len(self._items) > len(self._curves):
            self.remove_curve(self._items.pop())
        while len(self._items) < len(self._curves):
            self._items.append(ColumnCurve(self._theme.plain, self._width_px))
            self.add_curve(self._items[-1])
        self._origin_ms = origin_of(self._curves, self._span.start_ms)
        for item, curve in zip(self._items, self._curves, strict=True):
            item.set_samples(curve.seconds_from(self._origin_ms), *curve.extremes(), curve.held)
            item.set_dashed(curve.dashed)
        self._colour()
        self._refit()
        self.setAccessibleDescription(", ".join(self._latest_words()))

    def _latest_words(self) -> list[str]:
        """The newest value of each curve, for a screen reader."""
        return [
            f"{curve.name or self.title} {curve.value or decimal(end[1], self._decimals) + ' ' + self.unit}"
            for curve, end in zip(self._curves, self._ends, strict=True)
            if end is not None
        ]

    def set_unit(self, unit: str, decimals: int) -> None:
        """The unit in which the next curves come, and how many decimals it deserves."""
        self.unit, self._decimals = unit, decimals

    def set_guides(self, guides: Sequence[Guide], band: Band | None = None) -> None:
        """The horizontal lines and the normal band."""
        self._guides, self._band = tuple(guides), band
        self._refit()

    def set_planned(self, planned: Sequence[Planned]) -> None:
        """The planned stretches of time."""
        self._planned = tuple(planned)
        self._repaint()

    def set_cutoff(self, cutoff_ms: int | None) -> None:
        """The end of what is known when offline; None follows now."""
        self._cutoff_ms = cutoff_ms
        self._repaint()

    def set_joined(self, at_ms: int | None) -> None:
        """Where history read from the store and what arrived since then join (R16)."""
        self._joined_ms = at_ms
        self._repaint()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        super().set_theme(theme)
        self._colour()

    def _colour(self) -> None:
        for item, curve in zip(self._items, self._curves, strict=True):
            item.set_colour(getattr(self._theme, curve.tone))

    # for the canvas

    def curves_shown(self) -> tuple[Curve, ...]:
        """Every curve."""
        return self._curves

    def level_name(self) -> str:
        """The roll-up level of the first curve."""
        return level_text(self._curves[0].step_ms) if self._curves else ""

    def has_data(self) -> bool:
        """Whether one curve has a value in the span."""
        return any(end is not None for end in self._ends)

    def crosshair_tags(self, at_ms: int) -> list[Tag]:
        """Each curve's value at a moment; "no data" in a gap."""
        at = self.geometry_now()
        tags = []
        for curve in self._curves:
            value = curve.at(at_ms)
            known = math.isfinite(value)
            text = f"{decimal(value, self._decimals)} {self.unit}" if known else "no data"
            tags.append(Tag(curve.name or self.title, text, at.y(value) if known else None))
        return tags

    def _refit(self) -> None:
        """Where the curves end, and the reach of the value axis, for what is in view."""
        span = self._span
        self._ends = [curve.end_in(span.start_ms, span.end_ms) for curve in self._curves]
        self._limits = reach(
            self._curves, self._guides, self._band, span.start_ms, span.end_ms, from_zero=self._from_zero
        )
        super()._refit()

    def paint_behind(self, painter: QPainter, at: Geometry) -> None:
        """Band, planned hatch, cut-off hatch."""
        if self._band is not None:
            paint_band(painter, at, self._band, self._theme)
        paint_planned(painter, at, self._planned, self._theme)
        if self._cutoff_ms is not None:
            paint_cutoff(painter, at, self._cutoff_ms, self._theme)

    def paint_levels(self, painter: QPainter, at: Geometry) -> None:
        """Targets, limits, contracts."""
        paint_guides(painter, at, self._guides, self._theme)

    def paint_front(self, painter: QPainter, at: Geometry) -> None:
        """Words of planned spans, the join, end dots and the gutter."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_planned_words(painter, at, self._planned, self._theme)
        self._paint_join(painter, at)
        for curve, end in zip(self._curves, self._ends, strict=True):
            if end is not None:
                dot = QPointF(at.x(end[0]), at.y(end[1]))
                paint_end_dot(painter, dot, self._ends_live(curve), getattr(self._theme, curve.tone), self._theme.bg1)
        paint_labels(painter, self.gutter(), self._labels(at), self._theme)
        if not self._header:
            self._paint_name(painter, at)

    def _paint_name(self, painter: QPainter, at: Geometry) -> None:
        """The title inside the plot, and behind it which span it keeps when the time bar does not rule it."""
        name = QPointF(at.area.left() + 6, self._name_baseline(at))
        caption, strong, theme = font(Role.CAPTION), font(Role.CAPTION_BOLD), self._theme
        paint_haloed(painter, name, self.title, caption, theme.t2, theme.bg1)
        if words := self.unlinked_text():
            name += QPointF(text_width(caption, self.title) + px(10), 0)
            paint_haloed(painter, name, words, strong, theme.t1, theme.bg1)

    def _name_baseline(self, at: Geometry) -> float:
        """At the bottom left, or at the first place from there up that no curve and no guide runs through."""
        return free_baseline(at.area.top() + px(14), at.area.bottom() - 7, self._rows_at_left(at), px(13))

    def _rows_at_left(self, at: Geometry) -> list[tuple[float, float]]:
        """The pixel rows (upper, lower) that curves and guides take where the name would stand."""
        rows = [(at.y(guide.value), at.y(guide.value)) for guide in self._guides]
        end_ms = at.moment(at.area.left() + px(NAME_PX if self.link.linked else UNLINKED_PX))
        for curve in self._curves:
            first, last = curve.at_ms.searchsorted([at.start_ms, end_ms])
            low, high = np.fmin.reduce(curve.low[first:last], initial=np.inf), curve.high[first:last]
            if np.isfinite(low):
                rows.append((at.y(float(np.fmax.reduce(high))), at.y(float(low))))
        return rows

    def _paint_join(self, painter: QPainter, at: Geometry) -> None:
        if self._joined_ms is None or not at.shows(self._joined_ms):
            return
        x = at.x(self._joined_ms)
        painter.setPen(QPen(self._theme.t3, 1))
        painter.drawLine(QPointF(x, at.area.bottom()), QPointF(x, at.area.bottom() - px(8)))

    def _labels(self, at: Geometry) -> list[Label]:
        def inside(value: float) -> float:
            return min(at.area.bottom(), max(at.area.top(), at.y(value)))

        labels = [Label(inside(guide.value), guide.name) for guide in self._guides]
        if self._band is not None and self._band.name:
            labels.append(Label(inside((self._band.low + self._band.high) / 2), self._band.name, faint=True))
        for curve, end in zip(self._curves, self._ends, strict=True):
            if end is not None:
                labels.append(self._curve_label(curve, inside(end[1]), end[1]))
        return labels

    def _curve_label(self, curve: Curve, y: float, newest: float) -> Label:
        value = curve.value or f"{decimal(newest, self._decimals)} {self.unit}"
        if len(self._curves) == 1:
            return Label(y, value, strong=True)
        tone = curve.tone if any(each.tone != "plain" for each in self._curves) else ""
        return Label(
            y,
            curve.name,
            value,
            strong=curve.tone == "t1" if tone else curve is self._curves[0],
            tone=tone,
            dashed=curve.dashed,
        )

    @staticmethod
    def _ends_live(curve: Curve) -> bool:
        return curve.live and not (curve.held is not None and curve.held.size and bool(curve.held[-1]))
