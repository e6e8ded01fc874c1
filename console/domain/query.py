"""Knows the filter language over machines: what a written query means. Knows nothing of columns or stores.

    model:S19XP temp>80 rack:C07-R03 state:degraded,off -site:us-ga-1 region:"East Africa" hashrate<100TH/s

Clauses side by side must all hold; values after a comma are alternatives; a leading `-` turns a clause round.
`:` asks for a name whatever its case, or for part of a model; `==` for exactly this, letter by letter. A quote within
quotes is written twice. A bare word is looked for in every name of a machine. The empty query is the whole fleet.
"""

from __future__ import annotations

import contextlib
import enum
import re
from dataclasses import dataclass

from console.domain.errors import MeridianError, UnitError
from console.domain.metric import MinerState
from console.domain.units import Dimension, parse


class QueryError(MeridianError):
    """A query cannot be read; `position` is where, counted from 0, and the text says what was expected there."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (at character {position + 1})")
        self.position = position


class Kind(enum.Enum):
    """How the values of a field are compared."""

    NAME = "name"  # the whole name, `*` stands for anything
    WORDS = "words"  # part of a description, spaces and hyphens do not count
    STATE = "state"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a query may ask about; a bare number is in `unit`."""

    name: str
    kind: Kind
    unit: str = ""
    dimension: Dimension | None = None


FIELDS = {
    field.name: field
    for field in (
        Field("site", Kind.NAME),
        Field("region", Kind.NAME),
        Field("country", Kind.NAME),
        Field("ownership", Kind.NAME),
        Field("container", Kind.NAME),
        Field("rack", Kind.NAME),
        Field("slot", Kind.NAME),
        Field("id", Kind.NAME),
        Field("serial", Kind.NAME),
        Field("mac", Kind.NAME),
        Field("ip", Kind.NAME),
        Field("model", Kind.WORDS),
        Field("firmware", Kind.WORDS),
        Field("state", Kind.STATE),
        Field("hashrate", Kind.NUMBER, "TH/s", Dimension.HASHRATE),
        Field("rated", Kind.NUMBER, "TH/s", Dimension.HASHRATE),
        Field("ratio", Kind.NUMBER, "%"),
        Field("power", Kind.NUMBER, "W", Dimension.POWER),
        Field("efficiency", Kind.NUMBER, "J/TH", Dimension.EFFICIENCY),
        Field("temp", Kind.NUMBER, "°C", Dimension.TEMPERATURE),
        Field("inlet", Kind.NUMBER, "°C", Dimension.TEMPERATURE),
        Field("age", Kind.NUMBER, "s", Dimension.DURATION),
    )
}
CANONICAL = {"hashrate": "H/s", "rated": "H/s", "ratio": "1", "power": "W", "efficiency": "J/TH", "age": "s"}
CANONICAL |= {"temp": "°C", "inlet": "°C"}  # the units in which the values of number fields are told
UNCOUNTED = " -:"  # in descriptions, and between the words of a name
STATES = tuple(state.name.lower() for state in sorted(MinerState))
COMPARISONS = (">=", "<=", "!=", ">", "<", "=")


@dataclass(frozen=True, slots=True)
class Match:
    """A field has one of these values, in lower case; `field` None is any name of the machine.

    An `exact` one has them letter by letter, as they were written.
    """

    field: Field | None
    values: tuple[str, ...]
    negated: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """A number stands in this relation to `value`, which is canonical (H/s, W, J/TH, °C, s; a ratio as 0..1)."""

    field: Field
    operator: str
    value: float
    negated: bool = False


Clause = Match | Compare
_WORD = re.compile(r'[^\s",:<>=!]+')
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?")
_VALUE = re.compile(r'"((?:[^"]|"")*)"|([^\s",]+)')
_MAC = re.compile(r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}){2,5}(?![^\s])", re.IGNORECASE)
EXACTLY = "=="


def parse_query(text: str) -> tuple[Clause, ...]:
    """The clauses of a query, in order; the empty tuple for an empty one. Raises QueryError."""
    clauses: list[Clause] = []
    position = _skip(text, 0)
    while position < len(text):
        clause, position = _clause(text, position)
        clauses.append(clause)
        if position < len(text) and not text[position].isspace():
            raise QueryError(f"a space was expected before {text[position]!r}", position)
        position = _skip(text, position)
    return tuple(clauses)


