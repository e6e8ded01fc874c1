"""Which sites need a look and why, in plain words, worst first: the list twin of the map (7-look.md, section 7).

Judges nothing itself: state, freshness and link come from `domain.fleet_state`.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from console.domain.alarm import AlarmState
from console.domain.durations import DAY_MS
from console.domain.fleet_state import NO_LINK, FleetNow, SiteMark, SiteNow
from console.domain.freshness import age_text
from console.domain.rollup import HOLD_MS
from console.ui.models.alarms.sites import NO_ALARMS, SiteAlarm, SiteAlarms
from console.ui.models.rows import RowModel
from console.ui.numbers import hashrate_text, integer, percent, power_text, utc_minute, utc_time
from console.ui.plain import safe_text

STATE_WORDS = {
    SiteMark.NO_LINK: "no link",
    SiteMark.STALE: "stale",
    SiteMark.NEVER: "no data",
    SiteMark.CURTAILED: "planned",
    SiteMark.NORMAL: "normal",
}
WORST_FIRST = tuple(SiteMark)
_ALARM_WORDS = {AlarmState.UNACKNOWLEDGED: "unack", AlarmState.ACKNOWLEDGED: "ack"}


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """One site of the list; `since` is an age, empty where nobody knows when it began."""

    site_id: str
    name: str
    mark: SiteMark
    power: str
    reason: str
    since: str
    state: str
    alarm: SiteAlarm | None = None

    @property
    def key(self) -> object:
        """The site."""
        return self.site_id

    def sentence(self) -> str:
        """The whole row for a screen reader and a tool tip."""
        return ", ".join(part for part in (self.name, self.state, self.since, self.reason, self.power) if part)


def attention_rows(now: FleetNow, alarms: SiteAlarms = NO_ALARMS) -> tuple[AttentionRow, ...]:
    """Every site that is not plain normal: those in alarm first, by priority, then the worst mark, then the longest."""
    wrong = [entry for entry in now.sites if entry.mark is not SiteMark.NORMAL or entry.site.id in alarms]

    def order(entry: SiteNow) -> tuple[object, ...]:
        alarm = alarms.get(entry.site.id)
        urgency = (-alarm.priority, alarm.state.value, -(alarm.since_ms or 0)) if alarm else (0, "", 0)
        return *urgency, WORST_FIRST.index(entry.mark), _since_ms(entry) or now.now_ms, entry.site.name

    wrong.sort(key=order)
    return tuple(_row(entry, now.now_ms, alarms.get(entry.site.id)) for entry in wrong)


def headline(now: FleetNow, alarms: SiteAlarms = NO_ALARMS) -> str:
    """`4 sites: 1 no link, 1 stale`, or the calm line."""
    plain = [entry for entry in now.sites if entry.mark is not SiteMark.NORMAL and entry.site.id not in alarms]
    counts = Counter(entry.mark for entry in plain)
    if not counts and not alarms:
        return ""
    words = [f"{len(alarms)} in alarm"] if alarms else []
    parts = ", ".join(words + [f"{counts[mark]} {STATE_WORDS[mark]}" for mark in WORST_FIRST if counts[mark]])
    total = counts.total() + len(alarms)
    return f"{total} {'site' if total == 1 else 'sites'}: {parts}"


def calm_line(now: FleetNow, why_no_site: str = "") -> str:
    """What stands there when nothing needs a look, or why nobody knows."""
    if not now.sites:
        return safe_text(f"No site is known: {why_no_site}")
    return f"All {integer(len(now.sites))} sites fresh and normal"


def _row(entry: SiteNow, now_ms: int, alarm: SiteAlarm | None) -> AttentionRow:
    since_ms = alarm.since_ms if alarm else _since_ms(entry)
    power_w = entry.value("power_w")
    return AttentionRow(
        site_id=entry.site.id,
        name=safe_text(entry.site.name),
        mark=entry.mark,
        power=" ".join(power_text(entry.site.capacity_w if math.isnan(power_w) else power_w)),
        reason=safe_text(alarm.text if alarm else _reason(entry, now_ms)),
        since="" if since_ms is None else age_text((now_ms - since_ms) / 1000),
        state=_ALARM_WORDS[alarm.state] if alarm else STATE_WORDS[entry.mark],
        alarm=alarm,
    )


def _since_ms(entry: SiteNow) -> int | None:
    if entry.mark is SiteMark.NO_LINK and entry.link.since_ms:
        return entry.link.since_ms
    if entry.mark in (SiteMark.NO_LINK, SiteMark.STALE):
        return entry.at_ms
    return None


def _reason(entry: SiteNow, now_ms: int) -> str:
    if entry.mark is SiteMark.CURTAILED:
        share = entry.value("curtailed") / entry.value("miners")
        power = " ".join(power_text(entry.site.capacity_w))
        return f"Curtailed: {percent(share, 0)} % of machines rest on purpose; capacity {power}"
    if entry.mark is SiteMark.NEVER:
        error = entry.link.error if entry.link.link in NO_LINK else ""
        return f"No sample yet: {error}" if error else "No sample yet; not in total"
    held = _held_words(entry, now_ms)
    if entry.mark is SiteMark.NO_LINK:
        return "; ".join(part for part in (_sentence(entry.link.error or entry.link.link.value), held) if part)
    return f"No samples since {_moment(entry.at_ms, now_ms)}; {held}"


def _held_words(entry: SiteNow, now_ms: int) -> str:
    """What a stale site does to the totals: held for a while, then missing (R10)."""
    if entry.at_ms is None:
        return "not in total"
    hashrate = " ".join(hashrate_text(entry.value("hashrate_hs")))
    if now_ms - entry.at_ms <= HOLD_MS:
        return f"{hashrate} held in total"
    return f"{hashrate} not in total"


def _moment(at_ms: int | None, now_ms: int) -> str:
    if at_ms is not None and now_ms - at_ms > DAY_MS:
        return f"{utc_minute(at_ms)} UTC"
    return f"{utc_time(at_ms)[:5]} UTC"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


class AttentionModel(RowModel[AttentionRow]):
    """The rows for a view."""
