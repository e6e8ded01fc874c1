"""The alarm list: painted rows in ten columns under their heads; sections, groups, folds. Knows rows, no engine."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from console.domain.alarm import AlarmState
from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.lettering import paint_elided
from console.ui.models.alarms.blink import Blink
from console.ui.models.alarms.rows import AlarmRow, RowKind
from console.ui.models.rows import ROW_ROLE, RowModel
from console.ui.numbers import NO_VALUE
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.symbol import form_of, paint_alarm
from console.ui.widgets.column_heads import Column, HeadedList
from console.ui.widgets.row_list import RADIUS_PX, RING_PX, RowList, paint_rule

ROW_PX, SYMBOL_PX, INDENT_PX = 36, 20, 18
NOTE_FROM_PX, FIGURES_FROM_PX = 1000, 640


def columns(width: float) -> dict[str, Column]:
    """The mock-up's columns at 1360 px; a narrower list drops owner and note, then value and limit."""
    lefts = {"symbol": (16, 30), "state": (52, 92), "moment": (148, 78), "age": (224, 74), "place": (316, 150)}
    made = {name: Column(name, px(left), px(wide), name == "age") for name, (left, wide) in lefts.items()}
    made["symbol"] = Column("pri", px(16), px(30))
    made["moment"] = Column("time UTC", px(148), px(78))
    made["place"] = Column("site", px(316), px(150))
    note = width >= px(NOTE_FROM_PX)
    end = width - px(16) - (min(px(420), width * 0.13) + px(16) if note else 0)
    if note:
        made["note"] = Column("owner, note", end + px(16), width - end - px(32))
    for name, wide in (("grouped", 62), ("limit", 92), ("value", 92)):
        if name == "grouped" or width >= px(FIGURES_FROM_PX):
            made[name] = Column(name, end - px(wide), px(wide), right=True)
            end -= px(wide) + px(8)
    made["title"] = Column("alarm", px(478), end - px(478) - px(8))
    return made


class AlarmDelegate(QStyledItemDelegate):
    """Paints an AlarmRow."""

    def __init__(self, blink: Blink, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme, self._blink = theme, blink

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """All rows are alike, so that thousands of them need no layout."""
        return QSize(px(600), px(ROW_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """One row."""
        row = index.data(ROW_ROLE)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        self._paint_ground(painter, area, option, row)
        painter.translate(area.left(), area.top())
        if row.kind is RowKind.SECTION:
            words = QRectF(px(16), 0, area.width() - px(32), area.height())
            paint_elided(painter, words, row.title, font(Role.CAPTION_BOLD), self.theme.t2)
        else:
            self._paint_cells(painter, row, area.width(), area.height())
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRectF, option: QStyleOptionViewItem, row: AlarmRow) -> None:
        theme, box = self.theme, area.adjusted(6, 1, -6, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected) and row.kind is not RowKind.SECTION
        painter.setPen(Qt.PenStyle.NoPen)
        if row.kind is RowKind.SECTION:
            painter.fillRect(area, theme.bg0)
        elif selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.bg2)
            painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if selected or focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.t1 if focused else theme.edge, RING_PX if focused else 1.0))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), RADIUS_PX, RADIUS_PX)
        elif row.kind is not RowKind.SECTION:
            paint_rule(painter, 16, area.width() - 16, area.bottom(), theme)

    def _paint_cells(self, painter: QPainter, row: AlarmRow, width: float, height: float) -> None:
        theme, body, bold, at = self.theme, font(Role.BODY), font(Role.BODY_BOLD), columns(width)
        state = row.alarm.state if row.alarm else AlarmState.NORMAL
        new = state in (AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED)
        centre = QPointF(at["symbol"].left + px(SYMBOL_PX) / 2, height / 2)
        paint_alarm(
            painter, centre, px(SYMBOL_PX), row.priority, form_of(state, dark_half=self._blink.dark_half), theme
        )
        cells = (
            ("state", row.state, bold if new else body, theme.t1 if new else theme.t2),
            ("moment", row.moment, body, theme.t2),
            ("age", row.age, body, theme.t1 if new else theme.t2),
            ("place", row.place, bold if new else body, theme.t1),
            ("title", row.title, body, theme.t1),
            ("value", row.value, bold if new and row.value != NO_VALUE else body, theme.t1),
            ("limit", row.limit, body, theme.t2),
            ("grouped", f"{row.grouped}" if row.grouped else NO_VALUE, body, theme.t2),
            ("note", row.note, body, theme.t2),
        )
        for name, text, face, colour in cells:
            if name in at:
                column = at[name]
                indent = px(INDENT_PX) * row.indent if name in ("place", "title") else 0
                box = QRectF(column.left + indent, 0, column.width - indent, height)
                paint_elided(painter, box, text, face, colour, right=column.right)


