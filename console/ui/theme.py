"""The only place with colour literals: two themes of named tokens (7-look.md, section 2)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


@dataclass(frozen=True, slots=True)
class Theme:
    """Tokens, not colours: a widget asks for what a thing is, the theme decides how it looks."""

    name: str
    bg0: QColor  # window, wells, input fields, sea in map lenses
    bg1: QColor  # panels, bars, sea on the world map
    bg2: QColor  # banner, selected row, inset block
    bg3: QColor  # buttons, active tab, bar track, pop-over
    line: QColor  # hairlines and grid, never the only carrier of meaning
    line2: QColor  # group rules, hatch, outline of plain buttons
    edge: QColor  # outline of fields, pop-overs, hollow cells: 3:1 or more
    t1: QColor  # values, names, focus ring
    t2: QColor  # labels
    t3: QColor  # axes, ages, key hints
    plain: QColor  # main curve, filled bar
    disc: QColor  # site disc, bars
    land: QColor
    band: QColor  # normal band behind a curve
    steel: QColor
    sand: QColor
    sage: QColor
    mauve: QColor
    critical: QColor  # alarm only, as the next three
    high: QColor
    medium: QColor
    low: QColor
    mode: QColor  # FIXED, OFFLINE, SIMULATED, READ-ONLY only
    ink: QColor  # letter on an alarm fill
    paper: QColor  # letter on a fill of t1 or mode
    tone_good: QColor  # heat map: at least 95 % of what is expected
    tone_fair: QColor  # 75 - 95 %
    tone_poor: QColor  # below 75 %

    def series(self, index: int) -> QColor:
        """The hue of the region or group at `index` in the fleet's own order; a help to the eye, never a key."""
        hues = (self.steel, self.sand, self.sage, self.mauve, self.disc)
        return hues[index % len(hues)]

    def faded(self, token: str, opacity: float) -> QColor:
        """A token with `opacity` 0..1, for fills beneath a full-strength edge."""
        colour = QColor(getattr(self, token))
        colour.setAlphaF(opacity)
        return colour

    def palette(self) -> QPalette:
        """The palette for Qt's own controls."""
        palette = QPalette()
        role = QPalette.ColorRole
        for roles, colour in (
            ((role.Window,), self.bg0),
            ((role.Base, role.AlternateBase), self.bg0),
            ((role.Button, role.ToolTipBase, role.Highlight), self.bg3),
            ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.HighlightedText), self.t1),
            ((role.PlaceholderText,), self.t3),
            ((role.Link, role.LinkVisited), self.steel),
            ((role.Mid, role.Midlight), self.line2),
            ((role.Dark, role.Shadow), self.line),
        ):
            for each in roles:
                palette.setColor(each, colour)
        for each in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, each, self.t3)
        return palette

    def tokens(self) -> dict[str, QColor]:
        """Every colour by its token's name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "name"}


def _theme(name: str, **literals: str) -> Theme:
    colours: dict[str, Any] = {token: QColor(literal) for token, literal in literals.items()}
    return Theme(name=name, **colours)


ALARM_FILLS = {"critical": "#FF5A4F", "high": "#E68609", "medium": "#F0E442", "low": "#56B4E9"}

DARK = _theme(
    "dark",
    bg0="#14171A",
    bg1="#1B1F23",
    bg2="#252A2F",
    bg3="#2F353B",
    line="#343A41",
    line2="#5A636D",
    edge="#78818A",
    t1="#E8EAEC",
    t2="#B0B7BE",
    t3="#969EA6",
    plain="#D3D7DB",
    disc="#98A2AC",
    land="#2E343A",
    band="#262C32",
    steel="#A8B9CB",
    sand="#CDBFA6",
    sage="#A9BFAE",
    mauve="#BBAFC6",
    mode="#BF66FF",
    ink="#14171A",
    paper="#14171A",
    tone_good="#454D55",
    tone_fair="#8A949E",
    tone_poor="#E8EAEC",
    **ALARM_FILLS,
)

PRINT = _theme(
    "print",
    bg0="#FFFFFF",
    bg1="#F4F5F6",
    bg2="#E9EBED",
    bg3="#DDE0E3",
    line="#CDD1D5",
    line2="#9AA1A8",
    edge="#7A828A",
    t1="#16191C",
    t2="#3F464D",
    t3="#5B636B",
    plain="#2A2F35",
    disc="#4B545D",
    land="#DFE2E5",
    band="#E6E9EB",
    steel="#3F6490",  # apart on paper, where no row can be pointed at to find its curve
    sand="#8C7430",
    sage="#50836A",
    mauve="#6E3A70",
    mode="#7A1FC2",
    ink="#16191C",
    paper="#FFFFFF",
    tone_good="#C3C8CD",
    tone_fair="#7A828A",
    tone_poor="#16191C",
    **ALARM_FILLS,
)

THEMES = {theme.name: theme for theme in (DARK, PRINT)}


def apply_theme(root: QWidget, theme: Theme) -> None:
    """Hand `theme` to the nearest widgets beneath `root` that have `set_theme`; those pass it on themselves."""
    for child in root.children():
        if not isinstance(child, QWidget):
            continue
        if hasattr(child, "set_theme"):
            child.set_theme(theme)
        else:
            apply_theme(child, theme)


def slim_scroll_bars(area: QAbstractScrollArea, theme: Theme) -> None:
    """Scroll bars without arrows; the sheet is theirs alone, for on the area it would hide the palette beneath."""
    sheet = (
        f"QScrollBar {{ background: {theme.bg1.name()}; border: none; margin: 0; }}"
        "QScrollBar:vertical { width: 10px; } QScrollBar:horizontal { height: 10px; }"
        f"QScrollBar::handle {{ background: {theme.line2.name()}; border-radius: 3px; margin: 2px; }}"
        "QScrollBar::handle:vertical { min-height: 32px; } QScrollBar::handle:horizontal { min-width: 32px; }"
        "QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }"
        "QScrollBar::add-page, QScrollBar::sub-page { background: none; }"
    )
    for bar in (area.verticalScrollBar(), area.horizontalScrollBar()):
        bar.setStyleSheet(sheet)
