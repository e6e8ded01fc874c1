"""The targets of a command by name, what is now beside what is asked: a list that scrolls and is walked by keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided
from console.ui.models.commands.preview import TargetRow
from console.ui.models.rows import ROW_ROLE, RowModel
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme
from console.ui.widgets.column_heads import HEAD_PX, Column, HeadedList
from console.ui.widgets.row_list import RowList, paint_row_ground, paint_rule

ROW_PX = 32
LEAST_ROWS, MOST_ROWS = 1, 7
COLUMNS = (  # head, left, width of 692, right-aligned
    ("site", 0, 150, False),
    ("miners", 150, 70, True),
    ("before", 228, 76, True),
    ("asked", 312, 76, True),
    ("hashrate", 396, 92, True),
    ("link, age", 510, 110, False),
    ("batch", 628, 64, False),
)
WIDE = 692


def columns(width: float) -> list[Column]:
    """The columns at a width; they share it as the mock-up does."""
    factor = width / WIDE
    return [Column(head, left * factor, wide * factor, right) for head, left, wide, right in COLUMNS]


class TargetPainter(QStyledItemDelegate):
    """One target a line."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """All alike."""
        return QSize(px(300), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Name and numbers; what is asked is bold."""
        row: TargetRow | None = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        theme, area = self.theme, QRectF(option.rect)
        paint_row_ground(painter, area, option, theme)
        if row.total:
            painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), theme.edge)
        else:
            paint_rule(painter, area.left(), area.right(), area.bottom(), theme)
        texts = (row.name, row.miners, row.now, row.asked, row.hashrate, row.link, row.batch)
        for number, (text, column) in enumerate(zip(texts, columns(area.width()), strict=True)):
            strong = row.total or number in (0, 3)
            box = column.box(area.height(), area.top()).translated(area.left(), 0)
            face, colour = font(Role.BODY_BOLD if strong else Role.BODY), theme.t1 if strong else theme.t2
            paint_elided(painter, box, safe_text(text), face, colour, right=column.right)
        painter.restore()


class TargetTable(HeadedList):
    """Heads and rows; as high as its rows up to seven of them."""

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(RowList(theme), columns, theme, parent, ruled=True)
        self.model: RowModel[TargetRow] = RowModel(self)
        self.list.setModel(self.model)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.list.setAccessibleName("targets by name")
        self.list.setItemDelegate(TargetPainter(theme, self))

    def show_rows(self, rows: Sequence[TargetRow]) -> None:
        """Other targets."""
        self.model.set_rows(tuple(rows))
        self._fit()

    def _fit(self) -> None:
        count = max(LEAST_ROWS, min(MOST_ROWS, len(self.model.rows)))
        self.setFixedHeight(px(HEAD_PX) + count * px(ROW_PX) + 2)

    def set_theme(self, theme: Theme) -> None:
        """Repaint in another theme."""
        super().set_theme(theme)
        self._fit()
