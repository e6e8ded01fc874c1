"""Randomness as a pure function of (key, time): the same seed gives the same past on every machine and every run."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_A = np.uint64(0xBF58476D1CE4E5B9)
_MIX_B = np.uint64(0x94D049BB133111EB)


def key_of(*parts: object) -> np.uint64:
    """A 64-bit key for a named source of noise, e.g. `key_of(seed, "us-ga-1", "weather")`."""
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def keys_of(key: np.uint64, count: int) -> Keys:
    """`count` independent keys under one."""
    return _mix(np.arange(count, dtype=np.uint64) * _GOLDEN + key)


def uniform(key: np.uint64 | Keys, step: NDArray[np.int64]) -> Floats:
    """Uniform in [0, 1) for each integer `step`; `key` broadcasts against it."""
    mixed = _mix(_mix(np.asarray(step).astype(np.uint64) * _GOLDEN) ^ np.asarray(key, dtype=np.uint64))
    values: Floats = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return values


def smooth(key: np.uint64 | Keys, at_s: Floats, period_s: float) -> Floats:
    """Noise in [-1, 1] that wanders with `period_s`: hashed values at the period's marks, eased in between."""
    position = at_s / period_s
    mark = np.floor(position).astype(np.int64)
    part = position - mark
    ease = part * part * (3.0 - 2.0 * part)
    before, after = uniform(key, mark), uniform(key, mark + 1)
    blend: Floats = 2.0 * (before + (after - before) * ease) - 1.0
    return blend


def _mix(values: Keys) -> Keys:
    """The finaliser of splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014)."""
    with np.errstate(over="ignore"):
        values = (values ^ (values >> np.uint64(30))) * _MIX_A
        values = (values ^ (values >> np.uint64(27))) * _MIX_B
        return values ^ (values >> np.uint64(31))
