"""Machines as cells under pointer and keys: a plate that names the cell, a click that opens it, a brush, arrows.

Knows rows and blocks; must not know what a machine is. Whoever shows it says what a row means in words.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from console.ui.fonts import px
from console.ui.heat_map.canvas import HEAD_PX, HeatCanvas
from console.ui.heat_map.picture import NOWHERE, Rows
from console.ui.heat_map.plate import Plate
from console.ui.keys import ARROWS, ENTER
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme

BRUSH_FROM_PX = 6  # a hand that shakes less than this clicks

KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class HeatMap(HeatCanvas):
    """`row_pointed` (NOWHERE: none) follows pointer and keys. A click or Enter opens a row, or its block where cells
    are too small to be targets; a drag gives the rows that it brushed (Shift and arrows do so by keyboard), Space
    toggles one, Escape lifts the selection."""

    row_pointed = Signal(int)
    row_opened = Signal(int)
    block_opened = Signal(str)
    brushed = Signal(object)
    toggled = Signal(int)
    lifted = Signal()

    def __init__(self, name: str, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(name, theme, parent)
        self._pressed: QPoint | None = None
        self._anchor = NOWHERE
        self._hovered_at = QPoint()
        self._any_marked = False
        self._describe: Callable[[int], str] = lambda _row: ""
        self.plate = Plate(theme, self.viewport())
        self.viewport().setMouseTracking(True)

    def describe_by(self, words: Callable[[int], str]) -> None:
        """How a row is put into words: the first line names it."""
        self._describe = words

    def show_marked(self, rows: Rows) -> None:
        """The selection."""
        self._any_marked = bool(rows.size)
        super().show_marked(rows)

    def point_at(self, row: int) -> None:
        """Put the focus on a machine, bring it into view and say what it is."""
        self._focus_row = row
        if row == NOWHERE:
            return
        self._reveal()
        self.setAccessibleDescription(safe_text(self._describe(row)))
        self.row_pointed.emit(row)
        self.viewport().update()

    def open_row(self, row: int) -> None:
        """As a click on the cell would."""
        block = self._picture.block_of(row)
        if self.cells_are_targets:
            self.row_opened.emit(row)
        elif block is not None:
            self.block_opened.emit(self._picture.blocks[block].key)

    def name_again(self) -> None:
        """What is under the pointer can be said better now."""
        if self.plate.isVisible() and self._hovered != NOWHERE:
            self.plate.say(self._describe(self._hovered), self._hovered_at)

    # pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click or a brush begins."""
        self._ringed = False
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self.plate.say("", self._pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Name what is beneath, or draw the brush."""
        at = event.position().toPoint()
        if self._pressed is None:
            self._hover(at)
        elif self._brush.isNull() and (at - self._pressed).manhattanLength() < BRUSH_FROM_PX:
            return
        else:
            self._brush = QRect(self._pressed, at)
            self._hovered = self.row_under(at)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Brushed, or opened."""
        if self._pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        brush, self._brush, self._pressed = self._brush, QRect(), None
        if brush.isNull():
            self._click(at)
        else:
            self._end_brush(brush, at)
        self.viewport().update()

    def _end_brush(self, brush: QRect, at: QPoint) -> None:
        """Choose what it covered; the keys go on from where it ended, or from the last machine in it."""
        rows, end = self._rows_under(brush.normalized()), self.row_under(at)
        if end == NOWHERE and rows.size:
            end = int(rows[-1 if at.y() >= brush.top() else 0])
        self._anchor = NOWHERE
        if end != NOWHERE:
            self._focus_row = end
        self._hover(at)
        self.brushed.emit(rows)

    def _click(self, at: QPoint) -> None:
        row, place = self.row_under(at), self._content(at)
        if row != NOWHERE:
            self._focus_row = row
            self.open_row(row)
            return
        block = self._picture.block_at(place.x(), place.y(), head=self._device(px(HEAD_PX)))
        if block is not None and not self.cells_are_targets:
            self.block_opened.emit(self._picture.blocks[block].key)

    def _rows_under(self, area: QRect) -> Rows:
        return self._picture.rows_in(QRect(self._content(area.topLeft()), self._content(area.bottomRight())))

    def _hover(self, at: QPoint) -> None:
        row = self.row_under(at)
        if row != self._hovered:
            self.viewport().update()
        self._hovered, self._hovered_at = row, at
        words = self._describe(row) if row != NOWHERE else self._block_words(at)
        self.plate.say(words, at)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if words else Qt.CursorShape.ArrowCursor)
        self.row_pointed.emit(row)

    def _block_words(self, at: QPoint) -> str:
        place = self._content(at)
        index = self._picture.block_at(place.x(), place.y(), head=self._device(px(HEAD_PX)))
        if index is None:
            return ""
        block = self._picture.blocks[index]
        return "\n".join(part for part in (block.title, block.note, block.group) if part)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is beneath the pointer any more."""
        self._hovered = NOWHERE
        self.viewport().update()
        self.plate.say("", QPoint())
        self.row_pointed.emit(NOWHERE)

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, page keys go from block to block, Shift brushes, Enter opens, Space toggles, Escape lifts."""
        key = Qt.Key(event.key())
        self._ringed = True
        if key in ARROWS:
            self._walk(self._picture.step(self._focus_row, *ARROWS[key]), event.modifiers())
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._walk(self._next_block(1 if key == Qt.Key.Key_PageDown else -1), event.modifiers())
        elif key in ENTER and self._focus_row != NOWHERE:
            self.open_row(self._focus_row)
        elif key == Qt.Key.Key_Space and self._focus_row != NOWHERE:
            self.toggled.emit(self._focus_row)
        elif key == Qt.Key.Key_Escape and self._any_marked:
            self.lifted.emit()
        else:
            event.ignore()

    def _walk(self, row: int, modifiers: Qt.KeyboardModifier) -> None:
        if row == NOWHERE:
            return
        if not modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = NOWHERE
        elif self._anchor == NOWHERE:
            self._anchor = self._focus_row
        self._hovered = NOWHERE  # one frame: it is where the keys are, until the pointer moves again
        self.point_at(row)
        if self._anchor != NOWHERE:
            ends = self._picture.cell_of(self._anchor).united(self._picture.cell_of(row))
            self.brushed.emit(self._picture.rows_in(ends))
        at = self.cell_rect(row).center()
        self.plate.say(self._describe(row), at)

    def _next_block(self, step: int) -> int:
        index = self._picture.block_of(self._focus_row)
        order = range(len(self._picture.blocks))
        ahead = order if index is None else order[index + 1 :] if step > 0 else order[:index][::-1]
        firsts = (block.rows[block.rows >= 0] for block in (self._picture.blocks[i] for i in ahead))
        return next((int(rows[0]) for rows in firsts if rows.size), self._focus_row)

    def _reveal(self) -> None:
        cell, bar, head = self.cell_rect(self._focus_row), self.verticalScrollBar(), px(HEAD_PX)
        if cell.top() - head < 0:
            bar.setValue(bar.value() + cell.top() - head)
        elif cell.bottom() > self.viewport().height():
            bar.setValue(bar.value() + cell.bottom() - self.viewport().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is, for keys: on the first machine before anybody moved it."""
        self._ringed = event.reason() in KEYBOARD
        if self._focus_row == NOWHERE:
            self._focus_row = self._next_block(1)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        self.plate.say("", QPoint())
        self.viewport().update()
