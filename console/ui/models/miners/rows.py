"""The miner table's model: a snapshot of columns, a filter, a sorting, and the order array that comes of them.

What is quick is done at once; ranking names and searching texts of a whole fleet goes to a worker thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from console.domain.freshness import Freshness, freshness
from console.domain.query import Clause
from console.ui.models.live import LiveFleet
from console.ui.models.miners.columns import COLUMNS, SITE_COLUMNS, Column, cell_text
from console.ui.models.miners.machines import MachinesNow
from console.ui.models.miners.order import (
    Mask,
    Names,
    Rows,
    Sorting,
    by_name,
    keys_of,
    mask_of,
    ordered,
    shown,
)

Index = QModelIndex | QPersistentModelIndex
AT_ONCE = 20_000  # rows whose names are ranked or searched faster than anybody notices
FIRST_SORTING = Sorting("ratio")  # the worst first
NO_ROWS: Rows = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """An order and the filter's mask, for one snapshot."""

    machines: MachinesNow
    clauses: tuple[Clause, ...]
    sorting: Sorting
    full: Rows
    mask: Mask | None
    order: Rows


def arrange(machines: MachinesNow, names: Names, clauses: tuple[Clause, ...], sorting: Sorting) -> Arranged:
    """Sort and filter; any thread."""
    full = ordered(keys_of(machines.table, names, sorting.name), sorting.descending)
    mask = mask_of(machines.table, names, clauses)
    return Arranged(machines, clauses, sorting, full, mask, shown(full, mask))


