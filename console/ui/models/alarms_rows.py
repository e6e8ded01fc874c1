"""The rows of the alarm list: sections in the order of R29, children beneath their parents, groups in a flood (R31).

Pure: alarms, words to look for and what is unfolded come in, rows in words come out.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.place import site_of
from console.ui.models.alarms import AlarmsNow
from console.ui.models.alarms_words import age_of, headline, limit_text, place_name, state_text, title_of, value_text
from console.ui.numbers import NO_VALUE, utc_time, utc_weekday
from console.ui.plain import safe_text

DAY_MS = 86_400_000


class RowKind(enum.Enum):
    """What a row is."""

    SECTION = enum.auto()
    GROUP = enum.auto()
    ALARM = enum.auto()


SECTIONS = (
    ("Unacknowledged", AlarmState.UNACKNOWLEDGED, ""),
    ("Returned", AlarmState.RETURNED, "back to normal, not yet acknowledged"),
    ("Active", AlarmState.ACKNOWLEDGED, "acknowledged, still active"),
    ("Shelved", AlarmState.SHELVED, "each returns by itself"),
    ("Suppressed by design", AlarmState.SUPPRESSED, "the state of the place explains it"),
    ("Out of service", AlarmState.OUT_OF_SERVICE, "not watched until put back"),
)


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One row in words. `alarm` is None for a section; a group carries its worst; `indent` is 1 beneath a parent."""

    key: str
    kind: RowKind
    title: str
    alarm: Alarm | None = None
    priority: Priority = Priority.LOW
    state: str = ""
    moment: str = ""
    age: str = ""
    place: str = ""
    value: str = NO_VALUE
    limit: str = NO_VALUE
    grouped: int = 0
    note: str = ""
    indent: int = 0
    unfolded: bool = False

    def sentence(self) -> str:
        """The whole row for a screen reader and a tool tip."""
        if self.kind is RowKind.SECTION:
            return self.title
        level = f"{self.priority.name.lower()} alarm"
        grouped = f"{self.grouped} grouped" if self.grouped else ""
        limit = f"limit {self.limit}" if self.limit != NO_VALUE else ""
        value = self.value if self.value != NO_VALUE else ""
        parts = (level, self.state, self.place, self.title, value, limit, self.age, grouped, self.note)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ListWish:
    """What the list shall show: words to look for, whether groups are folded, and which folds are open."""

    text: str = ""
    grouped: bool = False
    open: frozenset[str] = frozenset()


def alarm_rows(now: AlarmsNow, sites: Mapping[str, str], wish: ListWish, now_ms: int) -> tuple[AlarmRow, ...]:
    """Every row; with words to look for, children that match stand by themselves."""
    maker = _Maker(now, sites, wish, now_ms)
    rows: list[AlarmRow] = []
    for name, state, meaning in SECTIONS:
        listed = maker.listed(state)
        if listed:
            words = f"{name} · {len(listed)}" + (f" · {meaning}" if meaning else "")
            rows += [AlarmRow(f"section {name}", RowKind.SECTION, words), *maker.section(listed)]
    return tuple(rows)


def section_counts(now: AlarmsNow) -> dict[str, int]:
    """How many alarms stand in each section."""
    return {name: len(now.heads((state,))) for name, state, _ in SECTIONS}


