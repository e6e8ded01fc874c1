"""Writes the lock files: exact versions with hashes for every platform, without a single address in them.

Run by hand when a dependency changes: `python packaging/lock.py` (needs the `uv` command).
"""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ["lan", "modbus", "notify", "sound"]
LOCKS = {"run.txt": EXTRAS, "test.txt": [*EXTRAS, "test"]}
BUILD_REQUIREMENTS = "setuptools>=77\n"  # installs the project itself, without a build environment of its own


def lock(name: str, extras: list[str]) -> None:
    """Resolve pyproject.toml with `extras` into packaging/locks/`name`, keeping versions that still fit."""
    command = ["uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
    command += ["--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    for extra in extras:
        command += ["--extra", extra]
    target = ROOT / "packaging" / "locks" / name
    command += ["--output-file", str(target), str(ROOT / "pyproject.toml"), "-"]
    subprocess.run(command, check=True, cwd=ROOT, input=BUILD_REQUIREMENTS, text=True)


if __name__ == "__main__":
    for lock_name, lock_extras in LOCKS.items():
        lock(lock_name, lock_extras)
