"""What was asked of the collector and is not answered yet: each is answered once, and never later than promised."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

from console.ui.background import is_gone


def new_id() -> str:
    """An id that nothing else has: of a command, made where its button is pressed (C1), or of a request."""
    return uuid.uuid4().hex


class Awaited(QObject):
    """The requests of one model, by their ids, and who is told what came of each."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._told: dict[str, Callable[[Any], None]] = {}

    def __contains__(self, request: str) -> bool:
        return request in self._told

    def send(
        self,
        ask: Callable[[Any], bool] | None,
        message: Any,
        answered: Callable[[Any], None],
        *,
        nobody: Any,
        late: Any,
        within_ms: int,
    ) -> None:
        """Ask; `nobody` is the answer where no collector takes it, `late` where none has answered in time."""
        if ask is None:
            answered(nobody)
            return
        request = message.request
        self._told[request] = answered  # before it leaves: the answer may be quicker than the next line
        if not ask(message):
            self.answer(request, nobody)
            return
        QTimer.singleShot(within_ms, self, lambda: self.answer(request, late))

    def answer(self, request: str, what: Any) -> None:
        """Tell whoever waits, once, if it is still there."""
        answered = self._told.pop(request, None)
        if answered is not None and not is_gone(answered):
            answered(what)
