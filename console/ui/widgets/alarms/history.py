"""The alarm history as a list: one line a transition, with who and where it was done. Knows lines, no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from console.domain.alarm import AlarmState, Priority
from console.domain.alarm_change import AlarmChange
from console.domain.alarm_rule import Rule
from console.ui.fonts import Role, font, px
from console.ui.lettering import paint_elided
from console.ui.models.alarms.words import STATE_WORDS, place_name, value_text
from console.ui.models.rows import ROW_ROLE, RowModel
from console.ui.numbers import utc_date, utc_time
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.symbol import form_of, paint_alarm
from console.ui.widgets.row_list import RowList, paint_row_ground, paint_rule

ROW_PX, SYMBOL_PX = 32, 18


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One transition in words."""

    number: int
    priority: Priority
    after: AlarmState
    moment: str
    event: str
    place: str
    title: str
    value: str
    who: str

    @property
    def key(self) -> object:
        """The store's number of the line."""
        return self.number

    def sentence(self) -> str:
        """The whole row."""
        level = f"{self.priority.name.lower()} alarm"
        return ", ".join(part for part in (self.moment, level, self.event, self.place, self.title, self.who) if part)


def history_rows(
    lines: Sequence[AlarmChange], rules: Mapping[str, Rule], sites: Mapping[str, str]
) -> tuple[HistoryRow, ...]:
    """Newest first, as the store gives them."""
    return tuple(
        HistoryRow(
            number=line.number,
            priority=line.priority,
            after=line.after,
            moment=f"{utc_date(line.at_ms)[5:]} {utc_time(line.at_ms)}",
            event=f"{line.event} → {STATE_WORDS[line.after]}",
            place=place_name(line.place, sites),
            title=safe_text(line.title or line.rule),
            value=value_text(rules.get(line.rule), line.value),
            who=safe_text(" · ".join(part for part in (line.who, line.workstation, line.note) if part)),
        )
        for line in lines
    )


class HistoryDelegate(QStyledItemDelegate):
    """Paints a HistoryRow."""

    def __init__(self, theme: Theme, parent: RowList) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """One line."""
        return QSize(px(600), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One row."""
        row, theme, body = index.data(ROW_ROLE), self.theme, font(Role.BODY)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        paint_row_ground(painter, area.adjusted(6, 1, -6, -1), option, theme)
        paint_rule(painter, 16, area.width() - 16, area.bottom(), theme)
        painter.translate(area.left(), area.top())
        paint_alarm(painter, QPointF(px(26), area.height() / 2), px(SYMBOL_PX), row.priority, form_of(row.after), theme)
        rest = area.width() - px(620)
        cells = (
            (52, px(120), row.moment, theme.t2),
            (178, px(190), row.event, theme.t1),
            (374, px(150), row.place, theme.t1),
            (530, rest * 0.56, row.title, theme.t1),
        )
        for left, width, text, colour in cells:
            paint_elided(painter, QRectF(px(left), 0, width, area.height()), text, body, colour)
        right = px(530) + rest * 0.56
        paint_elided(painter, QRectF(right, 0, px(82), area.height()), row.value, body, theme.t1, right=True)
        left = right + px(100)
        paint_elided(painter, QRectF(left, 0, area.width() - left - 16, area.height()), row.who, body, theme.t2)
        painter.restore()


class HistoryList(RowList):
    """The lines that a search found."""

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__(theme)
        self.rows: RowModel[HistoryRow] = RowModel(self)
        self.setModel(self.rows)
        self.setUniformItemSizes(True)
        self.setAccessibleName("alarm history")
        self._delegate = HistoryDelegate(theme, self)
        self.setItemDelegate(self._delegate)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters are keys of the view, not a search."""
        if event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def set_theme(self, theme: Theme) -> None:
        """Repaint."""
        self._delegate.theme = theme
        super().set_theme(theme)
