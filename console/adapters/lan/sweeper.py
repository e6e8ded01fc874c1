"""Keeps the sweeping process of one session: starts it, asks it, and kills it when it does not keep its time.

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
from pathlib import Path

import msgspec

from console.adapters.base import Deadline
from console.adapters.lan.sighting import Sighting
from console.adapters.lan.wire import Answer, Request
from console.domain.errors import SourceError, TooSlow
from console.domain.machine_detail import MachineDetail

MARGIN_S = 0.5  # the process ends its sweep this long before the poll's deadline
MOST_LINE = 64 * 1024


def command() -> list[str]:
    """How this program starts itself as a sweeping process; a frozen one is its own interpreter."""
    frozen = bool(getattr(sys, "frozen", False))
    return [sys.executable, "lan-sweep"] if frozen else [sys.executable, "-m", "console", "lan-sweep"]


def environment() -> dict[str, str]:
    """Ours, with this package importable from any directory and without anybody's secrets."""
    root = str(Path(__file__).resolve().parents[3])
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MERIDIAN_CREDENTIAL_")}
    return {**inherited, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}


class Sweeper:
    """One sweeping process, started at the first sweep. Used by one thread at a time; `close` from any."""

    def __init__(self, at_once: int, argv: Sequence[str] | None = None) -> None:
        self._at_once, self._argv = at_once, list(argv or command())
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._run = 0

    def sweep(self, addresses: Sequence[str], deadline: Deadline) -> list[Sighting]:
        """What stands at `addresses`, as far as it answered before the deadline; raises SourceError."""
        return [answer.sighting for answer in self._ask(addresses, deadline) if answer.sighting is not None]

    def look_closely(self, address: str, deadline: Deadline) -> tuple[Sighting, MachineDetail] | None:
        """One device with its parts; None where it did not answer in time. Raises SourceError."""
        for answer in self._ask([address], deadline, closely=True):
            if answer.sighting is not None and answer.detail is not None:
                return answer.sighting, answer.detail
        return None

    def _ask(self, addresses: Sequence[str], deadline: Deadline, closely: bool = False) -> list[Answer]:
        process, lines = self._started()
        self._run += 1
        within_s = max(0.1, deadline.remaining_s() - MARGIN_S)
        request = Request(self._run, list(addresses), within_s, self._at_once, closely)
        try:
            assert process.stdin is not None  # noqa: S101 - it was opened as a pipe; for the type checker
            process.stdin.write(msgspec.json.encode(request) + b"\n")
            process.stdin.flush()
        except OSError:
            self.close()
            raise SourceError("the sweeping process is gone; it is started again at the next poll") from None
        return self._collect(lines, deadline)

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

    def _collect(self, lines: queue.SimpleQueue[bytes], deadline: Deadline) -> list[Answer]:
        seen: list[Answer] = []
        while True:
            try:
                line = lines.get(timeout=deadline.remaining_s())
            except (queue.Empty, TooSlow):
                self.close()  # it did not keep its time: what it said until now counts, it does not
                return seen
            if not line:
                self.close()
                raise SourceError("the sweeping process ended unexpectedly; it is started again at the next poll")
            answer = _decoded(line)
            if answer is None or answer.run != self._run:
                continue
            if answer.done:
                return seen
            if answer.sighting is not None:
                seen.append(answer)

    def _started(self) -> tuple[subprocess.Popen[bytes], queue.SimpleQueue[bytes]]:
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
            threading.Thread(target=_pump, args=work, name="lan sweep", daemon=True).start()
        return self._process, self._lines


def _pump(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """Hand lines over as they come; an empty one is the end."""
    stream = process.stdout
    with contextlib.suppress(OSError, ValueError):
        while stream is not None and (line := stream.readline(MOST_LINE)):
            lines.put(line)
    lines.put(b"")


def _decoded(line: bytes) -> Answer | None:
    try:
        return msgspec.json.decode(line, type=Answer)
    except msgspec.MsgspecError:
        return None
