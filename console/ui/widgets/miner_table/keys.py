"""What the keys do in the miner table: arrows walk, with Shift they choose; Space chooses, Enter opens, / filters.

Left and Right go from column to column, with Alt they take the column along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from console.ui.models.miners.rows import MinerRows
from console.ui.models.selection import Selection

Key = Qt.Key


class KeyedTable(Protocol):
    """What the keys need of a table; `place` is where the keyboard is in it."""

    rows: MinerRows
    selection: Selection
    place: int
    copy_asked: Any  # signals
    filter_asked: Any

    def viewport(self) -> QWidget: ...
    def rowHeight(self, row: int) -> int: ...
    def selectAll(self) -> None: ...

    def begin_at(self, place: int) -> None:
        """Where a choice of several begins."""
        ...

    def extend_to(self, place: int) -> None:
        """Choose all from there."""
        ...

    def toggle(self, place: int) -> None:
        """Choose a machine, or no longer."""
        ...

    def open_at(self, place: int) -> None:
        """Ask for the page of a machine."""
        ...

    def go_to(self, place: int) -> None:
        """Put the keyboard on a place."""
        ...

    def go_across(self, by: int) -> None:
        """To another column."""
        ...

    def move_column(self, by: int) -> None:
        """Take the column along."""
        ...


def press(table: KeyedTable, event: QKeyEvent) -> bool:
    """Do what a key means; False where it means nothing here, so that it belongs to the window."""
    key, last = Key(event.key()), table.rows.rowCount() - 1
    shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    target = _target(table, key, last)
    if target is not None and last >= 0:
        _walk(table, target, shift)
        return True
    return _act(table, key, event)


def _target(table: KeyedTable, key: Key, last: int) -> int | None:
    page = max(1, table.viewport().height() // max(1, table.rowHeight(0)) - 1)
    steps = {
        Key.Key_Up: table.place - 1,
        Key.Key_Down: table.place + 1,
        Key.Key_PageUp: table.place - page,
        Key.Key_PageDown: table.place + page,
        Key.Key_Home: 0,
        Key.Key_End: last,
    }
    return steps.get(key)


def _walk(table: KeyedTable, place: int, extend: bool) -> None:
    if not extend:
        table.begin_at(place)
    elif table.place >= 0 and not len(table.selection.chosen):
        table.begin_at(table.place)
    table.go_to(place)
    if extend:
        table.extend_to(table.place)


def _act(table: KeyedTable, key: Key, event: QKeyEvent) -> bool:
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    across = {Key.Key_Left: -1, Key.Key_Right: 1}.get(key, 0)
    here, chosen = table.place, len(table.selection.chosen)
    acts: list[tuple[bool, Callable[[], object]]] = [
        (alt and across != 0, lambda: table.move_column(across)),
        (not control and across != 0, lambda: table.go_across(across)),
        (control and key == Key.Key_A, table.selectAll),
        (control and key == Key.Key_C, table.copy_asked.emit),
        (event.text() == "/", table.filter_asked.emit),
        (key == Key.Key_Escape and chosen > 0, table.selection.clear),
        (key == Key.Key_Space and here >= 0, lambda: table.toggle(here)),
        (key in (Key.Key_Return, Key.Key_Enter) and here >= 0, lambda: table.open_at(here)),
    ]
    for meant, act in acts:
        if meant:
            act()
            return True
    return False
