"""Credentials against a real Secret Service (T20): a GNOME keyring on a session bus of its own, opened and locked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
        reason="needs dbus-run-session and gnome-keyring-daemon (Debian: dbus-daemon, gnome-keyring)",
    ),
]
ROOT = Path(__file__).resolve().parents[2]
OPENED = "printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "
LOOK_UP = """
import time, keyring
from console.credentials import Credentials
from console.domain.errors import AuthRefused
if {store}:
    keyring.set_password("meridian", "ga-read", "canary-9d1f")
began = time.monotonic()
try:
    print(Credentials(environment={{}}, limit_s=3.0)("ga-read"))
except AuthRefused as error:
    print("refused:", error)
assert time.monotonic() - began < 10
"""


def in_a_session(home: Path, before: str, store: bool) -> str:
    """What a program prints in a desktop session of its own, with its own home."""
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    command = ["dbus-run-session", "--", "bash", "-c", f'{before} "$0" -c "$1"']
    run = subprocess.run(
        [*command, sys.executable, LOOK_UP.format(store=store)],
        env=environment, cwd=home, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return run.stdout + ("" if run.returncode == 0 else run.stderr)


def test_t20_a_secret_comes_out_of_an_unlocked_keyring(tmp_path: Path) -> None:
    assert in_a_session(tmp_path, OPENED, store=True) == "canary-9d1f\n"


def test_t20_a_locked_keyring_is_an_answer_within_ten_seconds_and_tells_no_value(tmp_path: Path) -> None:
    in_a_session(tmp_path, OPENED, store=True)
    said = in_a_session(tmp_path, "gnome-keyring-daemon --start --components=secrets >/dev/null && ", store=False)
    assert said.startswith("refused: no secret for the credential ga-read")
    assert "canary" not in said
