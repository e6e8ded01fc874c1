"""Knows when the collector shall end: a signal, the death of the process that started it, or the end of its input."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType

from console.parent import Parent

LOOK_S = 1.0  # how often the parent is looked for


class Ending:
    """`reason` is empty until the collector shall end. Signals are heeded in the main thread only."""

    def __init__(self) -> None:
        self.reason = ""
        self._parent: Parent | None = None
        self._looked_s = 0.0

    def heed_signals(self) -> None:
        """End cleanly on SIGTERM and SIGINT (systemd, the desktop, Ctrl-C)."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def watch_parent(self, pid: int) -> None:
        """End when the process `pid` is gone: a desktop that was killed leaves no orphan."""
        self._parent = Parent(pid)

    def watch_stdin(self) -> None:
        """End when standard input ends: the same for a parent that holds the other end of a pipe."""
        threading.Thread(target=self._read_stdin, name="stdin", daemon=True).start()

    def due(self) -> bool:
        """Whether it is time to end; cheap enough for every turn of a loop."""
        if self._parent is not None and not self.reason and time.monotonic() - self._looked_s >= LOOK_S:
            self._looked_s = time.monotonic()
            if self._parent.gone:
                self.reason = f"the process {self._parent.pid} that started it is gone"
        return bool(self.reason)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.reason = f"asked to by {signal.Signals(number).name}"

    def _read_stdin(self) -> None:
        while sys.stdin.buffer.read(1024):
            pass
        self.reason = "its standard input ended"
