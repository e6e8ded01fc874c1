"""Knows by which stated rules a machine is hashing, degraded, off, curtailed or unknown.

The source's word counts only for "curtailed" (a machine told to rest must never count as a failure). All else is
derived from the measured hashrate, because a device that says it hashes may not (4-adapters.md, point 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.domain.frame import Column
from console.domain.metric import MinerState

DEGRADED_BELOW = 0.90  # of the model's rated hashrate
OFF_BELOW = 0.01  # of the rated hashrate: a controller's idle noise is not mining


def miner_states(hashrate_hs: Column, rated_hs: NDArray[np.float64], told: Column | None = None) -> NDArray[np.uint8]:
    """The `MinerState` of every machine, shape (miners,) like each argument.

    No hashrate is UNKNOWN. A machine without a rated hashrate (NaN) hashes when its hashrate is above zero.
    A told CURTAILED stands while the machine is below the degraded limit; above it, it hashes. The limits are rounded
    as the hashrate is: exactly 90 % in float32 would else be a little less for every second rating.
    """
    rated = np.where(np.isfinite(rated_hs), rated_hs, 0.0)
    known = np.isfinite(hashrate_hs)
    hashrate = np.where(known, hashrate_hs, 0.0)
    degraded_below = (DEGRADED_BELOW * rated).astype(hashrate_hs.dtype)
    off_below = (OFF_BELOW * rated).astype(hashrate_hs.dtype)
    states = np.full(hashrate_hs.shape, MinerState.HASHING, dtype=np.uint8)
    states[hashrate < degraded_below] = MinerState.DEGRADED
    states[(hashrate <= off_below) | (hashrate <= 0.0)] = MinerState.OFF
    states[~known] = MinerState.UNKNOWN
    if told is not None:
        states[(told == MinerState.CURTAILED) & (states != MinerState.HASHING)] = MinerState.CURTAILED
    return states
