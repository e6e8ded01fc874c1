"""Says alarms in words: where, how much, since when, in which state. Knows no widget."""

from __future__ import annotations

import math
from collections.abc import Mapping

from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.alarm_rule import Condition, Rule
from console.domain.alarm_signals import EVENT, NUMBER, SHARE, WATCHABLE
from console.domain.freshness import age_text
from console.domain.place import container_of, site_of
from console.domain.units import Dimension
from console.ui.models.alarms.now import AlarmsNow
from console.ui.numbers import (
    NO_VALUE,
    decimal,
    efficiency_text,
    hashrate_text,
    power_text,
    temperature_text,
    utc_time,
)
from console.ui.plain import safe_text

STATE_WORDS = {
    AlarmState.UNACKNOWLEDGED: "UNACK",
    AlarmState.ACKNOWLEDGED: "ACK",
    AlarmState.RETURNED: "RETURNED",
    AlarmState.SHELVED: "shelved",
    AlarmState.SUPPRESSED: "by design",
    AlarmState.OUT_OF_SERVICE: "out of service",
    AlarmState.NORMAL: "normal",
}
URGENCY = {
    Priority.CRITICAL: "act at once",
    Priority.HIGH: "act within 10 minutes",
    Priority.MEDIUM: "act within the hour",
    Priority.LOW: "act within the shift",
}
TEXTS = {
    Dimension.HASHRATE: hashrate_text,
    Dimension.POWER: power_text,
    Dimension.TEMPERATURE: temperature_text,
    Dimension.EFFICIENCY: efficiency_text,
}
FLAGS = frozenset({"no_link", "refused", "broken", "limited", EVENT})


def title_of(alarm: Alarm, rules: Mapping[str, Rule]) -> str:
    """The rule's title; its id where the rule is gone."""
    rule = rules.get(alarm.rule)
    return safe_text(rule.title if rule else alarm.rule)


def headline(alarm: Alarm, rules: Mapping[str, Rule]) -> str:
    """The title, and what an event told of it."""
    return f"{title_of(alarm, rules)}: {safe_text(alarm.detail)}" if alarm.detail else title_of(alarm, rules)


def place_name(place: str, sites: Mapping[str, str]) -> str:
    """`Georgia 1`, `Georgia 1 C07`, `East Africa`, `Fleet`; `sites`: id -> name."""
    site_id, container = site_of(place), container_of(place)
    if site_id is None:
        return safe_text(place.partition(":")[2]) or "Fleet"
    name = sites.get(site_id, site_id)
    return safe_text(f"{name} {container[1]}" if container else name)


def value_text(rule: Rule | None, value: float | None) -> str:
    """`31.4 °C`, `12.0 %`; an em dash where a figure says nothing (a link is up or not)."""
    if rule is None or value is None or not math.isfinite(value) or rule.signal in FLAGS:
        return NO_VALUE
    kind = WATCHABLE[rule.signal].kind if rule.signal in WATCHABLE else NUMBER
    if kind in TEXTS:
        return " ".join(TEXTS[kind](value))
    if kind == SHARE:
        return f"{decimal(value * 100, 1)} %"
    return age_text(value) if kind == Dimension.DURATION else decimal(value, 1)


def limit_text(rule: Rule | None, limit: float | None) -> str:
    """The limit beside the value; of a rate it is a change a minute."""
    text = value_text(rule, limit)
    rate = rule is not None and rule.condition in (Condition.RISES, Condition.FALLS) and text != NO_VALUE
    return f"{text}/min" if rate else text


def age_of(at_ms: int | None, now_ms: int) -> str:
    """`12 min`."""
    return NO_VALUE if at_ms is None else age_text(max(0, now_ms - at_ms) / 1000)


def state_text(alarm: Alarm, now_ms: int) -> str:
    """UNACK, ACK, RETURNED, or how long the shelf still lasts."""
    if alarm.state is AlarmState.SHELVED and alarm.shelved_until_ms is not None:
        left_s = (alarm.shelved_until_ms - now_ms) / 1000
        return f"{age_text(left_s)} left" if left_s > 0 else "returns now"
    return STATE_WORDS[alarm.state]


def summary(alarm: Alarm, rules: Mapping[str, Rule]) -> str:
    """`Inlet air too hot 41.2 °C, limit 40.0 °C`."""
    rule, title = rules.get(alarm.rule), headline(alarm, rules)
    value, limit = value_text(rule, alarm.value), limit_text(rule, alarm.limit)
    return title if value == NO_VALUE else f"{title}: {value}, limit {limit}"


def display_of(alarm: Alarm, rules: Mapping[str, Rule]) -> str:
    """The address of the view tied to an alarm: `world`, `site:us-ga-1`, `racks:us-ga-1/C07` (R2)."""
    site_id, container, rule = site_of(alarm.place), container_of(alarm.place), rules.get(alarm.rule)
    if site_id is None or (rule is not None and rule.view == "world"):
        return "world"
    if container is not None and (rule is None or rule.view == "container"):
        return f"racks:{container[0]}/{container[1]}"
    return f"site:{site_id}"


def calm_words(now: AlarmsNow, text: str, sites: Mapping[str, str], now_ms: int, cutoff_ms: int | None) -> str:
    """What an empty list says, in two lines: why it is empty, and what came last. `text` is what is looked for."""
    if text and now.alarms:
        return f"No alarm holds \u201c{safe_text(text)}\u201d\nEscape clears the filter"
    if not now.rules:
        return "Nothing is watched yet\nThe collector has not judged an alarm on this profile"
    first = "No alarm stands" if cutoff_ms is None else f"No alarm stood at {utc_time(cutoff_ms)[:5]} UTC"
    if now.last is None:
        return f"{first}\nNo alarm is recorded yet"
    last = now.last
    ago = f"{utc_time(last.at_ms)[:5]} UTC, {age_of(last.at_ms, now_ms)} ago"
    what = f"{place_name(last.place, sites)}, {safe_text(last.title)}; {STATE_WORDS[last.after]}"
    return f"{first}\nLast alarm: {what} {ago}"
