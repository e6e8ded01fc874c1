"""Knows where the files lie that ship with the program; must not know what is in them."""

from __future__ import annotations

import sys
from pathlib import Path

SOURCE_ROOT = Path(__file__).resolve().parents[2]


def asset(*parts: str) -> Path:
    """The path of a file under `resources/`, in a checkout as in a frozen program."""
    root = Path(getattr(sys, "_MEIPASS", SOURCE_ROOT))
    return root.joinpath("resources", *parts)
