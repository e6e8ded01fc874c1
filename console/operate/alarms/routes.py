"""Reads where alarms are told outside of the room: `notify.toml`, one route a receiver. No secret stands in it.

A route names a credential; its secret is an address in the form of the apprise library (mail, SMS gateways, Slack,
Telegram, webhooks).
"""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import Annotated

import msgspec

from console.domain.alarm import Priority
from console.domain.alarm_change import AlarmChange
from console.domain.place import site_of
from console.domain.units import Dimension
from console.fleet.lines import Path
from console.fleet.own_file import open_own
from console.fleet.read import CredentialName, SiteId, Text
from console.fleet.table import Problems, Quantity, found, read_table

FILE_NAME = "notify.toml"
EXPECTED = "a file of notification routes"
HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
PriorityWords = Annotated[
    tuple[Annotated[str, msgspec.Meta(pattern=r"\A(low|medium|high|critical)\Z")], ...],
    msgspec.Meta(min_length=1, description='a list of "low", "medium", "high" and "critical"'),
]
HoursText = Annotated[str, msgspec.Meta(pattern=rf"\A{HOURS.pattern}\Z", description='a span such as "18:00-06:00"')]
Digest = Annotated[float, Quantity(Dimension.DURATION, 60.0, 86_400.0, 'a duration from "1 min" to "24 h"')]


class RouteTable(msgspec.Struct, kw_only=True):
    """`[[route]]`."""

    name: Text
    credential: CredentialName
    priorities: PriorityWords = ("high", "critical")
    sites: tuple[SiteId, ...] = ()
    hours: HoursText | None = None
    time_zone: Text = "UTC"
    digest: Digest = 600.0


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One receiver: what it hears of, when, and how often at most."""

    name: str
    credential: str
    priorities: frozenset[Priority]
    sites: frozenset[str]  # empty: all
    minutes: tuple[int, int] | None  # of the local day, the end not included; may run over midnight
    time_zone: str
    digest_s: float

    def takes(self, line: AlarmChange) -> bool:
        """Whether this alarm, at its time, is for this receiver."""
        if not line.announces or line.priority not in self.priorities:
            return False
        return (not self.sites or site_of(line.place) in self.sites) and self._on_shift(line.at_ms)

    def _on_shift(self, at_ms: int) -> bool:
        if self.minutes is None:
            return True
        local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zoneinfo.ZoneInfo(self.time_zone))
        now, (start, end) = local.hour * 60 + local.minute, self.minutes
        return start <= now < end if start < end else now >= start or now < end


def read_routes(path: FilePath) -> tuple[Route, ...]:
    """The routes of a file, none where there is no file. Raises ConfigError with every problem of it."""
    if not path.exists():
        return ()
    data, problems = open_own(path, EXPECTED, ("route",))
    tables = data.get("route", [])
    if not isinstance(tables, list):
        problems.add(("route",), f"{found(tables)}, expected [[route]] tables")
        tables = []
    routes = [_route(table, ("route", index), problems) for index, table in enumerate(tables)]
    problems.raise_any()
    return tuple(route for route in routes if route is not None)


def _route(table: object, path: Path, problems: Problems) -> Route | None:
    if not isinstance(table, dict):
        problems.add(path, f"{found(table)}, expected a [[route]] table")
        return None
    before = len(problems.found)
    values = read_table(RouteTable, table, path, problems)
    zone = values.get("time_zone", "UTC")
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        problems.add((*path, "time_zone"), f"{found(zone)}, expected an IANA time zone")
    if len(problems.found) > before:
        return None
    told = RouteTable(**values)
    return Route(
        name=told.name,
        credential=told.credential,
        priorities=frozenset(Priority[word.upper()] for word in told.priorities),
        sites=frozenset(told.sites),
        minutes=_minutes(told.hours),
        time_zone=told.time_zone,
        digest_s=told.digest,
    )


def _minutes(hours: str | None) -> tuple[int, int] | None:
    match = HOURS.fullmatch(hours or "")
    if match is None:
        return None
    start_hour, start, end_hour, end = (int(part) for part in match.groups())
    return start_hour * 60 + start, end_hour * 60 + end
