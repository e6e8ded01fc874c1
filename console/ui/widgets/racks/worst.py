"""The machines that lose most, as short rows beside the cells: name, what it does of what is expected, its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.lettering import paint_elided, text_width
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme

ROW_PX, HEAD_PX = 26, 20


@dataclass(frozen=True, slots=True)
class Loss:
    """One machine: its row in the table, its name, `41 / 151`, and its state in a word."""

    row: int
    name: str
    hashrate: str
    state: str


class WorstList(QWidget):
    """`chosen` carries a row; arrows move, Enter or a click chooses. What does not fit is not shown."""

    chosen = Signal(int)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._losses: tuple[Loss, ...] = ()
        self._none = ""
        self._focus = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("worst machines")

    @property
    def shown(self) -> tuple[Loss, ...]:
        """The rows that fit."""
        return self._losses[: max(0, (self.height() - px(HEAD_PX)) // px(ROW_PX))]

    @property
    def head(self) -> str:
        """The words above the rows."""
        return "Worst here" if self._losses else self._none

    def show_losses(self, losses: Sequence[Loss], none: str = "") -> None:
        """Other rows, the worst first; `none` is what is said where there is no row."""
        self._losses, self._none = tuple(losses), none
        self._focus = min(self._focus, max(0, len(self._losses) - 1))
        self._describe()

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        """Eight rows."""
        return QSize(px(320), px(HEAD_PX) + 8 * px(ROW_PX))

    def _describe(self) -> None:
        shown = self.shown
        words = f"{shown[self._focus].name}, {shown[self._focus].state}" if self._focus < len(shown) else ""
        self.setAccessibleDescription(safe_text(words))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A head line and the rows."""
        theme, caption = self._theme, font(Role.CAPTION)
        with QPainter(self) as painter:
            head = QRectF(0, 0, self.width(), px(HEAD_PX))
            words = self.head
            paint_elided(painter, head, words, font(Role.BODY_BOLD), theme.t1)
            left = text_width(font(Role.BODY_BOLD), words) + 10
            if self._losses:
                rest = "TH/s of expected, none curtailed"
                paint_elided(painter, head.adjusted(left, 0, 0, 0), rest, caption, theme.t3)
            for index, loss in enumerate(self.shown):
                self._paint_row(painter, index, loss)

    def _paint_row(self, painter: QPainter, index: int, loss: Loss) -> None:
        theme, area = self._theme, QRectF(0, px(HEAD_PX) + index * px(ROW_PX), self.width(), px(ROW_PX))
        painter.setPen(QPen(theme.line, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if self.hasFocus() and index == self._focus:
            painter.setPen(QPen(theme.t1, 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        third = self.width() / 3
        columns = (
            (QRectF(4, area.top(), third + 20, area.height()), loss.name, Role.MONO, theme.t1, False),
            (QRectF(third + 24, area.top(), third - 20, area.height()), loss.hashrate, Role.CAPTION, theme.t1, True),
            (QRectF(2 * third + 16, area.top(), third - 20, area.height()), loss.state, Role.CAPTION, theme.t2, False),
        )
        for column, words, role, ink, right in columns:
            paint_elided(painter, column, safe_text(words), font(role), ink, right)

    # pointer and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        index = int((event.position().y() - px(HEAD_PX)) // px(ROW_PX))
        if event.button() is Qt.MouseButton.LeftButton and 0 <= index < len(self.shown):
            self._focus = index
            self._describe()
            self.chosen.emit(self.shown[index].row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Enter chooses."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._focus = min(len(self.shown) - 1, max(0, self._focus + step)) if self.shown else 0
            self._describe()
        elif event.key() in ENTER and self._focus < len(self.shown):
            self.chosen.emit(self.shown[self._focus].row)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide it."""
        self.update()
