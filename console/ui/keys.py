"""Keys that mean the same: both Enters, and the arrows as steps. What a key does is its widget's business."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ARROWS = {  # key -> (columns, rows), down and right positive
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def is_written(event: QEvent) -> bool:
    """Whether the window is about to take a letter for a shortcut: a field that is written in accepts it as its own."""
    return event.type() is QEvent.Type.ShortcutOverride and event.text().isprintable() and bool(event.text())
