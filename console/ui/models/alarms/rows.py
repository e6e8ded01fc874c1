"""The rows of the alarm list: sections in the order of R29, children beneath their parents, groups in a flood (R31).

Pure: alarms, words to look for and what is unfolded come in, rows in words come out.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.alarm_rule import Rule
from console.domain.durations import DAY_MS
from console.domain.place import site_of
from console.ui.models.alarms.now import AlarmsNow, Group, by_cause
from console.ui.models.alarms.words import age_of, headline, limit_text, place_name, state_text, title_of, value_text
from console.ui.numbers import NO_VALUE, utc_time, utc_weekday
from console.ui.plain import safe_text

FIRST_OUT = "first out"
MOST_GROUPS = 10  # of site and cause (T28); where a flood makes more of them, each cause is one group


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
class Words:
    """What rows are put into words with, at `now_ms`; `sites`: id -> name."""

    now: AlarmsNow
    sites: Mapping[str, str]
    now_ms: int


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One row. `alarm` is None for a section, whose words are `heading`; a group carries its worst.

    It is put into words when somebody looks at it: of thousands of rows a screen shows thirty. `said_ms` is the moment
    of its words; `indent` is 1 beneath a parent or in a group.
    """

    key: str
    kind: RowKind
    heading: str = ""
    alarm: Alarm | None = None
    grouped: int = 0
    group: Group | None = field(default=None, compare=False)
    first_out: bool = False  # the first in time of what a parent explains
    indent: int = 0
    unfolded: bool = False
    said_ms: int = 0
    words: Words | None = field(default=None, compare=False, repr=False)

    @property
    def priority(self) -> Priority:
        """Of the alarm, or of a group's worst."""
        return self.alarm.priority if self.alarm else Priority.LOW

    @property
    def _rule(self) -> Rule | None:
        return self.words.now.rules.get(self.alarm.rule) if self.alarm and self.words else None

    @property
    def title(self) -> str:
        """What is wrong, or a section's heading."""
        if self.alarm is None or self.words is None:
            return self.heading
        said = title_of if self.kind is RowKind.GROUP else headline
        return said(self.alarm, self.words.now.rules)

    @property
    def state(self) -> str:
        """UNACK, ACK, RETURNED, or how long a shelf still lasts."""
        return state_text(self.alarm, self.said_ms) if self.alarm else ""

    @property
    def moment(self) -> str:
        """When it occurred, with the day where that was another one."""
        at_ms = self.alarm.occurred_ms if self.alarm else None
        if at_ms is not None and self.said_ms - at_ms >= DAY_MS:
            return f"{utc_weekday(at_ms)} {utc_time(at_ms)[:5]}"
        return utc_time(at_ms)

    @property
    def age(self) -> str:
        """`12 min`."""
        return age_of(self.alarm.occurred_ms, self.said_ms) if self.alarm else ""

    @property
    def place(self) -> str:
        """Where; of a group its site, or how many there are."""
        if self.alarm is None or self.words is None:
            return ""
        if self.group is None:
            return place_name(self.alarm.place, self.words.sites)
        if self.group.sites > 1:
            return f"{self.group.sites} sites"
        name = self.words.sites.get(site_of(self.alarm.place) or "", "")
        return safe_text(name) or place_name(self.alarm.place, self.words.sites)

    @property
    def value(self) -> str:
        """What was measured when it began."""
        return value_text(self._rule, self.alarm.value) if self.alarm and self.group is None else NO_VALUE

    @property
    def limit(self) -> str:
        """What it was measured against."""
        return limit_text(self._rule, self.alarm.limit) if self.alarm and self.group is None else NO_VALUE

    @property
    def note(self) -> str:
        """Who has it, and what was said."""
        if self.group is not None:
            return f"{len(self.group.members)} places; Enter unfolds"
        words = (FIRST_OUT if self.first_out else "", _note(self.alarm) if self.alarm else "")
        return " · ".join(part for part in words if part)

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
    maker = _Maker(Words(now, sites, now_ms), wish)
    rows: list[AlarmRow] = []
    for name, state, meaning in SECTIONS:
        listed = maker.listed(state)
        if listed:
            words = f"{name} · {len(listed)}" + (f" · {meaning}" if meaning else "")
            rows += [AlarmRow(f"section {name}", RowKind.SECTION, words), *maker.section(state, listed)]
    return tuple(rows)


