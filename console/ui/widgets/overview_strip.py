"""The last day (or more) of the fleet's hashrate in one line, with the span in force as a window on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.durations import DAY_S, MINUTE_MS
from console.domain.place import FLEET
from console.domain.series import Series
from console.ui.background import Newest
from console.ui.fonts import Role, font, px
from console.ui.models.live import LiveFleet
from console.ui.models.span import Span, TimeBarModel
from console.ui.theme import DARK, Theme

LEAST_MS = DAY_S * 1000
REACHES = tuple(
    (days * LEAST_MS, name) for days, name in ((1, "24 h"), (7, "7 d"), (30, "30 d"), (365, "1 y"), (400, "400 d"))
)
REREAD_MS = MINUTE_MS
LEAST_WIDTH, LEAST_WINDOW, BUCKETS, INSET = 80, 4, 600, 5
FILL_STEPS = 12  # of a back-fill: the strip is small


class OverviewStrip(QWidget):
    """A click or a drag shows that stretch (FIXED); arrow keys jump a whole span."""

    def __init__(self, live: LiveFleet, span: TimeBarModel, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._span, self._theme, self._height = live, span, theme, 32
        self._reads = Newest(live.reads)  # a year is read longer than the day asked for after it
        self._series: Series | None = None
        self._asked: tuple[object, ...] = ()
        self._pressed_x: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Overview of the fleet hashrate; arrow keys jump one span")
        span.changed.connect(self._span_changed)
        live.changed.connect(self._span_changed)
        self._span_changed(None)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(4 * LEAST_WIDTH, px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Still readable."""
        return QSize(LEAST_WIDTH, px(self._height))

    def set_height(self, height: int) -> None:
        """The bar decides."""
        self._height = height
        self.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def reach(self) -> tuple[int, int, str]:
        """Start, end and name of what is drawn: the shortest stretch up to the end that holds the span."""
        end_ms = self._live.now.now_ms if self._span.cutoff_ms is None else self._span.cutoff_ms
        end_ms -= end_ms % REREAD_MS
        behind_ms = end_ms - self._span.span.start_ms
        length_ms, name = next((pair for pair in REACHES if behind_ms <= pair[0] + REREAD_MS), REACHES[-1])
        return end_ms - length_ms, end_ms, name

    def _span_changed(self, _changed: object) -> None:
        start_ms, end_ms, _name = self.reach()
        telemetry = self._live.telemetry
        steps = self._live.filled(FILL_STEPS)
        asked = (start_ms, end_ms, id(telemetry), steps)  # the store comes after the first paint, its past by and by
        if self._asked != asked:
            self._asked = asked
            self._reads.run(lambda: telemetry.series(FLEET, "hashrate_hs", start_ms, end_ms, BUCKETS), self._take)
        self.update()

    def _take(self, series: Series) -> None:
        self._series = series
        self.update()

    def _x_of(self, at_ms: NDArray[np.int64]) -> NDArray[np.float64]:
        start_ms, end_ms, _name = self.reach()
        return (at_ms - start_ms) / (end_ms - start_ms) * self.width()

    def _ms_at(self, x: float) -> int:
        start_ms, end_ms, _name = self.reach()
        return round(start_ms + x / max(1, self.width()) * (end_ms - start_ms))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stretch."""
        self._pressed_x = event.position().x()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag shows the stretch; a click puts the span's middle there."""
        if self._pressed_x is None:
            return
        first, last = sorted((self._ms_at(self._pressed_x), self._ms_at(event.position().x())))
        if abs(event.position().x() - self._pressed_x) < LEAST_WINDOW:
            half_ms = self._span.span.length_ms // 2
            first, last = first - half_ms, first + half_ms
        self._pressed_x = None
        self._span.show(first, last)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows jump."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._span.jump(-1 if event.key() == Qt.Key.Key_Left else 1)
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Well, line, window, name of the reach."""
        box = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.bg0)
            painter.drawRoundedRect(box, 2, 2)
            painter.setPen(QPen(self._theme.t3, 1))
            for piece in self._pieces():
                painter.drawPolyline(piece)
            self._paint_window(painter, self._span.span)
            self._paint_name(painter, self.reach()[2])

    def _paint_name(self, painter: QPainter, name: str) -> None:
        """On a chip, so that the line does not run through it."""
        metrics = QFontMetricsF(font(Role.CAPTION))
        chip = QRectF(1, 1, metrics.horizontalAdvance(name) + 10, metrics.height())
        painter.fillRect(chip, self._theme.faded("bg0", 0.88))
        painter.setFont(font(Role.CAPTION))
        painter.setPen(self._theme.t3)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, name)

    def _paint_window(self, painter: QPainter, span: Span) -> None:
        ends = self._x_of(np.array([span.start_ms, span.end_ms])).tolist()
        left, right = max(1.0, ends[0]), min(self.width() - 1.0, ends[1])
        if right - left < LEAST_WINDOW:
            left = min(left, self.width() - 1.0 - LEAST_WINDOW)
            right = left + LEAST_WINDOW
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.t1 if span.live else self._theme.mode, 2.4 if self.hasFocus() else 1.4))
        painter.drawRoundedRect(QRectF(left, 1, right - left, self.height() - 2), 2, 2)

    def _pieces(self) -> list[QPolygonF]:
        """The line in pieces: a gap in the data is a gap in the line."""
        series = self._series
        if series is None or not np.isfinite(series.mean).any():
            return []
        known = np.isfinite(series.mean)
        low, high = float(np.nanmin(series.mean)), float(np.nanmax(series.mean))
        middle, half = (low + high) / 2, max((high - low) / 2, abs(high) * 0.02, 1e-9)
        top, bottom = INSET, self.height() - INSET
        y = bottom - (series.mean - (middle - half)) / (2 * half) * (bottom - top)
        points = list(map(QPointF, self._x_of(series.at_ms).tolist(), y.tolist()))
        edges = np.flatnonzero(np.diff(known)) + 1
        pieces = []
        for run in np.split(np.arange(known.size), edges):
            if known[run[0]] and run.size > 1:
                pieces.append(QPolygonF(points[run[0] : run[-1] + 1]))
        return pieces
