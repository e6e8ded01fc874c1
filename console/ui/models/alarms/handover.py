"""Writes a shift's handover as a Markdown page: who acted, what came, what stands, what is parked and why.

Reads the store on a worker thread. What comes from outside stays text: no name or note becomes mark-up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from console.domain.alarm import Alarm
from console.domain.alarm_change import AlarmChange, HistorySearch
from console.domain.alarm_handover import Handover, hand_over
from console.domain.alarm_rule import Rule
from console.domain.durations import HOUR_MS
from console.store.alarms_face import AlarmReader
from console.ui.models.alarms.words import age_of, headline, place_name, state_text
from console.ui.numbers import utc_date, utc_time
from console.ui.plain import safe_text

SHIFT_H, MOST_LINES = 8, 1_000_000
MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&])")
FOLDER = "handovers"


def read_page(reader: AlarmReader, sites: Mapping[str, str], who: str, now_ms: int, hours: float = SHIFT_H) -> str:
    """The shift that ends now, as Markdown; raises StoreError."""
    start_ms = now_ms - round(hours * HOUR_MS)
    lines = reader.alarm_history(HistorySearch(start_ms=start_ms, end_ms=now_ms, most=MOST_LINES))
    rules = {rule.id: rule for rule in reader.alarm_rules()}
    return page_of(hand_over(reader.alarms(), lines, start_ms, now_ms), rules, sites, who)


def page_of(shift: Handover, rules: Mapping[str, Rule], sites: Mapping[str, str], who: str) -> str:
    """One page; `sites`: id -> name, `who` is at the desk that writes it."""
    came = ", ".join(f"{count} {priority.name.lower()}" for priority, count in shift.announced.items())
    people = ", ".join(f"{_text(name)} ({count})" for name, count in shift.people) or "nobody"
    parts = [
        f"# Shift handover, {_when(shift.start_ms)} to {_when(shift.end_ms)} UTC",
        f"- Written at: {_text(who)}\n- Alarms announced: {came}\n- Acted on alarms: {people}",
    ]
    now_ms = shift.end_ms
    for name, alarms in (("Open", shift.open), ("Shelved", shift.shelved), ("Out of service", shift.out_of_service)):
        parts.append(f"## {name}: {len(alarms) or 'none'}")
        if alarms:
            parts.append(_table(("Priority", "State", "Since", "Place", "Alarm", "Owner, note"), [
                _cells(alarm, rules, sites, now_ms) for alarm in alarms
            ]))  # fmt: skip
    parts.append(f"## Notes: {len(shift.notes) or 'none'}")
    if shift.notes:
        rows = [_note(line, sites) for line in reversed(shift.notes)]
        parts.append(_table(("UTC", "Who", "Did", "Place", "Alarm", "Note"), rows))
    return "\n\n".join(parts) + "\n"


def save_page(folder: Path, page: str, at_ms: int) -> Path:
    """Write it beside the profile's other files and return where; raises OSError."""
    target = folder / FOLDER / f"handover-{utc_date(at_ms)}-{utc_time(at_ms).replace(':', '')}Z.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page, encoding="utf-8")
    return target


def _cells(alarm: Alarm, rules: Mapping[str, Rule], sites: Mapping[str, str], now_ms: int) -> Sequence[str]:
    words = " · ".join(part for part in (alarm.acknowledged_by, alarm.shelf_reason or alarm.note) if part)
    return (
        alarm.priority.name.lower(),
        state_text(alarm, now_ms),
        age_of(alarm.occurred_ms, now_ms),
        place_name(alarm.place, sites),
        headline(alarm, rules),
        words,
    )


def _note(line: AlarmChange, sites: Mapping[str, str]) -> Sequence[str]:
    return utc_time(line.at_ms), line.who, str(line.event), place_name(line.place, sites), line.title, line.note


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(_text(cell) or " " for cell in row) + " |" for row in rows)])


def _when(at_ms: int) -> str:
    return f"{utc_date(at_ms)} {utc_time(at_ms)[:5]}"


def _text(text: str) -> str:
    """A text from outside in which Markdown's own signs mean themselves, on one line."""
    return MARKUP.sub(r"\\\1", " ".join(safe_text(text).split()))
