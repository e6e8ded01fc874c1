"""The siteapi adapter's case: a host of three machines, played."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np

from console.adapters.siteapi import ADAPTER
from console.domain.command import Arguments, Order, Verb
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
    if request.path in COMMANDED:
        return COMMANDED[request.path]()
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


def facts() -> Reply:
    return body({"site_id": "theirs", "capabilities": ["telemetry", "commands"]})


def preview() -> Reply:
    change = {"power": {"unit": "kW", "value": -9.5}, "hashrate": {"unit": "TH/s", "value": -300.5}}
    left_out = [{"reason": "does not answer", "count": 1, "names": ["m1"]}]
    return body({"verb": "curtail", "miners": ["m2", "m0"], "skipped": left_out, "change": change})


def taken() -> Reply:
    states = {"words": ["pending", "dispatched", "confirmed", "failed"], "values": [0, 1]}
    told = {
        "command_id": "c-7",
        "verb": "curtail",
        "state": "running",
        "targets": {"miners": ["m2", "m0"], "states": states},
        "left_out": [{"reason": "does not answer", "count": 1, "names": ["m1"]}],
    }
    return Reply(json.dumps(told).encode(), 202)


COMMANDED = {
    "/v1/site": facts,
    "/v1/commands/preview": preview,
    "/v1/commands": taken,
    "/v1/commands/c-7": lambda: Reply(taken().body),
}
ORDER = Order(verb=Verb.CURTAIL, machines=("m0", "m1", "m2"), arguments=Arguments(), reason="price", by="ada")


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


def retold(old: str, new: str) -> Any:
    return lambda request, reply: Reply(reply.body.replace(old.encode(), new.encode()), reply.status)


COMMAND_LIES = {
    "a machine that nobody named": retold('"m2", "m0"', '"m2", "m9"'),
    "a machine twice": retold('"m2", "m0"', '"m2", "m2"'),
    "a machine both taken and left out": retold('["m1"]', '["m0"]'),
    "another verb": retold('"verb": "curtail"', '"verb": "resume"'),
    "a step that there is not": retold('"values": [0, 1]', '"values": [0, 7]'),
    "a negative step": retold('"values": [0, 1]', '"values": [0, -1]'),
    "a step too few": retold('"values": [0, 1]', '"values": [0]'),
    "a word that there is not": retold('"dispatched"', '"delighted"'),
    "a state that there is not": retold('"state": "running"', '"state": "resting"'),
    "an id that leads elsewhere": retold('"c-7"', '"../../v1/other"'),
    "no id": retold('"c-7"', '""'),
}
CASE = Case(ADAPTER, settings, honest, check, LIES, (NOON_MS, NOON_MS + 3_600_000), ORDER, "/v1/commands", COMMAND_LIES)
