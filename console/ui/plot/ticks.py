"""Chooses round places for axis labels: values in steps of 1, 2, 2.5, 5, times on the local clock of a zone (R15).

Pure arithmetic: knows no Qt. A day with a change of summer time has 23 or 25 hours and its ticks show it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from console.domain.durations import DAY_S, HOUR_S, MINUTE_S

MONTHS_OF_STEP = {30 * DAY_S: 1, 90 * DAY_S: 3, 365 * DAY_S: 12}  # long steps fall on the calendar's months
TIME_STEPS_S = (
    *(1, 2, 5, 10, 15, 30),
    *(MINUTE_S * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(HOUR_S * hours for hours in (1, 2, 3, 6, 12)),
    *(DAY_S * days for days in (1, 2, 5, 10, 30, 90, 365)),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """One label at one place of an axis: a value, or epoch milliseconds."""

    at: float
    text: str


def value_ticks(low: float, high: float, most: int) -> tuple[Tick, ...]:
    """At most `most` + 1 round values in [low, high], each with as many decimals as the step needs."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or most < 1:
        return ()
    step = round_step((high - low) / most)
    decimals = next(count for count in range(12) if math.isclose(step * 10**count, round(step * 10**count)))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(Tick(n * step, _number(n * step, decimals)) for n in range(first, last + 1))


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `least` (> 0)."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= least * (1 - 1e-9))


@lru_cache(maxsize=64)
def time_ticks(start_ms: int, end_ms: int, zone: tzinfo, most: int) -> tuple[Tick, ...]:
    """At most about `most` moments in [start_ms, end_ms], round on the clock of `zone`, as epoch ms.

    Labels are `14:00`, `14:00:30` below a minute, and `22 Nov` at local midnight, so that a date is never guessed.
    Steps of a month and more fall on its first day and read `Apr`, with the year in January's place. Kept, because the
    plots of a view stand over one time axis.
    """
    if end_ms <= start_ms or most < 1:
        return ()
    least_s = (end_ms - start_ms) / 1000 / most
    step_s = next((step for step in TIME_STEPS_S if step >= least_s), TIME_STEPS_S[-1])
    if step_s in MONTHS_OF_STEP:
        return _month_ticks(start_ms, end_ms, zone, MONTHS_OF_STEP[step_s])
    moments = _day_marks(start_ms, end_ms, zone, step_s) if step_s >= HOUR_S else _even_marks(start_ms, end_ms, step_s)
    return tuple(Tick(at_ms, _time_text(datetime.fromtimestamp(at_ms / 1000, zone), step_s)) for at_ms in moments)


def _month_ticks(start_ms: int, end_ms: int, zone: tzinfo, months: int) -> tuple[Tick, ...]:
    """Local midnight of every `months`-th first of a month."""
    start = datetime.fromtimestamp(start_ms / 1000, zone)
    ticks, count = [], start.year * 12 + start.month - 1
    count -= count % months
    while True:
        year, month = divmod(count, 12)
        at_ms = _epoch_ms(datetime(year, month + 1, 1, tzinfo=zone))
        if at_ms > end_ms:
            return tuple(ticks)
        if at_ms >= start_ms:
            ticks.append(Tick(at_ms, str(year) if month == 0 else MONTHS[month]))
        count += months


def zone_text(zone: tzinfo, at_ms: int) -> str:
    """The short name of a zone as printed beside an axis: `UTC`, `EST`, `UTC+3`."""
    local = datetime.fromtimestamp(at_ms / 1000, zone)
    name = local.tzname() or "UTC"
    return name if name.isalpha() else _offset_text(local.utcoffset() or timedelta())


def _even_marks(start_ms: int, end_ms: int, step_s: int) -> list[int]:
    """Steps below an hour fall on round local minutes in every zone, as all offsets are whole quarters of an hour."""
    step_ms = step_s * 1000
    return list(range(-(-start_ms // step_ms) * step_ms, end_ms + 1, step_ms))


def _day_marks(start_ms: int, end_ms: int, zone: tzinfo, step_s: int) -> list[int]:
    """Walks the local clock: hours of each local day, or local midnights; an hour that a zone skips has no mark."""
    day = datetime.fromtimestamp(start_ms / 1000, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    every_days = max(1, step_s // DAY_S)
    hours = range(0, 24, step_s // HOUR_S) if step_s < DAY_S else (0,)
    marks: set[int] = set()
    while (midnight := _epoch_ms(day)) <= end_ms:
        if every_days == 1 or day.toordinal() % every_days == 0:
            marks.update(_hours_of(day, hours))
        day = (day.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
        if _epoch_ms(day) <= midnight:  # pragma: no cover - a zone would have to repeat a whole day
            break
    return sorted(at_ms for at_ms in marks if start_ms <= at_ms <= end_ms)


def _hours_of(day: datetime, hours: range | tuple[int, ...]) -> set[int]:
    marks: set[int] = set()
    for hour in hours:
        for fold in (0, 1):  # an hour that comes twice is marked twice
            local = day.replace(hour=hour, fold=fold)
            at_ms = _epoch_ms(local)
            if datetime.fromtimestamp(at_ms / 1000, local.tzinfo).hour == hour:
                marks.add(at_ms)
    return marks


def _epoch_ms(local: datetime) -> int:
    return int(local.astimezone(UTC).timestamp() * 1000)


def _time_text(local: datetime, step_s: int) -> str:
    midnight = local.hour == 0 and local.minute == 0 and local.second == 0
    if step_s >= DAY_S or midnight:
        return f"{local.day} {MONTHS[local.month - 1]}"
    return f"{local:%H:%M:%S}" if step_s < MINUTE_S else f"{local:%H:%M}"


def _offset_text(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign = "+" if minutes > 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def _number(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return text if text.strip("−0.,") else text.lstrip("−")


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
