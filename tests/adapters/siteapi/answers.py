"""Answers of a Site API with three machines, to be bent by the tests."""

from __future__ import annotations

import copy
import json
from typing import Any

AT_MS = 1_795_000_000_000
AT = "2026-11-18T11:06:40Z"

TELEMETRY: dict[str, Any] = {
    "site_id": "x",
    "roster_version": "r1",
    "measured_at": AT,
    "site": {"meter_power": {"unit": "kW", "value": 8.5}},
    "metrics": {
        "hashrate": {"unit": "TH/s", "values": [140.5, None, 0]},
        "power": {"unit": "kW", "values": [3.1, None, 0.02]},
        "board_temperature": {"unit": "°F", "values": [140.0, None, 68.0]},
        "inlet_temperature": {"unit": "°C", "values": [21.5, None, 20]},
    },
    "state": {"words": ["unknown", "mining", "degraded", "stopped", "curtailed"], "values": [1, None, 3]},
}
ROSTER: dict[str, Any] = {
    "site_id": "x",
    "roster_version": "r1",
    "units": {"rated_hashrate": "GH/s", "rated_power": "W"},
    "miners": [
        {"id": "a", "model": "S19 XP", "container": "C01", "rated_hashrate": 141_000, "rated_power": 3172.5},
        {"id": "b", "model": "S19 XP", "container": "C01", "rated_hashrate": 141_000, "rated_power": None},
        {"id": "c", "serial": "<b>7</b>"},
    ],
}
HISTORY: dict[str, Any] = {
    "site_id": "x",
    "level": "container",
    "start": AT,
    "step_s": 900,
    "points": 2,
    "next": None,
    "series": [
        {
            "container": "C01",
            "metrics": {
                "hashrate": {"unit": "PH/s", "values": [1.5, None]},
                "miners_stopped": {"unit": "1", "values": [3, 0]},
            },
        }
    ],
}


def body(answer: dict[str, Any], **changes: Any) -> bytes:
    """An answer with changes: `metrics__hashrate__unit="W"` reaches into it; `...` leaves the key out."""
    bent = copy.deepcopy(answer)
    for path, value in changes.items():
        *way, last = path.split("__")
        inside = bent
        for step in way:
            inside = inside[step]
        if value is ...:
            del inside[last]
        else:
            inside[last] = value
    return json.dumps(bent, ensure_ascii=False).encode()
