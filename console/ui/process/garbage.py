"""Collects cyclic garbage on the GUI thread and on no other.

Python collects on whichever thread happens to allocate. A worker that collects a Qt object destroys it there:
its destructor holds a lock of Qt and waits for the interpreter, while the GUI thread holds the interpreter and waits
for that lock. Both then stand for ever; it was seen in a test run, in a background read of a roster.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 1000


class GuiGarbage(QObject):
    """Takes the collector over for the life of its parent; make it on the GUI thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        spare_imports()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()


def spare_imports() -> None:
    """What imports brought stays for the life of the program: a full collection need not look at it each time."""
    gc.freeze()


def collect_due() -> int | None:
    """Collect the oldest generation that is due by Python's own thresholds; which one it was, or None."""
    due = [
        age for age, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > limit
    ]
    if not due:
        return None
    gc.collect(max(due))
    return max(due)
