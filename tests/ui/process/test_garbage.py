"""A Qt object is destroyed on the GUI thread, whoever makes Python collect."""

from __future__ import annotations

import gc
import threading

from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from console.ui.process.garbage import GuiGarbage, collect_due


class Knot(QObject):
    """Garbage that only the collector of cycles finds."""

    def __init__(self, graves: list[int]) -> None:
        super().__init__()
        self.own = self
        self.graves = graves
        self.finalizer = _Finalizer(graves)


class _Finalizer:
    def __init__(self, graves: list[int]) -> None:
        self.graves = graves

    def __del__(self) -> None:
        self.graves.append(threading.get_ident())


def test_a_worker_that_allocates_collects_nothing(qtbot: QtBot) -> None:
    keeper = GuiGarbage(QCoreApplication.instance())
    graves: list[int] = []
    Knot(graves)
    worker = threading.Thread(target=lambda: [[] for _ in range(5000)])
    worker.start()
    worker.join()
    hoard = [[] for _ in range(5000)]
    assert not graves
    gc.collect()
    assert graves == [threading.get_ident()]
    keeper.deleteLater()
    del hoard


def test_collecting_follows_pythons_own_thresholds(qtbot: QtBot) -> None:
    GuiGarbage(QCoreApplication.instance()).deleteLater()
    gc.collect()
    assert collect_due() is None
    hoard = [[] for _ in range(gc.get_threshold()[0] + 10)]
    assert collect_due() == 0
    assert len(hoard) > 0