def section_counts(now: AlarmsNow) -> dict[str, int]:
    """How many alarms stand in each section."""
    return {name: len(now.heads((state,))) for name, state, _ in SECTIONS}


class _Maker:
    """Holds what every row is made with."""

    def __init__(self, words: Words, wish: ListWish) -> None:
        self._now, self._words, self._wish = words.now, words, wish
        self._sought = [word for word in wish.text.lower().split() if word]

    def listed(self, state: AlarmState) -> Sequence[Alarm]:
        """The alarms of a section: heads, or whatever holds the words that are looked for."""
        if self._sought:
            return [alarm for alarm in self._now.alarms if alarm.state is state and self._matches(alarm)]
        return self._now.heads((state,))

    def _matches(self, alarm: Alarm) -> bool:
        place = place_name(alarm.place, self._words.sites)
        text = f"{place} {alarm.place} {headline(alarm, self._now.rules)} {alarm.rule} {alarm.note}".lower()
        return all(word in text for word in self._sought)

    def section(self, state: AlarmState, listed: Sequence[Alarm]) -> Iterable[AlarmRow]:
        """Rows of one section, grouped where that is wished: by site and cause, or by cause where those are many."""
        if not self._wish.grouped:
            for alarm in listed:
                yield from self._with_children(alarm)
            return
        groups = self._now.grouped(listed) if self._sought else self._now.groups(state)
        if len(groups) <= MOST_GROUPS:
            yield from self._groups(groups)
            return
        for cause, parts in by_cause(groups).items():
            if len(parts) == 1:
                yield from self._groups(parts)
                continue
            yield self._group(cause)
            if cause.key in self._wish.open:
                yield from self._groups(parts, indent=1)

    def _groups(self, groups: Iterable[Group], indent: int = 0) -> Iterable[AlarmRow]:
        for group in groups:
            if len(group.members) == 1:
                yield from self._with_children(group.worst, indent)
                continue
            yield self._group(group, indent)
            if group.key in self._wish.open:
                yield from (self._row(member, indent + 1) for member in group.members)

    def _group(self, group: Group, indent: int = 0) -> AlarmRow:
        return AlarmRow(
            key=group.key,
            kind=RowKind.GROUP,
            alarm=group.worst,
            grouped=group.count,
            group=group,
            indent=indent,
            unfolded=group.key in self._wish.open,
            said_ms=self._words.now_ms,
            words=self._words,
        )

    def _with_children(self, alarm: Alarm, indent: int = 0) -> Iterable[AlarmRow]:
        row = self._row(alarm, indent)
        yield row
        if row.unfolded and not self._sought:
            children = sorted(self._now.beneath(row.key), key=lambda one: (one.occurred_ms or 0, one.key))
            yield from (self._row(child, indent + 1, first_out=child is children[0]) for child in children)

    def _row(self, alarm: Alarm, indent: int = 0, *, first_out: bool = False) -> AlarmRow:
        key = alarm.key
        return AlarmRow(
            key=key,
            kind=RowKind.ALARM,
            alarm=alarm,
            grouped=len(self._now.beneath(key)),
            first_out=first_out,
            indent=indent,
            unfolded=key in self._wish.open,
            said_ms=self._words.now_ms,
            words=self._words,
        )


def _note(alarm: Alarm) -> str:
    """Who has it, and what was said."""
    if alarm.state is AlarmState.SHELVED:
        back = f"back {utc_time(alarm.shelved_until_ms)[:5]}"
        parts: Collection[str] = (alarm.acknowledged_by, alarm.shelf_reason, back)
    else:
        parts = (alarm.acknowledged_by, alarm.note)
    return safe_text(" · ".join(part for part in parts if part))
