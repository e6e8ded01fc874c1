"""Paints what surrounds the curves: grid, bands, guides, planned spans, cut-off, frame, header. No data of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_haloed, paint_text, text_width
from console.ui.plot.geometry import Geometry
from console.ui.plot.marks import Band, Guide, Level, Planned
from console.ui.plot.ticks import time_ticks, value_ticks
from console.ui.theme import Theme
from console.ui.widgets.hatch import paint_hatch

VALUE_GRID, TIME_GRID = 0.7, 0.45  # opacity of the grid lines
PX_A_TIME_TICK, PX_A_VALUE_TICK = 96, 18
LEAST_VALUE_TICKS, MOST_VALUE_TICKS = 2, 6
RIGHT, CENTRE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter


def crisp(position: float) -> float:
    """The centre of the pixel that holds a position: a 1 px line there is one pixel, not two grey ones."""
    return int(position) + 0.5


def paint_band(painter: QPainter, at: Geometry, band: Band, theme: Theme) -> None:
    """The normal band behind everything."""
    top, bottom = at.y(band.high), at.y(band.low)
    painter.fillRect(QRectF(at.area.left(), top, at.area.width(), bottom - top).intersected(at.area), theme.band)


def paint_value_axis(painter: QPainter, at: Geometry, theme: Theme) -> None:
    """Grid lines and their numbers at the left."""
    caption = font(Role.CAPTION)
    lines = []
    most = min(MOST_VALUE_TICKS, max(LEAST_VALUE_TICKS, int(at.area.height() / px(PX_A_VALUE_TICK))))
    for tick in value_ticks(at.low, at.high, most):
        y = crisp(at.y(tick.at))
        lines.append(QRectF(at.area.left(), y - 0.5, at.area.width(), 1))
        paint_text(painter, QPointF(at.area.left() - 8, y + px(4)), tick.text, caption, theme.t3, RIGHT)
    _fill_all(painter, lines, theme.faded("line", VALUE_GRID))


def paint_time_axis(painter: QPainter, at: Geometry, zone: tzinfo, theme: Theme, labels: bool) -> None:
    """Vertical grid lines; with `labels` the local times below. Nothing is painted outside the area's width."""
    caption = font(Role.CAPTION)
    lines = []
    most = max(2, int(at.area.width() / px(PX_A_TIME_TICK)))
    for tick in time_ticks(at.start_ms, at.end_ms, zone, most):
        x = crisp(at.x(tick.at))
        lines.append(QRectF(x - 0.5, at.area.top(), 1, at.area.height()))
        if labels:
            half = text_width(caption, tick.text) / 2
            middle = min(max(x, at.area.left() + half), at.area.right() - half)
            paint_text(painter, QPointF(middle, at.area.bottom() + px(17)), tick.text, caption, theme.t3, CENTRE)
    _fill_all(painter, lines, theme.faded("line", TIME_GRID))


def _fill_all(painter: QPainter, lines: list[QRectF], colour: QColor) -> None:
    """Grid lines as filled rectangles: a translucent pen is drawn point by point and costs ten times more."""
    for line in lines:
        painter.fillRect(line, colour)


def paint_guides(painter: QPainter, at: Geometry, guides: Iterable[Guide], theme: Theme) -> None:
    """Targets and limits dashed, contracts solid; one outside the axis is left to its label."""
    for guide in guides:
        if not at.low <= guide.value <= at.high:
            continue
        colour = {Level.TARGET: theme.t1, Level.LIMIT: theme.t2, Level.CONTRACT: theme.t3}[guide.level]
        pen = QPen(colour, 1.0)
        if guide.level is not Level.CONTRACT:
            pen.setDashPattern([5, 4])
        painter.setPen(pen)
        y = crisp(at.y(guide.value))
        painter.drawLine(QPointF(at.area.left(), y), QPointF(at.area.right(), y))


def paint_planned(painter: QPainter, at: Geometry, planned: Iterable[Planned], theme: Theme) -> None:
    """Hatch and two edge lines over each planned stretch."""
    for stretch in planned:
        area = _stretch(at, stretch.start_ms, stretch.end_ms)
        if area is None:
            continue
        paint_hatch(painter, area, theme.faded("line2", 0.5))
        painter.setPen(QPen(theme.line2, 1))
        for edge_ms, x in ((stretch.start_ms, area.left()), (stretch.end_ms, area.right())):
            if at.shows(edge_ms):
                painter.drawLine(QPointF(crisp(x), area.top()), QPointF(crisp(x), area.bottom()))


def paint_planned_words(painter: QPainter, at: Geometry, planned: Iterable[Planned], theme: Theme) -> None:
    """Title and detail of each planned stretch, on a halo, inside it where there is room."""
    for stretch in planned:
        area = _stretch(at, stretch.start_ms, stretch.end_ms)
        if area is None:
            continue
        bold, caption = font(Role.CAPTION_BOLD), font(Role.CAPTION)
        width = max(text_width(bold, stretch.title), text_width(caption, stretch.detail))
        middle = min(max(area.center().x(), at.area.left() + width / 2 + 4), at.area.right() - width / 2 - 4)
        y = at.area.top() + px(20)
        paint_haloed(painter, QPointF(middle, y), stretch.title, bold, theme.t1, theme.bg1, CENTRE)
        if stretch.detail and at.area.height() > px(60):
            paint_haloed(painter, QPointF(middle, y + px(16)), stretch.detail, caption, theme.t2, theme.bg1, CENTRE)


def paint_cutoff(painter: QPainter, at: Geometry, cutoff_ms: int, theme: Theme) -> None:
    """Hatch in the mode colour over what lies behind the end of what is known."""
    area = _stretch(at, cutoff_ms, at.end_ms + 1)
    if area is not None and area.width() >= 1:
        paint_hatch(painter, area, theme.faded("mode", 0.6))


def _stretch(at: Geometry, start_ms: int, end_ms: int) -> QRectF | None:
    if end_ms <= at.start_ms or start_ms >= at.end_ms:
        return None
    left, right = max(at.area.left(), at.x(start_ms)), min(at.area.right(), at.x(end_ms))
    return QRectF(left, at.area.top(), right - left, at.area.height())


def paint_mode_frame(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """FIXED: two pixels of the mode colour round the plot."""
    pen = QPen(theme.mode, 2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(-1, -1, 1, 1))


def paint_focus(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """The focus ring, inside."""
    painter.setPen(QPen(theme.t1, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area.adjusted(1, 1, -1, -1))


def paint_end_dot(painter: QPainter, centre: QPointF, live: bool, colour: QColor, ground: QColor) -> None:
    """The end of a curve: filled while it is live, hollow when it rests on something old."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(colour if live else ground)
    painter.drawEllipse(centre, 2.2 if live else 3.0, 2.2 if live else 3.0)