class _Maker:
    """Holds what every row is made with."""

    def __init__(self, now: AlarmsNow, sites: Mapping[str, str], wish: ListWish, now_ms: int) -> None:
        self._now, self._sites, self._wish, self._now_ms = now, sites, wish, now_ms
        self._keys = {alarm.key for alarm in now.alarms}
        self._beneath: dict[str, list[Alarm]] = defaultdict(list)
        for alarm in now.alarms:
            if alarm.parent in self._keys:
                self._beneath[alarm.parent].append(alarm)
        self._words = [word for word in wish.text.lower().split() if word]

    def listed(self, state: AlarmState) -> list[Alarm]:
        """The alarms of a section: heads, or whatever holds the words that are looked for."""
        alarms = (alarm for alarm in self._now.alarms if alarm.state is state)
        if self._words:
            return [alarm for alarm in alarms if self._matches(alarm)]
        return [alarm for alarm in alarms if alarm.parent not in self._keys]

    def _matches(self, alarm: Alarm) -> bool:
        place = place_name(alarm.place, self._sites)
        text = f"{place} {alarm.place} {headline(alarm, self._now.rules)} {alarm.rule} {alarm.note}".lower()
        return all(word in text for word in self._words)

    def section(self, listed: Sequence[Alarm]) -> Iterable[AlarmRow]:
        """Rows of one section, grouped by site and cause where that is wished."""
        if not self._wish.grouped:
            for alarm in listed:
                yield from self._with_children(alarm)
            return
        groups: dict[str, list[Alarm]] = {}
        for alarm in listed:
            groups.setdefault(f"group {alarm.state} {site_of(alarm.place)} {alarm.rule}", []).append(alarm)
        for key, members in groups.items():
            if len(members) == 1:
                yield from self._with_children(members[0])
            else:
                yield self._group(key, members)
                if key in self._wish.open:
                    yield from (self._row(member, indent=1) for member in members)

    def _group(self, key: str, members: Sequence[Alarm]) -> AlarmRow:
        worst = max(members, key=lambda one: (one.priority, one.occurred_ms or 0))
        site_id = site_of(worst.place)
        return AlarmRow(
            key=key,
            kind=RowKind.GROUP,
            title=title_of(worst, self._now.rules),
            alarm=worst,
            priority=worst.priority,
            state=state_text(worst, self._now_ms),
            moment=self._moment(worst),
            age=age_of(worst.occurred_ms, self._now_ms),
            place=self._sites.get(site_id, "") if site_id else place_name(worst.place, self._sites),
            grouped=sum(1 + len(self._beneath[one.key]) for one in members),
            note=f"{len(members)} places; Enter unfolds",
            unfolded=key in self._wish.open,
        )

    def _with_children(self, alarm: Alarm) -> Iterable[AlarmRow]:
        yield self._row(alarm)
        if alarm.key in self._wish.open and not self._words:
            children = sorted(self._beneath[alarm.key], key=lambda one: (one.occurred_ms or 0, one.key))
            yield from (self._row(child, indent=1) for child in children)

    def _row(self, alarm: Alarm, indent: int = 0) -> AlarmRow:
        rule = self._now.rules.get(alarm.rule)
        return AlarmRow(
            key=alarm.key,
            kind=RowKind.ALARM,
            title=headline(alarm, self._now.rules),
            alarm=alarm,
            priority=alarm.priority,
            state=state_text(alarm, self._now_ms),
            moment=self._moment(alarm),
            age=age_of(alarm.occurred_ms, self._now_ms),
            place=place_name(alarm.place, self._sites),
            value=value_text(rule, alarm.value),
            limit=limit_text(rule, alarm.limit),
            grouped=len(self._beneath[alarm.key]),
            note=_note(alarm),
            indent=indent,
            unfolded=alarm.key in self._wish.open,
        )

    def _moment(self, alarm: Alarm) -> str:
        at_ms = alarm.occurred_ms
        if at_ms is not None and self._now_ms - at_ms >= DAY_MS:
            return f"{utc_weekday(at_ms)} {utc_time(at_ms)[:5]}"
        return utc_time(at_ms)


def _note(alarm: Alarm) -> str:
    """Who has it, and what was said."""
    if alarm.state is AlarmState.SHELVED:
        back = f"back {utc_time(alarm.shelved_until_ms)[:5]}"
        parts: Collection[str] = (alarm.acknowledged_by, alarm.shelf_reason, back)
    else:
        parts = (alarm.acknowledged_by, alarm.note)
    return safe_text(" · ".join(part for part in parts if part))
