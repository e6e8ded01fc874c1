"""Draws each tone once as a small tile of pixels; a heat map is then nothing but tiles put side by side.

Tiles differ by tone and by form, so that no cell needs a colour to be told from another (R6). In cells of fewer than
five pixels a form has no room: a pattern of two pixels stands for it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from console.ui.heat_map.scale import Tone
from console.ui.theme import Theme

Pixels = NDArray[np.uint32]
LEAST_FORM_PX = 5  # the inside of a cell that can hold a form
DIM = 0.62  # of the ground, over what is not selected where cells are too small for a ring


def tile_gap(pitch_px: int) -> int:
    """The space between two cells, device px: mock-up 7 has 18 px cells 24 px apart."""
    return 0 if pitch_px < 3 else 1 if pitch_px < 9 else max(2, round(pitch_px / 5))


def ground_of(theme: Theme) -> int:
    """What lies between the cells, as RGB32."""
    return _rgb(theme.bg1)


def tiles(theme: Theme, wide: int, high: int, *, some_marked: bool) -> Pixels:
    """Every tone, plain and then marked, as RGB32: shape (2 * tones, high, wide), device px.

    With `some_marked` cells too small for a ring are dimmed unless they are marked.
    """
    ground = ground_of(theme)
    out = np.full((2, len(Tone), high, wide), ground, dtype=np.uint32)
    narrow = min(wide, high) < 3  # no room for space between cells: lines of ground would outweigh them
    inner_wide, inner_high = (wide, high) if narrow else (wide - tile_gap(wide), high - tile_gap(high))
    for tone in Tone:
        if tone is Tone.BLANK:
            continue
        cell = _cell(theme, tone, inner_wide, inner_high)
        out[:, tone, :inner_high, :inner_wide] = cell
        if min(inner_wide, inner_high) >= LEAST_FORM_PX:
            _ring(out[1, tone], inner_wide, inner_high, _rgb(theme.t1), ground)
        elif some_marked:
            out[0, tone, :inner_high, :inner_wide] = _blend(cell, ground)
    return out.reshape(2 * len(Tone), high, wide)


def _rgb(colour: QColor) -> int:
    return int(colour.rgb()) | 0xFF000000


def _blend(cell: Pixels, ground: int) -> Pixels:
    out = np.zeros_like(cell)
    for shift in (0, 8, 16):
        own, other = (cell >> shift) & 255, (ground >> shift) & 255
        out |= (own * (1 - DIM) + other * DIM).astype(np.uint32) << shift
    return out | np.uint32(0xFF000000)


def _cell(theme: Theme, tone: Tone, wide: int, high: int) -> Pixels:
    fills = {Tone.CALM: theme.tone_good, Tone.FAIR: theme.tone_fair, Tone.POOR: theme.tone_poor}
    if tone in fills:
        return np.full((high, wide), _rgb(fills[tone]), dtype=np.uint32)
    return (_form if min(wide, high) >= LEAST_FORM_PX else _pattern)(theme, tone, wide, high)


def _pattern(theme: Theme, tone: Tone, wide: int, high: int) -> Pixels:
    """Two colours, laid so that the tones stay apart when each cell is a pixel or two."""
    first, second = {
        Tone.OFF: (theme.bg0, theme.bg0),
        Tone.LOST: (theme.edge, theme.bg0),
        Tone.RESTING: (theme.line2, theme.bg2),
        Tone.SUSPECT: (theme.bg0, theme.t2),
        Tone.LACKING: (theme.bg3, theme.bg2),
    }[tone]
    y, x = np.indices((high, wide))
    odd = (x + y) % 2 == 1 if high > 1 else x % 2 == 1
    return np.where(odd, np.uint32(_rgb(second)), np.uint32(_rgb(first)))


def _form(theme: Theme, tone: Tone, wide: int, high: int) -> Pixels:
    """The outline with its cross, hatch or dot; a dash has no outline, as "no value" has none in a text."""
    y, x = np.indices((high, wide))
    if tone is Tone.LACKING:
        dash = (abs(y - (high - 1) / 2) <= max(0.5, high / 12)) & (x >= wide // 5) & (x < wide - wide // 5)
        return _painted(wide, high, _rgb(theme.bg1), (dash, theme.t3))
    stroke = max(1, round(min(wide, high) / 16))
    border = (x < stroke) | (y < stroke) | (x >= wide - stroke) | (y >= high - stroke)
    if tone is Tone.OFF:
        return _painted(wide, high, _rgb(theme.bg0), (border, theme.edge))
    if tone is Tone.RESTING:
        hatch = (x + y) % max(3, min(wide, high) // 3) < stroke
        return _painted(wide, high, _rgb(theme.bg0), (hatch, theme.t3), (border, theme.line2))
    if tone is Tone.SUSPECT:
        radius = max(0.5, min(wide, high) / 6)
        dot = (abs(x - (wide - 1) / 2) <= radius) & (abs(y - (high - 1) / 2) <= radius)
        return _painted(wide, high, _rgb(theme.bg0), (dot | border, theme.t1))
    slope = (wide - 1) / max(1, high - 1)
    cross = (abs(x - y * slope) < stroke) | (abs(x - (wide - 1 - y * slope)) < stroke)
    return _painted(wide, high, _rgb(theme.bg0), (cross | border, theme.t2))


def _painted(wide: int, high: int, ground: int, *strokes: tuple[NDArray[np.bool_], QColor]) -> Pixels:
    out = np.full((high, wide), ground, dtype=np.uint32)
    for where, colour in strokes:
        out[where] = _rgb(colour)
    return out


def _ring(tile: Pixels, wide: int, high: int, ink: int, ground: int) -> None:
    """Two pixels of ink round the cell and, where there is room, one of ground inside them."""
    width = 2 if min(wide, high) >= 10 else 1
    inside = tile[:high, :wide]
    for inset, colour in ((width, ground), (0, ink)):
        thick = 1 if inset else width
        if inset and min(wide, high) < 10:
            continue
        for edge in (
            np.s_[inset : inset + thick, inset : wide - inset],
            np.s_[high - inset - thick : high - inset, inset : wide - inset],
            np.s_[inset : high - inset, inset : inset + thick],
            np.s_[inset : high - inset, wide - inset - thick : wide - inset],
        ):
            inside[edge] = colour
