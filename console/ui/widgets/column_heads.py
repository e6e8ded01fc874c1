"""A painted list under the words over its columns; where its columns stand is the list's own knowledge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided
from console.ui.theme import Theme
from console.ui.widgets.row_list import RowList

HEAD_PX = 26


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its left edge and width in pixels, and to which side it is written."""

    head: str
    left: float
    width: float
    right: bool = False

    def box(self, height: float, top: float = 0.0) -> QRectF:
        """Its cell in a line of that height."""
        return QRectF(self.left, top, self.width, height)


class ColumnHeads(QWidget):
    """`columns` gives the columns of a line of `under` at a width; `ruled` draws a line under the heads."""

    def __init__(
        self, columns: Callable[[float], Iterable[Column]], theme: Theme, under: RowList, ruled: bool = False
    ) -> None:
        super().__init__()
        self._columns, self._theme, self._ruled, self._under = columns, theme, ruled, under
        under.verticalScrollBar().rangeChanged.connect(lambda *_: self.update())
        self.setFixedHeight(px(HEAD_PX))

    def set_theme(self, theme: Theme) -> None:
        """Repaint, at the text size of now."""
        self._theme = theme
        self.setFixedHeight(px(HEAD_PX))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Each over its column; a scroll bar takes its width from both."""
        with QPainter(self) as painter:
            for column in self._columns(self._under.viewport().width()):
                face, tone = font(Role.CAPTION), self._theme.t3
                paint_elided(painter, column.box(self.height()), column.head, face, tone, right=column.right)
            if self._ruled:
                painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), self._theme.line)


class HeadedList(QWidget):
    """A list with its heads on top; the list has the focus. Whoever derives from it paints the rows."""

    def __init__(
        self,
        rows: RowList,
        columns: Callable[[float], Iterable[Column]],
        theme: Theme,
        parent: QWidget | None = None,
        ruled: bool = False,
    ) -> None:
        super().__init__(parent)
        self.list = rows
        self.list.setUniformItemSizes(True)
        self.heads = ColumnHeads(columns, theme, rows, ruled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heads)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.list)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self.list.itemDelegate().theme = theme
        self.heads.set_theme(theme)
        self.list.set_theme(theme)
