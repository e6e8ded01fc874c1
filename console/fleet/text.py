"""Reads a TOML file of ours into tables and the lines of their keys; what is no such file is told with its line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path as FilePath
from typing import Any

from console.domain.errors import ConfigError
from console.fleet.lines import Path, key_lines

MOST_BYTES = 4 * 1024 * 1024
SYNTAX_LINE = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)


def read_text(path: FilePath, file: str, expected: str) -> str:
    """The text of a file of at most 4 MiB of UTF-8; raises ConfigError. `expected` names the file in errors."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError((f"{file}: cannot be read: {reason}, expected {expected}",)) from None
    if len(raw) > MOST_BYTES:
        raise ConfigError((f"{file}: larger than {MOST_BYTES >> 20} MiB, expected {expected}",))
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError((f"{file}:{line}: found bytes that are not UTF-8, expected UTF-8 text",)) from None


def read_toml(text: str, file: str, expected: str) -> tuple[dict[str, Any], dict[Path, int]]:
    """The tables of a TOML text and the line of each key; raises ConfigError with the line of the first fault."""
    try:
        return tomllib.loads(text), key_lines(text)
    except tomllib.TOMLDecodeError as error:
        match = SYNTAX_LINE.match(str(error))
        line = int(match["line"]) if match and match["line"] else text.count("\n") + 1
        what = match["what"] if match else str(error)
        raise ConfigError((f"{file}:{line}: not valid TOML: {what}",)) from None
    except RecursionError:
        raise ConfigError((f"{file}:1: nested too deeply, expected {expected}",)) from None
    except ValueError as error:  # tomllib lets through what int() says of a number with thousands of digits
        raise ConfigError((f"{file}:1: not valid TOML: {error}",)) from None
