"""Lines of cells under heads, scrolled and walked by keys; for batches, machines, audit rows. Knows text only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided
from console.ui.models.rows import ROW_ROLE
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme
from console.ui.widgets.column_heads import Column, HeadedList
from console.ui.widgets.row_list import RowList, paint_row_ground, paint_rule

ROW_PX, PAD_PX, GAP_PX = 28, 16, 12
Columns = Sequence[tuple[str, float]]  # head and share of the width


class TextPainter(QStyledItemDelegate):
    """One line of cells."""

    def __init__(self, columns: Columns, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns, self.theme = columns, theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """All alike."""
        return QSize(px(300), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Cells from left to right; each is cut where it does not fit."""
        row = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        theme, area = self.theme, QRectF(option.rect)
        paint_row_ground(painter, area, option, theme)
        paint_rule(painter, area.left() + px(PAD_PX), area.right() - px(PAD_PX), area.bottom(), theme)
        face = font(Role.BODY_BOLD if row.strong else Role.BODY)
        for number, (text, column) in enumerate(zip(row.cells, placed(self.columns, area.width()), strict=False)):
            box = column.box(area.height(), area.top()).translated(area.left(), 0)
            tone = theme.t1 if row.strong or number == 0 else theme.t2
            paint_elided(painter, box, safe_text(text), face, tone)
        painter.restore()


def placed(columns: Columns, width: float) -> list[Column]:
    """Where the columns stand in a line of that width."""
    left, room, made = float(px(PAD_PX)), width - 2 * px(PAD_PX), []
    for head, share in columns:
        made.append(Column(head, left, room * share - px(GAP_PX)))
        left += room * share
    return made


class TextTable(HeadedList):
    """Heads over the rows of any model that hands out rows with `cells` and `strong`."""

    def __init__(
        self,
        name: str,
        columns: Columns,
        model: QAbstractListModel,
        theme: Theme = DARK,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(RowList(theme), lambda width: placed(columns, width), theme, parent)
        self.model = model
        self.list.setModel(model)
        self.list.setAccessibleName(name)
        self.list.setItemDelegate(TextPainter(columns, theme, self))

    @property
    def text(self) -> str:
        """The first hundred rows in words."""
        count = min(100, self.model.rowCount())
        return "\n".join(str(self.model.data(self.model.index(row))) for row in range(count))
