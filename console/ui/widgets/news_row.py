"""Paints one event: when, and what happened. Quiet: it asks nothing of anybody."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.models.rows import ROW_ROLE
from console.ui.theme import Theme
from console.ui.widgets.row_list import paint_row_ground

ROW_PX = 26
LEFT_PX, GAP_PX = 16, 12


class NewsDelegate(QStyledItemDelegate):
    """Rows of NewsRow."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """One line."""
        return QSize(100, px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One row."""
        row = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, caption = QRectF(option.rect), font(Role.CAPTION)
        paint_row_ground(painter, area.adjusted(6, 0, -6, 0), option, self.theme)
        width = text_width(caption, row.moment)
        line = QRectF(area.left() + LEFT_PX, area.center().y() - px(8), width, px(16))
        paint_elided(painter, line, row.moment, caption, self.theme.t3)
        left = line.right() + GAP_PX
        paint_elided(
            painter, QRectF(left, line.top(), area.right() - 16 - left, px(16)), row.text, caption, self.theme.t2
        )
        painter.restore()
