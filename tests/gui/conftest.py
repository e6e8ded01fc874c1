"""The whole program as processes: the desktop as a user starts it, on a screen of its own or on none."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90.0


@dataclass
class Run:
    """One desktop process and what it says."""

    process: subprocess.Popen[str]
    profile: Path
    out: Path
    pids: set[int] = field(default_factory=set)

    def said(self) -> str:
        return self.out.read_text()

    def log(self) -> str:
        path = self.profile / "desktop.log"
        return path.read_text() if path.exists() else ""

    def wait_until(self, true: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            if true():
                return
            if self.process.poll() is not None and not true():
                pytest.fail(
                    f"the desktop ended ({self.process.returncode}) before: {what}\n{self.said()}\n{self.log()}"
                )
            time.sleep(0.2)
        pytest.fail(f"not within {patience_s:.0f} s: {what}\n{self.said()}\n{self.log()}")

    def children(self) -> dict[str, int]:
        """Name -> pid of the processes that it started and that still run."""
        found = {}
        for line in subprocess.run(
            ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout.splitlines():
            pid, ppid, arguments = line.split(None, 2)
            if int(ppid) == self.desktop_pid and " -m console " in arguments:
                found[arguments.split(" -m console ")[1].split()[0]] = int(pid)
        self.pids |= set(found.values())
        return found

    @property
    def desktop_pid(self) -> int:
        return self.process.pid

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """`start("--demo", ...)` runs the desktop with a profile of its own, offscreen unless a display is given."""
    if sys.platform == "win32" or not shutil.which("ps"):
        pytest.skip("needs ps")
    made: list[Run] = []

    def make(*arguments: str, profile: Path | None = None, display: str | None = None) -> Run:
        folder = profile or tmp_path / "profile"
        environment = {key: text for key, text in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        environment.pop("QT_QPA_PLATFORM", None)
        if display:
            environment |= {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        out = tmp_path / f"out-{len(made)}.txt"
        command = [sys.executable, "-m", "console", "--profile", str(folder), *arguments]
        with out.open("w") as handle:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=handle, stderr=handle, text=True)
        made.append(Run(process, folder, out))
        return made[-1]

    yield make
    for run in made:
        run.end()


@pytest.fixture
def display() -> Iterator[str]:
    """A real X server of 1920x1080 that nobody looks at."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed: the real window is not tested here")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    if not number:
        server.wait(5)
        pytest.skip("Xvfb did not start")
    yield f":{number}"
    server.terminate()
    server.wait(10)
