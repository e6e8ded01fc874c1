"""Lays blocks of cells out on shelves: the largest whole-pixel cell with which all of them fit. Pure arithmetic.

All blocks have the same height in cells, so that a block's width is its number of machines. Device pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MOST_LINES = 60
RAGGED_COSTS = 6.0  # a last row half empty is worse than a shape a little off

WIDOW_COSTS = 0.6  # as is a last line with one block in it


@dataclass(frozen=True, slots=True)
class Style:
    """How blocks may lie: `pitches` (wide, high) from the largest; lengths in device px.

    `least_width` is the room that a block's head line needs at least. `group_head` is the strip above the head lines
    that names groups, 0 where there are none. `wanted` is the width to height that a block had best. `edge` is left
    free at the left of every line, for what is drawn round a block or a cell.
    """

    pitches: tuple[tuple[int, int], ...]
    head: int
    gap: int
    group_head: int = 0
    group_gap: int = 0
    least_width: int = 0
    wanted: float = 1.0
    edge: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one block's cells begin, its columns and rows of cells, and the px that its head line may take."""

    left: int
    top: int
    columns: int
    rows: int
    width: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """All blocks at one pitch; `height` in px of everything, also what a scroll bar reaches.

    `grouped`: there is a strip for the groups' names.
    """

    pitch_x: int
    pitch_y: int
    spots: tuple[Spot, ...]
    height: int
    grouped: bool = False


def arrange(
    sizes: Sequence[int], groups: Sequence[str], width: int, height: int, styles: Sequence[Style]
) -> Arrangement:
    """Blocks of `sizes` places in `width` x `height`, in the first style that fits; else in the last, growing beyond
    the height at its smallest pitch."""
    for style in styles:
        for pitch in style.pitches:
            found = _fitting(sizes, groups, width, height, pitch, style)
            if found is not None:
                return found
    return _scrolling(sizes, groups, width, styles[-1])


def _fitting(
    sizes: Sequence[int], groups: Sequence[str], width: int, height: int, pitch: tuple[int, int], style: Style
) -> Arrangement | None:
    """The arrangement at one pitch whose blocks come nearest to the wanted shape; None where none fits."""
    cells = sum(sizes)
    if cells * pitch[0] * pitch[1] > width * height:
        return None
    middle = sorted(sizes)[len(sizes) // 2] if sizes else 1
    best: tuple[float, Arrangement] | None = None
    for lines in range(1, MOST_LINES):
        room = height / lines - style.head - style.group_head - style.gap
        rows = int(room // pitch[1])
        if rows < 1:
            break
        rows = min(rows, max(1, *sizes)) if sizes else rows
        found = _shelves(sizes, groups, width, rows, pitch, style)
        if found is None or found.height > height:
            continue
        columns = max(-(-middle // rows), -(-style.least_width // pitch[0]))
        misfit = abs(math.log(columns * pitch[0] / (rows * pitch[1]) / style.wanted))
        misfit += RAGGED_COSTS * (-(-middle // rows) * rows - middle) / max(1, middle)
        misfit += WIDOW_COSTS * (1.0 - _last_line(found) / max(1, width))
        if best is None or misfit < best[0]:
            best = (misfit, found)
    return None if best is None else best[1]


def _last_line(found: Arrangement) -> int:
    """How far the last line reaches, px."""
    return max((spot.left + spot.width for spot in found.spots if spot.top == found.spots[-1].top), default=0)


def _scrolling(sizes: Sequence[int], groups: Sequence[str], width: int, style: Style) -> Arrangement:
    pitch = style.pitches[-1]
    middle = sorted(sizes)[len(sizes) // 2] if sizes else 1
    rows = max(1, round(math.sqrt(max(1, middle) * pitch[0] / pitch[1] / style.wanted)))
    while True:  # ends: one row more makes every block narrower, down to one column
        found = _shelves(sizes, groups, width, rows, pitch, style)
        if found is not None:
            return found
        rows += max(1, rows // 4)


def _shelves(
    sizes: Sequence[int], groups: Sequence[str], width: int, rows: int, pitch: tuple[int, int], style: Style
) -> Arrangement | None:
    """Blocks from left to right in lines of `rows` cells; None where one is wider than the room."""
    spots: list[Spot] = []
    left, top, group = style.edge, style.group_head + style.head, groups[0] if groups else ""
    step = rows * pitch[1] + style.head + style.group_head + style.gap
    for size, own in zip(sizes, groups, strict=True):
        columns = max(1, -(-size // rows))
        wide = max(columns * pitch[0], min(style.least_width, width - style.edge))
        if own != group and left > style.edge:
            left += style.group_gap
        group = own
        if left > style.edge and left + wide > width:
            left, top = style.edge, top + step
        if style.edge + wide > width:
            return None
        spots.append(Spot(left, top, columns, -(-size // columns) if size else 0, wide))
        left += wide + style.gap
    return Arrangement(pitch[0], pitch[1], tuple(spots), top + rows * pitch[1], style.group_head > 0)
