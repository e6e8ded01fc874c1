"""The table of machines: Qt's table view for headers, keyboard and scrolling, with rows painted in one pass.

Qt's own selection is off: which machines are chosen is held as rows of the snapshot, shared with the heat map.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from console.ui.fonts import Role, font, px
from console.ui.models.miners.rows import MinerRows
from console.ui.models.selection import How, Selection
from console.ui.theme import DARK, Theme, slim_scroll_bars
from console.ui.widgets.miner_table.boxes import BOX_COLUMN_PX, ChoiceBoxes
from console.ui.widgets.miner_table.frame import FramedMachine
from console.ui.widgets.miner_table.keys import press
from console.ui.widgets.miner_table.paint import (
    RowPainter,
    column_area,
    lanes_in,
    lines_in,
    paint_nothing,
    row_area,
    table_style,
)
from console.ui.widgets.miner_table.widths import widths_of

ROW_PX, LEAST_COLUMN_PX = 26, 36


class MinerTable(QTableView):
    """`opened` carries a row of the snapshot on a click or Enter; `copy_asked` goes with Ctrl+C."""

    opened = Signal(int)
    copy_asked = Signal()
    filter_asked = Signal()

    def __init__(
        self, rows: MinerRows, selection: Selection, theme: Theme = DARK, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows, self.selection, self.theme = rows, selection, theme
        self._chosen = np.zeros(0, dtype=np.bool_)
        self._began: int | None = None  # a row of the snapshot: a poll moves machines from place to place
        self._listed: object = None
        self.hovered = -1
        self._heads = ChoiceBoxes(self, self.is_chosen, theme)
        self._prepare()
        self._connect()
        self.set_theme(theme)

    def _prepare(self) -> None:
        self.setVerticalHeader(self._heads)
        self.setModel(self.rows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAccessibleName("miners, table")
        self.viewport().setAccessibleName("miners, table")
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setSectionsClickable(True)
        header.setAccessibleName("columns")
        header.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        self.horizontalHeader().sectionClicked.connect(self._sort_by)
        self._heads.pressed.connect(self._box_pressed)
        self.rows.arranged.connect(self._rearranged)
        self.rows.aged.connect(self._repaint_ages)
        self.frame = FramedMachine(self)
        self.selection.changed.connect(self._selection_changed)

    def set_theme(self, theme: Theme) -> None:
        """Tokens and the font scale."""
        self.theme = theme
        self.setFont(font(Role.BODY))
        self.horizontalHeader().setFont(font(Role.CAPTION))
        self.horizontalHeader().setFixedHeight(px(ROW_PX))
        self.horizontalHeader().setMinimumSectionSize(px(LEAST_COLUMN_PX))
        self._heads.set_theme(theme)
        self._heads.setMinimumSectionSize(px(ROW_PX))
        self._heads.setDefaultSectionSize(px(ROW_PX))
        self._heads.setFixedWidth(px(BOX_COLUMN_PX))
        self.setStyleSheet(table_style(theme))
        slim_scroll_bars(self, theme)
        self.fit_columns()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is shared anew."""
        super().resizeEvent(event)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Room to spare is shared among the columns."""
        columns = [self.rows.column(section) for section in range(self.rows.columnCount())]
        for section, width in enumerate(widths_of(columns, self.viewport().width())):
            self.horizontalHeader().resizeSection(section, width)

    # what is chosen and current

    def is_chosen(self, place: int) -> bool:
        """Whether the machine at a place of the table is chosen."""
        order = self.rows.order
        row = int(order[place]) if place < order.size else -1
        return 0 <= row < self._chosen.size and bool(self._chosen[row])

    def choose_all(self) -> None:
        """Every machine that matches the filter."""
        self.selection.choose(self.rows.order, How.MATCHING)

    def selectAll(self) -> None:
        """Ctrl+A and the corner; a second time lifts it again."""
        if self.selection.chosen.how is How.MATCHING and len(self.selection.chosen) == self.rows.order.size:
            self.selection.clear()
        else:
            self.choose_all()

    def go_to(self, place: int) -> None:
        """Put the keyboard on a place of the table and show it."""
        place = min(max(0, place), self.rows.rowCount() - 1)
        if place >= 0:
            self.frame.put(place)
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    def go_across(self, by: int) -> None:
        """To the next column, which its head then marks."""
        last = self.rows.columnCount() - 1
        here = max(0, self.currentIndex().column())  # no current cell: the first column
        self._to_column(min(max(0, here + by), last), max(0, self.place))

    def _to_column(self, section: int, place: int) -> None:
        index = self.rows.index(place, section)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(index)
        self.rows.mark_column(section)

    def move_column(self, by: int) -> None:
        """Take the column along; who keeps columns hears of it as of a drag."""
        section, place = max(0, self.currentIndex().column()), max(0, self.place)
        if 0 <= section + by < self.rows.columnCount():
            self.horizontalHeader().moveSection(section, section + by)
            self._to_column(section + by, place)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Ground and ring span the row; Qt repaints the two cells alone."""
        super().currentChanged(current, previous)
        self.viewport().update(row_area(self, previous.row()))
        self.viewport().update(row_area(self, current.row()))

    @property
    def place(self) -> int:
        """Where the keyboard is in the table; -1 before it was anywhere."""
        return self.currentIndex().row()

    def toggle(self, place: int) -> None:
        """Choose a machine, or no longer."""
        self.begin_at(place)
        self.selection.toggle(int(self.rows.order[place]))

    def extend_to(self, place: int) -> None:
        """Choose all from the machine that the choice began at, wherever that stands now; else this one alone."""
        began = None if self._began is None else self.rows.place_of(self._began)
        low, high = sorted((place if began is None else began, place))
        self.selection.choose(self.rows.order[low : high + 1], How.PICKED)

    def begin_at(self, place: int) -> None:
        """Where a choice of several begins."""
        order = self.rows.order
        if order.size:
            self._began = int(order[min(max(0, place), order.size - 1)])

    def open_at(self, place: int) -> None:
        """Ask for the page of a machine."""
        self.opened.emit(int(self.rows.order[place]))

    def _box_pressed(self, place: int, extend: bool) -> None:
        if extend:
            self.extend_to(place)
        else:
            self.toggle(place)

    def _selection_changed(self, chosen: object) -> None:
        machines = self.rows.machines
        self._chosen = chosen.mask(0 if machines is None else len(machines))
        self._heads.viewport().update()
        self.viewport().update()

    def _rearranged(self) -> None:
        machines = self.rows.machines
        listed = None if machines is None else (machines.scope, machines.versions)
        if listed != self._listed:
            self._began, self._listed = None, listed  # another roster's rows are other machines
        self._selection_changed(self.selection.chosen)
        self.horizontalHeader().viewport().update()

    def _sort_by(self, section: int) -> None:
        column, sorting = self.rows.column(section), self.rows.sorting
        again = sorting.name == column.name
        descending = not sorting.descending if again else column.numeric and column.name not in ("ratio",)
        self.rows.sort(section, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    # pointer and keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens; with Ctrl it chooses, with Shift it chooses up to here."""
        place = self.rowAt(event.position().toPoint().y())
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if place < 0 or event.button() is not Qt.MouseButton.LeftButton:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.extend_to(place)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.toggle(place)
        self.go_to(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The click that opens ends where it began."""
        place = self.rowAt(event.position().toPoint().y())
        plain = not event.modifiers() and event.button() is Qt.MouseButton.LeftButton
        if plain and place >= 0 and place == self.place:
            self.open_at(place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nothing more than a click."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the pointer."""
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: object) -> None:
        """None."""
        self._hover(-1)

    def _hover(self, place: int) -> None:
        if place != self.hovered:
            left, self.hovered = self.hovered, place
            self.viewport().update(row_area(self, left))
            self.viewport().update(row_area(self, place))

    def _repaint_ages(self) -> None:
        self.viewport().update(column_area(self, self.rows.columns, "age"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the keys mean is in `miner_table_keys`; the rest goes up."""
        if not press(self, event):
            event.ignore()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """The cells in what is to be painted anew: a second on, the ages alone."""
        with QPainter(self.viewport()) as painter:
            area = event.rect()
            painter.fillRect(area, self.theme.bg1)
            machines = self.rows.machines
            if machines is not None and not self.rows.rowCount():
                paint_nothing(painter, self.viewport().rect(), self.rows.empty_words, self.theme)
            elif machines is not None:
                width, height = float(self.viewport().width()), float(px(ROW_PX))
                rows = RowPainter(self.rows, machines, self.theme, height, width)
                lines = lines_in(self, area, height, self.is_chosen, self.hovered)
                rows.paint(painter, lines, lanes_in(self, area), self.hasFocus())

    def indexAt(self, at: QPoint) -> QModelIndex:
        """Cells are where they are painted."""
        return self.rows.index(self.rowAt(at.y()), max(0, self.columnAt(at.x())))
