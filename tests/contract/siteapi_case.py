"""The siteapi adapter's case: a host of three machines, played."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np

from console.adapters.siteapi import ADAPTER
from console.domain.frame import Reading
from tests.contract.case import Case
from tests.hostile import Reply, Request

MACHINES = [{"id": f"m{number}", "container": f"C{number // 2}", "rated_hashrate": 200.0} for number in range(3)]
HASHRATES_THS = [200.5, None, 0.0]


def settings(url: str) -> dict[str, Any]:
    return {"base_url": url}


def body(value: Any) -> Reply:
    return Reply(json.dumps(value).encode())


def honest(request: Request) -> Reply:
    if request.path == "/v1/roster":
        return body({"roster_version": "r1", "miners": MACHINES, "units": {"rated_hashrate": "TH/s"}})
    if request.path == "/v1/history":
        return past(request)
    measured = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)
    return body(
        {
            "site_id": "theirs",
            "roster_version": "r1",
            "measured_at": measured.isoformat().replace("+00:00", "Z"),
            "metrics": {"hashrate": {"unit": "TH/s", "values": HASHRATES_THS}},
            "site": {"meter_power": {"unit": "kW", "value": 12.5}},
        }
    )


def past(request: Request) -> Reply:
    start, end = (dt.datetime.fromisoformat(request.query[name]) for name in ("start", "end"))
    step = int(request.query["step"])
    points = int((end - start).total_seconds()) // step
    series = {"container": None, "metrics": {"hashrate": {"unit": "PH/s", "values": [1.5] * points}}}
    return body({"start": request.query["start"], "step_s": step, "points": points, "series": [series]})


def check(reading: Reading) -> None:
    expected = np.array([np.nan if value is None else value for value in HASHRATES_THS]) * 1e12
    np.testing.assert_allclose(reading.frame.columns["hashrate_hs"], expected)
    assert reading.site_values == {"meter_w": 12_500.0}


def replaced(old: str, new: str) -> Any:
    return lambda request, reply: Reply(reply.body.replace(old.encode(), new.encode()))


def both(*lies: Any) -> Any:
    """A lie for whichever answer is told it."""

    def lie(request: Request, reply: Reply) -> Reply:
        for one in lies:
            reply = one(request, reply)
        return reply

    return lie


LIES = {
    "a unit of another kind": replaced('"unit": "TH/s"', '"unit": "kW"'),
    "a unit in the wrong case": replaced('"unit": "TH/s"', '"unit": "th/S"'),
    "no unit": replaced('"unit": "TH/s"', '"unit": ""'),
    "another length": replaced("[200.5,", "[200.5, 1,"),
    "a stamp of next week": lambda request, reply: Reply(
        json.dumps({**json.loads(reply.body), "measured_at": "2199-01-01T00:00:00Z"}).encode()
    ),
    "a stamp without a zone": lambda request, reply: Reply(
        json.dumps({**json.loads(reply.body), "measured_at": "2026-01-01T00:00:00"}).encode()
    ),
}
NOON_MS = 1_780_000_200_000 // 900_000 * 900_000
CASE = Case(ADAPTER, settings, honest, check, LIES, history_ms=(NOON_MS, NOON_MS + 3_600_000))
