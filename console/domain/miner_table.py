"""Holds every machine of the fleet as columns and answers queries over them; no Python object a machine.

Text lives in numpy's variable-width strings, numbers in float64; every column has shape (miners,), sites in fleet
order, machines in roster order.
"""

from __future__ import annotations

import fnmatch
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.domain.frame import Column
from console.domain.health import miner_states
from console.domain.metric import implausible, most_plausible
from console.domain.query import STATES, UNCOUNTED, Clause, Compare, Kind, Match
from console.domain.roster import Roster
from console.domain.roster_columns import ROSTER_FIELDS, TEXT, RosterColumns, Text
from console.domain.site import Site

Mask = NDArray[np.bool_]
MEASURED = {"hashrate": "hashrate_hs", "power": "power_w", "temp": "board_c", "inlet": "inlet_c"}
SITE_FIELDS = ("region", "country", "ownership", "site")
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
    roster: Roster | RosterColumns
    columns: Mapping[str, Column]
    at_ms: int | None

    def column(self, metric: str) -> Column:
        """One metric as told, implausible values too; shape (miners,), NaN throughout where the source lacks it."""
        size = _size(self.roster)
        told = self.columns.get(metric)
        return np.full(size, np.nan, dtype=np.float32) if told is None or told.size != size else told


@dataclass(frozen=True, slots=True)
class MinerTable:
    """The machines of some sites: text columns by field name, numbers (canonical units, NaN = no value), states.

    `suspect` marks machines that told a value no machine can have; it counts as no value, here as in every total.
    `text` is empty while the names of some site are not read yet.
    """

    text: Mapping[str, Text]
    number: Mapping[str, NDArray[np.float64]]
    state: NDArray[np.uint8]
    suspect: Mask

    def __len__(self) -> int:
        return int(self.state.size)

    def select(self, clauses: Iterable[Clause]) -> NDArray[np.intp]:
        """The rows for which every clause holds, in table order.

        A number that is not known fits no comparison, so one that is turned round takes it: `-temp>0` finds the
        machines that tell no temperature.
        """
        return np.flatnonzero(self.mask(clauses))

    def mask(self, clauses: Iterable[Clause]) -> Mask:
        """Shape (miners,): where every clause holds."""
        mask = np.ones(len(self), dtype=np.bool_)
        for clause in clauses:
            found = self._compare(clause) if isinstance(clause, Compare) else self._match(clause)
            mask &= ~found if clause.negated else found
        return mask

    def _compare(self, clause: Compare) -> Mask:
        column = self.number[clause.field.name]
        found: Mask = OPERATORS[clause.operator](column, clause.value) & np.isfinite(column)
        return found

    def _match(self, clause: Match) -> Mask:
        if clause.field is not None and clause.field.kind is Kind.STATE:
            return np.isin(self.state, [STATES.index(value) for value in clause.values])
        return self._by_names(lambda text: _told(text, clause))

    def _by_names(self, test: Callable[[Mapping[str, Text]], Mask]) -> Mask:
        """Site by site where the names lie so: a search must not join every name of a fleet."""
        shares = self.text.shares() if isinstance(self.text, JoinedText) else (self.text,)
        found: Mask = np.concatenate([*(test(share) for share in shares), np.zeros(0, dtype=np.bool_)])
        return found


def _told(text: Mapping[str, Text], clause: Match) -> Mask:
    """Where a field is one of the clause's values."""
    field = clause.field
    if field is None:
        return _any([contains(text[name], value) for name in SEARCHED for value in clause.values])
    column = text[field.name]
    if clause.exact:
        return _any([column == np.asarray(value, dtype=TEXT) for value in clause.values])
    if field.name == "mac":
        return _any([named(_plain(column), value.replace(":", "").replace("-", "")) for value in clause.values])
    masks = [contains(column, value) if field.kind is Kind.WORDS else named(column, value) for value in clause.values]
    if field.name == "rack":
        masks += [named(_full_rack(text), value) for value in clause.values]
    return _any(masks)


def _any(masks: Sequence[Mask]) -> Mask:
    found: Mask = np.logical_or.reduce(masks)
    return found


def named(column: Text, pattern: str) -> Mask:
    """Where a name equals `pattern` but for case; `*` and `?` in the pattern stand for any text or letter."""
    lowered = np.strings.lower(column)
    if not re.search(r"[*?]", pattern):
        equal: Mask = lowered == np.asarray(pattern, dtype=TEXT)
        return equal
    fits = re.compile(fnmatch.translate(pattern.replace("[", "[[]"))).match  # a bracket is a letter as any other
    return np.fromiter((fits(name) is not None for name in lowered), dtype=np.bool_, count=column.size)


def contains(column: Text, part: str) -> Mask:
    """Where a description holds `part`, or tells nothing where that is empty.

    Case, spaces, hyphens and colons do not count.
    """
    if not part:
        none: Mask = column == np.asarray("", dtype=TEXT)
        return none
    wanted = _plain(np.asarray(part, dtype=TEXT))
    found: Mask = np.strings.find(_plain(column), wanted) >= 0
    return found


