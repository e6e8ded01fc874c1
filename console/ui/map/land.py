"""Paints land, borders and graticule of a viewport; knows outlines and tokens, knows no site."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath, QPen

from console.ui.map import outlines as sheets
from console.ui.map.lens_room import Sea
from console.ui.map.paths import path_of
from console.ui.map.projection import EqualEarth
from console.ui.map.viewport import FOOTPRINT, Viewport
from console.ui.theme import Theme

COAST_PX, LENS_COAST_PX, GRATICULE_PX = 0.8, 1.0, 0.7
LENS_REACH_DEG = 40.0  # a lens never shows more than this on either side of its middle
GRATICULE_STEP_DEG = 30
SMALL_BELOW, FINE_FROM, STATES_FROM = 110.0, 330.0, 620.0  # pixels an earth radius
ELSEWHERE = 0.25  # what land beyond the footprint counts
LEAST_CELL_PX, MOST_CELLS = 8.0, 120

Line = NDArray[np.float64]


class Ground:
    """The lines of one sheet about one meridian, projected, with their bounding boxes; y points down as on screen.

    Each ring is filled by itself and all outlines are stroked as one path: measured five times faster than one
    path with every ring, whose scan lines all cross the whole map.
    """

    def __init__(self, lines: list[Line], projection: EqualEarth) -> None:
        self.lines: list[Line] = []
        self._low = self._high = np.zeros((0, 2))
        self._rings: dict[int, QPainterPath] = {}
        self._seen: NDArray[np.int64] | None = None
        self._outline = QPainterPath()
        if not lines:
            return
        # all lines in one go: thousands of short ones cost more in calls than in arithmetic
        degrees = np.concatenate(lines)
        x, y = projection.forward_unwrapped(degrees[:, 0], degrees[:, 1])
        points = np.column_stack([x, -y])
        starts = np.cumsum([0, *(len(line) for line in lines[:-1])])
        self.lines = np.split(points, starts[1:])
        self._low, self._high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)

    def fill(self, painter: QPainter, view: Viewport) -> None:
        """Every ring that a viewport shows, in earth radii, with the painter's brush."""
        for index in self._visible(view):
            if index not in self._rings:
                self._rings[index] = path_of([self.lines[index]])
            painter.drawPath(self._rings[index])

    def path(self, view: Viewport) -> QPainterPath:
        """All that a viewport can show as one path: beyond it Qt would still rasterise every point."""
        seen = self._visible(view)
        if self._seen is None or not np.array_equal(seen, self._seen):
            self._seen, self._outline = seen, path_of([self.lines[index] for index in seen])
        return self._outline

    def _visible(self, view: Viewport) -> NDArray[np.int64]:
        half = np.array([view.width, view.height]) / 2 / view.scale
        centre = np.array([view.x, -view.y])
        return np.flatnonzero(((self._high >= centre - half) & (self._low <= centre + half)).all(axis=1))


@lru_cache(maxsize=24)
def land(sheet: str, meridian_deg: float, reach_deg: float = 180.0) -> Ground:
    """Closed rings of a sheet within `reach_deg` of a meridian; made once, a lens has its own small one."""
    whole = sheets.outlines(sheet)
    rings = sheets.cut_rings(whole.rings, meridian_deg, reach_deg, whole.ring_extents)
    return Ground(list(rings), EqualEarth(meridian_deg))


@lru_cache(maxsize=8)
def state_borders(meridian_deg: float, reach_deg: float = 180.0) -> Ground:
    """Borders between the states of the USA."""
    lines = sheets.cut_borders(sheets.outlines(sheets.STATES).borders, meridian_deg, reach_deg)
    return Ground(list(lines), EqualEarth(meridian_deg))


@lru_cache(maxsize=8)
def graticule(meridian_deg: float) -> tuple[QPainterPath, QPainterPath]:
    """Every 30 degrees, and the equator by itself."""
    along = np.linspace(-180.0, 180.0, 91)
    up = np.linspace(-90.0, 90.0, 46)
    lines = [
        np.column_stack([np.full_like(up, longitude - meridian_deg), up])
        for longitude in np.arange(-180, 180, GRATICULE_STEP_DEG)
    ]
    for line in lines:
        line[:, 0] = (line[:, 0] + 180.0) % 360.0 - 180.0
    lines += [np.column_stack([along, np.full_like(along, latitude)]) for latitude in (-60, -30, 30, 60)]
    projection = EqualEarth(meridian_deg)
    equator = np.column_stack([along, np.zeros_like(along)])
    return path_of(Ground(lines, projection).lines), path_of(Ground([equator], projection).lines)


def sheet_for(scale: float) -> str:
    """The coarsest sheet whose lines are still finer than half a pixel."""
    if scale < SMALL_BELOW:
        return sheets.SMALL_SCALE
    return sheets.WORLD if scale < FINE_FROM else sheets.FINE


def paint_ground(painter: QPainter, view: Viewport, theme: Theme, *, lens: bool = False) -> None:
    """Graticule, land and borders over whatever sea the painter already has."""
    meridian, reach_deg = view.projection.meridian_deg, LENS_REACH_DEG if lens else 180.0
    coast_px = LENS_COAST_PX if lens else COAST_PX
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _to_ground(painter, view)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    lines, equator = graticule(meridian)
    for path, opacity in ((lines, 0.5), (equator, 0.9)):
        painter.setPen(_pen(theme.faded("line", opacity), GRATICULE_PX))
        painter.drawPath(path)
    ground = land(sheet_for(view.scale), meridian, reach_deg)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.land)
    ground.fill(painter, view)
    painter.setPen(_pen(theme.bg0, coast_px))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(ground.path(view))
    if view.scale >= STATES_FROM:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(theme.faded("bg0", 0.6), coast_px * 0.75))
        painter.drawPath(state_borders(meridian, reach_deg).path(view))
    painter.restore()


def _to_ground(painter: QPainter, view: Viewport) -> None:
    """From pixels to earth radii."""
    painter.translate(view.width / 2, view.height / 2)
    painter.scale(view.scale, view.scale)
    painter.translate(-view.x, view.y)


def _pen(colour: object, width_px: float) -> QPen:
    pen = QPen(colour, width_px)
    pen.setCosmetic(True)  # pixels on the screen, whatever the zoom
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def sea_of(view: Viewport) -> Sea:
    """Where a viewport shows land, on a coarse grid; land beyond the footprint counts little, no site stands there."""
    cell_px = max(LEAST_CELL_PX, view.width / MOST_CELLS)
    columns, rows = int(np.ceil(view.width / cell_px)), int(np.ceil(view.height / cell_px))
    image = QImage(max(1, columns), max(1, rows), QImage.Format.Format_Alpha8)
    image.fill(0)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(1 / cell_px, 1 / cell_px)
        _to_ground(painter, view)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(Qt.BrushStyle.SolidPattern))
        land(sheets.SMALL_SCALE, view.projection.meridian_deg).fill(painter, view)
    stored = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    share = stored[:, : image.width()] / 255.0
    y, x = np.mgrid[0 : image.height(), 0 : image.width()] * cell_px
    longitude, _ = view.to_degrees(x, y)
    near = (longitude >= FOOTPRINT.west) & (longitude <= FOOTPRINT.east)
    return Sea(np.where(near, share, share * ELSEWHERE), cell_px, view.width, view.height)
