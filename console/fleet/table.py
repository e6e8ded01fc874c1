"""Reads one TOML table into the fields of a msgspec struct and tells every problem it has, not only the first.

A field says what it takes with `Annotated`: `Quantity` for a number with a unit, `msgspec.Meta` for the rest; the
`description` of the Meta is the "expected" of the error. It knows no key of the fleet file and no file.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin

import msgspec

from console.domain.errors import ConfigError, UnitError
from console.domain.units import Dimension, parse
from console.fleet.lines import Path

SECRET_KEY = re.compile(
    r"(?:.*_)?(?:password|passwd|pwd|passphrase|secret|token|bearer|api_?key|private_key|access_key|authorization|cookie)"
)
SECRET_VALUE = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#\s]*:[^/?#\s]*@", re.IGNORECASE)
MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Quantity:
    """Marks a field that takes text with a unit; bounds are in the canonical unit and belong to the range."""

    dimension: Dimension
    low: float
    high: float
    expected: str


class Problems:
    """Collects what is wrong with one file; each problem is `file:line: key: what`."""

    def __init__(self, file: str, lines: Mapping[Path, int]) -> None:
        self.file = file
        self.lines = lines
        self.found: list[tuple[int, str]] = []

    def line_of(self, path: Path) -> int:
        """The line of a key; of the nearest table around it where the key itself is missing."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def add(self, path: Path, what: str) -> None:
        """Remember a problem at a key path."""
        line = self.line_of(path)
        key = ".".join(shown(part) for part in path if isinstance(part, str))
        self.found.append((line, f"{self.file}:{line}: {key}: {what}" if key else f"{self.file}:{line}: {what}"))

    def raise_any(self) -> None:
        """Raise ConfigError with all problems in the order of their lines, if there are any."""
        if self.found:
            raise ConfigError(tuple(text for _, text in sorted(self.found, key=lambda problem: problem[0])))


def shown(value: object) -> str:
    """A value of the file as an error shows it: one line, short, no control characters, quotes only round text."""
    text = value if isinstance(value, str) else repr(value)
    clean = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return clean if len(clean) <= MOST_SHOWN else clean[: MOST_SHOWN - 1] + "…"


def found(value: object) -> str:
    """`found "abc"` or `found 12`."""
    if isinstance(value, dict):
        return "found a table"
    if isinstance(value, list):
        return "found a list"
    return f'found "{shown(value)}"' if isinstance(value, str) else f"found {shown(value)}"


def suggestion(word: str, known: Iterable[str]) -> str:
    """`, did you mean …?` where a known word is near, else nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    return f", did you mean {near[0]}?" if near else ""


def refuse_secrets(value: object, path: Path, problems: Problems) -> set[Path]:
    """Add a problem for every key that would hold a secret, at any depth; returns their paths. Never shows a value."""
    refused: set[Path] = set()
    if isinstance(value, dict):
        for key, inner in value.items():
            refused |= _refuse_secret(key, inner, (*path, key), problems)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            refused |= refuse_secrets(inner, (*path, index), problems)
    elif isinstance(value, str) and SECRET_VALUE.match(value):
        problems.add(path, "found an address with a password in it, expected one without; name a `credential` instead")
        refused.add(path)
    return refused


def _refuse_secret(key: str, inner: object, path: Path, problems: Problems) -> set[Path]:
    if SECRET_KEY.fullmatch(key.lower().replace("-", "_")):
        problems.add(
            path,
            'found a secret, expected none in a fleet file; write `credential = "NAME"` and keep the secret under '
            "that name in the keyring or the environment",
        )
        return {path}
    return refuse_secrets(inner, path, problems)


def read_table(
    kind: type[msgspec.Struct], table: Mapping[str, Any], path: Path, problems: Problems, rest: bool = False
) -> dict[str, Any]:
    """The field values that are good, by field name; each other one is a problem. `rest`: other keys are allowed."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    if not rest:
        for key in table.keys() - fields.keys():
            known = ", ".join(fields)
            problems.add((*path, key), f"unknown key{suggestion(key, fields)} (known: {known})")
    values = {}
    for name, field in fields.items():
        if name in table:
            try:
                values[field.name] = convert(table[name], field.type)
            except ValueError as error:
                problems.add((*path, name), str(error))
        elif field.required:
            problems.add((*path, name), f"missing, expected {expectation(field.type)}")
    return values


def convert(value: Any, kind: Any) -> Any:
    """One value as its field wants it; raises ValueError "found …, expected …"."""
    quantity = _annotation(kind, Quantity)
    if quantity is not None:
        return _quantity(value, quantity)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"found {value}, expected {expectation(kind)}")
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise ValueError(f"{found(value)}, expected {expectation(kind)}") from None


def _quantity(value: Any, quantity: Quantity) -> float:
    try:
        number = parse(value, quantity.dimension)
    except UnitError as error:
        raise ValueError(shown_error(error)) from None
    if not quantity.low <= number <= quantity.high:
        raise ValueError(f"{found(value)}, expected {quantity.expected}")
    return number


def shown_error(error: Exception) -> str:
    """The words of an error without control characters, in full length."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(error))


def expectation(kind: Any) -> str:
    """What a field takes, in words."""
    quantity = _annotation(kind, Quantity)
    if quantity is not None:
        return str(quantity.expected)
    meta = _annotation(kind, msgspec.Meta)
    if meta is not None and meta.description:
        return str(meta.description)
    words = {str: "text", bool: "true or false", int: "a whole number", float: "a number", dict: "a table"}
    return words.get(kind, str(getattr(kind, "__name__", kind)))


def _annotation(kind: Any, wanted: type) -> Any:
    if get_origin(kind) is not Annotated:
        return None
    return next((note for note in get_args(kind)[1:] if isinstance(note, wanted)), None)
