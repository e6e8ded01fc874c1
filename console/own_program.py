"""Knows how this very program is started again as a process beside this one; starts none."""

from __future__ import annotations

import sys
from pathlib import Path

SOURCE_FOLDER = Path(__file__).resolve().parents[1]  # where `python -m console` finds this program


def own_program(*arguments: str) -> list[str]:
    """Its command line, from a checkout, an installation or a frozen bundle, which is its own interpreter."""
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "console"]
    return [*program, *arguments]
