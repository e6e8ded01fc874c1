"""Asks a Prometheus server over its HTTP API; knows its addresses and parameters, not what the metrics mean."""

from __future__ import annotations

import math

from console.adapters.base import Deadline
from console.adapters.http import Answer, HttpSession
from console.adapters.promql.answer import Labels, Parser, Trace, Vector
from console.domain.errors import BadAnswer

REFUSED = frozenset({400, 422})  # the server understood us and says what is wrong
MOST_POINTS = 11_000  # Prometheus' own limit of points a series

# Each server takes what it knows of these and lets the rest be: VictoriaMetrics without `nocache` hides the last
# 30 s (its latencyOffset); it and Thanos would rather answer in part than say that a part is missing.
WHOLE_AND_NEW = {"nocache": "1", "deny_partial_response": "1", "partial_response": "false"}


class PromqlClient:
    """One server's queries; used by one thread at a time."""

    def __init__(self, session: HttpSession, tenant: str | None = None) -> None:
        self._session, self._parser = session, Parser()
        self._headers = {} if tenant is None else {"X-Scope-OrgID": tenant}

    def now_s(self, deadline: Deadline) -> float:
        """What the server's clock shows (epoch seconds): one moment for all the queries of a frame."""
        values = self.instant("time()", deadline).values
        if values.size != 1 or not 0 < values[0] < math.inf:
            raise BadAnswer("the source does not tell its time")
        return float(values[0])

    def instant(self, query: str, deadline: Deadline, at_s: float | None = None) -> Vector:
        """The values of `query` at `at_s` (epoch seconds by the server's clock; None: its own now)."""
        form = {"query": query, **({} if at_s is None else {"time": f"{at_s:.3f}"})}
        return self._parser.vector(self._ask("/api/v1/query", form, query, deadline))

    def span(self, query: str, start_s: int, end_s: int, step_s: int, deadline: Deadline) -> tuple[Trace, ...]:
        """The series of `query` at start, start + step, … end. Raises BadAnswer for more than 11,000 points."""
        if (end_s - start_s) // step_s + 1 > MOST_POINTS:
            raise BadAnswer(f"a range of more than {MOST_POINTS} points would be refused by the source")
        form = {"query": query, "start": str(start_s), "end": str(end_s), "step": str(step_s)}
        return self._parser.traces(self._ask("/api/v1/query_range", form, query, deadline))

    def existing(self, selector: str, start_s: int, end_s: int, limit: int, deadline: Deadline) -> tuple[Labels, ...]:
        """The label sets that had a sample between the two moments."""
        form = {"match[]": selector, "start": str(start_s), "end": str(end_s), "limit": str(limit)}
        return self._parser.label_sets(self._ask("/api/v1/series", form, selector, deadline))

    def _ask(self, path: str, form: dict[str, str], query: str, deadline: Deadline) -> bytes:
        """By GET, because proxies allow reading roles no more; a query of any sane length fits."""
        form = {**form, **WHOLE_AND_NEW}
        answer = self._session.get(path, form, self._headers, deadline=deadline, expect={200, *REFUSED})
        if answer.status in REFUSED:
            raise BadAnswer(f"the source refuses the query {_short(query)}: {self._failure(answer)}")
        return answer.json_body()

    def _failure(self, answer: Answer) -> str:
        return self._parser.failure(answer.body)

    def close(self) -> None:
        """Close the sockets; safe to call twice."""
        self._session.close()


def _short(query: str) -> str:
    return query if len(query) <= 80 else query[:79] + "…"
