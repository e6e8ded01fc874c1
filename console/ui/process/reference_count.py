"""Counts whether Qt's bindings lose references to None, True and False: PySide6 6.12 does, and then aborts (T1)."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

EMITS, EVENTS = 2_000, 20_000


class _Bell(QObject):
    rung = Signal(bool)


def drift() -> int:
    """The greatest change of a singleton's count over many emits and rounds of events; needs no display.

    Call it in a process of its own: where the fault is, that process may abort.
    """
    app = QCoreApplication.instance() or QCoreApplication([])
    bell = _Bell()
    bell.rung.connect(lambda _struck: None)
    before = [sys.getrefcount(thing) for thing in (None, True, False)]
    for _ in range(EMITS):
        bell.rung.emit(True)
    for _ in range(EVENTS):
        app.postEvent(bell, QEvent(QEvent.Type.User))
        app.processEvents()
    after = [sys.getrefcount(thing) for thing in (None, True, False)]
    return max(abs(now - then) for now, then in zip(after, before, strict=True))