class MinerRows(QAbstractTableModel):
    """`arranged` is emitted after each new order and each new snapshot; `busy` says that one is on its way.

    `arranging` comes before it, while the old order still stands. `aged`: a second passed and nothing else changed.
    """

    arranging = Signal()
    arranged = Signal()
    aged = Signal()

    def __init__(self, live: LiveFleet, parent: object = None) -> None:
        super().__init__(parent)
        self._live = live
        self._columns: tuple[str, ...] = SITE_COLUMNS
        self._names = Names({})
        self._versions: object = None
        self._asked: tuple[MachinesNow, tuple[Clause, ...], Sorting] | None = None
        self._now: Arranged | None = None
        self._clauses: tuple[Clause, ...] = ()
        self._sorting = FIRST_SORTING
        self._fresh: tuple[Freshness, ...] = ()
        self._marked = -1

    # what is shown

    @property
    def machines(self) -> MachinesNow | None:
        """The snapshot in the order shown; None before the first."""
        return None if self._now is None else self._now.machines

    @property
    def order(self) -> Rows:
        """Rows of the snapshot, from the top of the table down."""
        return NO_ROWS if self._now is None else self._now.order

    @property
    def empty_words(self) -> str:
        """Why there is no row where there is none."""
        return "no machine matches the filter" if self.clauses else "no machine is told here"

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The filter in force."""
        return self._clauses

    @property
    def sorting(self) -> Sorting:
        """The sorting in force."""
        return self._sorting

    @property
    def question(self) -> object:
        """What the order shown is the answer to: scope, filter and sorting; newer values are no other question."""
        now = self._now
        return None if now is None else (now.machines.scope, now.clauses, now.sorting)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns by name, from left to right."""
        return self._columns

    @property
    def names(self) -> Names:
        """Ranks of the snapshot's names, for grouping."""
        return self._names

    @property
    def busy(self) -> bool:
        """Whether another order is being made (R50)."""
        return self._asked is not None

    def place_of(self, row: int) -> int | None:
        """Where a row of the snapshot stands in the table; None where the filter leaves it out."""
        found = np.flatnonzero(self.order == row)
        return int(found[0]) if found.size else None

    def as_sorted(self, rows: Rows) -> Rows:
        """Some rows of the snapshot from the top of the table down; also those that the filter leaves out."""
        if self._now is None:
            return NO_ROWS
        wanted = np.zeros(self._now.full.size, dtype=np.bool_)
        wanted[rows[rows < wanted.size]] = True
        return self._now.full[wanted[self._now.full]]

    def aged_s(self) -> float:
        """What has passed since the snapshot was read."""
        return 0.0 if self.machines is None else max(0, self._live.clock() - self.machines.now_ms) / 1000

    def freshness_of(self, row: int) -> Freshness:
        """How far a row's values may be trusted, as of the last `age`."""
        assert self.machines is not None  # noqa: S101 - rows come from a snapshot
        part = int(self.machines.starts.searchsorted(row, side="right")) - 1
        return self._fresh[part] if part < len(self._fresh) else Freshness.NEVER

    # what it is told

    def show(self, machines: MachinesNow | None) -> None:
        """Another snapshot, in the same order and filter; None empties the table."""
        if machines is None or not machines.named:
            self.arranging.emit()
            self.beginResetModel()
            self._now, self._asked = None, None
            self._versions, self._names = None, Names({})
            self.endResetModel()
            self.arranged.emit()
            return
        if machines.versions != self._versions:
            self._versions, self._names = machines.versions, Names(machines.table.text)
        self._arrange(machines)

    def set_filter(self, clauses: Sequence[Clause]) -> None:
        """Show only what matches."""
        self._clauses = tuple(clauses)
        self._names.forget_but(self._clauses)
        if self._newest is not None:
            self._arrange(self._newest)

    def sort_by(self, sorting: Sorting) -> None:
        """Show in another order."""
        self._sorting = sorting
        if self._newest is not None:
            self._arrange(self._newest)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """As a click on a header asks."""
        if 0 <= column < len(self._columns):
            self.sort_by(Sorting(self._columns[column], order is Qt.SortOrder.DescendingOrder))

    def set_columns(self, names: Sequence[str]) -> None:
        """Show these columns, from left to right."""
        if tuple(names) == self._columns:
            return
        self.beginResetModel()
        self._columns = tuple(names)
        self.endResetModel()

    def mark_column(self, section: int) -> None:
        """The keyboard is in this column."""
        self._marked = section
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def age(self) -> None:
        """Time went on: judge freshness again; where none changed, nothing is new but the ages."""
        before, self._fresh = self._fresh, self._judged()
        if before != self._fresh:
            self._tell_values()
        else:
            self.aged.emit()  # not dataChanged: at that Qt paints every cell, 1,300 of them on a wall

    def _judged(self) -> tuple[Freshness, ...]:
        now_ms, offline = self._live.clock(), self._live.offline_asked
        parts = () if self.machines is None else self.machines.parts
        return tuple(freshness(part.at_ms, now_ms, part.site.poll_period_s, offline=offline) for part in parts)

    # inside

    @property
    def _newest(self) -> MachinesNow | None:
        return self._asked[0] if self._asked is not None else self.machines

    def _arrange(self, machines: MachinesNow) -> None:
        names, clauses, sorting = self._names, self._clauses, self._sorting
        before = self._now
        if before is not None and before.machines is machines and before.sorting == sorting and self._quick(machines):
            mask = mask_of(machines.table, names, clauses)
            self._take(Arranged(machines, clauses, sorting, before.full, mask, shown(before.full, mask)))
        elif self._quick(machines):
            self._take(arrange(machines, names, clauses, sorting))
        else:
            self._asked = (machines, clauses, sorting)
            self._live.reads.run(
                lambda: arrange(machines, names, clauses, sorting), self._take_late, lambda _: self._give_up()
            )

    def _quick(self, machines: MachinesNow) -> bool:
        if len(machines) <= AT_ONCE:
            return True
        by_number = self._sorting.name == "state" or self._sorting.name in machines.table.number
        sorts = by_number or self._names.has_rank(self._sorting.name)
        return sorts and all(not by_name(clause) or self._names.has_mask(clause) for clause in self._clauses)

    def _take_late(self, arranged: Arranged) -> None:
        asked = self._asked
        if asked is not None and asked[0] is arranged.machines and asked[1:] == (arranged.clauses, arranged.sorting):
            self._take(arranged)

    def _give_up(self) -> None:
        self._asked = None
        self.arranged.emit()

    def _take(self, arranged: Arranged) -> None:
        """The same number of rows only changes values: Qt's own bookkeeping of rows costs more than the sort."""
        same = self._now is not None and self._now.order.size == arranged.order.size
        self.arranging.emit()
        self._asked = None
        if same:
            self._now = arranged
        else:
            self.beginResetModel()
            self._now = arranged
            self.endResetModel()
        self._fresh = self._judged()
        self._tell_values()
        self.arranged.emit()

    def _tell_values(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(self._columns) - 1))

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row a machine that matches."""
        return 0 if parent.isValid() else int(self.order.size)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """The chosen columns."""
        return 0 if parent.isValid() else len(self._columns)

    def column(self, section: int) -> Column:
        """The column of a section."""
        return COLUMNS[self._columns[section]]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Short names, an arrow where it is sorted; the meaning as tool tip."""
        if orientation is Qt.Orientation.Vertical or not 0 <= section < len(self._columns):
            return None
        column = self.column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            arrow = ("", " ↓" if self._sorting.descending else " ↑")[self._sorting.name == column.name]
            return f"{'› ' if section == self._marked else ''}{column.title}{arrow}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.meaning
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell's text; the view paints cells by itself."""
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(index.row(), index.column())
        return None

    def text(self, place: int, section: int) -> str:
        """The text of a cell by its place in the table."""
        assert self.machines is not None  # noqa: S101 - there are no places without a snapshot
        return cell_text(self.machines, int(self.order[place]), self.column(section), self.aged_s())
