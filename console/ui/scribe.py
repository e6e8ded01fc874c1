"""Writes small files of the profile on a thread beside the GUI's: the newest of each, whole or not at all.

To take the place of a file may wait for the disk - ext4 writes the new one out first (ext4(5), `auto_da_alloc`) - and
did so for 170 ms on the GUI thread.
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from console.ui.whole_file import whole

LOG = logging.getLogger(__name__)


class Scribe:
    """Writes in the order that was asked for; a file that is asked for again before its turn is written once.

    Its thread lives while there is something to write, and a program that ends waits for it.
    """

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._waiting: dict[Path, tuple[bytes, str]] = {}
        self._at_work = False

    def write(self, path: Path, content: bytes, what: str) -> None:
        """Soon. A disk that refuses costs the memory and nothing else; `what` names it in the log."""
        with self._moved:
            self._waiting[path] = (content, what)
            if not self._at_work:
                self._at_work = True
                threading.Thread(target=self._work, name="scribe").start()

    def settle(self) -> None:
        """Wait until everything is written."""
        with self._moved:
            self._moved.wait_for(lambda: not self._at_work)

    def _work(self) -> None:
        while True:
            with self._moved:
                if not self._waiting:
                    self._at_work = False
                    self._moved.notify_all()
                    return
                path, (content, what) = next(iter(self._waiting.items()))
                del self._waiting[path]
            try:
                with whole(path) as draft:
                    draft.write_bytes(content)
            except Exception as error:  # noqa: BLE001 - a thread that died would let `settle` wait for ever
                LOG.warning("%s: %s cannot be kept (%s)", path, what, getattr(error, "strerror", None) or error)


SCRIBE = Scribe()
