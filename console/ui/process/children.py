"""Starts the processes the desktop needs, restarts a collector that died, and ends them all with itself.

Knows command lines and exit codes; must not know what a collector or a simulator does.
"""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from console.own_program import SOURCE_FOLDER, own_program

LOG = logging.getLogger(__name__)
WATCH_MS = 500
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 4.0  # dead to running again within five seconds
GRACE_S = 5.0
TAIL = 4096


def own_command(*arguments: str) -> list[str]:
    """The command line of this program as a child that ends when this process is gone."""
    return [*own_program(*arguments), "--parent-pid", str(os.getpid())]


@dataclass(slots=True)
class Child:
    """One process with its output in files of the profile."""

    name: str
    process: subprocess.Popen[bytes]
    said: Path

    @classmethod
    def start(cls, name: str, command: Sequence[str], folder: Path) -> Child:
        """Start it; raises OSError where the program cannot be run."""
        said = folder / f"{name}.out"
        with said.open("wb") as out:
            process = subprocess.Popen(  # noqa: S603 - our own program with our own arguments
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=SOURCE_FOLDER
            )
        LOG.info("started %s, pid %d", name, process.pid)
        return cls(name, process, said)

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll()

    def text(self) -> str:
        """The end of what it said so far."""
        try:
            return self.said.read_bytes()[-TAIL:].decode("utf-8", "replace")
        except OSError:
            return ""

    def last_line(self) -> str:
        """Its last word, for the notice when it died of something it could name."""
        lines = [line.strip() for line in self.text().splitlines() if line.strip()]
        return lines[-1] if lines else ""

    def end(self) -> None:
        """Ask it to end, then make it."""
        if self.exit_code is None:
            self.process.terminate()
            try:
                self.process.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Children(QObject):
    """The demo's simulator (if asked) first, then the collector, for as long as no other collector is attached.

    `said` carries one line for the notice. `clock_s` is monotonic.
    """

    said = Signal(str)
    restarted = Signal()

    def __init__(
        self,
        folder: Path,
        collector: Callable[[], Sequence[str]],
        attached: Callable[[], bool],
        clock_s: Callable[[], float],
        simulator: Sequence[str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder, self._collector_command, self._attached, self._clock_s = folder, collector, attached, clock_s
        self._simulator_command = simulator
        self._simulator: Child | None = None
        self._collector: Child | None = None
        self._died = 0
        self._not_before_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(WATCH_MS)
        self._timer.timeout.connect(self.watch)

    @property
    def collector_pid(self) -> int | None:
        """The process that we started, or None."""
        return self._collector.process.pid if self._collector and self._collector.exit_code is None else None

    def start(self) -> None:
        """Start what is missing, and keep watch."""
        self._not_before_s = self._clock_s() + FIRST_WAIT_S  # a collector that runs already attaches first
        self._timer.start()
        self.watch()

    def watch(self) -> None:
        """One look at every child."""
        if self._simulator_command is not None and not self._simulator_ready():
            return
        if self._collector is not None and self._collector.exit_code is not None:
            self._mourn(self._collector)
            self._collector = None
        if self._collector is None and not self._attached() and self._clock_s() >= self._not_before_s:
            self._collector = self._spawn("collector", self._collector_command())
            if self._died and self._collector is not None:
                self.restarted.emit()

    def _simulator_ready(self) -> bool:
        child = self._simulator
        if child is not None and child.exit_code is not None:
            self._report(f"simulator ended (exit {child.exit_code}): {child.last_line()}")
            child = self._simulator = None
        if child is None:
            self._simulator = self._spawn("simulator", self._simulator_command or ())
            return False
        return child.text().startswith("ready")

    def _mourn(self, child: Child) -> None:
        self._died += 1
        wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(self._died - 1, 4))
        self._not_before_s = self._clock_s() + wait_s
        reason = child.last_line()
        self._report(f"collector ended (exit {child.exit_code}), restarting" + (f": {reason}" if reason else ""))

    def settled(self) -> None:
        """The collector works: the next death is a first one again."""
        self._died = 0

    def _spawn(self, name: str, command: Sequence[str]) -> Child | None:
        try:
            return Child.start(name, command, self._folder)
        except OSError as error:
            self._not_before_s = self._clock_s() + LONGEST_WAIT_S
            self._report(f"{name} cannot be started: {error.strerror}")
            return None

    def _report(self, line: str) -> None:
        LOG.warning("%s", line)
        self.said.emit(line)

    def end(self) -> None:
        """End every child; the collector first, so that it does not log the simulator's going as a fault."""
        self._timer.stop()
        for child in (self._collector, self._simulator):
            if child is not None:
                child.end()
