"""The gates that need no human: style, types, the direction of imports, and clean lock files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_ruff_finds_nothing() -> None:
    done = run(sys.executable, "-m", "ruff", "check", ".")
    assert done.returncode == 0, done.stdout


def test_mypy_strict_finds_nothing_below_ui() -> None:
    done = run(sys.executable, "-m", "mypy", "--strict", "console")
    assert done.returncode == 0, done.stdout


def test_imports_only_go_down() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = run(sys.executable, "-c", code)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_t40_locks_hold_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "packaging" / "locks" / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|index-url|find-links|\bfile:", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    assert len(entries) > 30
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)
