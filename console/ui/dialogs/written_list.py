"""A sheet with one line to write in and a list beneath that the line's keys walk: what finding and picking share."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.ui.dialogs.sheet import Sheet
from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.plain import PlainLabel
from console.ui.theme import Theme
from console.ui.widgets.row_list import RowList

LEAST_MARGIN, ROW_PX, FIELD_PX = 48, 32, 40
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


class WalkingLine(QLineEdit):
    """Up, Down and the page keys walk the list, Enter is handed on (with Ctrl or not), all else writes."""

    walked = Signal(int)
    entered = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, enter or write."""
        key = Qt.Key(event.key())
        if key in STEPS:
            self.walked.emit(STEPS[key])
        elif key in ENTER:
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            super().keyPressEvent(event)


class RowPainter(QStyledItemDelegate):
    """Rows of one height; the one that Enter means has a ground and a bar at its left."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        """One line."""
        return QSize(px(200), px(ROW_PX))

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> QRectF:
        """The row's ground as its state asks; its area."""
        area = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self.theme.bg3)
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), self.theme.t1)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, self.theme.bg2)
        return area


class WrittenList(Sheet):
    """`line` keeps the keyboard, `words` say what it was understood as, `list` shows `model` through `painter`."""

    def __init__(self, title: str, size: tuple[int, int], theme: Theme, parent: QWidget) -> None:
        super().__init__(title, theme, parent)
        self.line = WalkingLine(self)
        self.words = PlainLabel("", Role.CAPTION, "t2", elide=True, theme=theme)
        self.list = RowList(theme)
        self.line.walked.connect(self._walk)
        window = parent.window()
        self.resize(min(px(size[0]), window.width() - LEAST_MARGIN), min(px(size[1]), window.height() - LEAST_MARGIN))

    def lay_out(self, model: QAbstractListModel, painter: RowPainter, hint: str, name: str, rows_name: str) -> None:
        """Line, words and list, one beneath the other; `hint` stands in the empty line."""
        line = self.line
        line.setFrame(False)
        line.setFont(font(Role.FIELD))
        line.setFixedHeight(px(FIELD_PX))
        line.setTextMargins(px(8), 0, px(8), 0)
        line.setMaxLength(200)
        line.setPlaceholderText(hint)
        line.setAccessibleName(name)
        palette = self.theme.palette()
        palette.setColor(QPalette.ColorRole.Base, self.theme.bg0)
        line.setPalette(palette)
        self.list.setModel(model)
        self.list.setItemDelegate(painter)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the line keeps the keyboard
        self.list.setAccessibleName(rows_name)
        self.column.setSpacing(10)
        self.column.addWidget(line)
        self.column.addWidget(self.words)
        self.column.addWidget(self.list, 1)
        line.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, words: list[str]) -> None:
        """What stands under the line, for eyes and for a screen reader."""
        self.words.show_text(" · ".join(words))
        self.line.setAccessibleDescription(self.words.text())

    def _walk(self, steps: int) -> None:
        model = self.list.model()
        count = model.rowCount()
        if count:
            self.list.setCurrentIndex(model.index(min(count - 1, max(0, self.list.currentIndex().row() + steps)), 0))

    def paintEvent(self, event: object) -> None:
        """The sheet, and the ring of the line in focus."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setPen(QPen(self.theme.t1, 2))
            painter.drawRect(QRectF(self.line.geometry()).adjusted(-2, -2, 2, 2))
