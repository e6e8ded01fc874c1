"""P5: 400,000 machines in new tones, beside the least that any heat map does: one take a pixel and one drawImage.

The baseline is given everything for nothing: each pixel's machine is known, no cell has a form, no block a name.
"""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from console.ui.fonts import load_fonts
from console.ui.heat_map.heat_map import HeatMap
from console.ui.heat_map.picture import Block
from console.ui.heat_map.scale import Tone
from console.ui.theme import DARK
from tests.bench.harness import Measurement, side_by_side

ID, TITLE, TARGET, UNIT = "P5", "heat map of 400,000 machines in new tones", 1.3, "ms"
SITES, MACHINES, WIDTH, HEIGHT = 50, 400_000, 1856, 860


class Shown:
    """The widget: other tones, painted."""

    def __init__(self, frames: list[np.ndarray]) -> None:
        self._frames, self._count = frames, 0
        self._map = HeatMap("machines", DARK)
        self._map.resize(WIDTH, HEIGHT)
        each = MACHINES // SITES
        blocks = [
            Block(str(site), f"Site {site}", np.arange(site * each, (site + 1) * each, dtype=np.intp), "98 %")
            for site in range(SITES)
        ]
        self._map.show_blocks(blocks, MACHINES)
        self._map.show()
        self._image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)

    def frame(self) -> None:
        """New tones and the paint that follows."""
        self._count += 1
        self._map.show_tones(self._frames[self._count % len(self._frames)])
        QWidget.render(self._map.viewport(), self._image, QPoint())


class Bare:
    """The same tones looked up once and drawn into the same area."""

    def __init__(self, frames: list[np.ndarray]) -> None:
        self._frames, self._count = frames, 0
        self._tones = np.arange(len(Tone), dtype=np.uint32) * 0x1C1C1C | np.uint32(0xFF000000)
        self._pixels = np.empty(WIDTH * HEIGHT, dtype=np.uint32)
        self._machine = np.arange(WIDTH * HEIGHT) * MACHINES // (WIDTH * HEIGHT)
        self._image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)

    def frame(self) -> None:
        """Take and draw."""
        self._count += 1
        tones = self._frames[self._count % len(self._frames)]
        np.take(self._tones.take(tones), self._machine, out=self._pixels, mode="clip")
        cells = QImage(self._pixels.data, WIDTH, HEIGHT, 4 * WIDTH, QImage.Format.Format_RGB32)
        with QPainter(self._image) as painter:
            painter.drawImage(QPoint(0, 0), cells)


def measure() -> Measurement:
    """Both in turn over four sets of tones."""
    app = QApplication.instance() or QApplication([])
    load_fonts()
    noise = np.random.default_rng(5)
    frames = [noise.choice(6, MACHINES, p=(0.95, 0.02, 0.01, 0.01, 0.005, 0.005)).astype(np.uint8) for _ in range(4)]
    shown, bare = Shown(frames), Bare(frames)
    figure_ms, baseline_ms = side_by_side(shown.frame, bare.frame)
    app.processEvents()
    return Measurement(figure_ms, baseline_ms, UNIT, TARGET)
