"""Real processes for the kill tests: a small simulated fleet and the real collector, each ended by its own id."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PERIOD_S = 5  # the shortest that a fleet file may ask for


def meridian(*arguments: str | Path, **options: object) -> subprocess.Popen[bytes]:
    """`meridian` with these arguments as a child of the test."""
    command = [sys.executable, "-m", "console", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, **options)


def until(done: Callable[[], object], seconds: float = 30.0) -> None:
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, "did not happen in time"
        time.sleep(0.02)


@contextmanager
def simulated_fleet(
    folder: Path, sites: int = 24, miners: int = 960, period_s: int = PERIOD_S, extra: Sequence[str] = ()
) -> Iterator[Path]:
    """A simulator of its own; gives its fleet file, with a short poll period."""
    fleet = folder / "fleet.toml"
    arguments = ("simulate", "--port", "0", "--sites", str(sites), "--miners", str(miners), "--fleet-out", fleet)
    child = meridian(*arguments, *extra, "--parent-pid", str(os.getpid()), stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None
        assert child.stdout.readline().startswith(b"ready")
        text = fleet.read_text(encoding="utf-8")
        fleet.write_text(re.sub(r'poll_period = "[^"]*"', f'poll_period = "{period_s} s"', text), encoding="utf-8")
        yield fleet
    finally:
        end(child)
        assert child.stdout is not None
        child.stdout.close()


def collector(fleet: Path, profile: Path, **options: object) -> subprocess.Popen[bytes]:
    """The real collector; it ends with the test run at the latest."""
    return meridian("collect", "--fleet", fleet, "--profile", profile, "--parent-pid", str(os.getpid()), **options)


def end(child: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> int:
    """End one child by its own id; its exit code."""
    if child.poll() is None:
        child.send_signal(how)
    return child.wait(20)


def lines_until_killed(code: str, *arguments: object, after_s: float) -> list[str]:
    """The whole lines of a child that was killed so long after its first one; nothing else may have ended it."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert select.select([child.stdout], [], [], 60)[0], "the child never wrote"
        first = child.stdout.readline()  # whole: unbuffered, Python writes a line in pieces
        time.sleep(after_s)
        os.kill(child.pid, signal.SIGKILL)
        said = (first + child.stdout.read()).decode()
        complaint = child.stderr.read().decode()
        ended = child.wait()
    assert not complaint
    assert ended == -signal.SIGKILL, f"it ended before it was killed, with {ended}"
    return said[: said.rfind("\n") + 1].splitlines()
