"""Knows what a frame must show before a machine counts as having done what it was told (R37, T9). Pure.

A site's word is not enough where a measurement can be had. Where none can (a lamp, a pool, a schedule) the site's
own word is taken, and said to be that.
"""

from __future__ import annotations

import enum

import numpy as np
from numpy.typing import NDArray

from console.domain.command import Arguments, Verb
from console.domain.health import OFF_BELOW
from console.domain.machines_now import MachinesNow, Rows
from console.domain.metric import MinerState

AWAKE_SHARE = 0.75  # of its rated hashrate: what woke with less did not come back
TARGET_SHARE = 0.05  # a machine's power lies within this of the power that was asked
RESTING_BELOW = 0.15  # of its rated power: a machine that says it rests and draws more does not
BOOTS_TIMES = 4.0  # a reboot may take so many times as long as anything else
Proved = NDArray[np.bool_]


class Proof(enum.StrEnum):
    """By what a verb is proved."""

    FRAMES = "by measurement"
    SITE = "by the site's word"


PROVED_BY = {
    Verb.CURTAIL: Proof.FRAMES,
    Verb.RESUME: Proof.FRAMES,
    Verb.POWER_TARGET: Proof.FRAMES,
    Verb.REBOOT: Proof.FRAMES,
    Verb.LOCATE: Proof.SITE,
    Verb.CHANGE_POOL: Proof.SITE,
    Verb.SLEEP_SCHEDULE: Proof.SITE,
}


def within_ms(verb: Verb, read_back_s: float) -> int:
    """How long after it was sent a batch may take to be read back."""
    return int(read_back_s * 1000 * (BOOTS_TIMES if verb is Verb.REBOOT else 1.0))


def down(now: MachinesNow, rows: Rows) -> Proved:
    """Which of the machines do not hash: what a reboot must have shown once. No value is no sighting."""
    hashrate, rated = now.hashrate_hs[rows], np.nan_to_num(now.roster.rated_hs[rows])
    return np.asarray(hashrate <= OFF_BELOW * rated, dtype=np.bool_)


def proved(verb: Verb, arguments: Arguments, now: MachinesNow, rows: Rows, seen_down: Proved) -> Proved:
    """Which of the machines at `rows` the frame shows as done; `seen_down` is for reboots alone. No value proves none.

    The caller gives only frames that were measured after the order was sent.
    """
    hashrate, power = now.hashrate_hs[rows], now.power_w[rows]
    rated_hs, rated_w = now.roster.rated_hs[rows], now.roster.rated_w[rows]
    with np.errstate(invalid="ignore"):
        match verb:
            case Verb.CURTAIL:
                return _rests(now, rows, power, rated_w)
            case Verb.RESUME:
                return _draws(now, rows, power, rated_w) if now.hashless else _hashes(hashrate, rated_hs)
            case Verb.POWER_TARGET:
                share = arguments.machine_share
                asked = np.full(rows.size, arguments.machine_power_w or np.nan) if share is None else share * rated_w
                return np.asarray(np.abs(power - asked) <= TARGET_SHARE * asked, dtype=np.bool_)
            case Verb.REBOOT:
                return seen_down & _hashes(hashrate, rated_hs)
            case _:
                return np.zeros(rows.size, dtype=np.bool_)


def _hashes(hashrate: NDArray[np.float64], rated_hs: NDArray[np.float64]) -> Proved:
    enough = np.where(np.isfinite(rated_hs), AWAKE_SHARE * rated_hs, 0.0)
    return np.asarray((hashrate > 0) & (hashrate >= enough), dtype=np.bool_)


def _draws(now: MachinesNow, rows: Rows, power: NDArray[np.float64], rated_w: NDArray[np.float64]) -> Proved:
    """Of what has no hashrate, such as a breaker: it is not open, and power flows."""
    least = np.where(np.isfinite(rated_w), RESTING_BELOW * rated_w, 0.0)
    return np.asarray((now.state[rows] != MinerState.CURTAILED) & (power > least), dtype=np.bool_)


def _rests(now: MachinesNow, rows: Rows, power: NDArray[np.float64], rated_w: NDArray[np.float64]) -> Proved:
    """No hashrate, or curtailed by the site's word, and no power beyond that of a machine at rest where it is told."""
    still = down(now, rows) | (now.state[rows] == MinerState.CURTAILED)
    quiet = ~(power > RESTING_BELOW * rated_w)  # an untold power or rating does not speak against it
    return np.asarray(still & quiet, dtype=np.bool_)
