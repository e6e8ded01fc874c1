"""The window, and what it shows in its first tenth of a second: bars, panels, land and clock, and no value at all.

Everything that computes (numpy, the fleet, the store) is imported after this has been painted (P1), so this module
may import nothing of it; not even the `Qt` namespace, whose enumerations alone cost 13 ms. The land is baked by
`resources/map/bake_first_light.py`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from PySide6.QtCore import QDataStream, QFile, QIODevice, QRect, QRectF, QSize
from PySide6.QtGui import (
    QCloseEvent,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from console.ui.application import has_display
from console.ui.assets import asset
from console.ui.density import Density, density_of
from console.ui.fonts import Role, font, px
from console.ui.theme import DARK, Theme
from console.ui.views.world_layout import places

USUAL_SIZE = (1920, 1080)
COAST_PX, RADIUS, NAME_INDENT = 0.8, 4, 28
STRIP = {Density.COMPACT: 224, Density.STANDARD: 124, Density.WALL: 124}
TILES = (560, 300, 300, 360, 300)  # widths of mock-up 1, as shares
WORD = "Opening the store"


@dataclass(frozen=True, slots=True)
class BakedLand:
    """Rings and the footprint they are seen in, in earth radii, y downwards."""

    footprint: QRectF
    rings: tuple[QPolygonF, ...]


def baked_land() -> BakedLand:
    """The land as baked; none where the program was installed without it."""
    file = QFile(str(asset("map", "first-light.bin")))
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        return BakedLand(QRectF(0, 0, 1, 1), ())
    stream = QDataStream(file)
    stream.setVersion(QDataStream.Version.Qt_6_5)
    stream.setFloatingPointPrecision(QDataStream.FloatingPointPrecision.SinglePrecision)
    footprint, rings = QRectF(), []
    stream >> footprint
    for _ in range(stream.readInt32()):
        ring = QPolygonF()
        stream >> ring
        rings.append(ring)
    return BakedLand(footprint, tuple(rings))


class Window(QWidget):
    """The top-level window: paints the first light until a shell is adopted, then it is only its frame."""

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__()
        self._theme, self._painted = theme, False
        self._shell: QWidget | None = None
        self.setWindowTitle("Meridian")

    def open(self, size: tuple[int, int] | None) -> None:
        """Show the window, as large as asked or as the screen allows, and return when it has been painted."""
        self.resize(QSize(*size) if size else self._fitting())
        self.show()
        while not self._painted:
            QApplication.processEvents()

    def _fitting(self) -> QSize:
        wanted = QSize(*USUAL_SIZE)
        return wanted.boundedTo(self.screen().availableSize()) if has_display() else wanted

    def adopt(self, shell: QWidget) -> None:
        """From now on the window is the shell's."""
        self._shell = shell
        shell.setParent(self)
        shell.setGeometry(self.rect())
        shell.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The shell is as large as the window."""
        super().resizeEvent(event)
        if self._shell is not None:
            self._shell.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """The shell ends first."""
        if self._shell is not None:
            self._shell.close()
        super().closeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The first light; beneath a shell nothing shows."""
        if self._shell is not None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), self._theme.bg0)
            density = density_of(self.width())
            top, bottom = px(density.value.top_bar), px(density.value.time_bar)
            self._paint_bars(painter, density, top, bottom)
            painter.translate(0, top)
            self._paint_panels(painter, density, self.height() - top - bottom)
        self._painted = True

    def _paint_bars(self, painter: QPainter, density: Density, top: int, bottom: int) -> None:
        theme, margin = self._theme, density.value.margin
        painter.fillRect(0, 0, self.width(), top, theme.bg1)
        painter.fillRect(0, self.height() - bottom, self.width(), bottom, theme.bg1)
        clock = time.strftime("%H:%M:%S UTC", time.gmtime())
        for role, tone, share, text in (
            (Role.MARK, theme.t1, 0.0, "Meridian"),
            (Role.CAPTION, theme.t2, 0.5, WORD),
            (Role.CLOCK, theme.t1, 1.0, clock),
        ):
            metrics = QFontMetricsF(font(role))
            indent = NAME_INDENT if role is Role.MARK else 0
            left = margin + indent + (self.width() - 2 * margin - metrics.horizontalAdvance(text)) * share
            painter.setFont(font(role))
            painter.setPen(tone)
            painter.drawText(round(left), round((top + metrics.capHeight()) / 2), text)
        painter.setPen(QPen(theme.t1, 1.6))
        globe = QRectF(margin + 1, (top - 17) / 2, 17, 17)
        painter.drawEllipse(globe)
        painter.drawEllipse(globe.adjusted(5.1, 0, -5.1, 0))

    def _paint_panels(self, painter: QPainter, density: Density, height: int) -> None:
        spots = places(self.width(), height, px(STRIP[density]), density)
        panels = [spots.attention]
        if density is Density.COMPACT:
            panels.append(spots.strip)
        else:
            half = (spots.graphs.width() - density.value.gap) // 2
            panels += [spots.regions, spots.graphs.adjusted(0, 0, -half - density.value.gap, 0)]
            panels += [spots.graphs.adjusted(half + density.value.gap, 0, 0, 0), *self._tiles(spots.strip, density)]
        for panel in panels:
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(panel), RADIUS, RADIUS)
            painter.fillPath(shape, self._theme.bg1)
        painter.fillRect(spots.map, self._theme.bg1)
        self._paint_land(painter, QRectF(spots.map))

    def _tiles(self, strip: QRect, density: Density) -> list[QRect]:
        gap = density.value.gap
        share = (strip.width() - gap * (len(TILES) - 1)) / sum(TILES)
        tiles, left = [], float(strip.left())
        for width in TILES:
            tiles.append(QRect(round(left), strip.top(), round(width * share), strip.height()))
            left += width * share + gap
        return tiles

    def _paint_land(self, painter: QPainter, box: QRectF) -> None:
        land = baked_land()
        scale = min(box.width() / land.footprint.width(), box.height() / land.footprint.height())
        painter.save()
        painter.setClipRect(box)
        painter.translate(box.center())
        painter.scale(scale, scale)
        painter.translate(-land.footprint.center())
        pen = QPen(self._theme.bg0, COAST_PX)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(self._theme.land)
        for ring in land.rings:
            if land.footprint.intersects(ring.boundingRect()):
                painter.drawPolygon(ring)
        painter.restore()
