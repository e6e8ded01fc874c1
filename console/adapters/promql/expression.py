"""Knows how PromQL is written: selectors with escaped labels, aggregations, and which metrics a query reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

METRIC_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`"""
_TOKEN = re.compile(
    rf"""\s*(?:(?P<comment>\#[^\n]*)|(?P<matchers>\{{(?:[^{{}}"'`]|{_STRING})*\}})|(?P<text>{_STRING})
    |(?P<range>\[[^\]]*\])|(?P<number>[0-9][0-9a-zA-Z_.]*)|(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?P<mark>\S))""",
    re.VERBOSE | re.DOTALL,
)
_LABEL_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_KEYWORDS = {"and", "or", "unless", "atan2", "bool", "offset", "inf", "nan", "start", "end", "default", "if", "ifnot"}


def quoted(text: str) -> str:
    """`text` as a PromQL string literal: whatever a label holds, it stays a value."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def selector(metric: str, match: Mapping[str, str]) -> str:
    """`metric{a="1",b="2"}`."""
    matchers = ",".join(f"{label}={quoted(value)}" for label, value in match.items())
    return f"{metric}{{{matchers}}}" if matchers else metric


def selectors(query: str) -> tuple[str, ...]:
    """The selectors that `query` reads, each once, so that the age of its samples can be asked for.

    A reading of the common grammar, not a parser: what it cannot see, `dated_by` names in the fleet file.
    """
    tokens = [(match.lastgroup or "", match[match.lastgroup or 0]) for match in _TOKEN.finditer(query)]
    return tuple(dict.fromkeys(_found([token for token in tokens if token[0] != "comment"])))


def _found(tokens: list[tuple[str, str]]) -> Iterator[str]:
    skip_to_close = False
    for position, (kind, text) in enumerate(tokens):
        after_kind, after = tokens[position + 1] if position + 1 < len(tokens) else ("", "")
        if skip_to_close:
            skip_to_close = text != ")"
        elif kind == "name" and text.lower() in _LABEL_LISTS:
            skip_to_close = after == "("
        elif kind == "name" and _is_metric(text, after):
            yield text + (after if after_kind == "matchers" else "")
        elif kind == "matchers" and (position == 0 or tokens[position - 1][0] != "name"):
            yield text


def _is_metric(name: str, after: str) -> bool:
    return name.lower() not in _KEYWORDS and after != "(" and after.lower() not in ("by", "without")


def newest_sample(read: tuple[str, ...], label: str | None) -> str:
    """When the samples of the selectors were measured, in epoch seconds: by `label`, or the newest of all.

    `timestamp()` of a plain selector is a sample's own time; of anything else it is only the time of asking.
    """
    times = " or ".join(f"timestamp({one})" for one in read)
    return f"max by ({label}) ({times})" if label else f"max({times})"
