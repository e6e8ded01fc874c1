"""The alarm engine: roll-ups, links and the clock in, moved alarms out. Knows no store, no thread and no clock.

Values are judged when a sample arrives, and only then: a stale site's value alarms stay as they are, and that it is
stale, or has no link, is an alarm of its own beside them (R26).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from console.domain.alarm import Alarm
from console.domain.alarm_flood import FloodWatch
from console.domain.alarm_rule import Level, Rule
from console.domain.alarm_signals import EVENT, STATE_OF_THE_LINK, Columns, Values
from console.domain.durations import MINUTE_MS
from console.domain.fleet_state import NO_LINK, FleetNow, SiteNow, TotalNow, judge
from console.domain.link_state import Link, LinkState
from console.domain.metric import SIGNALS
from console.domain.place import FLEET, container_key, region_key, site_key, site_of
from console.domain.rollup import SiteRollup
from console.domain.site import Fleet
from console.operate.alarms.book import AlarmBook
from console.operate.alarms.machines import MachinePlaces, Machines, Names
from console.operate.alarms.watch import Moment, PlacesWatch, Turn

LATE_MS = 5 * MINUTE_MS  # a sample that much older than the last is no late one: a clock was set back
LONGEST_TICK_MS = 30_000  # a longer pause between two ticks was sleep, or a clock that jumped (T34)
GONE = "its rule or its site is gone"


@dataclass(slots=True)
class _SiteWatch:
    """The value rules of one site: over itself, its containers as the last roll-up named them, and its machines."""

    site: PlacesWatch
    inside: PlacesWatch | None = None
    containers: tuple[str, ...] = ()
    machines: PlacesWatch | None = None
    roster: str = ""
    last_ms: int = 0


@dataclass(slots=True)
class Seen:
    """The newest of what was measured, for the totals and the ages."""

    rollups: dict[str, SiteRollup] = field(default_factory=dict)
    ahead_s: dict[str, float] = field(default_factory=dict)
    hashing: set[str] = field(default_factory=set)  # sites that told a hashrate, once at least

    def take(self, rollup: SiteRollup, ahead_s: float) -> None:
        """A new sample is the newest."""
        self.rollups[rollup.site_id] = rollup
        self.ahead_s[rollup.site_id] = ahead_s
        self._note(rollup)

    def __post_init__(self) -> None:
        for rollup in self.rollups.values():
            self._note(rollup)

    def _note(self, rollup: SiteRollup) -> None:
        if np.isfinite(rollup.site_value("hashrate_hs")):
            self.hashing.add(rollup.site_id)

    def hashrate_untold(self, rollup: SiteRollup) -> float:
        """1 where a sample holds no hashrate of a site that told one before, else 0; NaN where none is expected."""
        if rollup.site_id not in self.hashing:
            return np.nan
        return float(not np.isfinite(rollup.site_value("hashrate_hs")))


class AlarmEngine:
    """All rules over one fleet. Not thread-safe; `book` is what moved, and takes what people ask for."""

    def __init__(
        self,
        fleet: Fleet,
        rules: Sequence[Rule],
        alarms: Iterable[Alarm] = (),
        flood: FloodWatch | None = None,
        rollups: Mapping[str, SiteRollup] | None = None,
        names: Names = lambda site_id, version: None,
    ) -> None:
        self._fleet, self._names = fleet, names
        self._rules = tuple(rule for rule in rules if rule.signal != EVENT)  # those that are watched
        self.book = AlarmBook(rules, {site.id: site.region for site in fleet.sites}, alarms, flood)
        self._seen = Seen(dict(rollups or {}))
        sites = self._at(Level.SITE)
        values = [rule for rule in sites if rule.signal not in STATE_OF_THE_LINK]
        self._of_site = {site.id: _SiteWatch(self._watch(values, [site_key(site.id)])) for site in fleet.sites}
        self._links = self._watch(
            [rule for rule in sites if rule.signal in STATE_OF_THE_LINK], [site_key(site.id) for site in fleet.sites]
        )
        self._regions = self._watch(self._at(Level.REGION), [region_key(region) for region in fleet.regions()])
        self._whole = self._watch(self._at(Level.FLEET), [FLEET])
        self._ticked_ms: int | None = None

    def _at(self, level: Level) -> list[Rule]:
        return [rule for rule in self._rules if rule.level is level]

    def _watch(self, rules: Sequence[Rule], places: Sequence[str]) -> PlacesWatch:
        wanted = {rule.id for rule in rules}
        active: dict[str, set[str]] = {}
        for alarm in self.book.alarms():
            if alarm.active and alarm.rule in wanted:
                active.setdefault(alarm.rule, set()).add(alarm.place)
        return PlacesWatch(rules, places, active)

    def resume(self, at_ms: int) -> None:
        """After a restart: alarms of rules and sites that are gone end, those of worse rules escalate."""
        known = {site.id for site in self._fleet.sites}
        for alarm in self.book.alarms():
            rule = self.book.rules.get(alarm.rule)
            site = site_of(alarm.place)
            if rule is None or (site is not None and site not in known):
                self.book.retire(alarm.key, at_ms, GONE)
            elif alarm.active and rule.priority > alarm.priority:
                self.book.begin(alarm.rule, alarm.place, at_ms, alarm.value, alarm.limit)

    def sample(self, rollup: SiteRollup, ahead_s: float = 0.0, machines: Machines | None = None) -> None:
        """A site's new roll-up, and the frame behind it where rules watch machines.

        One that is older than the last changes nothing, unless a clock was set back.
        """
        of_site = self._of_site.get(rollup.site_id)
        if of_site is None:
            return
        self._seen.take(rollup, ahead_s)
        at_ms = rollup.at_ms
        if of_site.last_ms - LATE_MS < at_ms <= of_site.last_ms:
            return
        if at_ms < of_site.last_ms:
            of_site.site.restart(at_ms)
            of_site.inside = of_site.machines = None
        of_site.last_ms = at_ms
        if of_site.inside is None or of_site.containers != rollup.containers:
            self._meet(of_site, rollup)
        self._move(of_site.site.step(self._site_columns(rollup), at_ms), at_ms)
        if of_site.inside is not None:
            self._move(of_site.inside.step(_columns(rollup.values[1:]), at_ms), at_ms)
        if machines is not None and self._at(Level.MINER):
            self._machines(of_site, machines, at_ms)

    def _site_columns(self, rollup: SiteRollup) -> Columns:
        """What the sample holds of the site as a whole, and what is known of it besides."""
        known = {
            "capacity_w": self._fleet.site(rollup.site_id).capacity_w,
            "hashrate_untold": self._seen.hashrate_untold(rollup),
        }
        return _columns(rollup.values[:1]) | {name: np.array([value]) for name, value in known.items()}

    def _machines(self, of_site: _SiteWatch, machines: Machines, at_ms: int) -> None:
        """Every machine of a site; with another roster the watch begins anew, and alarms of machines gone end."""
        frame = machines.frame
        if of_site.machines is None or of_site.roster != frame.roster_version:
            rules, size = self._at(Level.MINER), machines.index.row.size
            places = MachinePlaces(frame.site_id, frame.roster_version, size, self._names)
            of_site.machines, of_site.roster = self._watch(rules, places), frame.roster_version
            self._end_gone({rule.id for rule in rules}, frame.site_id, places, at_ms)
        self._move(of_site.machines.step(machines.columns(), at_ms), at_ms)

    def _end_gone(self, rules: set[str], site_id: str, places: Sequence[str], at_ms: int) -> None:
        mine = [alarm for alarm in self.book.alarms() if alarm.rule in rules and site_of(alarm.place) == site_id]
        here = set(places) if mine else set()
        for alarm in mine:
            if alarm.place not in here:
                self.book.end(alarm.rule, alarm.place, at_ms, note="the machine is gone")

    def _meet(self, of_site: _SiteWatch, rollup: SiteRollup) -> None:
        """The site has other containers than before: alarms of those that are gone end."""
        places = [container_key(rollup.site_id, name) for name in rollup.containers]
        for gone in {container_key(rollup.site_id, name) for name in of_site.containers} - set(places):
            for rule in self._at(Level.CONTAINER):
                self.book.end(rule.id, gone, rollup.at_ms, note="the container is gone")
        of_site.containers = rollup.containers
        of_site.inside = self._watch(self._at(Level.CONTAINER), places)

    def raise_event(self, rule_id: str, place: str, at_ms: int, text: str, goes_on: bool = False) -> bool:
        """Something happened at a place that a rule of signal `event` is for; each time it asks anew.

        What `goes_on` has other words by now and asks anew only where it does not stand: one happening is one alarm.
        False where no such rule holds: a profile may leave it out.
        """
        rule = self.book.rules.get(rule_id)
        if rule is None or rule.signal != EVENT:
            return False
        if goes_on and self.book.retell(rule_id, place, text):
            return True
        self.book.end(rule_id, place, at_ms)
        self.book.begin(rule_id, place, at_ms, None, None, text)
        return True

    def clear_event(self, rule_id: str, place: str, at_ms: int, text: str = "") -> None:
        """It is over; nothing where it did not stand."""
        self.book.end(rule_id, place, at_ms, note=text)

    def tick(self, now_ms: int, links: Mapping[str, LinkState], stalled_s: float = float("nan")) -> None:
        """Look at links, ages and totals as of `now_ms`; about once a second. `stalled_s`: no back-fill progress."""
        now = judge(self._fleet, self._seen.rollups, links, now_ms)
        if self._ticked_ms is not None and not -1000 <= now_ms - self._ticked_ms <= LONGEST_TICK_MS:
            for watch in (self._links, self._regions, self._whole):
                watch.restart(now_ms)
        self._ticked_ms = now_ms
        self._move(self._links.step(self._link_columns(now), now_ms), now_ms)
        self._move(self._regions.step(_totals(now.regions), now_ms), now_ms)
        target_hs = self._fleet.target_ratio * now.total.told_hs  # who is not heard is missing, not at zero
        own = {"target_hs": np.array([target_hs]), "backfill_stalled_s": np.array([stalled_s])}
        self._move(self._whole.step(_totals((now.total,)) | own, now_ms), now_ms)
        self.book.tick(now_ms)

    def _link_columns(self, now: FleetNow) -> Columns:
        def of_each(tell: Callable[[SiteNow], float]) -> Values:
            return np.array([tell(entry) for entry in now.sites], dtype=np.float64)

        def is_link(*words: Link) -> Values:
            return of_each(lambda entry: np.nan if entry.link.link is Link.NEVER else float(entry.link.link in words))

        return {
            "no_link": is_link(*NO_LINK),
            "refused": is_link(Link.REFUSED),
            "broken": is_link(Link.BROKEN),
            "limited": is_link(Link.LIMITED),
            "age_periods": of_each(lambda entry: _age_periods(entry, now.now_ms)),
            "clock_ahead_s": of_each(lambda entry: self._seen.ahead_s.get(entry.site.id, np.nan)),
        }

    def _move(self, moments: Iterable[Moment], at_ms: int) -> None:
        """Suppressions and ends first, then beginnings, causes before what they explain."""
        for moment in sorted(moments, key=self._order):
            if moment.turn is Turn.BEGIN:
                self.book.begin(moment.rule, moment.place, at_ms, moment.value, moment.limit)
            elif moment.turn is Turn.END:
                self.book.end(moment.rule, moment.place, at_ms)
            elif moment.turn is Turn.SUPPRESS:
                self.book.suppress(moment.rule, moment.place, at_ms)
            else:
                self.book.unsuppress(moment.rule, moment.place, at_ms)

    def _order(self, moment: Moment) -> tuple[bool, int]:
        return moment.turn is Turn.BEGIN, len(self.book.family.causes(moment.rule, moment.place))


def _age_periods(entry: SiteNow, now_ms: int) -> float:
    """The age of the newest sample in poll periods; NaN before the first one."""
    if entry.at_ms is None:
        return float("nan")
    return max(0, now_ms - entry.at_ms) / 1000 / entry.site.poll_period_s


def _columns(values: Values) -> dict[str, Values]:
    """Rows of a roll-up, shape (places, SIGNALS), as one column a signal."""
    return {signal.name: values[:, position] for position, signal in enumerate(SIGNALS)}


def _totals(totals: Sequence[TotalNow]) -> dict[str, Values]:
    if not totals:
        return {}
    return _columns(np.array([total.values for total in totals])) | {
        "sites": np.array([float(total.sites) for total in totals]),
        "sites_fresh": np.array([float(total.fresh) for total in totals]),
    }
