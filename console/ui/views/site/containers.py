"""The panel of a site's containers: counts by state as a key, the cards, and what they mean below (mock-up 2)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.domain.metric import MinerState
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, paint_text, text_width
from console.ui.models.containers import ContainerNow, state_totals
from console.ui.models.state_words import ORDER, WORDS
from console.ui.numbers import counted, integer
from console.ui.theme import DARK, Theme
from console.ui.widgets.container_grid import ContainerGrid
from console.ui.widgets.panel import PAD_PX, Panel
from console.ui.widgets.press_button import PressButton
from console.ui.widgets.state_cells import CellGrid, paint_cells

KEY_CELL_PX, KEY_GAP_PX, FOOT_PX, TABLE_BUTTON_PX = 9, 18, 38, 26


class ContainersPanel(Panel):
    """`chosen` carries a container's name, or nothing to go back to the whole site."""

    chosen = Signal(str)
    table_asked = Signal()

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Miners", theme, foot=px(FOOT_PX), parent=parent)
        self.grid = ContainerGrid(theme)
        self.grid.chosen.connect(self.chosen)
        self._totals: dict[MinerState, int] = {}
        self._age, self._suspect = "", 0
        self._table = PressButton("Miner table", hint="/", name="every machine of this site as a row", theme=theme)
        self._table.setParent(self)
        self._table.set_height(TABLE_BUTTON_PX)
        self._table.clicked.connect(self.table_asked)
        self.set_body(self.grid)

    def _place(self) -> None:
        super()._place()
        if hasattr(self, "_table"):  # the panel is placed once before its own parts are there
            hint = self._table.sizeHint()
            spot = QPoint(self.width() - PAD_PX - hint.width(), self.height() - hint.height() - px(6))
            self._table.setGeometry(QRect(spot, hint))

    def show_containers(self, containers: tuple[ContainerNow, ...], age: str, old: bool) -> None:
        """The containers as of now; `age` of the frame that they all come from."""
        self._totals, self._age = state_totals(containers), age
        self._suspect = sum(container.suspect for container in containers)
        miners = sum(container.miners for container in containers)
        subtitle = f"{integer(miners)} in {counted(len(containers), 'container')}"
        self.set_words("Miners", f"{subtitle} · one cell = one miner · tone = state")
        self.grid.show_containers(containers, age, old)

    def show_cells(self, cells: Mapping[str, NDArray[np.uint8]]) -> None:
        """Each machine's own state in roster order."""
        self.grid.show_cells(cells)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Panel, key and foot."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            self._paint_foot(painter)

    def paint_title(self, painter: QPainter) -> None:
        """The title with the key at its right; where both do not fit, the counts win and the words are cut."""
        widths = [self._key_width(state) for state in ORDER]
        gap = KEY_GAP_PX if self.title_room() + sum(widths) + KEY_GAP_PX * len(widths) < self.width() else 10
        x = self.width() - PAD_PX - sum(widths) - gap * (len(widths) - 1)
        painter.save()
        painter.setClipRect(QRectF(0, 0, max(0.0, x - gap), self.height()))
        super().paint_title(painter)
        painter.restore()
        for state, width in zip(ORDER, widths, strict=True):
            self._paint_key(painter, x, state)
            x += width + gap

    def _key_width(self, state: MinerState) -> float:
        count = integer(self._totals.get(state, 0))
        words = text_width(font(Role.CAPTION), WORDS[state] + " ") + text_width(font(Role.CAPTION_BOLD), count)
        return KEY_CELL_PX + 6 + words

    def _paint_key(self, painter: QPainter, x: float, state: MinerState) -> None:
        side = KEY_CELL_PX
        middle = px(20)
        cell = QRectF(round(x), round(middle - side / 2), side, side)
        pitch = side / 0.75
        paint_cells(painter, cell, np.array([state], dtype=np.uint8), CellGrid(1, pitch, pitch), self._theme)
        left, baseline = x + side + 6, middle + px(4.5)
        left += paint_text(painter, QPointF(left, baseline), WORDS[state] + " ", font(Role.CAPTION), self._theme.t2)
        count = integer(self._totals.get(state, 0))
        paint_text(painter, QPointF(left, baseline), count, font(Role.CAPTION_BOLD), self._theme.t1)

    @property
    def foot_words(self) -> str:
        """What the cells mean; before it, because it may be cut, how many values are in no total."""
        order = "in roster order" if self.grid.in_roster_order else "grouped by state"
        suspect = f"{integer(self._suspect)} suspect, left out of totals · " if self._suspect else ""
        return f"{suspect}Cells {order} · percent = hashing, degraded included · click or Enter opens its racks"

    def _paint_foot(self, painter: QPainter) -> None:
        caption, theme = font(Role.CAPTION), self._theme
        right = self._table.geometry().left() - 12
        area = QRectF(PAD_PX, self.height() - px(29), right - PAD_PX, px(18))
        age = f"age {self._age}"
        width = text_width(caption, age)
        paint_elided(painter, area.adjusted(0, 0, -width - 16, 0), self.foot_words, caption, theme.t3)
        paint_elided(painter, QRectF(area.right() - width, area.top(), width, area.height()), age, caption, theme.t3)
