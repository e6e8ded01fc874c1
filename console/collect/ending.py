"""Knows when the collector shall end: a signal, the death of the process that started it, or the end of its input."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from types import FrameType

LOOK_S = 1.0  # how often the parent is looked for


class Ending:
    """`reason` is empty until the collector shall end. Signals are heeded in the main thread only."""

    def __init__(self) -> None:
        self.reason = ""
        self._parent: int | None = None
        self._is_child = False
        self._looked_s = 0.0

    def heed_signals(self) -> None:
        """End cleanly on SIGTERM and SIGINT (systemd, the desktop, Ctrl-C)."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)

    def watch_parent(self, pid: int) -> None:
        """End when the process `pid` is gone: a desktop that was killed leaves no orphan."""
        self._parent, self._is_child = pid, os.getppid() == pid

    def watch_stdin(self) -> None:
        """End when standard input ends: the same for a parent that holds the other end of a pipe."""
        threading.Thread(target=self._read_stdin, name="stdin", daemon=True).start()

    def due(self) -> bool:
        """Whether it is time to end; cheap enough for every turn of a loop."""
        if self._parent is not None and not self.reason and time.monotonic() - self._looked_s >= LOOK_S:
            self._looked_s = time.monotonic()
            if not alive(self._parent) or (self._is_child and os.getppid() != self._parent):
                self.reason = f"the process {self._parent} that started it is gone"
        return bool(self.reason)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.reason = f"asked to by {signal.Signals(number).name}"

    def _read_stdin(self) -> None:
        while sys.stdin.buffer.read(1024):
            pass
        self.reason = "its standard input ended"


def alive(pid: int) -> bool:
    """Whether a process exists; one that ended and was not waited for yet still counts."""
    if sys.platform == "win32":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if sys.platform == "win32":
    import ctypes

    _SYNCHRONIZE, _STILL_WAITING = 0x0010_0000, 0x102

    def _alive_on_windows(pid: int) -> bool:
        """`os.kill(pid, 0)` would end the process there. Written after the documentation, not run."""
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, pid)
        if not handle:
            return False
        try:
            return bool(kernel.WaitForSingleObject(handle, 0) == _STILL_WAITING)
        finally:
            kernel.CloseHandle(handle)
