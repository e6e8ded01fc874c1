"""Reads the past of a site and its containers from a Prometheus server, already added up by the server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.adapters.base import Deadline
from console.adapters.promql.answer import Trace
from console.adapters.promql.client import MOST_POINTS, PromqlClient
from console.adapters.promql.mapping import Plan, Quantity
from console.domain.errors import BadAnswer
from console.domain.frame import HistoryChunk
from console.domain.place import container_key, site_key

SITE_STEP_S = 60
CONTAINER_STEP_S = 300
LAG_S = 60  # servers repeat or withhold the last points; live polls bring these
ADDED_BY = {"hashrate_hs": "sum", "power_w": "sum", "board_c": "max", "inlet_c": "avg"}


@dataclass(frozen=True, slots=True)
class _Grid:
    """The moments at which buckets [end - step, end) are asked for, in epoch seconds."""

    first_end_s: int
    last_end_s: int
    step_s: int

    @property
    def starts_ms(self) -> NDArray[np.int64]:
        """The bucket starts, the key under which samples are stored."""
        ends = np.arange(self.first_end_s, self.last_end_s + 1, self.step_s, dtype=np.int64)
        return (ends - self.step_s) * 1000


class PastReader:
    """The history side of one session."""

    def __init__(self, site_id: str, plan: Plan, client: PromqlClient) -> None:
        self._site_id, self._plan, self._client = site_id, plan, client

    def history(self, start_ms: int, end_ms: int, now_ms: int, deadline: Deadline) -> Iterator[HistoryChunk]:
        """The site by the minute, its containers by five, each bucket dated by its start; newest stretch first."""
        for grid in _grids(start_ms, min(end_ms, now_ms - LAG_S * 1000), SITE_STEP_S):
            yield from self._site(grid, deadline)
        if self._plan.labels.container is not None:
            for grid in _grids(start_ms, min(end_ms, now_ms - LAG_S * 1000), CONTAINER_STEP_S):
                yield from self._containers(grid, self._plan.labels.container, deadline)

    def _site(self, grid: _Grid, deadline: Deadline) -> Iterator[HistoryChunk]:
        signals: dict[str, NDArray[np.float64]] = {}
        for quantity in self._plan.totals:
            signals[quantity.name] = self._one(quantity, self._over(quantity, grid), grid, deadline)
        for quantity in self._plan.miners:
            if quantity.name in ADDED_BY:
                query = f"{ADDED_BY[quantity.name]}({self._over(quantity, grid)})"
                signals[quantity.name] = self._one(quantity, query, grid, deadline)
        if any(np.isfinite(values).any() for values in signals.values()):
            yield HistoryChunk(site_key(self._site_id), grid.step_s, grid.starts_ms, signals)

    def _containers(self, grid: _Grid, label: str, deadline: Deadline) -> Iterator[HistoryChunk]:
        by_container: dict[str, dict[str, NDArray[np.float64]]] = {}
        for quantity in self._plan.miners:
            if quantity.name not in ADDED_BY:
                continue
            query = f"{ADDED_BY[quantity.name]} by ({label}) ({self._over(quantity, grid)})"
            for trace in self._client.span(query, grid.first_end_s, grid.last_end_s, grid.step_s, deadline):
                name = trace.labels.get(label, "")
                by_container.setdefault(name, {})[quantity.name] = quantity.canonical(_on(grid, trace))
        for name, signals in by_container.items():
            if name:
                yield HistoryChunk(container_key(self._site_id, name), grid.step_s, grid.starts_ms, signals)

    def _one(self, quantity: Quantity, query: str, grid: _Grid, deadline: Deadline) -> NDArray[np.float64]:
        traces = self._client.span(query, grid.first_end_s, grid.last_end_s, grid.step_s, deadline)
        values = np.full(grid.starts_ms.shape, np.nan)
        for trace in traces:
            found = _on(grid, trace)
            if np.any(np.isfinite(found) & np.isfinite(values)):
                raise BadAnswer(f"totals.{quantity.key} gives several series, expected one: use a query, sum(…)")
            values = np.where(np.isfinite(found), found, values)
        return quantity.canonical(values)

    def _over(self, quantity: Quantity, grid: _Grid) -> str:
        """The query for one bucket's value. A plain selector is narrowed to samples no older than live allows, so
        that a machine that fell silent does not live on for the server's look-back; coarse buckets are means."""
        if not quantity.plain:
            return quantity.query
        if grid.step_s > self._plan.max_age_s:
            return f"avg_over_time({quantity.query}[{grid.step_s}s])"
        return f"last_over_time({quantity.query}[{max(1, round(self._plan.max_age_s))}s])"


def _grids(start_ms: int, end_ms: int, step_s: int) -> Iterator[_Grid]:
    """The buckets that lie wholly within [start, end), in stretches of at most 11,000, newest first."""
    step_ms = step_s * 1000
    first, last = -(-start_ms // step_ms) + 1, end_ms // step_ms  # bucket ends, in steps
    while last >= first:
        begin = max(first, last - MOST_POINTS + 1)
        yield _Grid(begin * step_s, last * step_s, step_s)
        last = begin - 1


def _on(grid: _Grid, trace: Trace) -> NDArray[np.float64]:
    """The trace's values on the grid; points that are off it (a server may add some) are left out."""
    values = np.full(grid.starts_ms.shape, np.nan)
    offset_ms = trace.at_ms - grid.first_end_s * 1000
    index = offset_ms // (grid.step_s * 1000)
    fits = (offset_ms % (grid.step_s * 1000) == 0) & (index >= 0) & (index < values.size)
    values[index[fits]] = trace.values[fits]
    return values
