"""A mode that cannot be mistaken: glyph, word and hint on a pill (R11, R13, R40, R60)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.fonts import Role, font, px
from console.ui.icons import paint_icon
from console.ui.lettering import text_width
from console.ui.plain import set_tip
from console.ui.theme import DARK, Theme

PADDING, ICON, SPACE, RADIUS = 12, 16, 8, 3
LETTER_SPACING = 0.8


@dataclass(frozen=True, slots=True)
class Face:
    """Word, icon, hint beside it, and tokens: `fill` empty means outlined in `letter`."""

    word: str
    icon: str
    hint: str
    fill: str
    letter: str
    meaning: str


class Chip(enum.Enum):
    """The five modes."""

    LIVE = Face("LIVE", "live", "follows now", "t1", "paper", "Every plot follows the present moment.")
    FIXED = Face("FIXED", "fixed", "plots stand still", "", "mode", "The plots are frozen; the clock is not.")
    OFFLINE = Face("OFFLINE", "offline", "", "mode", "paper", "Nothing on this screen is live. Commands are off.")
    SIMULATED = Face("SIMULATED", "simulated", "", "mode", "paper", "The fleet is simulated: no real machine is shown.")
    READ_ONLY = Face("READ-ONLY", "read-only", "", "", "mode", "Opened with --read-only: every command is off.")


class ModeChip(QWidget):
    """One chip; not a control, so it takes no focus, but it has a name that a screen reader can say."""

    def __init__(self, chip: Chip, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._height, self._with_hint = theme, 32, True
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_chip(chip)

    @property
    def chip(self) -> Chip:
        """What it says now."""
        return self._chip

    def show_chip(self, chip: Chip) -> None:
        """Say another mode."""
        self._chip = chip
        self.setAccessibleName(f"Mode {chip.value.word}")
        self.setAccessibleDescription(chip.value.meaning)
        set_tip(self, chip.value.meaning)
        self.updateGeometry()
        self.update()

    def set_room(self, height: int, *, with_hint: bool) -> None:
        """Fit the bar; the word is never dropped."""
        self._height, self._with_hint = height, with_hint
        self.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme or scale."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The parts and their padding."""
        width = 2 * PADDING + px(ICON) + SPACE + self._word_width()
        if self._hint():
            width += SPACE + text_width(font(Role.CAPTION), self._hint())
        return QSize(round(width), px(self._height))

    def _hint(self) -> str:
        return self._chip.value.hint if self._with_hint else ""

    def _word_font(self) -> QFont:
        word = font(Role.BODY_BOLD)
        spaced = QFont(word)
        spaced.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, LETTER_SPACING)
        return spaced

    def _word_width(self) -> float:
        return QFontMetricsF(self._word_font()).horizontalAdvance(self._chip.value.word)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Pill, glyph, word, hint."""
        face = self._chip.value
        letter: QColor = getattr(self._theme, face.letter)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect())
            if face.fill:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(getattr(self._theme, face.fill))
                painter.drawRoundedRect(box, RADIUS, RADIUS)
            else:
                painter.setPen(QPen(letter, 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), RADIUS, RADIUS)
            side = px(ICON)
            paint_icon(painter, face.icon, QRectF(PADDING, (box.height() - side) / 2, side, side), letter)
            painter.setPen(letter)
            left = PADDING + side + SPACE
            painter.setFont(self._word_font())
            painter.drawText(QRectF(left, 0, box.width(), box.height()), Qt.AlignmentFlag.AlignVCenter, face.word)
            if self._hint():
                painter.setFont(font(Role.CAPTION))
                left += self._word_width() + SPACE
                painter.drawText(
                    QRectF(left, 0, box.width(), box.height()), Qt.AlignmentFlag.AlignVCenter, self._hint()
                )
