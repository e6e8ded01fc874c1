"""Does one piece of work a turn of the event loop: keys, clock and paint come between. Knows no piece."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Piecewise(QObject):
    """What a view shows anew each second, in pieces that are painted one after the other."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left: list[Callable[[], object]] = []
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._next)

    @property
    def busy(self) -> bool:
        """Whether a piece is still to be done."""
        return bool(self._left)

    def run(self, *pieces: Callable[[], object]) -> None:
        """Do these in order, the first in the next turn; what was left of older ones is pointless now."""
        self._left = list(pieces)
        self._turn.start()

    def stop(self) -> None:
        """Forget what is left."""
        self._left = []
        self._turn.stop()

    def _next(self) -> None:
        if self._left:
            self._left.pop(0)()
        if not self._left:
            self._turn.stop()
