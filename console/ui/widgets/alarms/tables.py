"""The alarm list as one table, or on a wall as two: what waits for somebody at the left, all else beside it.

Knows rows and their sections; decides nothing about alarms. One of both has the keyboard, and only what is selected
there counts: nobody acknowledges what was selected in the list that he left (R23).
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.ui.models.alarms.blink import Blink
from console.ui.models.alarms.rows import AlarmRow, RowKind
from console.ui.theme import DARK, Theme
from console.ui.widgets.alarms.table import AlarmTable

WAITING = ("Unacknowledged", "Returned")
NOBODY_WAITS = "Nothing waits for acknowledgement"
NOTHING_ELSE = "Nothing is acknowledged, shelved, suppressed or out of service"


class AlarmTables(QWidget):
    """`changed`: another row is under the keyboard, or another selection; `opened` and `fold_asked` as of a table."""

    changed = Signal()
    opened = Signal(object)
    fold_asked = Signal(str)

    def __init__(self, blink: Blink, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.second = AlarmTable(blink, theme), AlarmTable(blink, theme)
        self.second.list.setAccessibleName("alarm list, acknowledged and parked")
        self._rows: tuple[AlarmRow, ...] = ()
        self._calm, self._active = "", self.first
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for table in (self.first, self.second):
            row.addWidget(table, 1)
            table.opened.connect(self.opened)
            table.fold_asked.connect(self.fold_asked)
            table.list.selectionModel().currentChanged.connect(lambda *_, table=table: self._enter(table))
            table.list.selectionModel().selectionChanged.connect(lambda *_, table=table: self._enter(table))
        self.second.hide()
        self.setFocusProxy(self.first)

    @property
    def apart(self) -> bool:
        """Whether there are two."""
        return not self.second.isHidden()

    @property
    def rows(self) -> tuple[AlarmRow, ...]:
        """All that is listed, in the order of the sections."""
        return self._rows

    @property
    def current(self) -> AlarmRow | None:
        """The row under the keyboard."""
        return self._active.current

    def selected(self) -> list[AlarmRow]:
        """The alarms of the selection that are on the screen."""
        return self._active.selected()

    def set_apart(self, apart: bool, gap_px: int) -> None:
        """One table or two; the keyboard stays on its row."""
        self._row.setSpacing(gap_px)
        if apart is self.apart:
            return
        current = self.current
        self.second.setVisible(apart)
        self.show_rows(self._rows, self._calm)
        if current is not None:
            self.go_to(current.key)

    def show_rows(self, rows: tuple[AlarmRow, ...], calm: str = "") -> None:
        """Other rows. `calm`: said where there is none at all."""
        self._rows, self._calm = rows, calm
        if not self.apart:
            self.first.show_rows(rows, calm)
            self.second.show_rows(())
            return
        waiting, others = halves(rows)
        self.first.show_rows(waiting, NOBODY_WAITS if rows else calm)
        self.second.show_rows(others, NOTHING_ELSE if rows else "")

    def go_to(self, key: str) -> bool:
        """Select a row and bring it on the screen; False where it is not listed."""
        return self.first.go_to(key) or self.second.go_to(key)

    def go_to_section(self, name: str) -> bool:
        """Bring a section to the top, its first alarm under the keyboard."""
        return self.first.go_to_section(name) or self.second.go_to_section(name)

    def _enter(self, table: AlarmTable) -> None:
        """The list in which something was pointed at has the keyboard; the other one lets go of its selection."""
        other = self.second if table is self.first else self.first
        if table is not self._active and (table.current is not None or table.selected()):
            self._active = table
            self.setFocusProxy(table)
            model = other.list.selectionModel()
            model.setCurrentIndex(other.model.index(-1), QItemSelectionModel.SelectionFlag.Clear)
        self.changed.emit()


def halves(rows: tuple[AlarmRow, ...]) -> tuple[tuple[AlarmRow, ...], tuple[AlarmRow, ...]]:
    """The sections that wait for somebody, and the others."""
    ends = [place for place, row in enumerate(rows) if row.kind is RowKind.SECTION and not _waits(row)]
    end = ends[0] if ends else len(rows)
    return rows[:end], rows[end:]


def _waits(section: AlarmRow) -> bool:
    return section.key.removeprefix("section ") in WAITING
