"""Rows of a label and its value, for what is known about a thing; knows no thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme

ROW_PX, LABEL_PX = 22, 120
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """One row; a `wrap` value may take up to four lines, any other is cut with the whole in the tool tip."""

    label: str
    value: str
    wrap: bool = False


class FactList(QWidget):
    """A painted list: labels in t3, values in t1."""

    def __init__(self, name: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._facts: tuple[Fact, ...] = ()
        self.setAccessibleName(name)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The rows shown."""
        return self._facts

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Other rows."""
        facts = tuple(Fact(fact.label, safe_text(fact.value), fact.wrap) for fact in facts)
        if facts == self._facts:
            return
        self._facts = facts
        words = "\n".join(f"{fact.label}: {fact.value}" for fact in facts)
        self.setAccessibleDescription(words)
        set_tip(self, words)
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def height_for(self, width: float) -> int:
        """The height that all rows take at a width, in logical px."""
        return int(sum(self._row_height(fact, width) for fact in self._facts))

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(px(320), self.height_for(self.width() or px(320)))

    def _row_height(self, fact: Fact, width: float) -> float:
        if not fact.wrap:
            return px(ROW_PX)
        face = QFontMetricsF(font(Role.BODY))
        room = QRectF(0, 0, max(1.0, width - px(LABEL_PX)), 1000)
        wanted = face.boundingRect(room, int(Qt.TextFlag.TextWordWrap), fact.value).height()
        return max(px(ROW_PX), min(wanted, MOST_LINES * face.lineSpacing()) + px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that fit."""
        theme, caption, body = self._theme, font(Role.CAPTION), font(Role.BODY)
        with QPainter(self) as painter:
            top = 0.0
            for fact in self._facts:
                height = self._row_height(fact, self.width())
                if top + px(ROW_PX) > self.height() + 1:
                    break
                label = QRectF(0, top, px(LABEL_PX) - 8, px(ROW_PX))
                paint_elided(painter, label, fact.label, caption, theme.t3)
                value = QRectF(px(LABEL_PX), top, self.width() - px(LABEL_PX), height)
                if fact.wrap:
                    painter.setFont(body)
                    painter.setPen(theme.t1)
                    inside = value.adjusted(0, px(2), 0, 0)
                    painter.drawText(inside, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop), fact.value)
                else:
                    paint_elided(painter, value, fact.value, body, theme.t1)
                top += height
