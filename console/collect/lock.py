"""Makes sure that a profile has one collector: an operating system's lock on a file, which falls with its process.

Tested on Linux (flock, with kill -9 and races). The Windows branch (msvcrt) is written after its documentation and
was not run.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType

from console.domain.errors import MeridianError

HOLDER_BYTES = 20  # room for a process id


class AlreadyRunning(MeridianError):
    """Another collector has this profile."""


class ProfileLock:
    """Held from `__enter__` to `__exit__`, or to the end of the process, however that comes.

    Children must not inherit it: file handles of Python are not inheritable, so a child never keeps it alive.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def __enter__(self) -> ProfileLock:
        """Take the lock at once; raises AlreadyRunning, naming the holder, when another process has it."""
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle)
        except OSError:
            holder = self._holder()
            os.close(self._handle)
            raise AlreadyRunning(f"a collector{holder} of the profile {self._path.parent} runs already") from None
        os.lseek(self._handle, 1, os.SEEK_SET)  # Windows locks bytes for reading too: byte 0 is the lock
        os.write(self._handle, f"{os.getpid():<{HOLDER_BYTES}}".encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back; the file stays, because removing it would let two others hold two files."""
        os.close(self._handle)

    def _holder(self) -> str:
        os.lseek(self._handle, 1, os.SEEK_SET)
        text = os.read(self._handle, HOLDER_BYTES).decode("ascii", "replace").strip()
        return f" (process {text})" if text.isdigit() else ""


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
