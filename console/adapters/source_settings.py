"""Turns the settings of a source, as the fleet file has them, into an adapter's config struct, all problems at once.

Settings come from TOML: text, numbers, booleans, lists and tables. Nothing is converted between these kinds.
"""

from __future__ import annotations

import difflib
import inspect
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, TypeVar

import msgspec

from console.adapters.redaction import plain
from console.domain.errors import ConfigError
from console.domain.struct_learning import learn

C = TypeVar("C", bound=msgspec.Struct)
_KEY_LINE = re.compile(r"^\s*([a-z_][a-z0-9_]*): (\S.*)$")
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false", dict: "a table"}


def as_config(kind: type[C], settings: Mapping[str, Any]) -> C:
    """`settings` as `kind`; raises ConfigError with one problem a key: `key: found …, expected …`."""
    learn(kind)  # many sites open their sessions at once
    problems = tuple(_struct_problems(kind, settings, ""))
    if problems:
        raise ConfigError(problems)
    try:
        return msgspec.convert(dict(settings), kind)
    except msgspec.ValidationError as error:  # what the struct's own __post_init__ says of keys together
        raise ConfigError((plain(str(error), 400),)) from None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it is explained to whoever writes a fleet file; `needed`: "required" or what holds without it."""

    key: str
    holds: str
    needed: str
    help: str


def settings_of(kind: type[msgspec.Struct]) -> tuple[Setting, ...]:
    """Every setting of a config struct, in its order."""
    helps, kinds = key_help(kind), typing.get_type_hints(kind, include_extras=True)
    return tuple(
        Setting(field.encode_name, expected(kinds[field.name]), _needed(field), helps.get(field.name, ""))
        for field in msgspec.structs.fields(kind)
    )


def _needed(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    if isinstance(field.default, msgspec.Struct) or field.default in (msgspec.NODEFAULT, None, (), ""):
        return "optional"
    return f"default {plain(str(field.default), 40)}"


def key_help(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Setting -> its help, from the `name: help` lines in the docstrings of `kind` and the structs it extends."""
    known: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        if not issubclass(one, msgspec.Struct):
            continue
        last = ""
        for line in inspect.cleandoc(one.__doc__ or "").splitlines():
            match = _KEY_LINE.match(line)
            if match and match[1] in kind.__struct_fields__:
                last = match[1]
                known[last] = match[2]
            elif last and line.startswith(" ") and line.strip():
                known[last] += " " + line.strip()
            else:
                last = ""
    return known


def expected(kind: Any) -> str:
    """What a setting of that annotation may hold, in words; a `Meta` description wins."""
    told = next((note.description for note in getattr(kind, "__metadata__", ()) if note.description), None)
    if told:
        return str(told)
    bare = _bare(kind)
    origin, parts = typing.get_origin(bare), typing.get_args(bare)
    if origin is typing.Literal:
        return "one of " + ", ".join(f'"{value}"' for value in parts)
    if origin in (tuple, list):
        return "a list of text" if parts[0] is str else "a list"
    if _is_struct(bare):
        return "a table"
    return _WORDS.get(origin or bare, "another kind of value")


def _struct_problems(kind: type[msgspec.Struct], found: Mapping[str, Any], path: str) -> Iterator[str]:
    kinds = typing.get_type_hints(kind, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in found:
        if key not in fields:
            close = difflib.get_close_matches(str(key), fields, 1)
            advice = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(fields)}"
            yield f"{path}{plain(str(key), 40)}: not a setting of this adapter; {advice}"
    for key, field in fields.items():
        if key in found:
            yield from _problems(kinds[field.name], found[key], f"{path}{key}")
        elif field.required:
            yield f"{path}{key}: missing, expected {expected(kinds[field.name])}"


def _problems(kind: Any, found: Any, path: str) -> Iterator[str]:
    """What is wrong with one value; tables of tables are walked, so that each of their keys gets its own line."""
    bare = _bare(kind)
    if _is_struct(bare) and isinstance(found, Mapping):
        yield from _struct_problems(bare, found, path + ".")
        return
    if typing.get_origin(bare) is dict and isinstance(found, Mapping):
        key_kind, value_kind = typing.get_args(bare)
        for key, value in found.items():
            place = f"{path}.{plain(str(key), 40)}"
            if _refusal(key, key_kind) is None:
                yield from _problems(value_kind, value, place)
            else:
                yield f"{place}: not a key of this table, expected {expected(key_kind)}"
        return
    if _refusal(found, kind) is not None:
        yield f"{path}: found {_shown(found)}, expected {expected(kind)}"


def _refusal(found: Any, kind: Any) -> str | None:
    try:
        msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        return str(error)
    return None


def _bare(kind: Any) -> Any:
    """The annotation without its notes, and without None where that leaves one."""
    if hasattr(kind, "__metadata__"):
        return _bare(kind.__origin__)
    if typing.get_origin(kind) in (typing.Union, UnionType):
        rest = [part for part in typing.get_args(kind) if part is not NoneType]
        return _bare(rest[0]) if len(rest) == 1 else kind
    return kind


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _shown(found: Any) -> str:
    if isinstance(found, str):
        return f'"{plain(found, 60)}"'
    if isinstance(found, Mapping):
        return "a table"
    if isinstance(found, list | tuple):
        return "a list"
    return plain(str(found).lower() if isinstance(found, bool) else str(found), 60)
