"""The last 60 minutes of a value as a small line over its normal band; knows no store and no time zone."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from console.ui.device import device_scale, has_pixels
from console.ui.models.spark import Spark
from console.ui.theme import THEMES, Theme

LINE_PX = 1.3
DOT_PX = 2.2
MARGIN_PX = 3.0
LEAST_SPREAD = 0.01  # of the value: a quiet line is drawn quiet, not blown up to full height


def paint_spark(painter: QPainter, area: QRectF, spark: Spark, theme: Theme, ground: QColor | None = None) -> None:
    """Draws `spark` into `area`; also for item delegates. `ground` fills the hollow end dot (default bg1).

    A row or tile is painted each second for its age, its hour is a new one each minute: it is kept as a picture.
    """
    ink = ground or theme.bg1
    if not has_pixels(painter):
        _draw(painter, area, spark, theme, ink)
        return
    ratio = device_scale(painter)
    picture = _picture(spark, area.width(), area.height(), theme.name, ink.rgba(), ratio)
    painter.drawImage(QPointF(round(area.left() * ratio) / ratio, round(area.top() * ratio) / ratio), picture)


@lru_cache(maxsize=48)
def _picture(spark: Spark, width: float, height: float, theme: str, ground: int, ratio: float) -> QImage:
    size = QSize(math.ceil(width * ratio), math.ceil(height * ratio))
    picture = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(0)
    with QPainter(picture) as painter:
        _draw(painter, QRectF(0, 0, width, height), spark, THEMES[theme], QColor.fromRgba(ground))
    return picture


def _draw(painter: QPainter, area: QRectF, spark: Spark, theme: Theme, ground: QColor) -> None:
    known = np.flatnonzero(np.isfinite(spark.values))
    if not known.size or area.width() < 2 * MARGIN_PX:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    low, high = _limits(spark)
    inner = area.adjusted(0, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
    y = inner.bottom() - (spark.values.astype(np.float64) - low) / (high - low) * inner.height()
    x = inner.left() + np.arange(len(y)) / max(1, len(y) - 1) * inner.width()
    if spark.band is not None:
        top, bottom = (inner.bottom() - (edge - low) / (high - low) * inner.height() for edge in reversed(spark.band))
        strip = QRectF(area.left(), top, area.width(), bottom - top).intersected(area)
        painter.fillRect(strip, theme.band)
    if spark.target is not None:
        _paint_target(painter, inner, inner.bottom() - (spark.target - low) / (high - low) * inner.height(), theme)
    _paint_runs(painter, x, y, theme)
    _paint_end(painter, QPointF(x[known[-1]], y[known[-1]]), spark.live, theme, ground)
    painter.restore()


def _limits(spark: Spark) -> tuple[float, float]:
    values = spark.values[np.isfinite(spark.values)]
    edges = [float(values.min()), float(values.max())]
    edges += [] if spark.band is None else list(spark.band)
    edges += [] if spark.target is None else [spark.target]
    low, high = min(edges), max(edges)
    least = max(abs(high), abs(low)) * LEAST_SPREAD or 1.0
    spare = max(0.0, least - (high - low)) / 2
    return low - spare, high + spare


def _paint_target(painter: QPainter, inner: QRectF, y: float, theme: Theme) -> None:
    pen = QPen(theme.t3, 1.0)
    pen.setDashPattern([2, 3])
    painter.setPen(pen)
    painter.drawLine(QPointF(inner.left(), y), QPointF(inner.right(), y))


def _paint_runs(painter: QPainter, x: NDArray[np.float64], y: NDArray[np.float64], theme: Theme) -> None:
    """One polyline a run of known values: a gap stays a gap."""
    pen = QPen(theme.plain, LINE_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    known = np.flatnonzero(np.isfinite(y))
    for run in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        painter.drawPolyline(QPolygonF([QPointF(x[i], y[i]) for i in run]))


def _paint_end(painter: QPainter, at: QPointF, live: bool, theme: Theme, ground: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen if live else QPen(theme.plain, LINE_PX))
    painter.setBrush(theme.plain if live else ground)
    painter.drawEllipse(at, DOT_PX, DOT_PX)
