"""A process of our own beside the collector: started when it is first needed, spoken to in lines, killed when late.

A process of its own, because native code that panics, leaks or aborts must not take the collector with it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from console.own_program import SOURCE_FOLDER

MOST_LINE = 64 * 1024
Lines = queue.SimpleQueue[bytes]
Said = TypeVar("Said", bound=msgspec.Struct)


def environment() -> dict[str, str]:
    """Ours, with this package importable from any directory and without anybody's secrets."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MERIDIAN_CREDENTIAL_")}
    folders = filter(None, (str(SOURCE_FOLDER), os.environ.get("PYTHONPATH")))
    return {**inherited, "PYTHONPATH": os.pathsep.join(folders)}


def decoded(line: bytes, kind: type[Said]) -> Said | None:
    """What the process said; None where it is no such message."""
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.MsgspecError:
        return None


class Child:
    """One process. Used by one thread at a time; `close` from any."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._argv = list(argv)
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: Lines = queue.SimpleQueue()

    def started(self) -> Lines:
        """The lines of the process, which is started where it does not run; an empty line is its end."""
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            self._lines = queue.SimpleQueue()
            self._process = subprocess.Popen(  # noqa: S603 - our own program, without a shell
                self._argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                start_new_session=sys.platform != "win32",  # Ctrl-C is the collector's to handle
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            work = (self._process, self._lines)
            threading.Thread(target=_pump, args=work, name="lan child", daemon=True).start()
        return self._lines

    def write(self, line: bytes) -> None:
        """Hand it one line; raises OSError where it is gone."""
        process = self._process
        if process is None or process.stdin is None:
            raise BrokenPipeError("the process does not run")
        process.stdin.write(line + b"\n")
        process.stdin.flush()

    def close(self) -> None:
        """End the process; safe to call twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _pump(process: subprocess.Popen[bytes], lines: Lines) -> None:
    """Hand lines over as they come; an empty one is the end."""
    stream = process.stdout
    with contextlib.suppress(OSError, ValueError):
        while stream is not None and (line := stream.readline(MOST_LINE)):
            lines.put(line)
    lines.put(b"")
