"""Alarms for tests of the screen: the day of mock-up 3 over the shipped rules, and a desk that answers for itself."""

from __future__ import annotations

from console.domain.access import Person, Role
from console.domain.alarm import Alarm, AlarmEvent, AlarmState, Priority
from console.domain.alarm_change import AlarmChange
from console.domain.place import container_key, site_key
from console.link.messages import AlarmRequest
from console.operate.alarms.rules import load_rules
from console.settings import resources
from console.ui.models.alarms.live import LiveAlarms
from console.ui.models.live import LiveFleet
from tests.ui.fakes import NOW_MS, FakeStore

MINUTE_MS = 60_000
S = AlarmState


def alarm(rule: str, place: str, state: AlarmState, priority: Priority, minutes: float, **more: object) -> Alarm:
    """One alarm that began so many minutes ago."""
    at_ms = NOW_MS - round(minutes * MINUTE_MS)
    active = state not in (S.RETURNED, S.NORMAL)
    return Alarm(
        rule=rule,
        place=place,
        state=state,
        priority=priority,
        active=active,
        occurred_ms=at_ms,
        changed_ms=at_ms,
        **more,
    )


def a_day(store: FakeStore) -> list[Alarm]:
    """One of each state, with three children beneath the worst."""
    site = [site_key(one.id) for one in store.of.sites]
    dark = store.of.sites[20].id
    worst = alarm("site-half-gone", site[20], S.UNACKNOWLEDGED, Priority.CRITICAL, 2, value=4.1e15, limit=2.2e17)
    children = [
        alarm("container-dead", container_key(dark, f"C0{n}"), S.UNACKNOWLEDGED, Priority.MEDIUM, 2, parent=worst.key)
        for n in (1, 2, 3)
    ]
    return [
        worst,
        alarm("site-inlet-hot", site[36], S.UNACKNOWLEDGED, Priority.HIGH, 9, value=43.4, limit=42.0),
        *children,
        alarm("site-board-hot", site[20], S.UNACKNOWLEDGED, Priority.MEDIUM, 21, value=101.2, limit=100.0),
        alarm("site-stale", site[24], S.UNACKNOWLEDGED, Priority.LOW, 12, value=7.0, limit=6.0),
        alarm("site-rate-limited", site[3], S.RETURNED, Priority.MEDIUM, 30),
        alarm("site-hashrate-low", site[5], S.ACKNOWLEDGED, Priority.LOW, 108, value=9e17, limit=1e18,
              acknowledged_by="operator 5", acknowledged_ms=NOW_MS - MINUTE_MS, note="boards ordered"),
        alarm("site-efficiency-poor", site[6], S.SHELVED, Priority.LOW, 240, value=27.9, limit=27.0,
              shelved_until_ms=NOW_MS + 42 * MINUTE_MS, shelf_reason="fan swap", acknowledged_by="operator 2"),
        alarm("site-hashrate-low", site[4], S.SUPPRESSED, Priority.LOW, 62, value=2e17, limit=1e18),
        alarm("site-clock-ahead", site[8], S.OUT_OF_SERVICE, Priority.LOW, 3000),
    ]  # fmt: skip


class Engine:
    """Takes what is asked, and answers only when the test says so."""

    def __init__(self) -> None:
        self.asked: list[AlarmRequest] = []
        self.attached = True

    def ask(self, request: AlarmRequest) -> bool:
        if self.attached:
            self.asked.append(request)
        return self.attached


def store_of_a_day() -> FakeStore:
    """The fake fleet with the shipped rules and a day's alarms."""
    store = FakeStore()
    store.rule_list = list(load_rules(None, resources()).rules)
    store.alarm_list = a_day(store)
    return store


def signed_in(live: LiveFleet, role: Role = Role.OPERATOR) -> tuple[LiveAlarms, Engine]:
    """The alarms of a fleet with somebody at the desk."""
    alarms, engine = LiveAlarms.of(live), Engine()
    alarms.use(engine.ask, Person("operator 2", role), "desk 2")
    alarms.load()
    return alarms, engine


def a_flood(store: FakeStore, count: int) -> list[Alarm]:
    """So many unacknowledged alarms at once, at containers of every site."""
    sites = [site.id for site in store.of.sites]
    return [
        alarm(
            ("container-dead", "container-inlet-hot")[number % 2],
            container_key(sites[number % len(sites)], f"C{number // len(sites):03d}"),
            S.UNACKNOWLEDGED,
            (Priority.MEDIUM, Priority.LOW)[number % 2],
            10 - number / count * 9,
        )
        for number in range(count)
    ]


def lines_of_a_month(store: FakeStore) -> list[AlarmChange]:
    """Some forty alarms a day for thirty days, each gone again after five minutes; newest first."""
    sites, made = [site.id for site in store.of.sites], []
    for number in range(1200):
        at_ms = NOW_MS - 30 * 86_400_000 + number * 2_160_000 + (number * 7919) % 900_000
        priority = Priority.LOW if number % 5 else Priority.MEDIUM if number % 20 else Priority.HIGH
        rule = store.rule_list[number % len(store.rule_list)]
        common = {"rule": rule.id, "place": site_key(sites[number % 44]), "priority": priority, "title": rule.title}
        made += [
            AlarmChange(at_ms=at_ms, event=AlarmEvent.OCCUR, before=S.NORMAL, after=S.UNACKNOWLEDGED,
                        number=2 * number, **common),
            AlarmChange(at_ms=at_ms + 300_000, event=AlarmEvent.CLEAR, before=S.UNACKNOWLEDGED, after=S.RETURNED,
                        number=2 * number + 1, **common),
        ]  # fmt: skip
    return sorted(made, key=lambda line: -line.at_ms)
