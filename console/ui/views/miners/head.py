"""The head of the miners' view: way back, scope, counts by state as a key, and the actions at the right."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.metric import MinerState
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.state_words import ORDER, WORDS
from console.ui.numbers import integer
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.state_cells import CellGrid, paint_cells

HEAD_PX, KEY_CELL_PX, KEY_GAP_PX = 64, 9, 18


class MinersHead(QWidget):
    """`back_asked` leads to where one came from. `actions` are placed at the right, in this order."""

    back_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title, self._note = "Miners", ""
        self._totals: Mapping[MinerState, int] = {}
        self._back = PressButton("Back", Look.TAB, hint="Esc", name="back", theme=theme, parent=self)
        self._back.setCheckable(False)
        self._back.set_height(24)
        self._back.clicked.connect(self.back_asked)
        self._actions: tuple[PressButton, ...] = ()
        self.setAccessibleName("miners")

    def set_actions(self, *actions: PressButton) -> None:
        """The buttons at the right."""
        self._actions = actions
        for action in actions:
            action.setParent(self)
            action.set_height(28)

    def show_words(self, title: str, note: str, totals: Mapping[MinerState, int]) -> None:
        """Scope, what is shown of it, and the counts of what is shown by state."""
        self._title, self._note, self._totals = safe_text(title), safe_text(note), totals
        key = ", ".join(f"{integer(count)} {WORDS[state]}" for state, count in totals.items())
        self.setAccessibleDescription(f"{title}, {note}, {key}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._place()
        self.update()

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(px(600), px(HEAD_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons follow the right edge."""
        self._place()

    def _place(self) -> None:
        self._back.setGeometry(6, px(5), self._back.sizeHint().width(), px(24))
        right = self.width() - 12
        tallest = max((action.sizeHint().height() for action in self._actions), default=0)
        for action in reversed(self._actions):
            hint = action.sizeHint()
            top = px(3) + (tallest - hint.height()) // 2  # their words are on one line
            action.setGeometry(right - hint.width(), top, hint.width(), hint.height())
            right -= hint.width() + 8

    def _free_right(self) -> float:
        return (self._actions[0].x() if self._actions else self.width()) - 16.0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title and note above, the key below."""
        theme = self._theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left = self._back.x() + self._back.width() + 8.0
            width = min(text_width(font(Role.FIELD), self._title), self._free_right() - left)
            paint_elided(painter, QRectF(left, px(4), width + 1, px(26)), self._title, font(Role.FIELD), theme.t1)
            self._paint_key(painter)

    def _paint_key(self, painter: QPainter) -> None:
        theme, caption, strong, middle = self._theme, font(Role.CAPTION), font(Role.CAPTION_BOLD), px(48)
        baseline, x = middle + px(4.5), 16.0
        x += paint_text(painter, QPointF(x, baseline), self._note, caption, theme.t2) + KEY_GAP_PX
        for state in ORDER:
            side = px(KEY_CELL_PX)
            cell = QRectF(round(x), round(middle - side / 2), side, side)
            pitch = side / 0.75
            paint_cells(painter, cell, np.array([state], dtype=np.uint8), CellGrid(1, pitch, pitch), theme)
            x += side + 6
            x += paint_text(painter, QPointF(x, baseline), f"{WORDS[state]} ", caption, theme.t2)
            count = integer(self._totals.get(state))  # nothing read yet is no zero
            x += paint_text(painter, QPointF(x, baseline), count, strong, theme.t1) + KEY_GAP_PX
