"""Sources that answer, hang, lie and quit, and a store in memory: what the collector's tests are played against."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from console.adapters.base import Deadline
from console.domain.frame import Frame, HistoryChunk, Reading, minute_of
from console.domain.link_state import LinkState
from console.domain.metric import SIGNALS
from console.domain.place import site_key
from console.domain.rollup import SiteRollup
from console.domain.roster import Miner, Roster
from console.domain.series import Series
from console.domain.site import Fleet, Ownership, Site, Source
from console.store.face import BackfillState, Event

MINUTE = 60_000


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


def make_site(number: int = 1, period_s: float = 30.0, region: str = "North", deployed_hs: float = 4e14) -> Site:
    return Site(
        id=f"site-{number}",
        name=f"Site {number}",
        region=region,
        country="XX",
        latitude_deg=0.0,
        longitude_deg=0.0,
        time_zone="UTC",
        ownership=Ownership.HOSTED,
        deployed_hs=deployed_hs,
        capacity_w=1e6,
        power_price_usd_per_mwh=50.0,
        poll_period_s=period_s,
        source=Source("fake"),
    )


def make_fleet(sites: int = 3, period_s: float = 30.0) -> Fleet:
    return Fleet(name="Test", sites=tuple(make_site(number, period_s) for number in range(1, sites + 1)))


def make_roster(site_id: str, miners: int = 4, version: str = "v1", containers: int = 2) -> Roster:
    machines = tuple(
        Miner(id=f"{site_id}-m{number}", container=f"C{number % containers}", rated_hs=1e14) for number in range(miners)
    )
    return Roster(site_id, version, machines)


def make_reading(
    site_id: str, at_ms: int, roster: Roster | None = None, miners: int = 4, version: str = "v1"
) -> Reading:
    columns = {
        "hashrate_hs": np.full(miners, 1e14, dtype=np.float32),
        "power_w": np.full(miners, 3000.0, dtype=np.float32),
    }
    return Reading(Frame(site_id, at_ms, at_ms, version, columns), roster)


class FakeSession:
    """A session whose `read` does what it is told, by default a good answer with the roster at first."""

    def __init__(self, site: Site, behave: Callable[[Site, Deadline], Reading] | None = None) -> None:
        self.site, self.behave, self.reads, self.closed = site, behave, 0, False
        self.began_s: list[float] = []

    def read(self, deadline: Deadline) -> Reading:
        self.reads += 1
        self.began_s.append(time.monotonic())
        if self.behave is not None:
            return self.behave(self.site, deadline)
        roster = make_roster(self.site.id) if self.reads == 1 else None
        return make_reading(self.site.id, wall_ms(), roster)

    def close(self) -> None:
        self.closed = True


class FakeHistory(FakeSession):
    """A session with a past: one value a minute."""

    asked: list[tuple[str, int, int]]

    def __init__(self, site: Site, asked: list[tuple[str, int, int]], pause_s: float = 0.0) -> None:
        super().__init__(site)
        self.asked, self.pause_s = asked, pause_s

    def history(self, start_ms: int, end_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
        deadline.remaining_s()
        self.asked.append((self.site.id, start_ms, end_ms))
        time.sleep(self.pause_s)
        at_ms = np.arange(start_ms, end_ms, MINUTE, dtype=np.int64)
        yield HistoryChunk(site_key(self.site.id), 60, at_ms, {"hashrate_hs": np.full(at_ms.size, 4e14)})


class FakeStore:
    """Both faces in memory, with the store's rule: a site's minute is written once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.minutes: dict[tuple[str, int], SiteRollup] = {}
        self.past: dict[str, set[int]] = {}
        self.totals: list[tuple[int, int]] = []
        self.link_states: dict[str, LinkState] = {}
        self.event_list: list[Event] = []
        self.beats: list[int] = []
        self.state: BackfillState | None = None
        self.rosters: dict[str, Roster] = {}
        self.threads: set[str] = set()
        self.broken: Exception | None = None

    def _enter(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.broken is not None:
            raise self.broken

    def put_reading(self, frame: Frame, roster: Roster | None, rollup: SiteRollup) -> bool:
        self._enter()
        if roster is not None:
            self.rosters[frame.site_id] = roster
        key = (frame.site_id, minute_of(frame.at_ms))
        with self.lock:
            if key in self.minutes:
                return False
            self.minutes[key] = rollup
        return True

    def put_history(self, chunks: Sequence[HistoryChunk]) -> int:
        self._enter()
        new = 0
        for chunk in chunks:
            known = self.past.setdefault(chunk.place, set())
            fresh = set(chunk.at_ms.tolist()) - known
            known |= fresh
            new += len(fresh)
        return new

    def refresh_totals(self, fleet: Fleet, start_ms: int, end_ms: int) -> None:
        self._enter()
        self.totals.append((start_ms, end_ms))

    def put_link(self, state: LinkState) -> None:
        self._enter()
        self.link_states[state.site_id] = state

    def put_event(self, event: Event) -> None:
        self._enter()
        self.event_list.append(event)

    def put_backfill(self, state: BackfillState) -> None:
        self._enter()
        self.state = state

    def put_heartbeat(self, at_ms: int) -> None:
        self._enter()
        self.beats.append(at_ms)

    def put_fleet(self, fleet: Fleet) -> None:
        self._enter()

    def rollups(self) -> Mapping[str, SiteRollup]:
        with self.lock:
            newest: dict[str, SiteRollup] = {}
            for (site_id, _), rollup in sorted(self.minutes.items()):
                newest[site_id] = rollup
        return newest

    def series(self, place: str, signal: str, start_ms: int, end_ms: int, buckets: int = 2000) -> Series:
        at_ms = np.arange(minute_of(start_ms), end_ms, MINUTE, dtype=np.int64)
        known = self.past.get(place, set()) | {
            minute for (site_id, minute) in self.minutes if site_key(site_id) == place
        }
        mean = np.array([1.0 if moment in known else np.nan for moment in at_ms.tolist()], dtype=np.float32)
        return Series(place, signal, MINUTE, at_ms, mean, mean, mean)


def empty_values(containers: int = 0) -> np.ndarray:
    return np.full((1 + containers, len(SIGNALS)), np.nan)
