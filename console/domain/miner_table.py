"""Holds every machine of the fleet as columns and answers queries over them; no Python object a machine.

Text lives in numpy's variable-width strings, numbers in float64; every column has shape (miners,), sites in fleet
order, machines in roster order.
"""

from __future__ import annotations

import fnmatch
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.domain.frame import Column
from console.domain.health import miner_states
from console.domain.query import STATES, Clause, Compare, Kind, Match
from console.domain.roster import Miner, Roster
from console.domain.site import Site

Mask = NDArray[np.bool_]
Text = NDArray[Any]  # numpy's StringDType has no static type of its own yet
TEXT = np.dtypes.StringDType()
ROSTER_FIELDS = ("container", "rack", "slot", "id", "serial", "mac", "ip", "model", "firmware")
SEARCHED = ("id", "serial", "mac", "ip", "model", "container", "rack", "site")
OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class SitePart:
    """One site's share of the table: its roster, the newest columns by metric name, and when they were measured."""

    site: Site
    roster: Roster
    columns: Mapping[str, Column]
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class MinerTable:
    """The machines of some sites: text columns by field name, numbers (canonical units, NaN = no value), states."""

    text: Mapping[str, Text]
    number: Mapping[str, NDArray[np.float64]]
    state: NDArray[np.uint8]

    def __len__(self) -> int:
        return int(self.state.size)

    def select(self, clauses: Iterable[Clause]) -> NDArray[np.intp]:
        """The rows for which every clause holds, in table order. A number that is not known never matches."""
        mask = np.ones(len(self), dtype=np.bool_)
        for clause in clauses:
            found = self._compare(clause) if isinstance(clause, Compare) else self._match(clause)
            mask &= ~found if clause.negated else found
        return np.flatnonzero(mask)

    def _compare(self, clause: Compare) -> Mask:
        column = self.number[clause.field.name]
        found: Mask = OPERATORS[clause.operator](column, clause.value) & np.isfinite(column)
        return found

    def _match(self, clause: Match) -> Mask:
        field = clause.field
        if field is None:
            return self._search(clause.values[0])
        if field.kind is Kind.STATE:
            return np.isin(self.state, [STATES.index(value) for value in clause.values])
        column = self.text[field.name]
        masks = [
            contains(column, value) if field.kind is Kind.WORDS else named(column, value) for value in clause.values
        ]
        if field.name == "rack":
            masks += [named(_full_rack(self.text), value) for value in clause.values]
        found: Mask = np.logical_or.reduce(masks)
        return found

    def _search(self, word: str) -> Mask:
        found: Mask = np.logical_or.reduce([contains(self.text[name], word) for name in SEARCHED])
        return found


def named(column: Text, pattern: str) -> Mask:
    """Where a name equals `pattern` but for case; `*` and `?` in the pattern stand for any text or letter."""
    lowered = np.strings.lower(column)
    if not re.search(r"[*?]", pattern):
        equal: Mask = lowered == np.asarray(pattern, dtype=TEXT)
        return equal
    fits = re.compile(fnmatch.translate(pattern)).match
    return np.fromiter((fits(name) is not None for name in lowered), dtype=np.bool_, count=column.size)


def contains(column: Text, part: str) -> Mask:
    """Where a description holds `part`; case, spaces, hyphens and colons do not count."""
    wanted = _plain(np.asarray(part, dtype=TEXT))
    found: Mask = np.strings.find(_plain(column), wanted) >= 0
    return found


def _plain(column: Text) -> Text:
    plain: Text = np.strings.lower(column)
    for mark in (" ", "-", ":"):
        plain = np.strings.replace(plain, mark, "")
    return plain


def _full_rack(text: Mapping[str, Text]) -> Text:
    """Racks with their container's name in front, as people write them: `C07-R03`."""
    joined: Text = np.strings.add(np.strings.add(text["container"], "-"), text["rack"])
    return joined


def build(parts: Sequence[SitePart], now_ms: int) -> MinerTable:
    """One table of all parts, judged at `now_ms`; a metric that a source lacks is NaN throughout its part."""
    sizes = [len(part.roster.miners) for part in parts]
    miners = [miner for part in parts for miner in part.roster.miners]
    text = {name: _strings(getattr(miner, name) for miner in miners) for name in ROSTER_FIELDS}
    for name in ("region", "country", "ownership"):
        text[name] = _repeat([str(getattr(part.site, name)) for part in parts], sizes)
    text["site"] = _repeat([part.site.id for part in parts], sizes)
    number = _numbers(parts, sizes, miners, now_ms)
    told = np.concatenate([_column(part, "state") for part in parts]) if parts else np.zeros(0, dtype=np.float32)
    state = miner_states(number["hashrate"].astype(np.float32), number["rated"], told)
    return MinerTable(text, number, state)


def _strings(values: Iterable[str]) -> Text:
    return np.array(list(values), dtype=TEXT)


def _repeat(values: Sequence[str], sizes: Sequence[int]) -> Text:
    return np.repeat(np.array(values, dtype=TEXT), sizes)


def _numbers(
    parts: Sequence[SitePart], sizes: Sequence[int], miners: Sequence[Miner], now_ms: int
) -> dict[str, NDArray[np.float64]]:
    names = {"hashrate": "hashrate_hs", "power": "power_w", "temp": "board_c", "inlet": "inlet_c"}
    number: dict[str, NDArray[np.float64]] = {
        field: np.concatenate([_column(part, metric) for part in parts] or [np.zeros(0, dtype=np.float32)]).astype(
            np.float64
        )
        for field, metric in names.items()
    }
    number["rated"] = np.array([miner.rated_hs or np.nan for miner in miners], dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        number["ratio"] = number["hashrate"] / number["rated"]
        efficiency = number["power"] / (number["hashrate"] / 1e12)
    number["efficiency"] = np.where(np.isfinite(efficiency), efficiency, np.nan)
    ages = [np.nan if part.at_ms is None else max(0, now_ms - part.at_ms) / 1000 for part in parts]
    number["age"] = np.repeat(np.array(ages, dtype=np.float64), sizes)
    return number


def _column(part: SitePart, metric: str) -> Column:
    size = len(part.roster.miners)
    column = part.columns.get(metric)
    return np.full(size, np.nan, dtype=np.float32) if column is None or column.size != size else column
