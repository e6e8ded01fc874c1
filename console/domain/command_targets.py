"""Knows which machines of a site a command touches, in which order, what it asks of each, and why it leaves others.

Least efficient off first, most efficient back first. Pure: what is held, protected or refused by the site is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from console.domain.command import Command, Selector, Skipped, Verb
from console.domain.machines_now import MachinesNow, Numbers, Rows
from console.domain.metric import MinerState

RESTING_SHARE = 0.02  # of its rated power a machine at rest still takes: controller and fans (makers' sleep mode)
ASSUMED_W = 6_000.0  # of a machine whose rating nobody told, at a site that tells none: more than air-cooled ones draw
MUTE = {MinerState.UNKNOWN: "does not answer"}
AT_REST = {MinerState.OFF: "off: it does not hash", MinerState.CURTAILED: "curtailed already"}
WAKES = {
    MinerState.OFF: "off, but not curtailed",
    MinerState.HASHING: "runs already",
    MinerState.DEGRADED: "runs already",
}
REFUSED_STATES: dict[Verb, dict[MinerState, str]] = {
    Verb.CURTAIL: MUTE | AT_REST,
    Verb.POWER_TARGET: MUTE | AT_REST,
    Verb.RESUME: MUTE | WAKES,
}  # every other verb: MUTE
Barred = Mapping[str, frozenset[str]]  # reason in words -> machines that it bars


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen rows in the order of switching, what each takes and gives now and then, and who is left out."""

    rows: Rows
    power_now_w: Numbers
    power_asked_w: Numbers
    hashrate_now_hs: Numbers
    hashrate_asked_hs: Numbers
    skipped: tuple[Skipped, ...]
    short_w: float = 0.0  # so far above the power that was asked does the site stay

    @property
    def swing_w(self) -> Numbers:
        """How much each one's power moves when it is told."""
        return np.abs(self.power_asked_w - self.power_now_w)


def meant(selector: Selector, site_id: str, now: MachinesNow) -> tuple[Rows, int]:
    """The rows of a site that a selector names, in its order, and how many of its names the roster does not know."""
    roster = now.roster
    if site_id in selector.machines:
        named = tuple(dict.fromkeys(selector.machines[site_id]))
        rows = roster.rows(named)
        return rows, len(named) - rows.size
    if site_id in selector.containers:
        wanted = frozenset(selector.containers[site_id])
        rows = np.array([row for row, name in enumerate(roster.containers) if name in wanted], dtype=np.intp)
        return rows, len(wanted.difference(roster.containers))
    return np.arange(len(roster.ids), dtype=np.intp), 0


def touchable(command: Command, name: str, now: MachinesNow, barred: Barred) -> tuple[Rows, list[Skipped]]:
    """Rows that the verb can touch, in the order of switching; the others by reason, `name` being the site's."""
    rows, unknown = meant(command.selector, now.roster.site_id, now)
    skipped = [Skipped(name, unknown, "not in the roster")] if unknown else []
    for reason, machines in barred.items():
        keep = np.array([now.roster.ids[row] not in machines for row in rows.tolist()], dtype=np.bool_)
        rows = _drop(rows, keep, name, reason, skipped)
    states = REFUSED_STATES.get(command.verb, MUTE)
    if now.hashless:  # whether a breaker answers only the site itself can say, in its own preview
        states = states | ({MinerState.UNKNOWN: "runs already"} if command.verb is Verb.RESUME else {})
        states = {state: why for state, why in states.items() if why != MUTE[MinerState.UNKNOWN]}
    for state, reason in states.items():
        rows = _drop(rows, now.state[rows] != state, name, reason, skipped)
    if command.verb is Verb.POWER_TARGET and command.arguments.machine_share is not None:
        rows = _drop(rows, np.isfinite(now.roster.rated_w[rows]), name, "its rated power is not told", skipped)
    return _in_order(command, now, rows), skipped


