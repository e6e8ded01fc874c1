"""Runs rules over the past of a fleet and tells every transition they would have made; nobody acknowledges anything.

The past comes in columns, one place at a time; where it comes from is the caller's business. What the past does not
hold (refused credentials, a clock that ran ahead) cannot be tried, and is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm_change import AlarmChange
from console.domain.alarm_rule import Enabling, Level, Rule
from console.domain.alarm_scan import scan
from console.domain.alarm_signals import EVENT, Columns, Values, needed, signal_of
from console.domain.fleet_state import CURTAILED_SHARE
from console.domain.rollup import HOLD_MS
from console.domain.site import Fleet
from console.operate.alarms.book import AlarmBook
from console.operate.alarms.watch import SETTLE_MS, Moment, Turn

UNTOLD = frozenset(
    {"refused", "broken", "limited", "clock_ahead_s", "hashrate_untold", "backfill_stalled_s", EVENT}
)  # no past has these
Times = NDArray[np.int64]
Timed = tuple[int, Moment]


@dataclass(frozen=True, slots=True)
class PlacePast:
    """The past of one place: `columns` by signal, each of shape (n,) like `at_ms`, NaN = no value."""

    level: Level
    place: str
    at_ms: Times
    columns: Columns


def signals_of(rules: Iterable[Rule], level: Level) -> tuple[str, ...]:
    """The measured signals that the rules of a level need, each once."""
    names: dict[str, None] = {}
    for rule in rules:
        if rule.level is level:
            for name in (rule.signal, *((rule.relative_to,) if rule.relative_to else ())):
                names |= dict.fromkeys(needed(name))
            if Enabling.NOT_CURTAILED in rule.enabled_when:
                names |= dict.fromkeys(needed("curtailed_share"))
    return tuple(names)


def untried(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The rules whose signal no past holds."""
    return tuple(rule.id for rule in rules if rule.signal in UNTOLD or rule.level is Level.MINER)


def link_columns(present: NDArray[np.bool_], at_ms: Times, period_s: float) -> Columns:
    """What the gaps of a site's minutes say of its link: no sample is no link, and the age grows."""
    last = np.maximum.accumulate(np.where(present, at_ms, np.iinfo(np.int64).min // 2))
    known = last > 0
    age_s = np.where(known, at_ms - last, 0) / 1000
    return {
        "no_link": np.where(known, (~present).astype(np.float64), np.nan),
        "age_periods": np.where(known, age_s / period_s, np.nan),
    }


def told(present: NDArray[np.bool_], at_ms: Times) -> NDArray[np.bool_]:
    """When a site is in a total: while it is heard, and for as long as its last value is held."""
    last = np.maximum.accumulate(np.where(present, at_ms, np.iinfo(np.int64).min // 2))
    return at_ms - last <= HOLD_MS


def replay(fleet: Fleet, rules: Sequence[Rule], past: Iterable[PlacePast]) -> list[AlarmChange]:
    """Every transition of the rules over the past, oldest first."""
    moments: list[Timed] = []
    for one in past:
        moments += _moments([rule for rule in rules if rule.level is one.level], one)
    book = AlarmBook(rules, {site.id: site.region for site in fleet.sites})
    depth = {rule.id: len(book.family.causes(rule.id, "site:x")) for rule in rules}
    moments.sort(key=lambda timed: (timed[0], timed[1].turn is Turn.BEGIN, depth[timed[1].rule]))
    for at_ms, moment in moments:
        _apply(book, moment, at_ms)
    return [*book.changes().lines]


def _apply(book: AlarmBook, moment: Moment, at_ms: int) -> None:
    if moment.turn is Turn.BEGIN:
        book.begin(moment.rule, moment.place, at_ms, moment.value, moment.limit)
    elif moment.turn is Turn.END:
        book.end(moment.rule, moment.place, at_ms)
    elif moment.turn is Turn.SUPPRESS:
        book.suppress(moment.rule, moment.place, at_ms)
    else:
        book.unsuppress(moment.rule, moment.place, at_ms)


def _moments(rules: Sequence[Rule], past: PlacePast) -> Iterable[Timed]:
    size = past.at_ms.size
    turns = _rests(past) if any(Enabling.NOT_CURTAILED in rule.enabled_when for rule in rules) else []
    for rule in rules:
        if Enabling.NOT_CURTAILED in rule.enabled_when:
            for at_ms, turn in turns:
                yield at_ms, Moment(turn, rule.id, past.place)
        values = signal_of(rule.signal, past.columns, size)
        reference = signal_of(rule.relative_to, past.columns, size) if rule.relative_to else None
        began, ended = scan(rule, values, reference, past.at_ms)
        for position in began:
            limit = rule.limit if reference is None else rule.limit * float(reference[position])
            yield int(past.at_ms[position]), Moment(Turn.BEGIN, rule.id, past.place, float(values[position]), limit)
        for position in ended:
            yield int(past.at_ms[position]), Moment(Turn.END, rule.id, past.place)


def _rests(past: PlacePast) -> list[tuple[int, Turn]]:
    """When the place began to rest on purpose, and when it had settled again."""
    share: Values = signal_of("curtailed_share", past.columns, past.at_ms.size)
    last = np.maximum.accumulate(np.where(share >= CURTAILED_SHARE, past.at_ms, np.iinfo(np.int64).min // 2))
    resting = last + SETTLE_MS > past.at_ms
    turns = np.flatnonzero(np.diff(resting, prepend=False))
    return [(int(past.at_ms[at]), Turn.SUPPRESS if resting[at] else Turn.UNSUPPRESS) for at in turns.tolist()]


def totals(at_ms: Times, sites: Mapping[str, Columns], target_ratio: float) -> Columns:
    """The fleet's (or a region's) columns from its sites': sums of what is known or held, and how many are heard."""
    out: dict[str, Values] = {}
    present = [np.isfinite(columns["hashrate_hs"]) for columns in sites.values()]
    counts = np.array([told(heard, at_ms) for heard in present])
    for name in ("hashrate_hs", "power_w", "deployed_hs"):
        stacked = np.array([_carried(columns[name]) for columns in sites.values()])
        known = np.isfinite(stacked) & counts
        out[name] = np.where(known.any(axis=0), np.where(known, stacked, 0.0).sum(axis=0), np.nan)
    out["sites"] = np.full(at_ms.shape, float(len(sites)))
    out["sites_fresh"] = np.array(present).sum(axis=0).astype(np.float64)
    out["target_hs"] = target_ratio * out["deployed_hs"]
    return out


def _carried(values: Values) -> Values:
    """Each gap filled with the value before it."""
    known = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(values.size), -1))
    return np.where(known >= 0, values[np.maximum(known, 0)], np.nan)
