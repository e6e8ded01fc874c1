"""Fetches Debian's own server packages and runs their programs for a test: nothing is installed, nothing stays."""

from __future__ import annotations

import contextlib
import os
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


def program(package: str, binary: str, folder: Path) -> Path:
    """The program of a Debian package: the installed one, else unpacked below `folder`; skips, saying why not."""
    installed = shutil.which(binary)
    if installed:
        return Path(installed)
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        pytest.skip(f"{package} is not installed, and this is no Debian to fetch it from")
    fetched = _download(package, folder)
    if fetched is not None and os.geteuid() == 0:
        subprocess.run(["apt-get", "-qq", "update"], capture_output=True, timeout=240, check=False)
        fetched = _download(package, folder)
    if fetched is not None:
        pytest.skip(f"{package} is not installed and apt-get cannot fetch it: {fetched[-200:]}")
    archive = next(folder.glob(f"{package}_*.deb"))
    subprocess.run(["dpkg", "-x", str(archive), str(folder / "root")], check=True, timeout=240)
    archive.unlink()
    return folder / "root" / "usr" / "bin" / binary


def _download(package: str, folder: Path) -> str | None:
    """Download the package into `folder`; what apt-get said where it could not."""
    run = subprocess.run(
        ["apt-get", "-qq", "download", package], cwd=folder, capture_output=True, text=True, timeout=240, check=False
    )
    return None if run.returncode == 0 else (run.stderr or run.stdout or "no reason given")


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
