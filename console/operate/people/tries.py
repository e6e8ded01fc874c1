"""Slows down who guesses passwords: five tries at once, then a wait that grows to five minutes and never locks out.

Knows keys and a clock; knows no account and no password.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

FREE_TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 5.0, 300.0  # the only administrator comes in after five minutes at the latest
FORGET_S = 3600.0


@dataclass(slots=True)
class _Count:
    wrong: int = 0
    last_s: float = 0.0
    turned_away: int = 0


class Tries:
    """Wrong tries by key. May be called from any thread."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._counts: dict[str, _Count] = {}
        self._turn = threading.Lock()

    def admit(self, key: str) -> float:
        """0 where a try may be made, which counts as a wrong one until `right`; else the seconds still to wait.

        Counted beforehand, so that many tries at the same time are no way round it.
        """
        now_s = self._now_s()
        with self._turn:
            count = self._counts.setdefault(key, _Count())
            if now_s - count.last_s > FORGET_S:
                count.wrong = 0
            left_s = count.last_s + _wait_s(count.wrong) - now_s
            if left_s > 0:
                count.turned_away += 1
                return left_s
            count.wrong, count.last_s = count.wrong + 1, now_s
        return 0.0

    def right(self, key: str) -> None:
        """The try that was admitted was right."""
        with self._turn:
            count = self._counts.setdefault(key, _Count())
            count.wrong = 0

    def turned_away(self, key: str) -> int:
        """How many were not admitted since this was asked last."""
        with self._turn:
            count = self._counts.setdefault(key, _Count())
            found, count.turned_away = count.turned_away, 0
        return found


def _wait_s(wrong: int) -> float:
    if wrong < FREE_TRIES:
        return 0.0
    return min(FIRST_WAIT_S * 2.0 ** min(wrong - FREE_TRIES, 10), LONGEST_WAIT_S)