def complete(text: str) -> tuple[str, ...]:
    """What could stand where `text` ends: field names, or the states after `state:`. Words to append to, sorted."""
    tail = re.split(r"\s", text)[-1].removeprefix("-")
    if tail.startswith("state:"):
        done, _, last = tail.rpartition(",") if "," in tail else ("", "", tail.removeprefix("state:"))
        prefix = f"{done}," if done else "state:"
        return tuple(prefix + state for state in STATES if state.startswith(last))
    if re.search(r'[:<>=!"]', tail):
        return ()
    marks = {Kind.NUMBER: ">"}
    return tuple(
        sorted(f"{name}{marks.get(field.kind, ':')}" for name, field in FIELDS.items() if name.startswith(tail.lower()))
    )


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _clause(text: str, start: int) -> tuple[Clause, int]:
    negated = text[start] == "-"
    position = start + 1 if negated else start
    if text[position : position + 1] == '"':
        values, end = _values(text, position)
        _require_letters(values, position)
        return Match(None, _lower(values), negated), end
    word = _MAC.match(text, position) or _WORD.match(text, position)
    if word is None:
        raise QueryError("a field or a word to look for was expected", position)
    mark = _mark(text, word.end())
    if not mark:
        _require_letters((word.group(),), position)
        return Match(None, (word.group().lower(),), negated), word.end()
    field = FIELDS.get(word.group().lower())
    if field is None:
        raise QueryError(f"no field {word.group()!r}; there are {', '.join(FIELDS)}", position)
    after = word.end() + len(mark)
    if field.kind is Kind.NUMBER:
        return _comparison(text, after, field, mark, negated)
    if mark not in (":", "=", EXACTLY):
        raise QueryError(f"{field.name} is compared with ':', not with {mark!r}", word.end())
    values, end = _values(text, after)
    if field.kind is Kind.STATE:
        _require_states(_lower(values), after)
    elif mark == EXACTLY:
        return Match(field, values, negated, exact=True), end
    elif field.kind is Kind.WORDS:
        _require_letters(tuple(filter(None, values)), after)
    return Match(field, _lower(values), negated), end


def _mark(text: str, position: int) -> str:
    for mark in (":", EXACTLY, *COMPARISONS):
        if text.startswith(mark, position):
            return mark
    return ""


def _values(text: str, position: int) -> tuple[tuple[str, ...], int]:
    values: list[str] = []
    while True:
        found = _VALUE.match(text, position)
        if found is None:
            raise QueryError("a value was expected, in quotes where it holds a space", position)
        values.append(_written(found))
        position = found.end()
        if text[position : position + 1] != ",":
            return tuple(values), position
        position += 1


def _written(found: re.Match[str]) -> str:
    quoted: str | None = found.group(1)
    return found.group(2) if quoted is None else quoted.replace('""', '"')


def _lower(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value.lower() for value in values)


def _require_letters(values: tuple[str, ...], position: int) -> None:
    """Marks alone do not count in a description: every one would hold them."""
    if not all(value.strip(UNCOUNTED) for value in values):
        raise QueryError("a letter or a digit was expected", position)


def _require_states(values: tuple[str, ...], position: int) -> None:
    for value in values:
        if value not in STATES:
            raise QueryError(f"no state {value!r}; there are {', '.join(STATES)}", position)


def _comparison(text: str, position: int, field: Field, mark: str, negated: bool) -> tuple[Clause, int]:
    found = _VALUE.match(text, position)
    if found is None:
        raise QueryError(f"a number in {field.unit} was expected", position)
    operator = "=" if mark in (":", EXACTLY) else mark
    value = _number(_written(found).strip(), field, position)
    _require_no_unit(text, found.end(), field)
    return Compare(field, operator, value, negated), found.end()


def _require_no_unit(text: str, position: int, field: Field) -> None:
    """A unit that stands alone behind a number would be looked for as a name, and nothing be found."""
    start = _skip(text, position)
    word = re.match(r"\S+", text[start:])
    if field.unit and word is not None and _is_unit(word.group(), field):
        raise QueryError(f"{word.group()!r} stands alone: a unit follows its number without a space", start)


def _is_unit(word: str, field: Field) -> bool:
    if field.dimension is None:
        return word == field.unit
    with contextlib.suppress(UnitError):
        parse(f"1 {word}", field.dimension)
        return True
    return False


def _number(written: str, field: Field, position: int) -> float:
    """A number in the field's own unit, or with another unit of its dimension."""
    bare = _NUMBER.fullmatch(written) is not None
    if field.dimension is None:
        if not _NUMBER.fullmatch(written.removesuffix("%").rstrip()):
            raise QueryError(f"{written!r} is no number in {field.unit}", position)
        return float(written.removesuffix("%")) / 100
    try:
        return parse(f"{written} {field.unit}" if bare else written, field.dimension)
    except UnitError as error:
        raise QueryError(f"{written!r} is no number in {field.unit}", position) from error
