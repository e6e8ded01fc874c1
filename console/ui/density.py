"""Knows the three layouts by the window's logical width and the measures of the bars (7-look.md, section 12)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from console.ui.fonts import font_scale


@dataclass(frozen=True, slots=True)
class Measures:
    """Lengths in logical px at 100 % font scale."""

    margin: int
    gap: int
    top_bar: int
    banner: int
    time_bar: int
    button: int


class Density(enum.Enum):
    """COMPACT below 1600 px, STANDARD, WALL from 2560 px."""

    COMPACT = Measures(margin=12, gap=8, top_bar=44, banner=34, time_bar=40, button=28)
    STANDARD = Measures(margin=16, gap=12, top_bar=48, banner=36, time_bar=56, button=32)
    WALL = Measures(margin=32, gap=24, top_bar=64, banner=44, time_bar=72, button=40)


def density_at(width: int) -> Density:
    """The layout for a window of this logical width at the text size of now.

    1920 px with text of 150 % hold as much as 1280 px, and are laid out so.
    """
    room = round(width / font_scale())
    if room < 1600:
        return Density.COMPACT
    return Density.STANDARD if room < 2560 else Density.WALL
