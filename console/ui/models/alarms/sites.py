"""The worst alarm of each site, for the map, the regions and the list of what needs a look. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.domain.alarm import Alarm, AlarmState, Priority
from console.domain.place import site_of
from console.ui.models.alarms.now import AlarmsNow
from console.ui.models.alarms.words import summary

STANDING = (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class SiteAlarm:
    """What a site shows of its alarms; `state` is UNACKNOWLEDGED as long as one of that priority is."""

    priority: Priority
    state: AlarmState
    text: str
    since_ms: int | None
    count: int


SiteAlarms = Mapping[str, SiteAlarm]
NO_ALARMS: SiteAlarms = {}


def site_alarms(now: AlarmsNow) -> dict[str, SiteAlarm]:
    """By site id; what is shelved, suppressed or returned asks for no look at the place."""
    by_site: dict[str, list[Alarm]] = {}
    for alarm in now.heads(STANDING):
        site_id = site_of(alarm.place)
        if site_id is not None:
            by_site.setdefault(site_id, []).append(alarm)
    return {site_id: _of(alarms, now) for site_id, alarms in by_site.items()}


def _of(alarms: list[Alarm], now: AlarmsNow) -> SiteAlarm:
    worst = max(
        alarms, key=lambda one: (one.priority, one.state is AlarmState.UNACKNOWLEDGED, one.occurred_ms or 0, one.key)
    )
    return SiteAlarm(worst.priority, worst.state, summary(worst, now.rules), worst.occurred_ms, len(alarms))


def worst_of(alarms: list[SiteAlarm]) -> SiteAlarm | None:
    """The alarm that a region or a cluster wears."""
    return max(alarms, key=lambda one: (one.priority, one.state is AlarmState.UNACKNOWLEDGED), default=None)
