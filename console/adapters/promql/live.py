"""Reads the newest values of a site from a Prometheus server and dates them by their samples, not by the question.

A server answers with the last sample within its look-back (five minutes by default) as if it were of now. So every
quantity is asked for twice at one moment, the server's own now: its values, and the times of their samples.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from console.adapters.base import Deadline
from console.adapters.promql.answer import Labels, Vector
from console.adapters.promql.client import PromqlClient
from console.adapters.promql.crew import FORGET_AFTER_S, Crew
from console.adapters.promql.mapping import Plan, Quantity
from console.adapters.redaction import plain
from console.domain.errors import BadAnswer
from console.domain.frame import Column, Frame, Reading
from console.domain.metric import METRIC_BY_NAME, MinerState


@dataclass(frozen=True, slots=True)
class _Dated:
    """The values of one quantity by machine ("" for a total) and when each was measured (epoch seconds)."""

    values: Mapping[str, float]
    at_s: Mapping[str, float]


class LiveReader:
    """The live side of one session."""

    def __init__(self, site_id: str, plan: Plan, client: PromqlClient) -> None:
        self._site_id, self._plan, self._client = site_id, plan, client
        self._crew = Crew(site_id, plan.labels)
        self._width: dict[str, int] = {}  # query -> how many series it gave last
        self._named: dict[str, tuple[tuple[Labels, ...], list[str]]] = {}  # query -> its series and whose they are
        self._told = False  # the roster was handed over at least once

    def read(self, deadline: Deadline) -> Reading:
        """The newest values; raises BadAnswer where the server has no sample at all within its look-back."""
        self._meet_yesterdays(deadline)
        at_s = self._client.now_s(deadline)
        miners = {}
        for quantity in self._plan.miners:
            self._refuse_too_many(quantity, deadline)
            vector = self._client.instant(quantity.query, deadline, at_s)
            miners[quantity.name] = self._by_machine(quantity, vector, deadline, at_s)
        totals = {}
        for quantity in self._plan.totals:
            vector = self._client.instant(quantity.query, deadline, at_s)
            totals[quantity.name] = self._total(quantity, vector, deadline, at_s)
        return self._reading(miners, totals)

    def _meet_yesterdays(self, deadline: Deadline) -> None:
        """At the first poll, learn of machines that fell silent before we came."""
        if self._told or not self._plan.miners or not self._plan.miners[0].plain:
            return
        first, now_s = self._plan.miners[0], int(time.time())
        self._refuse_too_many(first, deadline)
        since_s = now_s - int(FORGET_AFTER_S)
        labels = self._client.existing(first.query, since_s, now_s, self._plan.most_series + 1, deadline)
        self._check_width(first, len(labels))
        self._crew.meet(labels, now_s)

    def _refuse_too_many(self, quantity: Quantity, deadline: Deadline) -> None:
        """Count before asking, at first and whenever the last answer came near the limit."""
        if 2 * self._width.get(quantity.query, self._plan.most_series) <= self._plan.most_series:
            return
        counted = self._client.instant(f"count({quantity.query})", deadline).values
        self._check_width(quantity, int(counted[0]) if counted.size and math.isfinite(counted[0]) else 0)

    def _check_width(self, quantity: Quantity, width: int) -> None:
        self._width[quantity.query] = width
        if width > self._plan.most_series:
            raise BadAnswer(
                f"metrics.{quantity.key} gives {width} series, more than {self._plan.most_series}: "
                "narrow it with match, or raise most_series"
            )

    def _by_machine(self, quantity: Quantity, vector: Vector, deadline: Deadline, at_s: float) -> _Dated:
        self._check_width(quantity, len(vector.labels))
        if not vector.labels:
            return _Dated({}, {})
        names = self._names(quantity, vector)
        times = self._client.instant(quantity.dated(self._plan.labels.miner), deadline, at_s)
        dated = {
            labels.get(self._plan.labels.miner, ""): float(value)
            for labels, value in zip(times.labels, times.values, strict=True)
        }
        whole = dated.get("", math.nan)  # samples that carry no machine's label date every machine
        values = quantity.canonical(vector.values)
        return _Dated(dict(zip(names, values.tolist(), strict=True)), {name: dated.get(name, whole) for name in names})

    def _names(self, quantity: Quantity, vector: Vector) -> list[str]:
        """The machines of the series, in their order; from poll to poll these rarely change."""
        labels, names = self._named.get(quantity.query, ((), []))
        if labels == vector.labels:
            self._crew.see(names, time.time())
            return names
        names = self._crew.meet(vector.labels, time.time())
        if len(set(names)) != len(names):
            twice = plain(next(name for name, times in Counter(names).items() if times > 1), 60)
            raise BadAnswer(
                f'metrics.{quantity.key} gives several series for "{twice}": narrow it with match, '
                f"or use a query such as max by ({self._plan.labels.miner}) (…)"
            )
        self._named[quantity.query] = (vector.labels, names)
        return names

    def _total(self, quantity: Quantity, vector: Vector, deadline: Deadline, at_s: float) -> _Dated:
        if not vector.labels:
            return _Dated({}, {})
        if len(vector.labels) > 1:
            raise BadAnswer(
                f"totals.{quantity.key} gives {len(vector.labels)} series, expected one: use a query, sum(…)"
            )
        times = self._client.instant(quantity.dated(None), deadline, at_s).values
        value = float(quantity.canonical(vector.values)[0])
        return _Dated({"": value}, {"": float(times[0]) if times.size else math.nan})

    def _reading(self, miners: Mapping[str, _Dated], totals: Mapping[str, _Dated]) -> Reading:
        newest_s = max(
            (at for dated in (*miners.values(), *totals.values()) for at in dated.at_s.values() if math.isfinite(at)),
            default=None,
        )
        if newest_s is None:
            raise BadAnswer("the source knows no recent sample of what the fleet file maps")
        oldest_s = newest_s - self._plan.max_age_s
        if "rated_hs" in miners or "rated_w" in miners:
            self._crew.rate(*(miners[name].values if name in miners else {} for name in ("rated_hs", "rated_w")))
        changed = self._crew.muster(time.time())
        columns = {
            name: self._column(dated, oldest_s) for name, dated in miners.items() if not name.startswith("rated")
        }
        if "curtailed" in columns:
            columns["state"] = _told_state(columns.pop("curtailed"))
        roster = self._crew.roster
        frame = Frame(
            self._site_id,
            round(newest_s * 1000),
            time.time_ns() // 1_000_000,
            roster.version,
            {name: column for name, column in columns.items() if name in METRIC_BY_NAME},
        )
        site_values = {
            name: value
            for name, dated in totals.items()
            for key, value in dated.values.items()
            if dated.at_s[key] >= oldest_s and math.isfinite(value)
        }
        tell, self._told = changed or not self._told, True
        return Reading(frame, roster if tell else None, site_values)

    def _column(self, dated: _Dated, oldest_s: float) -> Column:
        """In roster order; a value whose sample is too old, or of unknown age, is no value."""
        column = np.full(len(self._crew.roster.miners), np.nan, dtype=np.float32)
        for name, value in dated.values.items():
            if dated.at_s[name] >= oldest_s:
                column[self._crew.position[name]] = value
        return column


def _told_state(curtailed: Column) -> Column:
    """1 or more is curtailed; 0 tells nothing of what the machine does instead."""
    return np.where(curtailed >= 1, np.float32(MinerState.CURTAILED), np.float32(np.nan))
