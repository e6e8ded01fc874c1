"""Runs polls in threads of their own under a total deadline, so that no site can ever hold up another.

A thread for each poll under way, never a bounded pool: a pool fills with the sites that hang. A poll that outlives
its deadline is given up: its site is SLOW at once, its thread counts as abandoned and its late answer is thrown away.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from console.adapters.base import Deadline, Reader
from console.collect.arrival import Arrival, accept
from console.collect.crew import Crew
from console.collect.link_book import Outcome
from console.domain.errors import BadAnswer, SourceError, TooSlow
from console.domain.rollup import RosterIndex
from console.domain.site import Site

DEADLINE_SHARE = 0.8  # of the poll period
DEADLINE_CAP_S = 20.0
GRACE_S = 0.25  # an adapter that keeps its deadline gets this long to say so itself
MOST_ABANDONED = 2  # threads a site may leave hanging before it is polled no more until one of them ends


def deadline_s(period_s: float) -> float:
    """The total time one poll may take."""
    return min(period_s * DEADLINE_SHARE, DEADLINE_CAP_S)


@dataclass(slots=True, eq=False)
class _Watch:
    """What is kept open of one site. A new one takes over when a thread is abandoned with the old one's session."""

    site: Site
    index: RosterIndex | None
    reader: Reader | None = None


@dataclass(slots=True, eq=False)
class _Ticket:
    """One poll under way."""

    watch: _Watch
    began_ms: int
    began_s: float
    given_up_s: float
    abandoned: bool = False


class Poller:
    """Starts polls and collects their outcomes; `start`, `outcomes` and `close` belong to the collector's loop.

    `open_session` makes the adapter's session of a site. `deliver` hands an arrival to the store's thread and is
    called from poll threads: it must block no longer than the seconds it is given. `known_index` gives the index
    of the roster that the store holds of a site, `kept_digest` the fingerprint of one by its version, or None.
    """

    def __init__(
        self,
        sites: Iterable[Site],
        open_session: Callable[[Site], Reader],
        deliver: Callable[[Arrival, float], None],
        known_index: Callable[[str], RosterIndex | None],
        wall_ms: Callable[[], int],
        kept_digest: Callable[[str, str], str | None] = lambda site_id, version: None,
    ) -> None:
        self._kept_digest = kept_digest
        self._open_session, self._deliver, self._known_index = open_session, deliver, known_index
        self._wall_ms = wall_ms
        self._watches = {site.id: _Watch(site, None) for site in sites}
        self._under_way: dict[str, _Ticket] = {}
        self._hanging: dict[str, int] = dict.fromkeys(self._watches, 0)
        self._done: queue.SimpleQueue[tuple[_Ticket, Outcome]] = queue.SimpleQueue()
        self._crew = Crew("poll")
        self.woken = threading.Event()

    def start(self, site_id: str) -> None:
        """Begin one poll of a site in a thread that does nothing else meanwhile."""
        watch, now_s = self._watches[site_id], time.monotonic()
        limit_s = deadline_s(watch.site.poll_period_s)
        ticket = _Ticket(watch, self._wall_ms(), now_s, now_s + limit_s + GRACE_S)
        self._under_way[site_id] = ticket
        if self._hanging[site_id] >= MOST_ABANDONED:
            error = TooSlow(f"{self._hanging[site_id]} former polls still hang; not asked again until one ends")
            self._finish(ticket, error=error)
            return
        self._crew.give(partial(self._work, ticket, Deadline.after(limit_s)))

    def outcomes(self) -> list[Outcome]:
        """Every poll that ended or ran out of time since the last call."""
        self.woken.clear()
        ended: list[Outcome] = []
        while True:
            try:
                ticket, outcome = self._done.get_nowait()
            except queue.Empty:
                break
            if ticket.abandoned:
                self._hanging[outcome.site_id] -= 1
            else:
                del self._under_way[outcome.site_id]
                ended.append(outcome)
        return ended + self._overdue()

    def next_deadline_s(self) -> float:
        """When the first poll under way runs out of time (monotonic seconds); infinity when none is under way."""
        return min((ticket.given_up_s for ticket in self._under_way.values()), default=float("inf"))

    def abandoned(self) -> int:
        """How many threads hang in adapters that keep no deadline."""
        return sum(self._hanging.values())

    def close(self) -> None:
        """Close the sessions that no thread is using; those in use die with the process."""
        self._crew.close()
        busy = {id(ticket.watch) for ticket in self._under_way.values()}
        for watch in self._watches.values():
            if id(watch) not in busy:
                _close(watch)

    def _overdue(self) -> list[Outcome]:
        now_s = time.monotonic()
        late = [site_id for site_id, ticket in self._under_way.items() if ticket.given_up_s <= now_s]
        outcomes = []
        for site_id in late:
            ticket = self._under_way.pop(site_id)
            ticket.abandoned = True
            self._hanging[site_id] += 1
            self._watches[site_id] = _Watch(ticket.watch.site, ticket.watch.index)
            outcomes.append(self._outcome(ticket, error=TooSlow("no complete answer within the poll's deadline")))
        return outcomes

    def _work(self, ticket: _Ticket, deadline: Deadline) -> None:
        """The whole of one poll, in its thread; never raises."""
        try:
            arrival = self._read(ticket.watch, deadline)
            if not ticket.abandoned:
                self._deliver(arrival, max(0.0, deadline.ends_at_s - time.monotonic()))
            self._finish(ticket, arrival=arrival)
        except BaseException as error:  # noqa: BLE001 - an adapter is foreign code: not even SystemExit ends us
            _forget_session_after(error, ticket.watch)
            self._finish(ticket, error=error)
        if ticket.abandoned:
            _close(ticket.watch)

    def _read(self, watch: _Watch, deadline: Deadline) -> Arrival:
        if watch.reader is None:
            watch.reader = self._open_session(watch.site)
        reading = watch.reader.read(deadline)
        received_ms = self._wall_ms()
        if watch.index is None and reading.roster is None:
            watch.index = self._known_index(watch.site.id)
        arrival = accept(watch.site, watch.index, reading, received_ms, partial(self._kept_digest, watch.site.id))
        watch.index = arrival.index
        return arrival

    def _finish(self, ticket: _Ticket, arrival: Arrival | None = None, error: BaseException | None = None) -> None:
        self._done.put((ticket, self._outcome(ticket, arrival, error)))
        self.woken.set()

    def _outcome(self, ticket: _Ticket, arrival: Arrival | None = None, error: BaseException | None = None) -> Outcome:
        return Outcome(
            site_id=ticket.watch.site.id,
            began_ms=ticket.began_ms,
            ended_ms=self._wall_ms(),
            latency_ms=(time.monotonic() - ticket.began_s) * 1000,
            at_ms=arrival.rollup.at_ms if arrival else None,
            ahead_s=arrival.ahead_s if arrival else 0.0,
            error=error,
        )


def _forget_session_after(error: BaseException, watch: _Watch) -> None:
    """After an answer that cannot be trusted the session starts anew, so that it brings its roster again."""
    if isinstance(error, BadAnswer) or not isinstance(error, SourceError):
        _close(watch)


def _close(watch: _Watch) -> None:
    reader, watch.reader = watch.reader, None
    if reader is None:
        return
    try:
        reader.close()
    except BaseException:  # noqa: BLE001 - foreign code again; a session that cannot be closed is dropped
        return
