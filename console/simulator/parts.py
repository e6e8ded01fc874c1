"""The boards, fans and pools of one simulated machine: parts that add up to what its telemetry tells. Pure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from console.simulator.live import Machines
from console.simulator.noise import key_of, uniform
from console.simulator.wire import STATE_WORDS, Unit, Units

BOARDS, CHIPS, FANS = 3, 108, 4
COOLER_C = (0.0, 2.5, 4.0)  # how much cooler than the hottest the boards are, by their rank
CHIP_OVER_BOARD_C = 12.0
IDLE_RPM, RPM_PER_C = 1400.0, 95.0
STARTS_AT_C = 30.0
POOLS = ("pool-1.example:3333", "pool-2.example:3333")
WEAK_BOARD_SHARE = 0.35  # of what a good board does, where the machine is degraded


def parts(now: Machines, place: int, miner_id: str, seed: int, units: Units) -> dict[str, Any]:
    """The answer's boards, fans, pools, errors and units; null where the machine does not answer its site."""
    state = STATE_WORDS[int(now.state[place])]
    hashrate_hs, board_c = float(now.hashrate_hs[place]), float(now.board_c[place])
    weights = _weights(key_of(seed, miner_id, "boards"), weak=state == "degraded")
    boards = [
        {
            "name": f"board {number}",
            "hashrate": _told(hashrate_hs * weights[number], units.hashrate),
            "board_temperature": _told(board_c - COOLER_C[number], units.temperature),
            "chip_temperature": _told(board_c - COOLER_C[number] + CHIP_OVER_BOARD_C, units.temperature),
            "chips_working": None if math.isnan(hashrate_hs) else round(CHIPS * min(1.0, weights[number] * BOARDS)),
            "chips_expected": CHIPS,
        }
        for number in range(BOARDS)
    ]
    rpm = IDLE_RPM + RPM_PER_C * max(0.0, board_c - STARTS_AT_C)
    running = None if math.isnan(board_c) else round(rpm)
    mining = state in ("mining", "degraded")
    return {
        "units": {"hashrate": units.hashrate.name, "temperature": units.temperature.name, "fan_speed": "rpm"},
        "boards": boards,
        "fans": [{"name": f"fan {number}", "speed": running} for number in range(FANS)],
        "pools": [
            {"host": host, "alive": None if state == "unknown" else True, "in_use": mining and not number}
            for number, host in enumerate(POOLS)
        ],
        "errors": ["one board hashes below its share"] if state == "degraded" else [],
    }


def _weights(key: np.uint64, *, weak: bool) -> list[float]:
    """How the hashrate is shared by the boards; in sum 1."""
    raw: list[float] = (0.98 + 0.04 * uniform(key, np.arange(BOARDS))).tolist()
    if weak:
        raw[int(key) % BOARDS] *= WEAK_BOARD_SHARE
    return [share / sum(raw) for share in raw]


def _told(value: float, unit: Unit) -> float | None:
    return None if math.isnan(value) else round(float(unit.of(np.array(value))), max(1, unit.digits))
