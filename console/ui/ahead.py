"""Imports what views that are not open yet will need, one module after another on a worker thread.

The first opening of a view with plots would else hold the screen up for as long as its modules take to load. Modules
only: none of ours makes anything of Qt when it is imported. Must not know what any module is for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from console.ui.background import Background
from console.ui.process.garbage import spare_imports


class Ahead(QObject):
    """`start` when the first screen is useful; `when` asks for one module before its turn."""

    def __init__(self, modules: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left = list(modules)
        self._waiting: list[tuple[str, Callable[[], object]]] = []
        self._reads = Background(self)

    @property
    def left(self) -> tuple[str, ...]:
        """What is not imported yet, in the order in which it will be."""
        return tuple(self._left)

    def start(self) -> None:
        """Begin; the screen goes on meanwhile."""
        self._next()

    def when(self, module: str, act: Callable[[], object]) -> None:
        """Call `act` on the GUI thread as soon as `module` is imported: now, where it is or was never to be."""
        if module not in self._left:
            act()
            return
        self._left.remove(module)
        self._left.insert(0, module)
        self._waiting.append((module, act))

    def close(self) -> None:
        """Wait for the module under way and import no more."""
        self._left, self._waiting = [], []
        self._reads.close()

    def _next(self) -> None:
        if not self._left:
            spare_imports()
            return
        module = self._left[0]

        def imported(_outcome: object) -> None:  # an error is logged there, and met again by whoever opens that view
            self._imported(module)

        self._reads.run(lambda: importlib.import_module(module), imported, imported)

    def _imported(self, module: str) -> None:
        if module in self._left:
            self._left.remove(module)
        due = [act for name, act in self._waiting if name == module]
        self._waiting = [each for each in self._waiting if each[0] != module]
        for act in due:
            act()
        self._next()
