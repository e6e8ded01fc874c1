"""Finds the servers of Debian's packages and runs them for a test on loopback; each ends by its own pid."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE_S = 60.0
UNPACKED = Path(__file__).resolve().parents[2] / ".venv" / "servers"


def program(package: str, binary: str) -> Path:
    """The program of a Debian package: the installed one, else the one that packaging/test.py unpacked; else skips."""
    found = shutil.which(binary) or shutil.which(binary, path=str(UNPACKED / package / "usr" / "bin"))
    if found is None:
        pytest.skip(f"{package} is not here: packaging/test.py --setup-only fetches it on a Debian")
    return Path(found)


def free_port() -> int:
    """A port of the loopback address that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], folder: Path, ready_url: str) -> Iterator[None]:
    """Run a server until the block ends, waiting for `ready_url` to answer; stopped by its own pid."""
    log = folder / "server.log"
    with log.open("wb") as output, subprocess.Popen(command, cwd=folder, stdout=output, stderr=output) as process:
        try:
            _wait(process, ready_url, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    ends_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends_s:
        if process.poll() is not None:
            pytest.fail(f"the server ended at once:\n{log.read_text(errors='replace')[-1500:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
            if answer.status == 200:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not become ready within {PATIENCE_S:.0f} s")
