"""Tells the desk that a hand is at the keyboard or the mouse; knows no key by its name.

Looks at the events of windows, not of widgets: those of widgets are a thousand times as many.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow

from console.ui.models.desk import Desk

HAND = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,  # of a shortcut nothing else is seen
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """Follows whichever window of the program has the keyboard; stops no event."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        app = QGuiApplication.instance()
        app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow())

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.removeEventFilter(self)  # else each return to a window would be one call more
            window.installEventFilter(self)
            self._desk.touched()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A key or the mouse: somebody is there."""
        if event.type() in HAND:
            self._desk.touched()
        return False
