"""The commands as a list: title, phase and counts in words, a mark where something went wrong. Knows rows only."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.domain.alarm import Priority
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.models.commands.rows import CommandRow
from console.ui.models.rows import ROW_ROLE, RowModel
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.symbol import Form, paint_alarm
from console.ui.widgets.row_list import RowList, paint_row_ground, paint_rule

ROW_PX, SECTION_PX, PAD_PX, SYMBOL_PX = 48, 28, 16, 14


class CommandPainter(QStyledItemDelegate):
    """Two lines a command, one a section."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme, self.open_key = theme, ""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """A section is lower."""
        row = index.data(ROW_ROLE)
        return QSize(px(260), px(SECTION_PX if row is None or row.record is None else ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One row."""
        row: CommandRow | None = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, theme = QRectF(option.rect), self.theme
        if row.record is None:
            painter.fillRect(area, theme.bg0)
            box = area.adjusted(px(PAD_PX), 0, -px(PAD_PX), 0)
            paint_elided(painter, box, row.title, font(Role.CAPTION_BOLD), theme.t2)
        else:
            self._paint_command(painter, area, option, row)
        painter.restore()

    def _paint_command(self, painter: QPainter, area: QRectF, option: QStyleOptionViewItem, row: CommandRow) -> None:
        theme, caption = self.theme, font(Role.CAPTION)
        if row.key == self.open_key:
            painter.fillRect(area, theme.bg2)
            painter.fillRect(QRectF(area.left(), area.top(), 3, area.height()), theme.t1)
        paint_row_ground(painter, area, option, theme)
        paint_rule(painter, area.left() + px(PAD_PX), area.right() - px(PAD_PX), area.bottom(), theme)
        left, right = area.left() + px(PAD_PX), area.right() - px(PAD_PX)
        moment = text_width(caption, row.moment)
        top = QRectF(right - moment, area.top() + px(5), moment + 1, px(20))
        paint_elided(painter, top, row.moment, caption, theme.t3, right=True)
        top = QRectF(left, top.top(), right - moment - px(12) - left, px(20))
        paint_elided(painter, top, safe_text(row.title), font(Role.BODY_BOLD), theme.t1)
        if row.trouble:
            at = QPointF(left + px(SYMBOL_PX) / 2, area.top() + px(34))
            paint_alarm(painter, at, px(SYMBOL_PX), Priority.HIGH, Form.OUTLINE, theme)
            left += px(SYMBOL_PX) + px(6)
        phase = font(Role.CAPTION_BOLD)
        width = min(text_width(phase, row.phase), right - left)
        below = QRectF(left, area.top() + px(25), width + 1, px(18))
        paint_elided(painter, below, row.phase, phase, theme.t1)
        rest = QRectF(left + width + px(10), below.top(), right - left - width - px(10), below.height())
        paint_elided(painter, rest, safe_text(row.detail), caption, theme.t2)


class CommandList(RowList):
    """`picked` carries the id of a command: one click, Enter, or the arrows."""

    picked = Signal(str)

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__(theme)
        self.rows: RowModel[CommandRow] = RowModel(self)
        self.setModel(self.rows)
        self._painter = CommandPainter(theme, self)
        self.setItemDelegate(self._painter)
        self.setAccessibleName("commands")
        self.chosen.connect(self._pick)
        self.selectionModel().currentChanged.connect(lambda now, _before: self._pick(now))

    @property
    def text(self) -> str:
        """Every row in words."""
        return "\n".join(row.sentence() for row in self.rows.rows)

    def show_rows(self, rows: tuple[CommandRow, ...]) -> None:
        """Other rows; the one under the keyboard stays there."""
        at = self.currentIndex().data(ROW_ROLE) if self.currentIndex().isValid() else None
        self.rows.set_rows(rows)
        if at is not None and not self.currentIndex().isValid():
            self.go_to(at.key)

    def show_open(self, command_id: str) -> None:
        """Which one stands beside the list."""
        self._painter.open_key = command_id
        self.viewport().update()

    def go_to(self, command_id: str) -> bool:
        """Put the keyboard on a command; False where it is not listed."""
        for place, row in enumerate(self.rows.rows):
            if row.key == command_id:
                self.setCurrentIndex(self.rows.index(place))
                return True
        return False

    def set_theme(self, theme: Theme) -> None:
        """Take the theme."""
        self._painter.theme = theme
        super().set_theme(theme)

    def _pick(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE) if index.isValid() else None
        if row is not None and row.record is not None:
            self.picked.emit(row.key)
