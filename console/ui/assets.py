"""Knows where the files lie that ship with the program; must not know what is in them."""

from __future__ import annotations

from pathlib import Path

from console.settings import resources


def asset(*parts: str) -> Path:
    """The path of a file under `resources/`, wherever the program is installed."""
    return resources().joinpath(*parts)
