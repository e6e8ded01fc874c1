"""Knows whether the process that started this one is still there: a child that it left behind must end by itself."""

from __future__ import annotations

import os
import sys


class Parent:
    """The process `pid`, as one that it started sees it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._started_us = os.getppid() == pid

    @property
    def gone(self) -> bool:
        """Whether it ended; where it is our own parent also before anybody waits for it."""
        return not alive(self.pid) or (self._started_us and os.getppid() != self.pid)


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
