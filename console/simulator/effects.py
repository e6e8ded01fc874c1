"""What commands have done to a site's machines by any moment: a log of acts, replayed up to a time."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.simulator.noise import Floats, Keys, uniform

REBOOT_S = 180.0
POOL_SWITCH_S = 20.0
DAY_MIN = 1440
REVIVED_S = 86_400.0  # a machine that hung and was rebooted keeps going about a day
REVIVES, FAILS = 0.5, 0.01  # chances of a dead machine at a reboot, and of an order to get lost on its way

Flags = NDArray[np.bool_]
Windows = tuple[tuple[int, int], ...]  # daily spans [start, end) in minutes of the UTC day; may pass midnight


class Verb(enum.StrEnum):
    """What a site can be told to do."""

    CURTAIL = "curtail"
    RESUME = "resume"
    POWER_TARGET = "power_target"
    REBOOT = "reboot"
    LOCATE = "locate"
    POOL = "pool"
    SLEEP = "sleep"
    SLEEP_SCHEDULE = "sleep_schedule"


class Step(enum.IntEnum):
    """How far a command has come at one target."""

    PENDING = 0
    DISPATCHED = 1
    CONFIRMED = 2
    FAILED = 3


@dataclass(frozen=True, slots=True)
class Act:
    """One accepted command: `targets` are positions in the roster, and the arrays have their shape.

    A sound site has neither `feigned` nor `weak` targets; see `unfaithful`.
    """

    verb: Verb
    targets: NDArray[np.int64]
    dispatch_s: Floats  # wall time at which each target is told
    effect_s: Floats  # when it obeys
    lost: Flags  # which never do
    chance: Floats  # one lot in [0, 1) for each target, for what else is left to luck
    cap: Floats  # power target as a share of the rating, NaN for other verbs
    feigned: Flags  # which say that they obeyed and did not
    weak: Flags  # which wake and hash poorly
    windows: Windows = ()  # of a sleep schedule

    def steps(self, at_s: float) -> NDArray[np.uint8]:
        """The Step of every target at a wall time."""
        steps = np.full(self.targets.shape, Step.PENDING, dtype=np.uint8)
        steps[at_s >= self.dispatch_s] = Step.DISPATCHED
        over = at_s >= self.effect_s
        steps[over] = np.where(self.lost[over], Step.FAILED, Step.CONFIRMED)
        return steps


def schedule(
    verb: Verb,
    targets: NDArray[np.int64],
    keys: Keys,
    at_s: float,
    ramp_s: float,
    cap: Floats,
    windows: Windows = (),
) -> Act:
    """Tell the targets one after another over the ramp; each obeys a few seconds later, one in a hundred never."""
    begin = np.zeros(1, dtype=np.int64)
    dispatch = at_s + ramp_s * np.arange(targets.size) / max(1, targets.size)
    effect = dispatch + 3.0 + 5.0 * uniform(keys, begin)
    lost = uniform(keys ^ np.uint64(1), begin) < FAILS
    feigned, weak = np.zeros((2, targets.size), dtype=np.bool_)
    chance = uniform(keys ^ np.uint64(2), begin)
    return Act(verb, targets, dispatch, effect, lost, chance, cap, feigned, weak, windows)


def rests_at(windows: Windows, at_s: float) -> bool:
    """Whether a UTC wall time lies in one of the daily windows."""
    minute = at_s / 60.0 % DAY_MIN
    return any(start <= minute < end if start <= end else minute >= start or minute < end for start, end in windows)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What commands have made of the machines at one moment: arrays of shape (miners,)."""

    resting: Flags
    off: Flags
    revived: Flags
    asleep: Flags  # by their schedule
    weak: Flags
    cap: Floats  # share of the rated power, NaN = no target


def overlay(acts: Iterable[Act], miners: int, at_s: float) -> Overlay:
    """The acts replayed in their order up to the wall time `at_s`."""
    resting, off, revived, asleep, weak = np.zeros((5, miners), dtype=np.bool_)
    now = Overlay(resting, off, revived, asleep, weak, np.full(miners, np.nan))
    for act in acts:
        obeyed = (act.effect_s <= at_s) & ~act.lost & ~act.feigned
        _apply(now, act, obeyed, at_s)
    return now


def _apply(now: Overlay, act: Act, obeyed: Flags, at_s: float) -> None:
    there = act.targets[obeyed]
    since_s = at_s - act.effect_s[obeyed]
    match act.verb:
        case Verb.CURTAIL | Verb.SLEEP:
            now.resting[there] = True
        case Verb.RESUME:
            now.resting[there] = False
            now.weak[there] = act.weak[obeyed]
        case Verb.POWER_TARGET:
            now.cap[there] = act.cap[obeyed]
        case Verb.REBOOT:
            now.off[there[since_s < REBOOT_S]] = True
            now.weak[there] = False
            now.revived[there[(since_s < REVIVED_S) & (act.chance[obeyed] < REVIVES)]] = True
        case Verb.SLEEP_SCHEDULE:
            now.asleep[there] = rests_at(act.windows, at_s)
        case Verb.POOL:
            now.off[there[since_s < POOL_SWITCH_S]] = True
        case Verb.LOCATE:
            pass  # a lamp: nothing that a meter would see
