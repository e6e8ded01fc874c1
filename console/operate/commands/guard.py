"""Judges each batch of a running command again right before it leaves, and says when that may be; sends nothing.

What was sent may not have shown yet: a batch must keep to the limits both by what is measured now and by what must
come of everything that was sent before it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from console.domain.command import MOVES_POWER, Command, PreviewTarget, Verb
from console.domain.command_journal import Batch
from console.domain.interlock import SitePlan, judge
from console.domain.machines_now import MachinesNow
from console.domain.ramp import RampLedger
from console.domain.site import Fleet, Site
from console.operate.commands.book import REQUESTED_CODE, CommandBook
from console.operate.commands.reads import FreshReads

FRESHEN_S = 6.0  # how long a batch waits for a site that has gone stale meanwhile
RUNNING_CHANGE = {Verb.CURTAIL: -1, Verb.SLEEP_SCHEDULE: -1, Verb.RESUME: 1}  # machines on, for each that is told


class Ramps:
    """What was switched at every site in the last minute, by whichever command; safe from any thread."""

    def __init__(self) -> None:
        self._ledgers: dict[str, RampLedger] = {}
        self._lock = threading.Lock()

    def earliest_s(self, site: Site, from_s: float, swing_w: float) -> float:
        """The first moment from `from_s` on that has room for so much."""
        with self._lock:
            ledger = self._ledgers.setdefault(site.id, RampLedger())
            return ledger.earliest_s(from_s, swing_w, site.limits_in_force.ramp_w_per_min)

    def note(self, site: Site, at_s: float, swing_w: float) -> None:
        """So much is switched now."""
        with self._lock:
            self._ledgers.setdefault(site.id, RampLedger()).note(at_s, swing_w)


@dataclass(frozen=True, slots=True)
class Guards:
    """What every running command is guarded with."""

    fleet: Fleet
    book: CommandBook
    reads: FreshReads
    ramps: Ramps
    now_s: Callable[[], float] = time.monotonic


@dataclass(slots=True)
class _Stand:
    """One site since its first batch: what it drew and how many hashed then, and what was sent since."""

    site_w: float
    running: int
    sent_w: float = 0.0
    sent_machines: int = 0
    next_s: float = 0.0


class Guard:
    """For one command while one thread sends it."""

    def __init__(self, guards: Guards, command: Command) -> None:
        self._guards, self._command = guards, command
        self._stands: dict[str, _Stand] = {}

    def next_of(self, unsent: Sequence[Batch]) -> tuple[Batch, float]:
        """Of the first unsent batch of each site the one that may leave soonest, and when (seconds of `now_s`)."""
        return min(((batch, self._due_s(batch)) for batch in _firsts(unsent)), key=lambda pair: pair[1])

    def why_not(self, batch: Batch) -> str:
        """Why a batch must not leave now, in words: its site is stale, or an interlock says no (T6, R36)."""
        command, guards = self._command, self._guards
        site = guards.fleet.site(batch.site_id)
        now, stale = self._read(site)
        if now is None or (stale and not command.emergency):
            return f"not sent: {site.name} is stale, {stale}"
        if others := guards.book.others(site.id, frozenset({command.id, command.takes_back})):
            return f"not sent: {others}"
        stand = self._stands.setdefault(site.id, _Stand(now.site_w, int(np.count_nonzero(now.running))))
        limits = {site.id: site.limits_in_force}
        checks = judge(command, self._plans(batch, site, stand, now), limits, guards.book.wall_ms())
        failed = [f"{check.name.lower()}, {check.detail}" for check in checks if not check.passed]
        return f"not sent: {failed[0]}" if failed else ""

    def note_sent(self, batch: Batch) -> None:
        """It leaves now."""
        guards, stand = self._guards, self._stands[batch.site_id]
        now_s = guards.now_s()
        guards.ramps.note(guards.fleet.site(batch.site_id), now_s, self._swing_w(batch))
        stand.sent_w += batch.delta_w
        stand.sent_machines += len(requested(batch))
        stand.next_s = now_s + guards.fleet.command_rules.batch_gap_s

    def _read(self, site: Site) -> tuple[MachinesNow | None, str]:
        reads = self._guards.reads
        now = reads.now(site.id)
        stale = reads.too_old(site, now)
        if stale:
            now = reads.fetch([site.id], FRESHEN_S).get(site.id) or reads.last(site.id)
            stale = reads.too_old(site, now)
        return now, stale

    def _due_s(self, batch: Batch) -> float:
        stand, site = self._stands.get(batch.site_id), self._guards.fleet.site(batch.site_id)
        from_s = max(self._guards.now_s(), stand.next_s if stand else 0.0)
        return self._guards.ramps.earliest_s(site, from_s, self._swing_w(batch))

    def _swing_w(self, batch: Batch) -> float:
        """What counts for the ramp: the change; of a reboot, which takes everything away for a while, all of it."""
        if self._command.verb is not Verb.REBOOT:
            return abs(batch.delta_w)
        now = self._guards.reads.now(batch.site_id)
        return 0.0 if now is None else float(np.nansum(now.power_w[now.roster.rows(batch.machines)]))

    def _plans(self, batch: Batch, site: Site, stand: _Stand, now: MachinesNow) -> list[SitePlan]:
        """The batch upon what is measured, and upon what was sent before."""
        machines, change = requested(batch), RUNNING_CHANGE.get(self._command.verb, 0)
        target = PreviewTarget(
            site_id=site.id,
            name=site.name,
            machines=machines,
            power_now_w=0.0,
            power_asked_w=batch.delta_w,
            hashrate_now_hs=0.0,
            hashrate_asked_hs=0.0,
            measured_ms=now.at_ms,
        )
        steep_w = abs(batch.delta_w) if self._command.verb in MOVES_POWER else 0.0
        running = int(np.count_nonzero(now.running)) + change * len(machines)
        after = stand.running + change * (stand.sent_machines + len(machines))
        return [
            SitePlan(target, now.site_w, running, 60.0, steep_w),
            SitePlan(target, stand.site_w + stand.sent_w, after, 60.0, steep_w),
        ]


def requested(batch: Batch) -> tuple[str, ...]:
    """The machines of a batch that were not asked yet."""
    return tuple(name for name, code in zip(batch.machines, batch.states, strict=True) if code == REQUESTED_CODE)


def _firsts(unsent: Sequence[Batch]) -> Iterator[Batch]:
    """The first batch of each site."""
    seen: set[str] = set()
    for batch in unsent:
        if batch.site_id not in seen:
            seen.add(batch.site_id)
            yield batch
