"""The promql adapter's case: a Prometheus of three machines, played."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np

from console.adapters.promql import ADAPTER
from console.domain.frame import Reading
from tests.contract.case import Case
from tests.hostile import Reply, Request

MACHINES = ({"miner": "m1", "box": "C1"}, {"miner": "m2", "box": "C1"}, {"miner": "m3", "box": "C2"})
HASHRATES_THS = (200.5, 101.25, 0.0)
AGE_S = 5.0


def settings(url: str) -> dict[str, Any]:
    return {
        "base_url": url,
        "tenant": "fleet-1",
        "labels": {"miner": "miner", "container": "box"},
        "metrics": {"hashrate": {"metric": "hashrate_ths", "unit": "TH/s"}},
        "totals": {"meter": {"query": "sum(meter_kw)", "unit": "kW"}},
    }


def data(kind: str, result: Any) -> Reply:
    return Reply(json.dumps({"status": "success", "data": {"resultType": kind, "result": result}}).encode())


def honest(request: Request) -> Reply:
    assert request.headers["x-scope-orgid"] == "fleet-1"
    query, now_s = request.query.get("query", ""), time.time()
    if request.path == "/api/v1/series":
        return Reply(json.dumps({"status": "success", "data": list(MACHINES)}).encode())
    if request.path == "/api/v1/query_range":
        return past(request)
    if query == "time()":
        return data("scalar", [now_s, str(now_s)])
    at_s = float(request.query.get("time", now_s))
    if "timestamp(" in query:
        machines = [{"miner": one["miner"]} for one in MACHINES] if query.startswith("max by") else [{}]
        return data("vector", [{"metric": one, "value": [at_s, f"{at_s - AGE_S:.3f}"]} for one in machines])
    if query.startswith("count("):
        return data("vector", [{"metric": {}, "value": [at_s, "3"]}])
    if query == "sum(meter_kw)":
        return data("vector", [{"metric": {}, "value": [at_s, "12.5"]}])
    pairs = zip(MACHINES, HASHRATES_THS, strict=True)
    return data("vector", [{"metric": one, "value": [at_s, str(value)]} for one, value in pairs])


def past(request: Request) -> Reply:
    start, end, step = (int(request.query[name]) for name in ("start", "end", "step"))
    labels = {"box": "C1"} if " by (" in request.query["query"] else {}
    return data("matrix", [{"metric": labels, "values": [[at, "7"] for at in range(start, end + 1, step)]}])


def check(reading: Reading) -> None:
    np.testing.assert_allclose(reading.frame.columns["hashrate_hs"], np.array(HASHRATES_THS) * 1e12)
    assert reading.site_values == {"meter_w": 12_500.0}
    assert abs(reading.frame.at_ms + AGE_S * 1000 - reading.frame.received_ms) < 3_000


def told(**fields: Any) -> Any:
    """A lie that adds to, or changes, the envelope of every answer."""
    return lambda request, reply: Reply(json.dumps({**json.loads(reply.body), **fields}).encode())


def replaced(old: str, new: str) -> Any:
    return lambda request, reply: Reply(reply.body.replace(old.encode(), new.encode()))


LIES = {
    "an error that says success by its status": told(status="error", error="out of memory", data=None),
    "a partial answer": told(isPartial=True),
    "a warning": told(warnings=["fetch failed: store-2"]),
    "no data": lambda request, reply: Reply(b'{"status":"success"}'),
    "another kind of result": replaced('"resultType": "', '"resultType": "x'),
    "no envelope": lambda request, reply: Reply(b"[]"),
}
NOON_MS = 1_780_000_200_000 // 300_000 * 300_000
CASE = Case(ADAPTER, settings, honest, check, LIES, history_ms=(NOON_MS, NOON_MS + 3_600_000))
