"""The moment under the pointer, shared by all plots of a view; knows no plot and no value."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Crosshair(QObject):
    """`moved` carries epoch milliseconds, or None when nobody points anywhere."""

    moved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._at_ms: int | None = None

    @property
    def at_ms(self) -> int | None:
        """The moment pointed at."""
        return self._at_ms

    def point(self, at_ms: int | None) -> None:
        """Point at a moment in every plot; None lifts the crosshair."""
        if at_ms != self._at_ms:
            self._at_ms = at_ms
            self.moved.emit(at_ms)
