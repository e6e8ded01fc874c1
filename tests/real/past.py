"""An hour and a half of three machines, a sample a minute, some hours ago: the same for every real server."""

from __future__ import annotations

import time

import numpy as np

METRIC = "past_hashrate_terahash"
MINUTES, STEP_MS = 90, 60_000
MACHINES = (("a1", "A"), ("a2", "A"), ("b1", "B"))
START_MS = time.time_ns() // 1_000_000 // 300_000 * 300_000 - 5 * 3_600_000
END_MS = START_MS + MINUTES * STEP_MS
HASHRATES_THS = np.random.default_rng(7).uniform(90, 240, (len(MACHINES), MINUTES))


def exposition(per_ms: int = 1) -> str:
    """The samples 10 s into each minute, machine by machine; stamps in ms, or in s with `per_ms` = 1000."""
    lines = []
    for row, (miner, box) in enumerate(MACHINES):
        for minute in range(MINUTES):
            stamp = (START_MS + minute * STEP_MS + 10_000) // per_ms
            labels = f'site="past",miner="{miner}",container="{box}"'
            lines.append(f"{METRIC}{{{labels}}} {HASHRATES_THS[row, minute]:.9f} {stamp}")
    return "\n".join(lines) + "\n"
