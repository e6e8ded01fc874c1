"""Paints one row of "Needs attention": mark, site, power, reason, age, state; two lines where it is narrow."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided, text_width
from console.ui.map.site_glyph import paint_site
from console.ui.models.attention import AttentionRow
from console.ui.models.rows import ROW_ROLE
from console.ui.theme import Theme
from console.ui.widgets.alarms.symbol import form_of, paint_alarm
from console.ui.widgets.row_list import paint_row_ground, paint_rule

ROW_PX, TALL_ROW_PX = 36, 46
WIDE_FROM_PX = 600
MARK_RADIUS_PX, ALARM_PX = 7.2, 20
NAME_LEFT = 48


class AttentionDelegate(QStyledItemDelegate):
    """Rows of an AttentionModel."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """One line, or two in a narrow list."""
        width = option.widget.viewport().width() if option.widget is not None else option.rect.width()
        return QSize(100, self.row_px(width))

    @staticmethod
    def row_px(width: int) -> int:
        """How high a row is in a list of a width."""
        return px(ROW_PX if width >= px(WIDE_FROM_PX) else TALL_ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One row."""
        row = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        paint_row_ground(painter, area.adjusted(6, 1, -6, -1), option, self.theme)
        if index.row():
            paint_rule(painter, 16, area.width() - 16, area.top(), self.theme)
        painter.translate(area.left(), area.top())
        if area.width() >= px(WIDE_FROM_PX):
            self._paint_wide(painter, row, area.width(), area.height())
        else:
            self._paint_narrow(painter, row, area.width(), area.height())
        painter.restore()

    def _paint_wide(self, painter: QPainter, row: AttentionRow, width: float, height: float) -> None:
        theme, body, top, line = self.theme, font(Role.BODY), height / 2 - px(9), px(18)
        self._paint_mark(painter, row, height / 2)
        paint_elided(painter, QRectF(NAME_LEFT, top, px(112), line), row.name, font(Role.BODY_BOLD), theme.t1)
        paint_elided(painter, QRectF(NAME_LEFT + px(112), top, px(60), line), row.power, body, theme.t2, right=True)
        reason = QRectF(NAME_LEFT + px(188), top, width - px(188) - NAME_LEFT - px(152), line)
        paint_elided(painter, reason, row.reason, body, theme.t1)
        paint_elided(painter, QRectF(width - px(164), top, px(70), line), row.since, body, theme.t1, right=True)
        paint_elided(painter, QRectF(width - px(94), top, px(78), line), row.state, body, theme.t2, right=True)

    def _paint_narrow(self, painter: QPainter, row: AttentionRow, width: float, height: float) -> None:
        theme, caption = self.theme, font(Role.CAPTION)
        self._paint_mark(painter, row, height / 2)
        state = " · ".join(part for part in (row.state, row.since) if part)
        taken = text_width(caption, state)
        first = QRectF(NAME_LEFT, height / 2 - px(19), width - NAME_LEFT - 24 - taken, px(18))
        paint_elided(painter, first, row.name, font(Role.BODY_BOLD), theme.t1)
        paint_elided(
            painter, QRectF(width - 16 - taken, first.top(), taken, px(18)), state, caption, theme.t2, right=True
        )
        second = QRectF(NAME_LEFT, height / 2 + px(1), width - NAME_LEFT - 16, px(16))
        paint_elided(painter, second, row.reason, caption, theme.t1)

    def _paint_mark(self, painter: QPainter, row: AttentionRow, middle: float) -> None:
        if row.alarm is not None:
            form = form_of(row.alarm.state)
            paint_alarm(painter, QPointF(26, middle), px(ALARM_PX), row.alarm.priority, form, self.theme)
            return
        paint_site(painter, QPointF(26, middle), px(MARK_RADIUS_PX), row.mark, self.theme, self.theme.bg1)
