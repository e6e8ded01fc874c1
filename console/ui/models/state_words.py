"""How the states of machines are called, and in which order they stand beside each other. Knows no pixel."""

from __future__ import annotations

from console.domain.metric import MinerState

ORDER = (MinerState.HASHING, MinerState.DEGRADED, MinerState.CURTAILED, MinerState.OFF, MinerState.UNKNOWN)
WORDS = {
    MinerState.HASHING: "hashing",
    MinerState.DEGRADED: "degraded",
    MinerState.OFF: "off",
    MinerState.CURTAILED: "curtailed",
    MinerState.UNKNOWN: "unknown",
}