def _plain(column: Text) -> Text:
    plain: Text = np.strings.lower(column)
    for mark in UNCOUNTED:
        plain = np.strings.replace(plain, mark, "")
    return plain


def _full_rack(text: Mapping[str, Text]) -> Text:
    """Racks with their container's name in front, as people write them: `C07-R03`."""
    joined: Text = np.strings.add(np.strings.add(text["container"], "-"), text["rack"])
    return joined


def build(parts: Sequence[SitePart], now_ms: int, text: Mapping[str, Text] | None = None) -> MinerTable:
    """One table of all parts, judged at `now_ms`; a metric that a source lacks is NaN throughout its part.

    `text` is what `text_columns` gave for the same rosters before: names cost ten times what numbers do.
    """
    rosters = [_columns(part.roster) for part in parts]
    text = text_columns(parts) if text is None else text
    number, suspect = _measured(parts, _joined([roster.rated_w for roster in rosters], np.float64))
    _derive(number, rosters)
    ages = [np.nan if part.at_ms is None else max(0, now_ms - part.at_ms) / 1000 for part in parts]
    number["age"] = np.repeat(np.array(ages, dtype=np.float64), [len(roster) for roster in rosters])
    told = _joined([part.column("state") for part in parts], np.float32)
    state = miner_states(number["hashrate"].astype(np.float32), number["rated"], told)
    return MinerTable(text, number, state, suspect)


class JoinedText(Mapping[str, Text]):
    """Names and places of all machines; a column is joined when it is asked for first (any thread) and then kept.

    Most columns of a fleet are only ever looked at a few rows at a time, which a site's own columns answer.
    """

    def __init__(self, parts: Sequence[SitePart]) -> None:
        self._parts = [(part.site, _columns(part.roster)) for part in parts]
        named = all(roster.named for _, roster in self._parts)
        self._fields = (*ROSTER_FIELDS, *SITE_FIELDS) if named else ()
        self._joined: dict[str, Text] = {}

    def __getitem__(self, name: str) -> Text:
        if name not in self._fields:
            raise KeyError(name)
        if name not in self._joined:
            columns = [_site_column(site, roster, name) for site, roster in self._parts]
            self._joined[name] = np.concatenate([*columns, np.zeros(0, dtype=TEXT)])
        return self._joined[name]

    def columns(self, name: str) -> Iterator[Text]:
        """One column, a site after the other, in table order."""
        for site, roster in self._parts:
            yield _site_column(site, roster, name)

    def shares(self) -> Iterator[Mapping[str, Text]]:
        """The columns of one site after the other, in table order."""
        for site, roster in self._parts:
            yield {name: _site_column(site, roster, name) for name in self._fields}

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def text_columns(parts: Sequence[SitePart]) -> JoinedText:
    """Names and places of all machines; nothing while the names of some site are not read."""
    return JoinedText(parts)


def _site_column(site: Site, roster: RosterColumns, name: str) -> Text:
    if name in SITE_FIELDS:
        return np.repeat(np.array([site_text(site, name)], dtype=TEXT), len(roster))
    return roster.text[name]


def site_text(site: Site, name: str) -> str:
    """What a site tells of all its machines."""
    return site.id if name == "site" else str(getattr(site, name))


def _columns(roster: Roster | RosterColumns) -> RosterColumns:
    return RosterColumns.of(roster) if isinstance(roster, Roster) else roster


def _size(roster: Roster | RosterColumns) -> int:
    return len(roster.miners) if isinstance(roster, Roster) else len(roster)


def _joined(columns: Sequence[NDArray[Any]], kind: type[Any]) -> NDArray[Any]:
    return np.concatenate([*columns, np.zeros(0, dtype=kind)]).astype(kind, copy=False)


def _measured(parts: Sequence[SitePart], rated_w: NDArray[np.float64]) -> tuple[dict[str, NDArray[np.float64]], Mask]:
    """The measured columns, implausible values taken out as the roll-up does it, and which machines had one."""
    number: dict[str, NDArray[np.float64]] = {}
    suspect: Mask | None = None
    for field, name in MEASURED.items():
        column = _joined([part.column(name) for part in parts], np.float64)
        wrong = implausible(name, column, most_plausible(name, rated_w))
        column[wrong] = np.nan
        number[field] = column
        suspect = wrong if suspect is None else suspect | wrong
    assert suspect is not None  # noqa: S101 - there is at least one measured field
    return number, suspect


def _derive(number: dict[str, NDArray[np.float64]], rosters: Sequence[RosterColumns]) -> None:
    """Ratings, the ratio to them, and J/TH; a machine at rest has no efficiency."""
    number["rated"] = _joined([roster.rated_hs for roster in rosters], np.float64)
    number["rated_w"] = _joined([roster.rated_w for roster in rosters], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        number["ratio"] = number["hashrate"] / number["rated"]
        efficiency = number["power"] / (number["hashrate"] / 1e12)
    efficiency[~np.isfinite(efficiency)] = np.nan
    number["efficiency"] = efficiency
