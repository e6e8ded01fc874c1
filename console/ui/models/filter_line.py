"""What the filter field knows: what could be typed next, and what was asked before. Knows no Qt and no machine."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.domain.query import FIELDS, STATES, Clause, Kind, QueryError, complete, parse_query

MOST_LAST, MOST_OFFERED = 12, 14
EXAMPLES = {
    Kind.NAME: "name, * for anything",
    Kind.WORDS: "part of it",
    Kind.STATE: ", ".join(STATES),
    Kind.NUMBER: "> < >= <= = with",
}
_TAIL = re.compile(r'(?:[^\s"]|"[^"]*"?)*\Z')


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be typed: `text` is the whole line then, `word` what it adds, `meaning` in a few words."""

    text: str
    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Read:
    """A line as read: its clauses, or why it cannot be read and where (counted from 0)."""

    text: str
    clauses: tuple[Clause, ...] = ()
    problem: str = ""
    position: int = 0


def read_line(text: str) -> Read:
    """What a line means."""
    try:
        return Read(text, parse_query(text))
    except QueryError as error:
        return Read(text, problem=str(error), position=error.position)


def offers(text: str, values: Mapping[str, Sequence[str]], last: Sequence[str] = ()) -> tuple[Offer, ...]:
    """What could stand at the end of `text`: fields, states, known names of a field; filters used last when empty.

    `values` are the distinct names of the fields that have few.
    """
    if not text.strip():
        return tuple(Offer(line, line, "used before") for line in last[:MOST_OFFERED])
    tail = _TAIL.search(text)
    start = tail.start() if tail else len(text)
    word = text[start:]
    before, sign = text[:start], "-" if word.startswith("-") else ""
    bare = word.removeprefix("-")
    name, mark, _ = bare.partition(":")
    if mark and name in values:
        return _values(before + sign, name, bare, values[name])
    found = [found for found in complete(text) if found != bare]
    return tuple(Offer(f"{before}{sign}{found}", found, _meaning(found)) for found in found[:MOST_OFFERED])


def _values(before: str, name: str, bare: str, known: Sequence[str]) -> tuple[Offer, ...]:
    """Names that go on as typed; several may stand side by side after commas."""
    done, comma, last = bare.rpartition(",")
    prefix = f"{done}," if comma else f"{name}:"
    wanted = (last if comma else bare.partition(":")[2]).strip('"').lower()
    fitting = [value for value in known if value.lower().startswith(wanted) and value.lower() != wanted]
    return tuple(Offer(f"{before}{prefix}{quoted(value)}", prefix + quoted(value), name) for value in fitting[:14])


def _meaning(word: str) -> str:
    field = FIELDS.get(word.rstrip(":>"))
    if field is None:
        return "state" if word.startswith("state:") else ""
    return f"{EXAMPLES[field.kind]} {field.unit}".strip()


def quoted(value: str) -> str:
    """A value as it must be written: in quotes where it holds a space, a comma, a quote or nothing."""
    if value and not re.search(r'[\s,"]', value):
        return value
    return f'"{value.replace(chr(34), chr(34) * 2)}"'


def remembered(text: str, last: Sequence[str]) -> tuple[str, ...]:
    """The filters used last with this one first, each once."""
    line = text.strip()
    if not line:
        return tuple(last)
    return tuple(dict.fromkeys((line, *last)))[:MOST_LAST]
