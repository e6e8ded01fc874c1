"""Holds the PySide6 pin: 6.12 drops a reference to None or True with every void call and emit, and then aborts."""

from __future__ import annotations

import subprocess
import sys

COUNT = """
import sys
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

class Bell(QObject):
    rung = Signal(bool)

app = QCoreApplication([])
bell = Bell()
bell.rung.connect(lambda struck: None)
before = [sys.getrefcount(thing) for thing in (None, True, False)]
for _ in range(2_000):
    bell.rung.emit(True)
for _ in range(20_000):
    QCoreApplication.postEvent(bell, QEvent(QEvent.Type.User))
    QCoreApplication.processEvents()
after = [sys.getrefcount(thing) for thing in (None, True, False)]
print(*[now - then for now, then in zip(after, before)])
"""


def test_t1_singletons_keep_their_references() -> None:
    done = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, check=True)
    changes = [int(word) for word in done.stdout.split()]
    assert len(changes) == 3
    assert all(abs(change) < 5 for change in changes)
