"""Knows when a value is fresh, late, stale or was never there (R8), and how an age is written (7-look.md)."""

from __future__ import annotations

import enum

FRESH_PERIODS = 1.5
LATE_PERIODS = 2.5
AHEAD_LIMIT_MS = 30_000


class Freshness(enum.StrEnum):
    """How far the age of a value may be trusted, from R8."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"
    NEVER = "never"


def freshness(measured_ms: int | None, now_ms: int, period_s: float, *, offline: bool = False) -> Freshness:
    """The freshness at `now_ms` of a value measured at `measured_ms` (None: no sample yet), polled every `period_s`.

    A stamp a little ahead counts as age 0. One further ahead than clocks may differ is STALE: our own clock was set
    back, and nobody can say how old that value is (T34). `offline`: nobody asks for the next value, so that the last
    known one is STALE however young it is (R11).
    """
    if measured_ms is None:
        return Freshness.NEVER
    if offline or measured_ms - now_ms > AHEAD_LIMIT_MS:
        return Freshness.STALE
    periods = max(0, now_ms - measured_ms) / 1000 / period_s
    if periods <= FRESH_PERIODS:
        return Freshness.FRESH
    return Freshness.LATE if periods <= LATE_PERIODS else Freshness.STALE


def age_text(age_s: float) -> str:
    """An age as the screen writes it: `3 s`, `12 min`, `1 h 34`, `3 d 4 h`."""
    seconds = max(0, int(age_s))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02d}"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"
