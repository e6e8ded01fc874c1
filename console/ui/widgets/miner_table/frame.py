"""The machine that the keyboard is on in the miner table: where it is and what is in view as the list changes.

Knows rows of the snapshot and places in the table; must not know what a machine is.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QObject
from PySide6.QtWidgets import QTableView

from console.ui.models.miners.rows import MinerRows
from console.ui.widgets.miner_table.paint import row_area


class FramedMachine(QObject):
    """Made once the table has its model. Newer values take the frame along and leave the view where it is; another
    filter, sorting or scope begins at the top of the list, unless the framed machine was in view and still is there.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._rows: MinerRows = table.model()
        self._row: int | None = None  # of the snapshot
        self._question: object = None
        self._before = (-1, False)
        table.setAutoScroll(False)  # Qt's own: the view would run after a machine that a poll moves
        table.selectionModel().currentRowChanged.connect(self._follow)
        self._rows.arranging.connect(self._note)
        self._rows.arranged.connect(self._rearranged)
        self._rows.modelReset.connect(self._restore)

    def put(self, place: int) -> None:
        """On the machine at a place of the table."""
        self._row = int(self._rows.order[place])
        column = max(0, self._table.currentIndex().column())
        index = self._rows.index(place, min(column, max(0, self._rows.columnCount() - 1)))
        self._table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def _follow(self, current: QModelIndex) -> None:
        """It is a machine's, whoever set it: Qt does so by itself when Tab leads to the table."""
        if current.isValid():
            self._row = int(self._rows.order[current.row()])

    def _note(self) -> None:
        """Where it is, and whether that is seen, before others stand there."""
        table, place = self._table, self._table.currentIndex().row()
        self._before = (place, place >= 0 and row_area(table, place).intersects(table.viewport().rect()))

    def _rearranged(self) -> None:
        (place, seen), self._before = self._before, (-1, False)
        asked, self._question = self._question, self._rows.question
        if self._question is None:
            self._row = None
        found, last = self._restore(), self._rows.rowCount() - 1
        if asked == self._question:
            if not found and min(place, last) >= 0:
                self.put(min(place, last))  # its machine left the list: the one that moved up
        elif found and seen:
            self._table.executeDelayedItemsLayout()  # the scroll bar's range is still that of the list before
            self._table.scrollTo(self._table.currentIndex())
        else:
            self._begin(found, framed=min(place, last) >= 0)

    def _begin(self, found: bool, *, framed: bool) -> None:
        """The top of another list; with the keyboard in it, the frame is on its first machine."""
        self._table.verticalScrollBar().setValue(0)
        if not found and framed and self._table.hasFocus():
            self.put(0)
        elif not found:
            self._table.selectionModel().clearCurrentIndex()

    def _restore(self) -> bool:
        """Stay on the machine, wherever that went; whether it is still there."""
        place = None if self._row is None else self._rows.place_of(self._row)
        if place is not None and place != self._table.currentIndex().row():
            self.put(place)
        return place is not None
