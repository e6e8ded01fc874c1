"""Writes alarms and the measures of alarm rules for a terminal, and as plain facts for a script."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from console.cli.status import iso
from console.cli.table import columns
from console.domain.alarm import Alarm
from console.domain.alarm_change import AlarmChange, Flood
from console.domain.alarm_handover import Handover
from console.domain.alarm_measures import Measures, judged
from console.domain.durations import DAY_MS
from console.domain.freshness import age_text
from console.operate.alarms.rules import RuleSet


def plain(text: str) -> str:
    """A text from outside on one line of a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def alarm_facts(alarm: Alarm, titles: Mapping[str, str]) -> dict[str, Any]:
    """One alarm as JSON has it."""
    return {
        "key": alarm.key,
        "title": titles.get(alarm.rule, alarm.rule),
        "place": alarm.place,
        "state": str(alarm.state),
        "priority": alarm.priority.name.lower(),
        "active": alarm.active,
        "occurred_at": iso(alarm.occurred_ms),
        "value": alarm.value,
        "limit": alarm.limit,
        "parent": alarm.parent,
        "detail": alarm.detail or None,
        "acknowledged_by": alarm.acknowledged_by or None,
        "shelved_until": iso(alarm.shelved_until_ms),
        "note": alarm.note or alarm.shelf_reason or None,
    }


def alarm_lines(alarms: Sequence[Alarm], titles: Mapping[str, str], flood: Flood, now_ms: int) -> list[str]:
    """A line an alarm, what a parent explains left out and counted (R27)."""
    beneath = Counter(alarm.parent for alarm in alarms if alarm.parent is not None)
    heads = [alarm for alarm in alarms if alarm.parent is None]
    rows: list[tuple[str, ...]] = [("PRIO", "STATE", "SINCE", "PLACE", "ALARM", "BENEATH")]
    rows += [_row(alarm, titles, beneath[alarm.key], now_ms) for alarm in heads]
    head = f"{len(heads)} alarms, {len(alarms) - len(heads)} more beneath them"
    words = f"{head}; FLOOD: {flood.lately} in ten minutes" if flood.active else head
    return [words, *columns(rows, right=(2, 5))] if heads else ["no alarms"]


def _row(alarm: Alarm, titles: Mapping[str, str], beneath: int, now_ms: int) -> tuple[str, ...]:
    since = "" if alarm.occurred_ms is None else age_text((now_ms - alarm.occurred_ms) / 1000)
    title = plain(titles.get(alarm.rule, alarm.rule))
    return alarm.priority.letter, str(alarm.state), since, plain(alarm.place), title, str(beneath or "")


def handover_facts(shift: Handover, titles: Mapping[str, str]) -> dict[str, Any]:
    """A shift as JSON has it."""
    return {
        "start": iso(shift.start_ms),
        "end": iso(shift.end_ms),
        "people": dict(shift.people),
        "announced": {priority.name.lower(): count for priority, count in shift.announced.items()},
        "open": [alarm_facts(alarm, titles) for alarm in shift.open],
        "shelved": [alarm_facts(alarm, titles) for alarm in shift.shelved],
        "out_of_service": [alarm_facts(alarm, titles) for alarm in shift.out_of_service],
        "notes": [
            {"at": iso(line.at_ms), "who": line.who, "alarm": line.key, "did": str(line.event), "note": line.note}
            for line in shift.notes
        ],
    }


def handover_lines(shift: Handover, titles: Mapping[str, str]) -> list[str]:
    """A shift for a terminal, or for a printed sheet."""
    came = ", ".join(f"{count} {priority.name.lower()}" for priority, count in shift.announced.items())
    people = ", ".join(f"{plain(name)} ({count})" for name, count in shift.people) or "nobody"
    out = [f"shift from {iso(shift.start_ms)} to {iso(shift.end_ms)}", f"alarms: {came}", f"acted: {people}"]
    for title, alarms in (("OPEN", shift.open), ("SHELVED", shift.shelved), ("OUT OF SERVICE", shift.out_of_service)):
        rows = [(*_row(alarm, titles, 0, shift.end_ms)[:5], plain(_why(alarm))) for alarm in alarms]
        out += ["", f"{title}: {len(rows) or 'none'}", *columns(rows, right=(2,))]
    notes = [
        (iso(line.at_ms) or "", plain(line.who), str(line.event), plain(line.key), plain(line.note))
        for line in shift.notes
    ]
    return [*out, "", f"NOTES: {len(notes) or 'none'}", *columns(notes)]


def _why(alarm: Alarm) -> str:
    """What somebody said of an alarm, and until when it is parked."""
    until = f"until {iso(alarm.shelved_until_ms)} " if alarm.shelved_until_ms is not None else ""
    return f"{until}{alarm.shelf_reason or alarm.note}"


def per_rule(lines: Iterable[AlarmChange]) -> Counter[str]:
    """How often each rule asked somebody to look."""
    return Counter(line.rule for line in lines if line.announces)


def check_facts(measures: Measures, lines: list[AlarmChange], rules: RuleSet, untried: Sequence[str]) -> dict[str, Any]:
    """The measures and their judgement as JSON has them."""
    return {
        "start": iso(measures.start_ms),
        "end": iso(measures.end_ms),
        "rules": len(rules.rules),
        "warnings": rules.warnings,
        "announced": measures.announced,
        "measures": [
            {"name": one.name, "value": one.value, "target": one.target, "grade": one.grade} for one in judged(measures)
        ],
        "top": [{"alarm": one.key, "title": one.title, "count": one.count} for one in measures.top],
        "chattering": [one.key for one in measures.chattering],
        "fleeting": [one.key for one in measures.fleeting],
        "per_rule": dict(per_rule(lines).most_common()),
        "not_tried": untried,
    }


def check_lines(measures: Measures, lines: list[AlarmChange], rules: RuleSet, untried: Sequence[str]) -> list[str]:
    """What the rules would have raised, for a terminal."""
    days = (measures.end_ms - measures.start_ms) / DAY_MS
    rows = [("MEASURE", "VALUE", "TARGET", "")]
    rows += [(one.name, _number(one.value, one.unit), one.target, one.grade) for one in judged(measures)]
    top = [(f"{one.count}", plain(one.key), plain(one.title)) for one in measures.top]
    rates = [(f"{count / days:.1f}", rule) for rule, count in per_rule(lines).most_common()]
    out = [
        f"{len(rules.rules)} rules over {days:.1f} days, {iso(measures.start_ms)} to {iso(measures.end_ms)}: "
        f"{measures.announced} alarms",
        *(f"warning: {warning}" for warning in rules.warnings),
        "",
        *columns(rows, right=(1,)),
    ]
    for title, table in (("TOP TEN", top), ("A DAY, BY RULE", rates)):
        if table:
            out += ["", title, *columns(table, right=(0,))]
    if untried:
        out += ["", f"not tried, because no history holds what they watch: {', '.join(untried)}"]
    return out


def _number(value: float, unit: str) -> str:
    if not math.isfinite(value):
        return "-"
    if unit == "%":
        return f"{100 * value:.1f} %"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
