"""Measures how an alarm system treats its operator, against the targets of ISA-18.2 and EEMUA 191. Pure arithmetic.

Only what was announced counts: what a parent explains, what is shelved or suppressed asked nobody to look. An alarm
is never hidden to meet a target; the rules are changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.domain.alarm import Priority
from console.domain.alarm_change import AlarmChange
from console.domain.alarm_flood import BEGINS_ABOVE, ENDS_BELOW
from console.domain.durations import DAY_MS, HOUR_MS, MINUTE_MS

TEN_MS = 10 * MINUTE_MS
BUSY_HOUR = 30
CHATTERING = 3  # times within a minute
FLEETING_MS = MINUTE_MS  # gone again before anybody could have acted
STANDING_MS = DAY_MS
TOP = 10
ENOUGH = 200  # with fewer alarms, shares say nothing: ten of a hundred are a tenth
Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """An alarm (rule and place) and how often, or how long in milliseconds, it did what is counted."""

    key: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Measures:
    """One span's measures; rates are averages over the whole span, shares are between 0 and 1."""

    start_ms: int
    end_ms: int
    announced: int
    per_day: float
    per_hour: float
    per_ten_minutes: float
    busy_hours: float  # share of hours with more than 30
    busy_periods: float  # share of 10-minute periods with more than 10
    flood: float  # share of the time in flood
    top: tuple[Counted, ...]
    top_share: float
    chattering: tuple[Counted, ...]
    fleeting: tuple[Counted, ...]
    standing: tuple[Counted, ...]  # longer than 24 h, `count` is how long
    most_standing: int  # on the worst day
    shares: dict[str, float]  # low, medium, high (with critical), critical


@dataclass(frozen=True, slots=True)
class Judged:
    """One measure beside its target: `grade` is "good", "manageable", "bad", or "too few" to judge a share by."""

    name: str
    value: float
    unit: str
    target: str
    grade: str


def measure(lines: Iterable[AlarmChange], start_ms: int, end_ms: int) -> Measures:
    """The measures of the transitions in [start_ms, end_ms); earlier ones only tell what was standing already."""
    ordered = sorted(lines, key=lambda line: (line.at_ms, line.number))
    asked = [line for line in ordered if line.announces and start_ms <= line.at_ms < end_ms]
    at_ms = np.array([line.at_ms for line in asked], dtype=np.int64)
    titles = {line.key: line.title for line in ordered}
    counts = Counter(line.key for line in asked)
    top = tuple(Counted(key, titles[key], count) for key, count in counts.most_common(TOP))
    span_ms = max(1, end_ms - start_ms)
    times = _times(ordered, end_ms)
    standing = _standing(times, start_ms, end_ms)
    return Measures(
        start_ms=start_ms,
        end_ms=end_ms,
        announced=len(asked),
        per_day=len(asked) * DAY_MS / span_ms,
        per_hour=len(asked) * HOUR_MS / span_ms,
        per_ten_minutes=len(asked) * TEN_MS / span_ms,
        busy_hours=_busy(at_ms, start_ms, end_ms, HOUR_MS, BUSY_HOUR),
        busy_periods=_busy(at_ms, start_ms, end_ms, TEN_MS, BEGINS_ABOVE),
        flood=_flood_ms(at_ms, end_ms) / span_ms,
        top=top,
        top_share=sum(one.count for one in top) / len(asked) if asked else 0.0,
        chattering=_chattering(asked, titles),
        fleeting=_fleeting(times, titles, start_ms, end_ms),
        standing=tuple(Counted(key, titles[key], length) for key, _, length in standing),
        most_standing=_most_standing(standing, start_ms, end_ms),
        shares=_shares(asked),
    )


