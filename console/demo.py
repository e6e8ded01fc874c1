"""Starts the demo fleet's simulator as a child process and ends it; knows its command line and nothing inside it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from console.domain.errors import MeridianError
from console.domain.site import Fleet
from console.fleet import load_fleet
from console.own_program import own_program

READY_S = 30.0
END_S = 5.0


class DemoFailed(MeridianError):
    """The simulator did not start."""


class DemoFleet:
    """A simulator on a free port of this machine, from `__enter__`, which gives its fleet, to `__exit__`.

    `extra` are more arguments of `meridian simulate`. The child also ends by itself when this process dies.
    """

    def __init__(self, extra: tuple[str, ...] = ()) -> None:
        self._extra = extra
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Fleet:
        """Start it and read its fleet file; raises DemoFailed."""
        with tempfile.TemporaryDirectory(prefix="meridian-") as folder:
            fleet_file = Path(folder) / "fleet.toml"
            arguments = ["simulate", "--port", "0", "--fleet-out", str(fleet_file), "--parent-pid", str(os.getpid())]
            self._child = subprocess.Popen(  # noqa: S603 - our own program and arguments
                [*own_program(*arguments), *self._extra], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
            )
            try:
                self._wait_until_ready(self._child)
                return load_fleet(fleet_file)
            except BaseException:
                self.end()
                raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.end()

    def end(self) -> None:
        """Ask the child to end, then make it; safe to call twice."""
        child, self._child = self._child, None
        if child is None:
            return
        child.terminate()
        try:
            child.wait(END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()

    def _wait_until_ready(self, child: subprocess.Popen[bytes]) -> None:
        stuck = threading.Timer(READY_S, child.kill)
        stuck.start()
        try:
            line = child.stdout.readline() if child.stdout is not None else b""
        finally:
            stuck.cancel()
        if not line.startswith(b"ready"):
            raise DemoFailed("the demo fleet's simulator did not start; its own words are above")
