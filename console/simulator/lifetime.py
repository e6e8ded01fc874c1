"""Ends the program when asked, or when the one who started it is gone; works alike on Linux, macOS and Windows."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType

from console.parent import Parent

LOOK_S = 1.0


class Lifetime:
    """A flag that SIGTERM, SIGINT, the death of a parent or the end of standard input raise."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def heed_signals(self) -> None:
        """From the main thread: SIGTERM and SIGINT end the program."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._on_signal)

    def watch_parent(self, pid: int) -> None:
        """End within about a second of the death of process `pid`."""
        threading.Thread(target=self._watch, args=(Parent(pid),), name="parent", daemon=True).start()

    def watch_stdin(self) -> None:
        """End when standard input ends: a parent that holds the other end of the pipe has died."""
        threading.Thread(target=self._drain, name="stdin", daemon=True).start()

    def wait(self) -> None:
        """Until it is over. Wakes now and then, because on Windows a waiting main thread hears no Ctrl-C."""
        while not self._over.wait(LOOK_S):
            pass

    def end(self) -> None:
        """It is over."""
        self._over.set()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.end()

    def _drain(self) -> None:
        while sys.stdin.buffer.read(4096):
            pass
        self.end()

    def _watch(self, parent: Parent) -> None:
        while not self._over.wait(LOOK_S):
            if parent.gone:
                self.end()
