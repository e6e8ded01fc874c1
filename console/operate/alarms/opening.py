"""Opens the alarm desk of a profile: rules from its files, and alarms, flood and last values from its store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from console.domain.alarm_change import AlarmChange, HistorySearch
from console.domain.alarm_flood import WINDOW_MS, FloodWatch
from console.domain.errors import ConfigError
from console.domain.site import Fleet
from console.link.messages import FromCollector
from console.operate.alarms.desk import AlarmDesk
from console.operate.alarms.engine import AlarmEngine
from console.operate.alarms.notify import Notifier
from console.operate.alarms.routes import FILE_NAME as ROUTES_FILE
from console.operate.alarms.routes import read_routes
from console.operate.alarms.rules import FILE_NAME, RuleSet, load_rules
from console.settings import Profile, resources
from console.store.alarms_face import AlarmReader, AlarmWriter
from console.store.face import TelemetryReader


class Reader(TelemetryReader, AlarmReader, Protocol):
    """What an engine needs to go on where the last one stopped."""


def rules_of(profile: Profile) -> tuple[RuleSet, tuple[str, ...]]:
    """The rules that hold, and what is wrong with the profile's own ones: with those the shipped rules hold alone.

    A fault in the rules must never leave a fleet unwatched. Raises ConfigError where the installation is broken.
    """
    shipped = resources()
    try:
        return load_rules(profile.folder / FILE_NAME, shipped), ()
    except ConfigError as error:
        return load_rules(None, shipped), ("the shipped rules hold alone:", *error.problems)


def open_notifier(
    profile: Profile, secrets: Callable[[str], str], trouble: Callable[[str], None], wall_ms: Callable[[], int]
) -> tuple[Notifier, tuple[str, ...]]:
    """Who tells alarms outside of the room, and what is wrong with the profile's routes: then nobody is told."""
    try:
        routes, problems = read_routes(profile.folder / ROUTES_FILE), ()
    except ConfigError as error:
        return Notifier((), secrets, trouble, wall_ms), ("nobody is notified:", *error.problems)
    return Notifier(routes, secrets, trouble, wall_ms), problems


def open_desk(
    fleet: Fleet,
    profile: Profile,
    reader: Reader,
    writer: AlarmWriter,
    publish: Callable[[FromCollector], None],
    trouble: Callable[[BaseException], None],
    wall_ms: Callable[[], int],
    notify: Callable[[Sequence[AlarmChange]], None] = lambda lines: None,
) -> tuple[AlarmDesk, tuple[str, ...]]:
    """The desk, and what is wrong with the profile's rules."""
    rules, problems = rules_of(profile)
    now_ms = wall_ms()
    lately = reader.alarm_history(HistorySearch(start_ms=now_ms - WINDOW_MS, most=100_000))
    flood = FloodWatch(reader.flood(), (line.at_ms for line in lately if line.announces))
    engine = AlarmEngine(
        fleet,
        rules.rules,
        reader.alarms(),
        flood,
        reader.rollups(),
        lambda site, version: _names(reader, site, version),
    )
    return AlarmDesk(engine, writer, publish, trouble, wall_ms, notify), problems


def _names(reader: TelemetryReader, site_id: str, version: str) -> tuple[str, ...] | None:
    """The machines of a roster version, where it is the newest."""
    roster = reader.roster(site_id)
    return None if roster is None or roster.version != version else tuple(miner.id for miner in roster.miners)
