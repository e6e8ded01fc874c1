"""The window, and what it shows in its first tenth of a second: bars, panels, land and clock, and no value at all.

Everything that computes (numpy, the fleet, the store) is imported after this has been painted (P1), so this module
may import nothing of it; nor make a pen or a brush, for that loads the `Qt` namespace, whose enumerations alone cost
13 ms. The land is baked by `resources/map/bake_first_light.py`.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent, QPalette, QPicture, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console.ui.assets import asset
from console.ui.density import Density, density_at
from console.ui.fonts import Role, font, px
from console.ui.process.application import has_display
from console.ui.theme import DARK, Theme
from console.ui.views.world.layout import places

USUAL_SIZE = (1920, 1080)
NAME_INDENT = 28
WIDTH, HEIGHT = 1000.0, 628.4  # the footprint of the recording, in its own units
ALARM_BANNER = {Density.COMPACT: 40, Density.STANDARD: 44, Density.WALL: 60}  # its room is kept
STRIP = {Density.COMPACT: 224, Density.STANDARD: 124, Density.WALL: 124}
TILES = (560, 300, 300, 360, 300)  # widths of mock-up 1, as shares
WORD = "Opening the store"


class Window(QWidget):
    """The top-level window: paints the first light until a shell is adopted, then it is only its frame."""

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__()
        self._theme, self._painted = theme, False
        self._shell: QWidget | None = None
        self._first: FirstLight | None = None
        ground = _palette(theme, theme.t1)
        ground.setColor(QPalette.ColorRole.Window, theme.bg0)
        self.setPalette(ground)
        self.setWindowTitle("Meridian")

    def open(self, size: tuple[int, int] | None) -> None:
        """Show the window, as large as asked or as the screen allows, and return when it has been painted."""
        self.resize(QSize(*size) if size else self._fitting())
        self._first = FirstLight(self._theme, self)
        self.show()
        while not self._painted:
            QApplication.processEvents()

    def _fitting(self) -> QSize:
        wanted = QSize(*USUAL_SIZE)
        return wanted.boundedTo(self.screen().availableSize()) if has_display() else wanted

    def adopt(self, shell: QWidget) -> None:
        """From now on the window is the shell's."""
        self._shell = shell
        if self._first is not None:
            self._first.deleteLater()
            self._first = None
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
        """The ground is the palette's; here it is only noted that something is on the screen."""
        self._painted = True


class FirstLight(QWidget):
    """Bars, panels, land and clock as plain filled children: no pen and no brush is made in Python."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.resize(parent.size())
        density = density_at(self.width())
        top, bottom = px(density.value.top_bar), px(density.value.time_bar)
        self._fill(QRect(0, 0, self.width(), top))
        self._fill(QRect(0, self.height() - bottom, self.width(), bottom))
        self._say(density.value.margin, top)
        top += px(ALARM_BANNER[density])
        for panel in self._panels(density, top, self.height() - top - bottom):
            self._fill(panel)

    def _fill(self, box: QRect) -> None:
        panel = QWidget(self)
        panel.setGeometry(box)
        panel.setPalette(_palette(self._theme, self._theme.t1))
        panel.setAutoFillBackground(True)

    def _say(self, margin: int, height: int) -> None:
        clock = time.strftime("%H:%M:%S UTC", time.gmtime())
        for role, tone, share, text in (
            (Role.MARK, self._theme.t1, 0.0, "Meridian"),
            (Role.CAPTION, self._theme.t2, 0.5, WORD),
            (Role.CLOCK, self._theme.t1, 1.0, clock),
        ):
            label = QLabel(self)
            label.setFont(font(role))
            label.setPalette(_palette(self._theme, tone))
            label.setText(text)
            indent = NAME_INDENT if role is Role.MARK else 0
            width = label.sizeHint().width()
            left = margin + indent + round((self.width() - 2 * margin - width) * share)
            label.setGeometry(left, 0, width, height)

    def _panels(self, density: Density, top: int, height: int) -> list[QRect]:
        spots = places(self.width(), height, px(STRIP[density]), density)
        panels = [spots.attention, spots.map]
        if density is Density.COMPACT:
            panels.append(spots.strip)
        else:
            half = (spots.graphs.width() - density.value.gap) // 2
            panels += [spots.regions, spots.graphs.adjusted(0, 0, -half - density.value.gap, 0)]
            panels += [spots.graphs.adjusted(half + density.value.gap, 0, 0, 0), *self._tiles(spots.strip, density)]
        Land(self._theme, spots.map.translated(0, top), self)
        return [panel.translated(0, top) for panel in panels if panel is not spots.map]

    def _tiles(self, strip: QRect, density: Density) -> list[QRect]:
        gap = density.value.gap
        share = (strip.width() - gap * (len(TILES) - 1)) / sum(TILES)
        tiles, left = [], float(strip.left())
        for width in TILES:
            tiles.append(QRect(round(left), strip.top(), round(width * share), strip.height()))
            left += width * share + gap
        return tiles


class Land(QWidget):
    """The footprint as large as it fits, replayed from its recording."""

    def __init__(self, theme: Theme, box: QRect, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = QPicture()
        self._picture.load(str(asset("map", f"first-light-{theme.name}.pic")))
        self.setGeometry(box)
        self.setPalette(_palette(theme, theme.t1))
        self.setAutoFillBackground(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Replay; a recording that could not be loaded is an empty sea."""
        scale = min(self.width() / WIDTH, self.height() / HEIGHT)
        with QPainter(self) as painter:
            painter.translate((self.width() - WIDTH * scale) / 2, (self.height() - HEIGHT * scale) / 2)
            painter.scale(scale, scale)
            painter.drawPicture(0, 0, self._picture)


def _palette(theme: Theme, tone: QColor) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, theme.bg1)
    palette.setColor(QPalette.ColorRole.WindowText, tone)
    return palette
