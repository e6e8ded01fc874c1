"""The ground on which every plot of a view is drawn: margins, axes, header, FIXED frame and crosshair.

Knows a zone and a value axis. How its span is moved is SpanPlot's; what is drawn on it, TrendPlot's and StackPlot's.
"""

from __future__ import annotations

import enum
from datetime import UTC, tzinfo

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_text
from console.ui.plot.crosshair import Crosshair
from console.ui.plot.crosshair_tag import Tag, paint_crosshair
from console.ui.plot.geometry import Geometry
from console.ui.plot.header import Header, paint_header
from console.ui.plot.marks import Curve
from console.ui.plot.paint import paint_focus, paint_mode_frame, paint_time_axis, paint_value_axis
from console.ui.plot.span_plot import SpanPlot
from console.ui.plot.ticks import zone_text
from console.ui.plot.time_link import unlinked_words
from console.ui.theme import DARK, Theme

LEFT_PX, GUTTER_PX, HEADER_PX, TOP_PX, BOTTOM_PX = 56, 150, 46, 8, 34
NARROW_PX, NARROW_GUTTER_PX = 620, 118


class Loading(enum.Enum):
    """Whether the plot holds what its span asks for (R50)."""

    WAITING = "loading"
    COMPLETE = ""
    INCOMPLETE = "incomplete"