def choose(command: Command, name: str, now: MachinesNow, rows: Rows, skipped: Iterable[Skipped] = ()) -> Choice:
    """As many of the touchable rows as it takes, and what is asked of each."""
    known = np.isfinite(now.power_w[rows])
    power_now = np.where(known, now.power_w[rows], _at_most(now)[rows])
    hashrate_now = np.nan_to_num(now.hashrate_hs[rows])
    power_asked, hashrate_asked = _asked(command, now, rows, power_now, hashrate_now)
    wakes = command.verb is Verb.RESUME
    most, short_w = _as_many(command, now, np.where(known | wakes, power_asked - power_now, 0.0))
    left_out = [*skipped]
    if most < rows.size:
        left_out.append(Skipped(name, int(rows.size - most), "not needed for the power that is asked"))
    return Choice(
        rows[:most],
        power_now[:most],
        power_asked[:most],
        hashrate_now[:most],
        hashrate_asked[:most],
        tuple(left_out),
        short_w,
    )


def _drop(rows: Rows, keep: np.ndarray, name: str, reason: str, skipped: list[Skipped]) -> Rows:
    gone = int(rows.size - np.count_nonzero(keep))
    if gone:
        skipped.append(Skipped(name, gone, reason))
    return rows[keep] if gone else rows


def _in_order(command: Command, now: MachinesNow, rows: Rows) -> Rows:
    """Least efficient off first by what was measured, most efficient back first by the ratings; unknown ones last."""
    if command.verb is Verb.RESUME:
        cost = now.roster.rated_w[rows] / (now.roster.rated_hs[rows] / 1e12)
    elif command.verb in (Verb.CURTAIL, Verb.POWER_TARGET, Verb.SLEEP_SCHEDULE):
        cost = -now.efficiency_j_per_th[rows]
    else:
        return rows
    return rows[np.argsort(np.where(np.isfinite(cost), cost, np.inf), kind="stable")]


def _asked(
    command: Command, now: MachinesNow, rows: Rows, power_now: Numbers, hashrate_now: Numbers
) -> tuple[Numbers, Numbers]:
    """Power and hashrate of each row once it has done what is asked."""
    rated_w, arguments = rated_power(now)[rows], command.arguments
    match command.verb:
        case Verb.CURTAIL:
            return np.minimum(power_now, RESTING_SHARE * rated_w), np.zeros(rows.size)
        case Verb.SLEEP_SCHEDULE if arguments.sleep:  # judged as deep as it will be when they sleep
            return np.minimum(power_now, RESTING_SHARE * rated_w), np.zeros(rows.size)
        case Verb.RESUME:
            return np.maximum(power_now, rated_w), np.nan_to_num(now.roster.rated_hs[rows])
        case Verb.POWER_TARGET:
            share = arguments.machine_share
            asked = np.full(rows.size, arguments.machine_power_w or 0.0) if share is None else share * rated_w
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = np.where(power_now > 0, asked / power_now, 1.0)
            return asked, hashrate_now * ratio
        case _:
            return power_now, hashrate_now


def _at_most(now: MachinesNow) -> Numbers:
    """What a machine whose power nobody tells may draw now: for limits it counts in full, for savings not at all."""
    return np.where(now.running, rated_power(now), 0.0)


def rated_power(now: MachinesNow) -> Numbers:
    """What each machine may draw: its rating; where none is told the largest of the site, because a cap must hold."""
    rated = now.roster.rated_w
    known = rated[np.isfinite(rated)]
    return np.where(np.isfinite(rated), rated, known.max() if known.size else ASSUMED_W)


def _as_many(command: Command, now: MachinesNow, change_w: Numbers) -> tuple[int, float]:
    """How many of the rows, from the first, bring the site to the asked power; how much is lacking with all of them.

    A curtailment goes as far as needed, a resumption never further.
    """
    asked_w = command.arguments.site_power_w
    if asked_w is None or command.verb not in (Verb.CURTAIL, Verb.RESUME):
        return int(change_w.size), 0.0
    after = now.site_w + np.cumsum(change_w)
    if command.verb is Verb.RESUME:
        return int(np.count_nonzero(after <= asked_w)), 0.0
    if now.site_w <= asked_w:
        return 0, 0.0
    reached = np.flatnonzero(after <= asked_w)
    if reached.size:
        return int(reached[0]) + 1, 0.0
    return int(change_w.size), float((after[-1] if after.size else now.site_w) - asked_w)
