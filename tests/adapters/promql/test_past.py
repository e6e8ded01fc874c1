"""History: every bucket of the stretch is asked for once, newest first, and points off the grid are left out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.adapters.base import Deadline
from console.adapters.promql.answer import Trace
from console.adapters.promql.client import MOST_POINTS
from console.adapters.promql.mapping import PromqlSource, plan
from console.adapters.promql.past import LAG_S, PastReader, _grids
from console.adapters.source_settings import as_config
from console.domain.errors import BadAnswer

DAY_MS = 86_400_000
START_MS = 1_790_000_040_000 // 60_000 * 60_000


@given(st.integers(0, 3 * DAY_MS), st.integers(0, 40 * DAY_MS), st.sampled_from([60, 300, 900]))
def test_every_whole_bucket_is_asked_for_once_newest_stretch_first(offset: int, length: int, step_s: int) -> None:
    start_ms, end_ms, step_ms = START_MS + offset, START_MS + offset + length, step_s * 1000
    grids = list(_grids(start_ms, end_ms, step_s))
    assert all(grid.starts_ms.size <= MOST_POINTS for grid in grids)
    assert [grid.last_end_s for grid in grids] == sorted((grid.last_end_s for grid in grids), reverse=True)
    starts = np.sort(np.concatenate([grid.starts_ms for grid in grids])) if grids else np.zeros(0, np.int64)
    first = -(-start_ms // step_ms) * step_ms
    assert starts.tolist() == list(range(first, end_ms - step_ms + 1, step_ms))


class Server:
    """Gives 1, 2, 3 … TH/s a point, with a point off the grid and one beyond it; `boxes` for containers."""

    def __init__(self, boxes: tuple[str, ...] = ("C1",), extra: tuple[dict[str, str], ...] = ()) -> None:
        self.boxes, self.extra = boxes, extra
        self.asked: list[tuple[str, int, int, int]] = []

    def span(self, query: str, start_s: int, end_s: int, step_s: int, deadline: Deadline) -> tuple[Trace, ...]:
        self.asked.append((query, start_s, end_s, step_s))
        at_ms = np.arange(start_s, end_s + step_s + 1, step_s, dtype=np.int64) * 1000
        values = np.arange(1.0, at_ms.size + 1)
        odd = np.insert(at_ms, 1, at_ms[0] + 7), np.insert(values, 1, 99.0)
        if " by (c) (" in query:
            return tuple(Trace({"c": box}, *odd) for box in self.boxes)
        return (Trace({}, *odd), *(Trace(labels, *odd) for labels in self.extra))


def past(server: Server, **settings: Any) -> PastReader:
    metrics = {"hashrate": {"metric": "h", "unit": "TH/s"}, "inlet": {"query": "avg by (m) (i)", "unit": "°C"}}
    values = {"base_url": "https://x", "labels": {"container": "c"}, "metrics": metrics, **settings}
    return PastReader("s1", plan(as_config(PromqlSource, values)), server)


def chunks(server: Server, minutes: int = 10, **settings: Any) -> list[Any]:
    end_ms = START_MS + minutes * 60_000
    return list(past(server, **settings).history(START_MS, end_ms, end_ms + DAY_MS, Deadline.after(60)))


def test_a_bucket_is_dated_by_its_start_and_points_off_the_grid_are_left_out() -> None:
    site = chunks(Server())[0]
    assert site.at_ms.tolist() == [START_MS + minute * 60_000 for minute in range(10)]
    assert site.signals["hashrate_hs"].tolist() == [n * 1e12 for n in range(1, 11)]


def test_the_server_adds_up_and_stale_samples_are_kept_out() -> None:
    server = Server()
    chunks(server, minutes=60)
    queries = {query for query, *_ in server.asked}
    assert queries == {
        "sum(last_over_time(h[120s]))",
        "avg(avg by (m) (i))",
        "sum by (c) (avg_over_time(h[300s]))",
        "avg by (c) (avg by (m) (i))",
    }


def test_containers_have_chunks_of_their_own_and_the_nameless_one_none() -> None:
    places = [chunk.place for chunk in chunks(Server(boxes=("C1", "", "C2")), minutes=30)]
    assert places == ["site:s1", "container:s1/C1", "container:s1/C2"]


def test_the_last_minute_is_left_to_live_polls() -> None:
    server = Server()
    now_ms = START_MS + 600_000
    list(past(server).history(START_MS, now_ms, now_ms, Deadline.after(60)))
    assert max(end for _, _, end, _ in server.asked) * 1000 <= now_ms - LAG_S * 1000


def test_an_empty_stretch_asks_nothing() -> None:
    server = Server()
    assert list(past(server).history(START_MS, START_MS, START_MS + DAY_MS, Deadline.after(60))) == []
    assert server.asked == []


def test_a_total_of_several_series_at_one_time_is_refused() -> None:
    totals = {"meter": {"metric": "m", "unit": "kW"}}
    with pytest.raises(BadAnswer, match=r"totals\.meter gives several series"):
        chunks(Server(extra=({"a": "2"},)), metrics={}, totals=totals)
