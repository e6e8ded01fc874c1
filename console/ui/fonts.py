"""Knows the type: the shipped families, the roles of text and their sizes (7-look.md, section 3)."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from console.ui.assets import asset

TEXT, FIGURES, IDENTIFIERS = "Inter", "Inter Display", "JetBrains Mono"
LOADED_PROPERTY = "meridianFontsLoaded"
SUFFIXES = (".otf", ".ttf")
FIRST_FONTS = ("Inter-Regular.otf", "InterDisplay-Medium.ttf", "InterDisplay-SemiBold.ttf")  # of the first paint
LEAST_SCALE, MOST_SCALE = 1.0, 2.0
REGULAR, MEDIUM, SEMI_BOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold


class Role(enum.Enum):
    """What a piece of text is: family, size in px at 100 %, weight."""

    CAPTION = (TEXT, 12, REGULAR)
    CAPTION_BOLD = (TEXT, 12, SEMI_BOLD)
    BODY = (TEXT, 13, REGULAR)
    BODY_MEDIUM = (TEXT, 13, MEDIUM)
    BODY_BOLD = (TEXT, 13, SEMI_BOLD)
    UNIT = (TEXT, 15, REGULAR)
    MARK = (FIGURES, 17, SEMI_BOLD)
    FIELD = (FIGURES, 18, MEDIUM)
    CLOCK = (FIGURES, 22, MEDIUM)
    HEADING = (FIGURES, 24, MEDIUM)
    VALUE2 = (FIGURES, 28, MEDIUM)
    VALUE1 = (FIGURES, 34, MEDIUM)
    MONO = (IDENTIFIERS, 12, REGULAR)
    MONO_BOLD = (IDENTIFIERS, 13, SEMI_BOLD)

    __hash__ = object.__hash__  # there is one of each; hashing the name, as Enum does, is dear for every word painted


def load_fonts(names: Iterable[str] | None = None) -> None:
    """Register the shipped fonts (or these of them), each once; without them Qt falls back to the platform's own."""
    app = QApplication.instance()
    if app is None:
        return
    loaded = set(app.property(LOADED_PROPERTY) or ())
    wanted = set(names or (path.name for path in asset("fonts").iterdir() if path.suffix in SUFFIXES))
    for name in sorted(wanted - loaded):
        QFontDatabase.addApplicationFont(str(asset("fonts", name)))
    app.setProperty(LOADED_PROPERTY, sorted(loaded | wanted))


class Face(QFont):
    """The font of a role. `spec` is its family, size in px and weight: asked of Qt they would cost more than a cached
    width of text that they lead to.
    """

    def __init__(self, family: str, size_px: int, weight: QFont.Weight) -> None:
        super().__init__(family)
        self.setPixelSize(size_px)
        self.setWeight(weight)
        self.setFeature(QFont.Tag("tnum"), 1)
        self.spec = (family, size_px, weight)


def font(role: Role, scale: float = 1.0) -> Face:
    """The font of a role with tabular digits, at the screen's own scale times `scale`."""
    return _font(role, round(scale * _chosen.scale, 3))


@lru_cache(maxsize=256)
def _font(role: Role, scale: float) -> Face:
    family, size_px, weight = role.value
    return Face(family, round(size_px * scale), weight)


class _Chosen:
    """The one text size of the program. Every length and every word painted asks for it, so it is not kept in Qt."""

    scale = LEAST_SCALE


_chosen = _Chosen()


def font_scale() -> float:
    """The scale that the user chose, 1.0 - 2.0."""
    return _chosen.scale


def set_font_scale(scale: float) -> float:
    """Choose the scale (kept within 1.0 - 2.0) and return it; the caller repaints by applying the theme again."""
    _chosen.scale = min(MOST_SCALE, max(LEAST_SCALE, round(scale, 2)))
    return _chosen.scale


def px(length: float) -> int:
    """A length of 7-look.md that holds text (a row, a bar, a tile), at the chosen font scale."""
    return round(length * _chosen.scale)
