"""A list of frozen rows for a view: replaced in place, so that the row under the keyboard stays there."""

from __future__ import annotations

from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from console.ui.plain import tip_text

ROW_ROLE = int(Qt.ItemDataRole.UserRole)


class Row(Protocol):
    """What a row must know of itself."""

    @property
    def key(self) -> object:
        """What it is of; two rows of one key are the same row at two moments."""
        ...

    def sentence(self) -> str:
        """The whole row in words, for a screen reader and a tool tip."""
        ...


AnyRow = TypeVar("AnyRow", bound=Row)


class RowModel(QAbstractListModel, Generic[AnyRow]):
    """The rows of a RowList."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[AnyRow, ...] = ()

    @property
    def rows(self) -> tuple[AnyRow, ...]:
        """What is listed."""
        return self._rows

    def set_rows(self, rows: tuple[AnyRow, ...]) -> None:
        """Show other rows; the same keys in the same order only change their words."""
        if rows == self._rows:
            return
        same = [row.key for row in rows] == [row.key for row in self._rows]
        if not same:
            self.beginResetModel()
        self._rows = rows
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The row itself, or its sentence for whoever reads text."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.sentence()
        return tip_text(row.sentence()) if role == Qt.ItemDataRole.ToolTipRole else None
