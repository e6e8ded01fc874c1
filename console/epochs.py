"""Reads the difficulty epochs that ship with the program; what they mean is the domain's matter."""

from __future__ import annotations

from pathlib import Path

from console.domain.difficulty import Difficulty, parse_epochs
from console.domain.errors import ConfigError
from console.settings import resources


def load_difficulty(path: Path | None = None) -> Difficulty:
    """The shipped table, or another of the same columns; raises ConfigError naming file and line."""
    path = path or resources() / "economics" / "difficulty_epochs.csv"
    try:
        return parse_epochs(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError((f"{path}: cannot be read ({error}), expected the table of difficulty epochs",)) from None
