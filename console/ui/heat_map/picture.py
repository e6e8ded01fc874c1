"""The cells of a heat map as one RGB32 image, and which machine is where in it. Device pixels; no widget, no text.

The image is as large as the window onto the cells, whatever their number: a site of 60,000 scrolls beneath it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from console.ui.heat_map.layout import Arrangement, Spot, Style, arrange
from console.ui.heat_map.scale import Tone, Tones
from console.ui.heat_map.tiles import Pixels, ground_of, tiles
from console.ui.theme import Theme

Rows = NDArray[np.intp]
Strips = tuple[tuple[NDArray[np.void], list[int]], ...]
NOWHERE = -1  # a place without a machine


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Machines that stand together: `rows` of a MachinesNow in the order of the places, NOWHERE for an empty one.

    `title` and `note` are its head line; `group` names the blocks that belong together; a `framed` block is dashed:
    its values are old or its link is lost.
    """

    key: str
    title: str
    rows: Rows
    note: str = ""
    group: str = ""
    framed: bool = False


class Picture:
    """Blocks, their arrangement in a room, and the image of their tones."""

    def __init__(self) -> None:
        self.blocks: tuple[Block, ...] = ()
        self.arrangement = Arrangement(1, 1, (), 0)
        self._tones: Tones = np.zeros(0, dtype=np.uint8)
        self._marked: NDArray[np.bool_] | None = None
        self._padded: list[Rows] = []
        self._block_of: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._place_of: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self._tiles: tuple[object, Strips] | None = None
        self._scrolled = 0
        self._canvas: Pixels = np.zeros((0, 0), dtype=np.uint32)

    def show(self, blocks: Sequence[Block], machines: int) -> None:
        """Other blocks over `machines` rows; `fit` must follow."""
        self.blocks = tuple(blocks)
        self._block_of = np.full(machines, NOWHERE, dtype=np.int32)
        self._place_of = np.full(machines, NOWHERE, dtype=np.int32)
        for index, block in enumerate(self.blocks):
            taken = block.rows >= 0
            self._block_of[block.rows[taken]] = index
            self._place_of[block.rows[taken]] = np.flatnonzero(taken)
        self._tones = np.full(machines, Tone.LOST, dtype=np.uint8)
        self._marked = None

    def set_tones(self, tones: Tones) -> None:
        """The tone of every row."""
        self._tones = tones

    def set_marked(self, rows: Rows) -> None:
        """The selected rows."""
        self._marked = None
        if rows.size:
            self._marked = np.zeros(self._tones.size, dtype=np.bool_)
            self._marked[rows[rows < self._tones.size]] = True

    def fit(self, width: int, height: int, styles: Sequence[Style]) -> None:
        """Lay the blocks out in a room of device px."""
        sizes, groups = [block.rows.size for block in self.blocks], [block.group for block in self.blocks]
        self.arrangement = arrange(sizes, groups, width, height, styles)
        self._padded = []
        for block, spot in zip(self.blocks, self.arrangement.spots, strict=True):
            padded = np.full(spot.columns * spot.rows, NOWHERE, dtype=np.intp)
            padded[: block.rows.size] = block.rows
            self._padded.append(padded)

    # painting

    def begin(self, width: int, height: int, scrolled: int, theme: Theme) -> QImage:
        """An empty window onto the content from `scrolled` px downwards; what is painted round the cells stays in it.

        It shares its memory with the cells and lives until the next call.
        """
        margin = self.arrangement.pitch_y  # a row of cells may be cut by the upper and by the lower edge
        self._scrolled = scrolled
        self._canvas = np.full((height + 2 * margin, width), ground_of(theme), dtype=np.uint32)
        inside = self._canvas[margin : margin + height]
        return QImage(inside.data, width, height, 4 * width, QImage.Format.Format_RGB32)

    def release(self) -> None:
        """Give the pixels back; the image of the last `begin` must not be used any more."""
        self._canvas = np.zeros((0, 0), dtype=np.uint32)

    def paint(self, theme: Theme) -> None:
        """All visible cells in their tones."""
        codes = np.append(self._tones, np.uint8(Tone.BLANK))
        if self._marked is not None:
            codes[:-1][self._marked] += np.uint8(len(Tone))
        strips = self._strips(theme)
        for padded, spot in zip(self._padded, self.arrangement.spots, strict=True):
            self._paint(spot, codes, padded, strips)

    def _strips(self, theme: Theme) -> Strips:
        """The lines of all tiles, equal ones once, each line of a tile as one value that numpy can take."""
        wide, high = self.arrangement.pitch_x, self.arrangement.pitch_y
        key = (theme.name, wide, high, self._marked is not None)
        if self._tiles is None or self._tiles[0] != key:
            stamps = tiles(theme, wide, high, some_marked=key[3])
            lines: dict[bytes, tuple[NDArray[np.void], list[int]]] = {}
            for line in range(high):
                strip = np.ascontiguousarray(stamps[:, line])
                whole = strip.view(np.dtype((np.void, 4 * wide)) if wide > 2 else f"u{4 * wide}")[:, 0]
                lines.setdefault(strip.tobytes(), (whole, []))[1].append(line)
            self._tiles = (key, tuple(lines.values()))
        return self._tiles[1]

    def _paint(self, spot: Spot, codes: Tones, padded: Rows, strips: Strips) -> None:
        """One block's visible rows: one take for each different line of pixels."""
        wide, high = self.arrangement.pitch_x, self.arrangement.pitch_y
        top = spot.top + high - self._scrolled
        first = max(0, -(top // high))
        last = min(spot.rows, (self._canvas.shape[0] - top) // high)
        if first >= last:
            return
        chosen = codes[padded[first * spot.columns : last * spot.columns]].astype(np.intp)
        right = spot.left + spot.columns * wide
        for strip, lines in strips:
            pixels = strip.take(chosen).view(np.uint32).reshape(last - first, spot.columns * wide)
            for line in lines:
                begin = top + first * high + line
                self._canvas[begin : begin + (last - first - 1) * high + 1 : high, spot.left : right] = pixels

    # who is where

    def row_at(self, x: int, y: int) -> int:
        """The machine at a point of the content, NOWHERE beside the cells."""
        index = self.block_at(x, y, head=0)
        if index is None:
            return NOWHERE
        spot = self.arrangement.spots[index]
        column = (x - spot.left) // self.arrangement.pitch_x
        place = (y - spot.top) // self.arrangement.pitch_y * spot.columns + column
        return int(self._padded[index][place]) if 0 <= column < spot.columns else NOWHERE

    def block_at(self, x: int, y: int, head: int) -> int | None:
        """The block at a point of the content, its head line of `head` px included."""
        high = self.arrangement.pitch_y
        for index, spot in enumerate(self.arrangement.spots):
            if spot.left <= x < spot.left + spot.width and spot.top - head <= y < spot.top + spot.rows * high:
                return index
        return None

    def block_of(self, row: int) -> int | None:
        """The block of a machine; None where it is in none."""
        return int(self._block_of[row]) if 0 <= row < self._block_of.size and self._block_of[row] >= 0 else None

    def cell_of(self, row: int) -> QRect:
        """Where a machine's cell is in the content, gaps included; null where it has none."""
        index = self.block_of(row)
        if index is None:
            return QRect()
        spot, place = self.arrangement.spots[index], int(self._place_of[row])
        wide, high = self.arrangement.pitch_x, self.arrangement.pitch_y
        column, line = place % spot.columns, place // spot.columns
        return QRect(spot.left + column * wide, spot.top + line * high, wide, high)

    def rows_in(self, area: QRect) -> Rows:
        """The machines whose cell's centre lies in an area of the content."""
        wide, high = self.arrangement.pitch_x, self.arrangement.pitch_y
        found = [np.zeros(0, dtype=np.intp)]
        for spot, padded in zip(self.arrangement.spots, self._padded, strict=True):
            x = spot.left + np.arange(spot.columns) * wide + wide // 2
            y = spot.top + np.arange(spot.rows) * high + high // 2
            columns = np.flatnonzero((x >= area.left()) & (x <= area.right()))
            lines = np.flatnonzero((y >= area.top()) & (y <= area.bottom()))
            if columns.size and lines.size:
                found.append(padded.reshape(spot.rows, spot.columns)[np.ix_(lines, columns)].ravel())
        rows = np.concatenate(found)
        return rows[rows >= 0]

    def step(self, row: int, across: int, down: int) -> int:
        """The machine one cell further; over the edge of a block the next one that way; the same one at the end."""
        cell, index = self.cell_of(row), self.block_of(row)
        if index is None:
            return next((int(block.rows[0]) for block in self.blocks if block.rows.size), NOWHERE)
        x, y = cell.center().x() + across * cell.width(), cell.center().y() + down * cell.height()
        found = self.row_at(x, y)
        if found != NOWHERE and self.block_of(found) == index:
            return found
        there = self._beyond(cell, index, across, down)
        return row if there is None else self._nearest(there, cell.center().x(), cell.center().y())

    def _beyond(self, cell: QRect, index: int, across: int, down: int) -> int | None:
        """The nearest other block in a direction."""
        x, y, high = cell.center().x(), cell.center().y(), self.arrangement.pitch_y
        best: tuple[float, int] | None = None
        for other, spot in enumerate(self.arrangement.spots):
            if other == index or not self.blocks[other].rows.size:
                continue
            right, bottom = spot.left + spot.columns * self.arrangement.pitch_x, spot.top + spot.rows * high
            ahead = (
                (spot.left - x if across > 0 else x - right + 1)
                if across
                else (spot.top - y if down > 0 else y - bottom + 1)
            )
            aside = max(0, spot.top - y, y - bottom) if across else max(0, spot.left - x, x - right)
            if ahead > 0 and (not across or aside == 0) and (best is None or (ahead, aside) < best[0]):
                best = ((ahead, aside), other)
        return None if best is None else best[1]

    def _nearest(self, index: int, x: int, y: int) -> int:
        rows = self.blocks[index].rows
        taken = np.flatnonzero(rows >= 0)
        if not taken.size:
            return NOWHERE
        spot = self.arrangement.spots[index]
        columns, lines = taken % spot.columns, taken // spot.columns
        far = abs(spot.left + (columns + 0.5) * self.arrangement.pitch_x - x)
        far = far + abs(spot.top + (lines + 0.5) * self.arrangement.pitch_y - y)
        return int(rows[taken[int(far.argmin())]])
