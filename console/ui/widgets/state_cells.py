"""Paints machines as cells, one a machine, in the tone and form of their state (7-look.md, section 8).

Hashing is a calm tone, degraded a brighter one, off hollow, curtailed hatched, unknown crossed: each can be told
without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from console.domain.metric import MinerState
from console.ui.models.state_words import ORDER
from console.ui.plot.column_curve import RectArray
from console.ui.theme import Theme

ASPECT = 1.5  # a miner is taller than wide
GAP_SHARE = 0.25  # of the pitch

Block = tuple[QRectF, NDArray[np.uint8]]  # an area and the state of each machine in it


@dataclass(frozen=True, slots=True)
class CellGrid:
    """How the cells of one container lie: `columns` a row, pitch in logical px."""

    columns: int
    pitch_x: float
    pitch_y: float

    @classmethod
    def fitting(cls, cells: int, width: float, height: float) -> CellGrid:
        """The largest whole-pixel pitch with which `cells` fit; below 2 px it is fractional."""
        for pitch in (14, 12, 10, 8, 7, 6, 5, 4, 3, 2):
            columns = max(1, int(width // pitch))
            pitch_y = min(round(pitch * ASPECT), int(height // max(1, -(-cells // columns))))
            if pitch_y >= pitch:
                return cls(columns, pitch, pitch_y)
        columns = max(1, int(np.ceil(np.sqrt(cells * width / max(1.0, height)))))
        return cls(columns, width / columns, height / max(1, -(-cells // columns)))

    def places(self, cells: int, area: QRectF) -> NDArray[np.float64]:
        """The rectangles (cells, 4) as x, y, width, height, row by row from the top left."""
        number = np.arange(cells)
        gap = max(1.0, round(self.pitch_x * GAP_SHARE)) if self.pitch_x >= 3 else 0.0
        out = np.empty((cells, 4))
        out[:, 0] = area.left() + number % self.columns * self.pitch_x
        out[:, 1] = area.top() + number // self.columns * self.pitch_y
        out[:, 2] = self.pitch_x - gap
        out[:, 3] = self.pitch_y - gap
        return out


def grouped(counts: dict[MinerState, int]) -> NDArray[np.uint8]:
    """One state a machine, the calm ones first: what a roll-up knows when no frame gives each machine's own."""
    return np.repeat(np.array(ORDER, dtype=np.uint8), [max(0, counts[state]) for state in ORDER])


def paint_cells(painter: QPainter, area: QRectF, states: NDArray[np.uint8], grid: CellGrid, theme: Theme) -> None:
    """Draws one container's machines into `area`."""
    paint_blocks(painter, ((area, states),), grid, theme)


def paint_blocks(painter: QPainter, blocks: Sequence[Block], grid: CellGrid, theme: Theme) -> None:
    """Draws each container's machines into its area: one call a state, whatever their number."""
    if not blocks:
        return
    places = np.concatenate([grid.places(states.size, area) for area, states in blocks])
    states = np.concatenate([states for _, states in blocks])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    for state in ORDER:
        chosen = places[states == state]
        if chosen.size:
            _paint_state(painter, chosen, state, theme)
    painter.restore()


def _paint_state(painter: QPainter, places: NDArray[np.float64], state: MinerState, theme: Theme) -> None:
    if state in (MinerState.HASHING, MinerState.DEGRADED):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.tone_good if state is MinerState.HASHING else theme.tone_fair)
        _fill(painter, places)
        return
    painter.setBrush(theme.bg0)
    painter.setPen(QPen(theme.t1 if state is MinerState.UNKNOWN else theme.edge, 1))
    _fill(painter, places - np.array([0, 0, 1, 1]))  # an outline of 1 px lies on the right and lower edge as well
    if places[0, 2] < 3:
        return
    lines = [QLineF(x, y + high - 1, x + wide - 1, y) for x, y, wide, high in places]
    if state is MinerState.UNKNOWN:
        lines += [QLineF(x, y, x + wide - 1, y + high - 1) for x, y, wide, high in places]
    if state in (MinerState.UNKNOWN, MinerState.CURTAILED):
        painter.drawLines(lines)


def _fill(painter: QPainter, places: NDArray[np.float64]) -> None:
    rects = RectArray()
    rects.resize(len(places))
    rects.ndarray()[:] = places
    painter.drawRects(*rects.drawargs())
