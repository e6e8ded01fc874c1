"""The row heads of the miner table: a tick box a machine. Knows places in the table and no machine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QTableView

from console.ui.theme import Theme
from console.ui.widgets.miner_table.paint import paint_box

BOX_COLUMN_PX = 28


class ChoiceBoxes(QHeaderView):
    """`pressed` carries a place in the table and whether Shift is held."""

    pressed = Signal(int, bool)

    def __init__(self, table: QTableView, is_chosen: Callable[[int], bool], theme: Theme) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._is_chosen, self._theme = is_chosen, theme
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setAccessibleName("select miners")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme

    def sizeHint(self) -> QSize:
        """As wide as the table made it; Qt's own asks the model for two hundred rows at each change of size."""
        return QSize(self.width(), 0)

    def paintSection(self, painter: QPainter, rect: QRect, place: int) -> None:
        """The box of a row."""
        painter.fillRect(rect, self._theme.bg1)
        paint_box(painter, QRectF(rect), self._is_chosen(place), False, self._theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a box chooses its row and opens nothing."""
        place = self.logicalIndexAt(event.position().toPoint())
        if place >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit(place, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