def _busy(at_ms: Times, start_ms: int, end_ms: int, width_ms: int, more_than: int) -> float:
    periods = max(1, -(-(end_ms - start_ms) // width_ms))
    counts = np.bincount((at_ms - start_ms) // width_ms, minlength=periods)
    return float((counts > more_than).mean())


def _flood_ms(at_ms: Times, end_ms: int) -> int:
    """How long it flooded: from the eleventh alarm in ten minutes until fewer than five are left of them."""
    moments = np.unique(
        np.concatenate([at_ms, at_ms + TEN_MS])
    )  # only then does the number of the last ten minutes move
    lately = np.searchsorted(at_ms, moments, side="right") - np.searchsorted(at_ms, moments - TEN_MS, side="right")
    turns = np.where(lately > BEGINS_ABOVE, 1, np.where(lately < ENDS_BELOW, 0, -1))
    last_turn = np.maximum.accumulate(np.where(turns >= 0, np.arange(turns.size), 0))
    lengths = np.diff(np.minimum(moments, end_ms), append=end_ms)
    return int(lengths[turns[last_turn] == 1].sum())


def _within(at_ms: Times, width_ms: int) -> NDArray[np.intp]:
    """For each moment, how many lie within the width before it, itself included."""
    return np.arange(1, at_ms.size + 1) - np.searchsorted(at_ms, at_ms - width_ms, side="right")


def _chattering(asked: Sequence[AlarmChange], titles: dict[str, str]) -> tuple[Counted, ...]:
    moments: dict[str, list[int]] = {}
    for line in asked:
        moments.setdefault(line.key, []).append(line.at_ms)
    found = []
    for key, times in moments.items():
        most = int(_within(np.array(times, dtype=np.int64), MINUTE_MS).max())
        if most >= CHATTERING:
            found.append(Counted(key, titles[key], most))
    return tuple(sorted(found, key=lambda one: -one.count))


def _times(ordered: Sequence[AlarmChange], end_ms: int) -> list[tuple[str, int, int]]:
    """Every time an announced alarm was active: key, from, until; what still stands ends at `end_ms`."""
    since: dict[str, int] = {}
    times = []
    for line in ordered:
        if line.announces:
            since.setdefault(line.key, line.at_ms)
        elif line.event == "clear" and line.key in since:
            times.append((line.key, since.pop(line.key), line.at_ms))
    return times + [(key, begun, max(begun, end_ms)) for key, begun in since.items()]


def _fleeting(
    times: Sequence[tuple[str, int, int]], titles: dict[str, str], start_ms: int, end_ms: int
) -> tuple[Counted, ...]:
    counts = Counter(
        key
        for key, begun, ended in times
        if start_ms <= begun < end_ms and ended < end_ms and ended - begun < FLEETING_MS
    )
    return tuple(Counted(key, titles[key], count) for key, count in counts.most_common())


def _standing(times: Sequence[tuple[str, int, int]], start_ms: int, end_ms: int) -> list[tuple[str, int, int]]:
    """Key, since and how long, of what stood longer than 24 h in the span, longest first."""
    long = [
        (key, begun, min(ended, end_ms) - begun)
        for key, begun, ended in times
        if ended > start_ms and min(ended, end_ms) - begun > STANDING_MS
    ]
    return sorted(long, key=lambda one: -one[2])


def _most_standing(standing: Sequence[tuple[str, int, int]], start_ms: int, end_ms: int) -> int:
    """The most alarms older than 24 h at the end of any day of the span."""
    ends = range(min(start_ms + DAY_MS, end_ms), end_ms + 1, DAY_MS)
    return max((sum(begun + STANDING_MS < day <= begun + age for _, begun, age in standing) for day in ends), default=0)


def _shares(asked: Sequence[AlarmChange]) -> dict[str, float]:
    total = max(1, len(asked))
    counts = Counter(line.priority for line in asked)
    high = counts[Priority.HIGH] + counts[Priority.CRITICAL]
    return {
        "low": counts[Priority.LOW] / total,
        "medium": counts[Priority.MEDIUM] / total,
        "high": high / total,
        "critical": counts[Priority.CRITICAL] / total,
    }


def _upto(value: float, good: float, manageable: float) -> str:
    return "good" if value <= good else "manageable" if value <= manageable else "bad"


def _near(value: float, aim: float) -> str:
    """Shares of priorities: five points around the target are good, ten manageable."""
    off = abs(value - aim)
    return "good" if off <= 0.05 + 1e-9 else "manageable" if off <= 0.10 + 1e-9 else "bad"


def _if_enough(measures: Measures, grade: str) -> str:
    return grade if measures.announced >= ENOUGH else "too few"


def judged(measures: Measures) -> tuple[Judged, ...]:
    """Each measure beside its target (3-control-room.md, from ISA-18.2 and EEMUA 191)."""
    m = measures
    priorities = [
        Judged(
            f"{name} priority",
            m.shares[name],
            "%",
            f"{aim:.0%}".replace("%", " %"),
            _if_enough(m, _near(m.shares[name], aim)),
        )
        for name, aim in (("low", 0.80), ("medium", 0.15), ("high", 0.05))
    ]
    top_grade = _if_enough(m, _upto(m.top_share, 0.05, 0.20))
    return (
        Judged("alarms a day", m.per_day, "", "at most 144 (288)", _upto(m.per_day, 144, 288)),
        Judged("alarms an hour", m.per_hour, "", "at most 6 (12)", _upto(m.per_hour, 6, 12)),
        Judged("alarms in 10 minutes", m.per_ten_minutes, "", "at most 1 (2)", _upto(m.per_ten_minutes, 1, 2)),
        Judged("hours with more than 30", m.busy_hours, "%", "below 1 %", _upto(m.busy_hours, 0.01, 0.01)),
        Judged("10 minutes with more than 10", m.busy_periods, "%", "below 1 %", _upto(m.busy_periods, 0.01, 0.01)),
        Judged("time in flood", m.flood, "%", "below 1 %", _upto(m.flood, 0.01, 0.01)),
        Judged("share of the top ten", m.top_share, "%", "at most 5 %", top_grade),
        Judged("chattering", len(m.chattering), "", "0", _upto(len(m.chattering), 0, 0)),
        Judged("fleeting", len(m.fleeting), "", "0", _upto(len(m.fleeting), 0, 0)),
        Judged("standing over 24 h", m.most_standing, "", "fewer than 5", _upto(m.most_standing, 4, 4)),
        *priorities,
        Judged("critical", m.shares["critical"], "%", "below 1 %", _upto(m.shares["critical"], 0.01, 0.01)),
    )
