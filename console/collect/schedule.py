"""Knows when each site is to be polled next; pure state over seconds that the caller gives, no clock and no threads.

A site keeps a phase of its own, by a hash of its id, so that a fleet spreads over the period instead of arriving
in one burst, and keeps it over restarts. What one site does never moves another site's time.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterable
from dataclasses import dataclass

from console.domain.site import Site

FIRST_ROUND_S = 5.0  # at start and after sleep every site is asked within this, in the order of its phase
BACKOFF_CAP_PERIODS = 4.0  # a dead site is asked at least this often
BACKOFF_JITTER = 0.2  # a wait after failures varies by this share, so that sites that fell together rise apart
RETRY_AFTER_CAP_S = 900.0  # a source may not send us away for longer than this
REFRESH_GAP_S = 2.0  # an operator's "poll now" comes no sooner than this after the last poll began


def phase_of(site_id: str) -> float:
    """A stable number in [0, 1) for a site id, evenly spread over ids."""
    return int.from_bytes(hashlib.sha256(site_id.encode()).digest()[:8]) / 2**64


@dataclass(slots=True)
class _Turn:
    """One site's place in the schedule."""

    period_s: float
    phase_s: float
    due_s: float
    began_s: float = -math.inf
    running: bool = False
    failures: int = 0
    banned_until_s: float = -math.inf


class Schedule:
    """One schedule for all sites. Not thread-safe: the collector's loop alone holds it.

    All moments are seconds on one clock that never goes back (`time.monotonic`).
    """

    def __init__(self, sites: Iterable[Site], now_s: float, noise: random.Random) -> None:
        self._origin_s = now_s
        self._noise = noise
        self._turns = {
            site.id: _Turn(site.poll_period_s, phase_of(site.id) * site.poll_period_s, now_s) for site in sites
        }
        self._spread(now_s)

    def due(self, now_s: float) -> tuple[str, ...]:
        """The sites to poll now, longest due first; each counts as running until `succeeded` or `failed`."""
        ready = [(turn.due_s, site_id) for site_id, turn in self._turns.items() if turn.due_s <= now_s]
        started = tuple(site_id for _, site_id in sorted(ready) if not self._turns[site_id].running)
        for site_id in started:
            turn = self._turns[site_id]
            turn.running, turn.began_s = True, now_s
        return started

    def next_due_s(self) -> float:
        """When the next site that is not running falls due; infinity when all run."""
        return min((turn.due_s for turn in self._turns.values() if not turn.running), default=math.inf)

    def succeeded(self, site_id: str, now_s: float) -> None:
        """The running poll brought an answer: back to the site's own grid."""
        turn = self._turns[site_id]
        turn.running, turn.failures, turn.banned_until_s = False, 0, -math.inf
        turn.due_s = self._next_tick(turn, max(now_s, turn.began_s + turn.period_s / 2))

    def failed(self, site_id: str, now_s: float, retry_after_s: float | None = None) -> None:
        """The running poll failed: the first time wait one period, then twice as long each time, up to the cap.

        `retry_after_s` is the source's own word and is waited for in full, up to its own cap.
        """
        turn = self._turns[site_id]
        turn.running = False
        turn.failures += 1
        periods = min(2.0 ** min(turn.failures - 1, 8), BACKOFF_CAP_PERIODS)
        wait_s = turn.period_s * periods * self._noise.uniform(1 - BACKOFF_JITTER, 1)
        if retry_after_s is not None and math.isfinite(retry_after_s):
            asked_s = min(max(0.0, retry_after_s), RETRY_AFTER_CAP_S)
            turn.banned_until_s = now_s + asked_s
            wait_s = max(wait_s, asked_s)
        turn.due_s = max(turn.began_s + wait_s, turn.banned_until_s, now_s)

    def hurry(self, site_id: str, now_s: float) -> bool:
        """Poll this site next, on request; False when unknown, running, or when its source asked us to wait."""
        turn = self._turns.get(site_id)
        if turn is None or turn.running or now_s < turn.banned_until_s:
            return False
        turn.due_s = min(turn.due_s, max(now_s, turn.began_s + REFRESH_GAP_S))
        return True

    def resumed(self, now_s: float) -> None:
        """The machine slept: what failed before says nothing now, so every site is asked again, soon and spread."""
        for turn in self._turns.values():
            turn.failures = 0
        self._spread(now_s)

    def running(self, site_id: str) -> bool:
        """Whether a poll of the site is under way."""
        return self._turns[site_id].running

    def _spread(self, now_s: float) -> None:
        for turn in self._turns.values():
            share = turn.phase_s / turn.period_s
            turn.due_s = max(now_s + share * min(FIRST_ROUND_S, turn.period_s), turn.banned_until_s)

    def _next_tick(self, turn: _Turn, after_s: float) -> float:
        """The first moment of the site's grid later than `after_s`; missed ticks are skipped, never made up."""
        first_s = self._origin_s + turn.phase_s
        ticks = math.floor((after_s - first_s) / turn.period_s) + 1
        tick_s = first_s + ticks * turn.period_s
        return tick_s if tick_s > after_s else tick_s + turn.period_s
