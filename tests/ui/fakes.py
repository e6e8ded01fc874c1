"""A fleet and a store in memory for tests of the screen: 44 sites with plausible, seeded figures."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from console.domain.account import Account
from console.domain.alarm import Alarm, AlarmState
from console.domain.alarm_change import AlarmChange, Flood, HistorySearch, Silence
from console.domain.alarm_rule import Rule
from console.domain.audit import Anchor, AuditRow
from console.domain.command import Preview
from console.domain.command_journal import Batch, CommandRecord, Phase
from console.domain.durations import MINUTE_MS
from console.domain.fleet_state import FleetNow, judge
from console.domain.link_state import Link, LinkState
from console.domain.metric import SIGNAL_INDEX, SIGNALS
from console.domain.note import Note
from console.domain.rollup import SiteRollup
from console.domain.roster import Miner, Roster
from console.domain.roster_columns import RosterColumns
from console.domain.series import Series
from console.domain.shared_serials import SharedSerials
from console.domain.site import Fleet, Ownership, Site, Source
from console.store.face import BackfillState, Event, MinerSeries, StoredColumn

NOW_MS = 1_795_357_927_000  # 2026-11-22 14:32:07 UTC, the moment of the mock-ups
REGIONS = (  # name, country, sites, share, centre, spread, zone
    ("North America", "United States of America", 17, 0.38, (36.0, -97.0), (6.0, 17.0), "America/Chicago"),
    ("East Africa", "Ethiopia", 12, 0.37, (8.5, 38.8), (2.8, 2.2), "Africa/Addis_Ababa"),
    ("Middle East", "Oman", 7, 0.15, (21.5, 55.5), (3.2, 3.0), "Asia/Muscat"),
    ("South America", "Paraguay", 6, 0.09, (-25.2, -56.0), (3.0, 3.2), "America/Asuncion"),
    ("Canada", "Canada", 2, 0.01, (53.5, -112.0), (2.0, 4.0), "America/Edmonton"),
)
MINERS_PER_HS = 1 / 141e12
CONTAINERS = 8


def fleet(per_region: float = 1.0, *, simulated: bool = False) -> Fleet:
    """The 44 sites; `per_region` multiplies the count of sites (200 sites: 4.6)."""
    noise = np.random.default_rng(44)
    sites = []
    for region, country, count, share, centre, spread, zone in REGIONS:
        count = max(1, round(count * per_region))
        weights = noise.uniform(0.5, 1.5, count)
        for number, weight in enumerate(weights / weights.sum(), 1):
            deployed = 50e18 * share * weight
            sites.append(
                Site(
                    id=f"{region.lower().replace(' ', '-')}-{number}",
                    name=f"{region} {number}",
                    region=region,
                    country=country,
                    latitude_deg=centre[0] + float(noise.uniform(-1, 1)) * spread[0],
                    longitude_deg=centre[1] + float(noise.uniform(-1, 1)) * spread[1],
                    time_zone=zone,
                    ownership=Ownership.HOSTED,
                    deployed_hs=deployed,
                    capacity_w=deployed / 1e12 * 24.0,
                    power_price_usd_per_mwh=75.8,
                    poll_period_s=30.0,
                    source=Source(adapter="siteapi"),
                )
            )
    return Fleet(name="Demo fleet", sites=tuple(sites), simulated=simulated)


def rollup(site: Site, at_ms: int, ratio: float = 0.93, curtailed: float = 0.0) -> SiteRollup:
    """A site at `ratio` of its deployed hashrate, `curtailed` of its machines resting on purpose."""
    values = np.full((1 + CONTAINERS, len(SIGNALS)), np.nan)
    running = ratio * (1 - curtailed)
    miners = max(CONTAINERS, round(site.deployed_hs * MINERS_PER_HS))
    whole = {
        "hashrate_hs": site.deployed_hs * running,
        "power_w": site.deployed_hs * running / 1e12 * 22.4,
        "meter_w": site.deployed_hs * running / 1e12 * 23.4,
        "board_c": 74.0,
        "inlet_c": 27.5,
        "miners": miners,
        "hashing": miners * running * 0.98,
        "degraded": miners * running * 0.02,
        "off": miners * (1 - ratio) * (1 - curtailed),
        "curtailed": miners * curtailed,
        "unknown": 0.0,
        "suspect": 0.0,
    }
    for name, value in whole.items():
        values[0, SIGNAL_INDEX[name]] = value
        adds = SIGNALS[SIGNAL_INDEX[name]].adds
        values[1:, SIGNAL_INDEX[name]] = value / CONTAINERS if adds else value
    values[0, SIGNAL_INDEX["deployed_hs"]] = site.deployed_hs
    return SiteRollup(site.id, at_ms, at_ms + 400, tuple(f"C{n:02d}" for n in range(1, CONTAINERS + 1)), values)


class FakeStore:
    """Both reader faces over made-up truth. Change `rollups_by_site` and `links_by_site` to tell another story."""

    def __init__(self, of: Fleet | None = None, now_ms: int = NOW_MS) -> None:
        self.of = of or fleet()
        self.now_ms = now_ms
        noise = np.random.default_rng(7)
        self.rollups_by_site = {
            site.id: rollup(site, now_ms - int(noise.integers(1, 20)) * 1000, float(noise.uniform(0.88, 0.95)))
            for site in self.of.sites
        }
        self.links_by_site = {site.id: good_link(site.id, now_ms) for site in self.of.sites}
        self.backfill_state: BackfillState | None = None
        self.heartbeat: int | None = now_ms
        self.event_list: list[Event] = []
        self.alarm_list: list[Alarm] = []
        self.change_list: list[AlarmChange] = []
        self.rule_list: list[Rule] = []
        self.note_list: list[Note] = []
        self.shared: dict[str, tuple[SharedSerials, ...]] = {}
        self.flood_now = Flood()
        self.silence_now: Silence | None = None
        self.records: dict[str, CommandRecord] = {}
        self.previews: dict[str, Preview] = {}
        self.batches_of: dict[str, list[Batch]] = {}
        self.audit_rows: list[AuditRow] = []
        self.anchor_list: list[Anchor] = []
        self.account_list: list[Account] = []

    @classmethod
    def troubled(cls, of: Fleet | None = None, now_ms: int = NOW_MS) -> FakeStore:
        """A day like the mock-ups': one site stale, one without link, one curtailed on purpose, one never seen."""
        store = cls(of, now_ms)
        stale, dark, resting, new = (store.of.sites[i] for i in (30, 40, 4, 22))
        store.rollups_by_site[stale.id] = rollup(stale, now_ms - 12 * MINUTE_MS)
        store.rollups_by_site[dark.id] = rollup(dark, now_ms - 94 * MINUTE_MS)
        store.links_by_site[dark.id] = LinkState(
            site_id=dark.id,
            adapter="siteapi",
            link=Link.DOWN,
            since_ms=now_ms - 93 * MINUTE_MS,
            last_ok_ms=now_ms - 94 * MINUTE_MS,
            last_try_ms=now_ms - 20_000,
            failures=188,
            error="no connection: connection refused",
            rung="gold",
        )
        store.rollups_by_site[resting.id] = rollup(resting, now_ms - 9000, curtailed=0.8)
        del store.rollups_by_site[new.id]
        return store

    def now(self) -> FleetNow:
        """The fleet judged at the store's own moment."""
        return judge(self.of, self.rollups_by_site, self.links_by_site, self.now_ms)

    # the telemetry face
    def rollups(self) -> Mapping[str, SiteRollup]:
        return dict(self.rollups_by_site)

    def series(self, place: str, signal: str, start_ms: int, end_ms: int, buckets: int = 2000) -> Series:
        """A level with noise, a one-minute dip and a ten-minute gap in each day; nothing after the newest sample."""
        step_ms = MINUTE_MS
        while (end_ms - start_ms) // step_ms > buckets:
            step_ms *= 4
        at_ms = np.arange(start_ms - start_ms % step_ms, end_ms, step_ms, dtype=np.int64)
        minute = at_ms // MINUTE_MS
        noise = np.random.default_rng(zlib.crc32(f"{place} {signal}".encode()))
        mean = self._level(place, signal) * (1 + 0.006 * noise.standard_normal(at_ms.size))
        mean = mean * (1 + 0.01 * np.sin(minute / 1440 * 2 * np.pi))
        mean[minute % 1440 == 700] *= 0.6
        mean[(minute % 1440 > 300) & (minute % 1440 < 310)] = np.nan
        mean[at_ms > (self.newest_ms() or 0)] = np.nan
        spread = 0.005 if step_ms > MINUTE_MS else 0.0  # one sample a minute is its own extreme
        low, high = mean * (1 - spread), mean * (1 + spread)
        return Series(
            place, signal, step_ms, at_ms, mean.astype(np.float32), low.astype(np.float32), high.astype(np.float32)
        )

    def _level(self, place: str, signal: str) -> float:
        now = self.now()
        kind, _, name = place.partition(":")
        if kind == "fleet":
            return now.total.value(signal)
        if kind == "region":
            return next(total.value(signal) for total in now.regions if total.place == place)
        value = now.site(name.split("/")[0]).value(signal)
        adds = SIGNALS[SIGNAL_INDEX[signal]].adds
        return value / CONTAINERS if kind == "container" and adds else value

    def roster(self, site_id: str) -> Roster | None:
        miners = tuple(Miner(f"m{n}", container=f"C{n % CONTAINERS + 1:02d}", rated_hs=141e12) for n in range(80))
        return Roster(site_id, "v1", miners)

    def ratings(self, site_id: str) -> RosterColumns | None:
        roster = self.roster(site_id)
        return None if roster is None else RosterColumns.of(roster)

    def column(self, site_id: str, metric: str, at_ms: int | None = None) -> StoredColumn | None:
        return StoredColumn(at_ms or self.now_ms, "v1", np.full(80, 1.4e14, dtype=np.float32))

    def miner_series(self, site_id: str, miner_id: str, metric: str, start_ms: int, end_ms: int) -> MinerSeries:
        at_ms = np.arange(start_ms, end_ms, MINUTE_MS, dtype=np.int64)
        return MinerSeries(at_ms, np.full(at_ms.shape, 1.4e14, dtype=np.float32))

    def newest_ms(self) -> int | None:
        return max((entry.at_ms for entry in self.rollups_by_site.values()), default=None)

    # the operations face
    def links(self) -> Mapping[str, LinkState]:
        return dict(self.links_by_site)

    def events(self, since_ms: int, most: int = 500) -> Sequence[Event]:
        return [event for event in self.event_list if event.at_ms >= since_ms][:most]

    def alarms(self, states: Sequence[AlarmState] | None = None) -> Sequence[Alarm]:
        return [alarm for alarm in self.alarm_list if states is None or alarm.state in states]

    def alarm_history(self, search: HistorySearch) -> Sequence[AlarmChange]:
        found = [line for line in self.change_list if search.start_ms <= line.at_ms < search.end_ms]
        wanted = search.text.lower()
        return [line for line in found if wanted in f"{line.title} {line.place} {line.who}".lower()][: search.most]

    def alarm_rules(self) -> Sequence[Rule]:
        return self.rule_list

    def flood(self) -> Flood:
        return self.flood_now

    def notes(self, place: str, machine: str = "", most: int = 200) -> Sequence[Note]:
        found = [note for note in self.note_list if note.place == place or (machine and note.machine == machine)]
        return sorted(found, key=lambda note: -note.at_ms)[:most]

    def shared_serials(self) -> Mapping[str, tuple[SharedSerials, ...]]:
        return self.shared

    def silence(self) -> Silence | None:
        return self.silence_now

    # the command part of it
    def commands(self, phases: Sequence[Phase] | None = None, most: int = 200) -> Sequence[CommandRecord]:
        wanted = [one for one in self.records.values() if phases is None or one.phase in phases]
        return sorted(wanted, key=lambda one: -one.command.at_ms)[:most]

    def command(self, command_id: str) -> CommandRecord | None:
        return self.records.get(command_id)

    def preview(self, command_id: str) -> Preview | None:
        return self.previews.get(command_id)

    def batches(self, command_id: str) -> Sequence[Batch]:
        return self.batches_of.get(command_id, [])

    def audit(self, after_seq: int = 0, most: int = 1000) -> Sequence[AuditRow]:
        return [row for row in self.audit_rows if row.seq > after_seq][:most]

    def audit_of(self, command_id: str) -> Sequence[AuditRow]:
        return [row for row in self.audit_rows if row.command_id == command_id]

    def audit_head(self) -> AuditRow | None:
        return self.audit_rows[-1] if self.audit_rows else None

    def anchors(self) -> Sequence[Anchor]:
        return self.anchor_list

    def accounts(self) -> Sequence[Account]:
        return self.account_list

    def backfill(self) -> BackfillState | None:
        return self.backfill_state

    def heartbeat_ms(self) -> int | None:
        return self.heartbeat

    def fleet(self) -> Fleet | None:
        return self.of


def good_link(site_id: str, now_ms: int = NOW_MS) -> LinkState:
    """A link that answers."""
    return LinkState(
        site_id=site_id,
        adapter="siteapi",
        link=Link.GOOD,
        since_ms=now_ms - 86_400_000,
        last_ok_ms=now_ms - 9000,
        last_try_ms=now_ms - 9000,
        latency_ms=84.0,
        polls=2880,
        rung="gold",
    )
