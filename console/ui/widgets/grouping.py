"""The table of groups: what a group is called, its machines by state, its sums. Enter or a click goes into one."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console.ui.fonts import Role, font, px
from console.ui.keys import ENTER
from console.ui.models.miners.groups import Groups
from console.ui.models.miners.order import number_keys, ordered
from console.ui.models.state_words import ORDER, WORDS
from console.ui.numbers import decimal, hashrate_text, integer, percent, power_text
from console.ui.plain import safe_text
from console.ui.theme import DARK, Theme, slim_scroll_bars
from console.ui.widgets.miner_table.paint import PAD_PX, row_area, table_style

Index = QModelIndex | QPersistentModelIndex
ROW_PX, NAME_PX, COLUMN_PX = 26, 220, 92  # site, container and rack in one name
OWN_PX, RING_PX = 3, 2  # what Qt leaves beside a cell's text by itself; the ring of the keyboard
UNNAMED = "(not told)"
NUMBERS = ("miners", *(WORDS[state] for state in ORDER), "hashrate", "of rated", "power", "J/TH", "hottest °C")


class GroupRows(QAbstractTableModel):
    """One row a group; sorts by an order array like the table of machines."""

    def __init__(self, parent: object = None) -> None:
        super().__init__(parent)
        self._groups: Groups | None = None
        self._order = np.zeros(0, dtype=np.intp)
        self._sorted: tuple[int, bool] = (0, False)

    @property
    def groups(self) -> Groups | None:
        """The groups shown."""
        return self._groups

    def group_at(self, place: int) -> int:
        """The group in a row of the table."""
        return int(self._order[place])

    def show(self, groups: Groups | None) -> None:
        """Other groups, sorted as before; the same groups with other figures stay where they are."""
        before = self._groups
        if before is not None and groups is not None and (before.by, len(before)) == (groups.by, len(groups)):
            self._groups = groups
            self._arrange()
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(NUMBERS)))
            return
        self.beginResetModel()
        self._groups = groups
        self._arrange()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By name (their own order) or by a number."""
        self.layoutAboutToBeChanged.emit()
        self._sorted = (column, order is Qt.SortOrder.DescendingOrder)
        self._arrange()
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        if self._groups is None:
            self._order = np.zeros(0, dtype=np.intp)
            return
        column, descending = self._sorted
        if column == 0:
            places = np.arange(len(self._groups))
            self._order = places[::-1] if descending else places
        else:
            self._order = ordered(number_keys(self._numbers(column).astype(np.float64)), descending)

    def _numbers(self, column: int) -> np.ndarray:
        """The numbers behind a column."""
        groups = self._groups
        assert groups is not None  # noqa: S101 - only asked once there are groups
        by_state = [groups.states[state] for state in ORDER]
        number = groups.number
        sums = [number[name] for name in ("hashrate", "ratio", "power", "efficiency", "temp")]
        return [groups.miners, *by_state, *sums][column - 1]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row a group."""
        return 0 if parent.isValid() else int(self._order.size)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Name, counts, sums."""
        return 0 if parent.isValid() else 1 + len(NUMBERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns, with an arrow where it is sorted."""
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            name = NUMBERS[section - 1] if section else (self._groups.by if self._groups else "group")
            column, descending = self._sorted
            return name + (("", " ↓" if descending else " ↑")[section == column])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (
                Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            ) | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, numbers at the right."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, place: int, column: int) -> str:
        """One cell."""
        group = self.group_at(place)
        assert self._groups is not None  # noqa: S101 - places come from groups
        if column == 0:
            names = self._groups.names(group)
            inner = names[1:] if len(names) > 1 and len(self._groups.machines.parts) == 1 else names
            return " · ".join(safe_text(name) or UNNAMED for name in inner)
        value = float(self._numbers(column)[group])
        name = NUMBERS[column - 1]
        if name == "hashrate":
            return " ".join(hashrate_text(value))
        if name == "power":
            return " ".join(power_text(value))
        if name == "of rated":
            return f"{percent(value)} %" if math.isfinite(value) else decimal(value)
        return decimal(value, 1) if name == "J/TH" else integer(value)


class GroupTable(QTableView):
    """`chosen` carries the number of a group on a click or Enter."""

    chosen = Signal(int)

    def __init__(self, rows: GroupRows, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows, self._theme = rows, theme
        self.setModel(rows)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setAccessibleName("columns of groups")
        self.horizontalHeader().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("groups, table")
        self.viewport().setAccessibleName("groups, table")
        rows.modelReset.connect(self._begin)
        self.clicked.connect(lambda index: self.chosen.emit(self.rows.group_at(index.row())))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Tokens and the font scale."""
        self.setFont(font(Role.BODY))
        self.horizontalHeader().setFont(font(Role.CAPTION))
        self.horizontalHeader().setFixedHeight(px(ROW_PX))
        self.verticalHeader().setMinimumSectionSize(px(ROW_PX))
        self.verticalHeader().setDefaultSectionSize(px(ROW_PX))
        self._theme = theme
        bg3, t1, line = theme.bg3.name(), theme.t1.name(), theme.line.name()
        self.setStyleSheet(
            table_style(theme) + f"QTableView::item{{border-bottom:1px solid {line};padding:0 {px(PAD_PX) - OWN_PX}px}}"
            f"QTableView::item:selected{{background:{bg3};color:{t1}}}"
        )
        slim_scroll_bars(self, theme)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(px(COLUMN_PX))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, px(NAME_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's cells, and the ring of the keyboard round the whole row, as in the table of machines."""
        super().paintEvent(event)
        if self.hasFocus() and self.currentIndex().isValid():
            with QPainter(self.viewport()) as painter:
                painter.setPen(QPen(self._theme.t1, RING_PX))
                painter.drawRect(QRectF(row_area(self, self.currentIndex().row())).adjusted(1, 1, -1, -1))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard begins at the first group."""
        super().focusInEvent(event)
        self._begin()

    def _begin(self) -> None:
        if self.hasFocus() and not self.currentIndex().isValid() and self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes in; arrows are Qt's; Escape and / belong to the view: Qt would look for a group called /."""
        if event.key() in ENTER and self.currentIndex().isValid():
            self.chosen.emit(self.rows.group_at(self.currentIndex().row()))
        elif event.key() == Qt.Key.Key_Escape or event.text() == "/":
            event.ignore()
        else:
            super().keyPressEvent(event)
