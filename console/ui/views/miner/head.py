"""The head of a machine's page: way back, name, place, and its state with the rule behind it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.domain.metric import MinerState
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.models.miners.page import MinerNow
from console.ui.models.state_words import WORDS
from console.ui.plain import safe_text, set_tip
from console.ui.theme import DARK, Theme, apply_theme
from console.ui.widgets.press_button import Look, PressButton
from console.ui.widgets.state_cells import CellGrid, paint_cells

HEAD_PX, CELL_PX, PAD_PX = 84, 13, 16


class MinerHead(QWidget):
    """`back_asked`, `rack_asked` and `site_asked` are the ways out."""

    back_asked = Signal()
    rack_asked = Signal()
    site_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name, self._place, self._rule, self._old = "", "", "", False
        self._state: MinerState | None = None
        self._back = PressButton("Back", Look.TAB, hint="Esc", name="back", theme=theme, parent=self)
        self._back.setCheckable(False)
        self._rack = PressButton("Its container", Look.OUTLINE, theme=theme, parent=self)
        self._site = PressButton("Its site", Look.OUTLINE, theme=theme, parent=self)
        for button, height, asked in (
            (self._back, 24, self.back_asked),
            (self._rack, 28, self.rack_asked),
            (self._site, 28, self.site_asked),
        ):
            button.set_height(height)
            button.clicked.connect(asked)
        self.setAccessibleName("miner")

    def show_miner(self, miner: MinerNow, place: str, rule: str, *, old: bool) -> None:
        """A machine of the newest roster."""
        self._rack.switch(bool(miner.names["container"]), "Its container is not told")
        serial = f"serial {miner.names['serial']}" if miner.names["serial"] else ""
        words = (miner.names["model"], place, serial)
        self._put(miner.id, " · ".join(part for part in words if part), rule, miner.state, old)

    def show_missing(self, miner_id: str, place: str, words: str) -> None:
        """A machine that the newest roster lacks, or that is not read yet."""
        self._rack.switch(False, "Its place is not known")
        self._put(miner_id, place, words, None, True)

    def _put(self, name: str, place: str, rule: str, state: MinerState | None, old: bool) -> None:
        self._name, self._place, self._rule = safe_text(name), safe_text(place), rule
        self._state, self._old = state, old
        word = "" if state is None else f"{WORDS[state]}, "
        words = f"{name}, {place}, {word}{rule}"
        self.setAccessibleDescription(safe_text(words))
        set_tip(self, words)
        self.update()

    @property
    def words(self) -> tuple[str, str, str]:
        """Name, place, and the state with its rule."""
        word = "" if self._state is None else f"{'last known: ' if self._old else ''}{WORDS[self._state]} · "
        return self._name, self._place, word + self._rule

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        apply_theme(self, theme)
        self._set_out()
        self.update()

    def sizeHint(self) -> QSize:
        """Three lines."""
        return QSize(px(600), px(HEAD_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons at the ends."""
        self._set_out()

    def _set_out(self) -> None:
        self._back.setGeometry(6, px(6), self._back.sizeHint().width(), px(24))
        right = self.width() - 12
        for button in (self._site, self._rack):
            hint = button.sizeHint()
            button.setGeometry(right - hint.width(), px(8), hint.width(), hint.height())
            right -= hint.width() + 8

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, name, place, state."""
        theme = self._theme
        name, place, rule = self.words
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.bg1)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
            left, face = self._back.geometry().right() + 10.0, font(Role.HEADING)
            room = self._rack.x() - left - 16.0
            width = min(text_width(face, name) + 1, room)
            paint_elided(painter, QRectF(left, px(2), width, px(32)), name, face, theme.t1)
            line = QRectF(PAD_PX, px(34), self.width() - 2 * PAD_PX, px(18))
            paint_elided(painter, line, place, font(Role.BODY), theme.t2)
            self._paint_state(painter, rule)

    def _paint_state(self, painter: QPainter, rule: str) -> None:
        theme, left, middle = self._theme, float(PAD_PX), px(66)
        if self._state is not None:
            side = px(CELL_PX)
            cell = QRectF(left, middle - side / 2, side, side)
            grid = CellGrid(1, side / 0.75, side / 0.75)
            paint_cells(painter, cell, np.array([self._state], dtype=np.uint8), grid, theme)
            left += side + px(8)
        line = QRectF(left, middle - px(9), self.width() - left - PAD_PX, px(18))
        paint_elided(painter, line, rule, font(Role.BODY_BOLD), theme.t2 if self._old else theme.t1)
