"""Knows when the next change of power may leave, so that no minute holds more than a site's ramp limit allows."""

from __future__ import annotations

from collections import deque

from console.domain.durations import MINUTE_S

CLEAR_S = 0.001  # past the minute's end, so that no rounding of a float puts a change back into it
ROUNDING = 1e-9  # sums of floats, not a tolerance of the limit


class RampLedger:
    """What was switched at one site in the last minute, oldest first. Moments are seconds on any steady clock."""

    def __init__(self) -> None:
        self._sent: deque[tuple[float, float]] = deque()

    def note(self, at_s: float, swing_w: float) -> None:
        """So much was switched at that moment."""
        self._sent.append((at_s, swing_w))

    def earliest_s(self, now_s: float, swing_w: float, limit_w_per_min: float) -> float:
        """The first moment from `now_s` on at which the minute behind it, with this change, keeps to the limit.

        A change larger than the limit by itself waits for an empty minute; whoever plans keeps them smaller.
        """
        while self._sent and self._sent[0][0] <= now_s - MINUTE_S:
            self._sent.popleft()
        room_w = limit_w_per_min * (1 + ROUNDING) - swing_w
        inside_w = sum(swing for _, swing in self._sent)
        at_s = now_s
        for sent_s, swing in self._sent:
            if inside_w <= room_w:
                break
            inside_w -= swing
            at_s = max(at_s, sent_s + MINUTE_S + CLEAR_S)
        return at_s


def steepest_w_per_min(moves: list[tuple[float, float]]) -> float:
    """The most that any minute of a plan holds; `moves` are (second, watts), oldest first."""
    inside: deque[tuple[float, float]] = deque()
    most = total = 0.0
    for at_s, swing_w in moves:
        while inside and inside[0][0] <= at_s - MINUTE_S:
            total -= inside.popleft()[1]
        inside.append((at_s, swing_w))
        total += swing_w
        most = max(most, total)
    return most