class AlarmList(RowList):
    """The rows; Right unfolds, Left folds, Enter opens. `fold_asked` carries a key, `opened` an AlarmRow."""

    fold_asked = Signal(str)
    opened = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right and Left fold what can be folded; all else as in every list."""
        row = self.currentIndex().data(ROW_ROLE) if self.currentIndex().isValid() else None
        wanted = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}.get(Qt.Key(event.key()))
        if row is not None and wanted is not None and row.grouped and row.unfolded is not wanted:
            self.fold_asked.emit(row.key)
        elif event.key() in ENTER:
            self.opened.emit(row)
        elif event.text() and event.text().isprintable():
            event.ignore()  # letters and Space are keys of the view and the window, not a search
        else:
            super().keyPressEvent(event)


class AlarmTable(HeadedList):
    """Heads and rows. `opened` carries the row chosen, `fold_asked` the key of one that can be folded."""

    opened = Signal(object)
    fold_asked = Signal(str)

    def __init__(self, blink: Blink, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(AlarmList(theme), lambda width: columns(width).values(), theme, parent)
        self.model: RowModel[AlarmRow] = RowModel(self)
        self.list.setModel(self.model)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setAccessibleName("alarm list")
        self.list.setItemDelegate(AlarmDelegate(blink, theme, self))
        self.list.doubleClicked.connect(lambda index: self.opened.emit(index.data(ROW_ROLE)))
        self.list.opened.connect(self.opened)
        self.list.fold_asked.connect(self.fold_asked)
        blink.turned.connect(self.list.viewport().update)

    @property
    def current(self) -> AlarmRow | None:
        """The row under the keyboard."""
        index = self.list.currentIndex()
        row = index.data(ROW_ROLE) if index.isValid() else None
        return row if row is not None and row.kind is not RowKind.SECTION else None

    def selected(self) -> list[AlarmRow]:
        """The alarms of the selection that are on the screen: what nobody sees is acknowledged by nobody (R23)."""
        seen = self.list.viewport().rect()
        return [
            index.data(ROW_ROLE)
            for index in sorted(self.list.selectionModel().selectedIndexes(), key=lambda one: one.row())
            if index.data(ROW_ROLE).kind is RowKind.ALARM and seen.intersects(self.list.visualRect(index))
        ]

    def show_rows(self, rows: tuple[AlarmRow, ...], calm: str = "") -> None:
        """Other rows; what was selected stays so, and what is on the screen stays where it is. `calm`: said of none."""
        before = [row.key for row in self.model.rows]
        if before == [row.key for row in rows]:
            self.model.set_rows(rows)
            self.list.say_when_empty(calm)
            return
        current, chosen = self.current, {row.key for row in self.selected()}
        at = self.list.verticalScrollBar().value()
        self.model.set_rows(rows)
        self.list.say_when_empty(calm)
        places = {row.key: place for place, row in enumerate(rows)}
        flags = QItemSelectionModel.SelectionFlag
        if current is not None and current.key in places:
            self.list.selectionModel().setCurrentIndex(self.model.index(places[current.key]), flags.NoUpdate)
        for key in chosen & places.keys():
            self.list.selectionModel().select(self.model.index(places[key]), flags.Select)
        self.list.verticalScrollBar().setValue(at)

    def go_to(self, key: str) -> bool:
        """Select a row and bring it on the screen; False where it is not listed."""
        for place, row in enumerate(self.model.rows):
            if row.key == key:
                self.list.setCurrentIndex(self.model.index(place))
                self.list.scrollTo(self.model.index(place), QAbstractItemView.ScrollHint.EnsureVisible)
                return True
        return False

    def go_to_section(self, name: str) -> bool:
        """Bring a section to the top, its first alarm under the keyboard."""
        for place, row in enumerate(self.model.rows):
            if row.key == f"section {name}":
                self.list.scrollTo(self.model.index(place), QAbstractItemView.ScrollHint.PositionAtTop)
                self.list.setCurrentIndex(self.model.index(place + 1))
                return True
        return False
