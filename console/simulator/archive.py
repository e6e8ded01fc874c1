"""Answers GET /v1/history: which stretch is asked for, in which buckets, one page at a time, in the site's units."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import numpy as np

from console.domain.errors import BadAnswer
from console.simulator.answer import Answer, Refused, ok
from console.simulator.clock import Clock, from_iso, iso
from console.simulator.history import COUNTS, Past, site_of
from console.simulator.noise import Floats
from console.simulator.wire import ONE, Units, quantity
from console.simulator.yard import Yard

KEPT_S = 30 * 86_400  # so long a host keeps its past
STEPS_S = {"site": 60, "container": 900}  # the finest buckets of each level
MOST_STEP_S = 86_400
MOST_POINTS, USUAL_POINTS = 10_080, 1_440
SITE, CONTAINER = "site", "container"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the past: `points` buckets of `step_s` from `start_s`; `next_s` is where the next page begins."""

    level: str
    step_s: int
    start_s: int
    points: int
    next_s: int | None


def page(query: Mapping[str, str], now_s: float) -> Page:
    """The page that a query asks for; raises Refused with what was found and what was expected."""
    level = query.get("level", SITE)
    if level not in STEPS_S:
        raise Refused(HTTPStatus.BAD_REQUEST, f"level must be one of {', '.join(STEPS_S)}")
    step_s = max(_whole(query, "step", STEPS_S[level], 60, MOST_STEP_S), STEPS_S[level])
    if step_s % 60:
        raise Refused(HTTPStatus.BAD_REQUEST, "step must be whole minutes, in seconds")
    limit = _whole(query, "limit", USUAL_POINTS, 1, MOST_POINTS)
    for name in ("start", "end"):
        if name not in query:
            raise Refused(HTTPStatus.BAD_REQUEST, f"{name} is missing: history needs a start and an end")
    start_s, end_s = _time(query, "start"), _time(query, "end")
    first = max(_time(query, "cursor") if "cursor" in query else start_s, start_s, now_s - KEPT_S)
    first = min(first, now_s)
    first_bucket = math.ceil(first / step_s)
    past_bucket = math.floor(min(math.ceil(end_s / step_s), now_s / step_s))  # only what is complete is history
    points = max(0, min(limit, past_bucket - first_bucket))
    more = first_bucket + points < past_bucket
    next_s = (first_bucket + points) * step_s if more else None
    return Page(level, step_s, first_bucket * step_s, points, next_s)


def _time(query: Mapping[str, str], name: str) -> float:
    """A time in the query, UTC epoch seconds."""
    try:
        return from_iso(query[name])
    except BadAnswer as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"{name}: {error}") from error


def _whole(query: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A whole number in the query, within its bounds."""
    text = query.get(name, str(usual))
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)
    raise Refused(HTTPStatus.BAD_REQUEST, f"{name} must be a whole number from {least} to {most}")


def history(
    yard: Yard, clock: Clock, units: Units, query: Mapping[str, str], past_of: Callable[[Floats], Past]
) -> Answer:
    """The answer; `past_of` gives the containers at wall times, shape (n,): the middle of each bucket."""
    asked = page(query, clock.wall())
    middles = asked.start_s + asked.step_s * (np.arange(asked.points, dtype=np.float64) + 0.5)
    containers = past_of(middles)
    metrics = site_of(containers) if asked.level == SITE else containers.metrics
    names = (None,) if asked.level == SITE else yard.containers
    series = [{"container": name, "metrics": _metrics(metrics, row, units)} for row, name in enumerate(names)]
    return ok(
        {
            "site_id": yard.site.id,
            "level": asked.level,
            "start": iso(asked.start_s),
            "step_s": asked.step_s,
            "points": asked.points,
            "series": series,
            "next": None if asked.next_s is None else iso(asked.next_s),
        }
    )


def _metrics(metrics: Mapping[str, Floats], row: int, units: Units) -> dict[str, Any]:
    kinds = {
        "hashrate": units.hashrate,
        "power": units.power,
        "meter_power": units.power,
        "board_temperature": units.temperature,
        "inlet_temperature": units.temperature,
        **dict.fromkeys(COUNTS, ONE),
    }
    return {name: quantity(metrics[name][row], unit) for name, unit in kinds.items() if name in metrics}
