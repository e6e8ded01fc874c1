"""Opens one of the small TOML files of a profile beside the fleet file: tables in, secrets and unknown tables told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import Any

from console.fleet.table import Problems, refuse_secrets
from console.fleet.text import read_text, read_toml


def open_own(path: FilePath, expected: str, known: Iterable[str]) -> tuple[dict[str, Any], Problems]:
    """The tables of a file and the problems found so far; raises ConfigError where it is no TOML.

    `known` are its top-level keys; `expected` names the file in errors.
    """
    file = str(path)
    data, lines = read_toml(read_text(path, file, expected), file, expected)
    problems = Problems(file, lines)
    refuse_secrets(data, (), problems)
    for key in data.keys() - set(known):
        problems.add((key,), f"unknown key (known: {', '.join(known)})")
    return data, problems