class PlotCanvas(SpanPlot):
    """Base of the plots: everything that they have in common and that is painted."""

    compares = False  # whether each curve is a place of its own

    def __init__(
        self,
        title: str,
        unit: str,
        theme: Theme = DARK,
        *,
        header: bool = True,
        time_axis: bool = True,
        crosshair: Crosshair | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(crosshair, parent)
        self.title, self.unit = title, unit
        self._theme, self._header, self._time_axis = theme, header, time_axis
        self._zone: tzinfo = UTC
        self._coverage = ""
        self._loading = Loading.WAITING
        self._limits = (0.0, 1.0)
        self._origin_ms = 0
        self._place()
        self.setAccessibleName(title)
        self.viewport().setAccessibleName(title)  # the focus ends up there

    def sizeHint(self) -> QSize:
        """Room for a header and four steps of the value axis."""
        return QSize(px(560), px(240 if self._header else 110))

    def minimumSizeHint(self) -> QSize:
        """Below this a plot says nothing."""
        return QSize(px(280), px(140 if self._header else 64))

    # what it is told

    @property
    def zone(self) -> tzinfo:
        """The zone of its time axis."""
        return self._zone

    @property
    def loading(self) -> Loading:
        """Whether everything asked for is drawn."""
        return self._loading

    def set_zone(self, zone: tzinfo) -> None:
        """Label the time axis in another zone."""
        self._zone = zone
        self._repaint()

    def set_coverage(self, text: str) -> None:
        """What the header says at the right: coverage and age."""
        if text != self._coverage:
            self._coverage = text
            self._repaint_words()

    def set_loading(self, loading: Loading) -> None:
        """Say that data is still to come, or that a part never came."""
        if loading is not self._loading:
            self._loading = loading
            self._repaint_words()

    def set_time_axis(self, shown: bool) -> None:
        """Whether the times stand under this plot, or under a lower one that shares its span."""
        if shown is not self._time_axis:
            self._time_axis = shown
            self._place()
            self._refit()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self._place()
        self._repaint()

    # for the plots that draw on it

    def level_name(self) -> str:
        """The roll-up level of what is shown; the plots know it."""
        return ""

    def crosshair_tags(self, at_ms: int) -> list[Tag]:
        """What the crosshair says at a moment; the plots know it."""
        return []

    def geometry_now(self) -> Geometry:
        """Where moments and values lie."""
        return Geometry(self.plot_area(), self._span.start_ms, self._span.end_ms, *self._limits)

    def plot_area(self) -> QRectF:
        """The inner rectangle in logical pixels."""
        left, top, right, bottom = self._margins()
        return QRectF(left, top, max(1, self.width() - left - right), max(1, self.height() - top - bottom))

    def gutter(self) -> QRectF:
        """The strip of labels at the right end."""
        area = self.plot_area()
        return QRectF(area.right() + 10, area.top() - 4, self.width() - area.right() - 26, area.height() + 8)

    # inside

    def _margins(self) -> tuple[int, int, int, int]:
        gutter = GUTTER_PX if self.width() >= NARROW_PX else NARROW_GUTTER_PX
        bottom = px(BOTTOM_PX if self._header else 30) if self._time_axis else px(9)
        return px(LEFT_PX), px(HEADER_PX) if self._header else TOP_PX, px(gutter), bottom

    def _place(self) -> None:
        """Gives the view box exactly the plot area, so that curves and grid share their pixels."""
        self.centralLayout.setContentsMargins(*self._margins())

    def _refit(self) -> None:
        """The span changed: plots recompute what depends on it."""
        self._apply_range()

    def _apply_range(self) -> None:
        """x = seconds since the origin, which moves with the data and not with the span: epoch seconds collapse to
        one x in SVG, and a pan need not touch a sample."""
        ends = tuple((at_ms - self._origin_ms) / 1000 for at_ms in (self._span.start_ms, self._span.end_ms))
        self.box.setRange(xRange=ends, yRange=self._limits, padding=0, disableAutoRange=True)
        self._repaint()

    def _repaint(self, *_: object) -> None:
        self.viewport().update()

    def _repaint_words(self) -> None:
        """Coverage and loading stand above the curves; over an empty plot they stand in its middle."""
        if self._header and self.has_data():
            self.viewport().update(0, 0, self.width(), px(HEADER_PX))
        else:
            self._repaint()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the margins."""
        super().resizeEvent(event)
        if hasattr(self, "_origin_ms"):  # pyqtgraph sends a resize before this class is set up
            self._place()

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the margins of a plot that was hidden meanwhile: Qt tells a size that went and came back to no one."""
        super().showEvent(event)
        self._place()

    # painting

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        """Ground, grid and whatever lies behind the curves."""
        painter.fillRect(self.rect(), self._theme.bg1)
        at = self.geometry_now()
        self.paint_behind(painter, at)
        paint_value_axis(painter, at, self._theme)
        paint_time_axis(painter, at, self._zone, self._theme, self._time_axis)
        self.paint_levels(painter, at)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Labels, header, frame and crosshair."""
        at = self.geometry_now()
        self.paint_front(painter, at)
        if self._header:
            paint_header(painter, self.width(), self.header_now(), self._theme)
        if self._loading is not Loading.COMPLETE and not self.has_data():
            words = "loading" if self._loading is Loading.WAITING else "incomplete: the store did not answer"
            paint_text(
                painter, at.area.center(), words, font(Role.CAPTION), self._theme.t3, Qt.AlignmentFlag.AlignHCenter
            )
        if not self._span.live:
            paint_mode_frame(painter, at.area, self._theme)
        if self._crosshair.at_ms is not None and at.shows(self._crosshair.at_ms):
            moment = self._crosshair.at_ms
            paint_crosshair(painter, at, moment, self._zone, self.crosshair_tags(moment), self._theme)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), self._theme)

    # what the plots on this canvas add

    def paint_behind(self, painter: QPainter, at: Geometry) -> None:
        """Bands and hatches."""

    def paint_levels(self, painter: QPainter, at: Geometry) -> None:
        """Guides between grid and curves."""

    def paint_front(self, painter: QPainter, at: Geometry) -> None:
        """Gutter labels, end dots, words."""

    def has_data(self) -> bool:
        """Whether there is anything to see."""
        return False

    def curves_shown(self) -> tuple[Curve, ...]:
        """What is drawn, for whoever takes the data and not the picture."""
        return ()

    def header_now(self) -> Header:
        """The words above the plot; the coverage is that of now and does not stand over a span of its own."""
        coverage = self._coverage if self._link.linked else ""
        note = " · ".join(part for part in (self._loading.value, coverage) if part)
        return Header(self.title, self.subtitle(), note, self._span.live, self.unlinked_text())

    def unlinked_text(self) -> str:
        """Which span an unlinked plot keeps; nothing while the time bar rules it."""
        return "" if self._link.linked else unlinked_words(self._span, self._zone)

    def subtitle(self) -> str:
        """Unit, roll-up level and zone, as every plot must name them."""
        zone = zone_text(self._zone, self._span.end_ms)
        return ", ".join(part for part in (self.unit, self.level_name(), zone) if part)
