"""What every list of the console shares: tokens, the focus ring inside the row, Enter, one click, words when empty."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QScrollBar, QStyle, QStyleOptionViewItem, QTreeView

from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.lettering import paint_elided, text_width
from console.ui.theme import Theme

RING_PX, RADIUS_PX = 2.0, 3.0


class _Choosing:
    """What a list and a tree do alike with keys and mouse; stands before Qt's view among the bases of both."""

    chosen: Signal

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's ground."""
        _dress(self, theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses; all else is Qt's: arrows walk and unfold."""
        if event.key() in ENTER and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """One click chooses."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(index)


class RowList(_Choosing, QListView):
    """A list of painted rows. `chosen` carries the index of one click or Enter."""

    chosen = Signal(QModelIndex)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme, self.calm = theme, ""
        _prepare(self, theme)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        self.theme = theme
        super().set_theme(theme)

    def say_when_empty(self, words: str) -> None:
        """What stands there while it has no row: why, and on a second line what to do."""
        if words != self.calm:
            self.calm = words
            self.viewport().update()
        empty = self.model() is None or not self.model().rowCount()
        self.setAccessibleDescription(words.replace("\n", ". ") if empty else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or why there are none."""
        super().paintEvent(event)
        first, _, rest = self.calm.partition("\n")
        if self.model() is None or self.model().rowCount() or not first:
            return
        with QPainter(self.viewport()) as painter:
            width, middle = self.viewport().width(), self.viewport().height() / 3
            for words, face, tone, top in (
                (first, font(Role.FIELD), self.theme.t1, max(0.0, middle - px(26))),
                (rest, font(Role.BODY), self.theme.t2, max(0.0, middle - px(26)) + px(30)),
            ):
                left = max(px(16), (width - text_width(face, words)) / 2)
                paint_elided(painter, QRectF(left, top, width - left - px(16), px(26)), words, face, tone)


class RowTree(_Choosing, QTreeView):
    """A tree of painted rows without decoration. `chosen` as in RowList; the owner decides what a branch does."""

    chosen = Signal(QModelIndex)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        _prepare(self, theme)
        self.setHeaderHidden(True)
        self.header().setAccessibleName("columns")
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setExpandsOnDoubleClick(False)


def _prepare(view: QAbstractItemView, theme: Theme) -> None:
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setMouseTracking(True)
    _dress(view, theme)


def _dress(view: QAbstractItemView, theme: Theme) -> None:
    palette = view.palette()
    palette.setColor(QPalette.ColorRole.Base, theme.bg1)
    palette.setColor(QPalette.ColorRole.Text, theme.t1)
    view.setPalette(palette)
    dress_bar(view.verticalScrollBar(), theme)
    view.scheduleDelayedItemsLayout()  # the font scale may have changed the rows
    view.viewport().update()


def dress_bar(bar: QScrollBar, theme: Theme) -> None:
    """A scroll bar in the theme's tokens: a quiet handle without arrows."""
    bar.setStyleSheet(
        "QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }"
        f"QScrollBar::handle:vertical {{ background: {theme.line2.name()}; border-radius: 3px; min-height: 24px; }}"
        "QScrollBar::add-line, QScrollBar::sub-line { height: 0; }"
        "QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }"
    )


def paint_row_ground(painter: QPainter, area: QRectF, option: QStyleOptionViewItem, theme: Theme) -> None:
    """The ground of a row under the pointer or in focus, and the ring of the keyboard inside it."""
    focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
    if focused or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.bg2)
        painter.drawRoundedRect(area, RADIUS_PX, RADIUS_PX)
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.t1, RING_PX))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)


def paint_rule(painter: QPainter, left: float, right: float, y: float, theme: Theme) -> None:
    """The hairline between two rows."""
    painter.fillRect(QRectF(left, y, right - left, 1.0), theme.faded("line", 0.6))
