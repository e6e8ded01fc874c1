"""What a command asks for and which machines it would touch: reading the request, choosing targets, the preview.

Nothing here acts: a preview and an execution choose their targets by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType
from numpy.typing import NDArray

from console.domain.errors import UnitError
from console.domain.metric import MinerState
from console.domain.units import Dimension, unit
from console.simulator.answer import Refused
from console.simulator.change import change, change_by_schedule
from console.simulator.effects import DAY_MIN, Flags, Overlay, Verb, Windows
from console.simulator.levels import RESTING_POWER
from console.simulator.live import Machines
from console.simulator.noise import Floats
from console.simulator.yard import Yard

USUAL_RAMP_S = {Verb.CURTAIL: 300, Verb.RESUME: 600, Verb.REBOOT: 300, Verb.POWER_TARGET: 120}
TAKES: dict[Verb, tuple[frozenset[str], frozenset[str]]] = {  # the arguments that a verb needs, and may have
    Verb.CURTAIL: (frozenset(), frozenset({"power", "ramp_s"})),
    Verb.RESUME: (frozenset(), frozenset({"ramp_s"})),
    Verb.REBOOT: (frozenset(), frozenset({"ramp_s"})),
    Verb.SLEEP: (frozenset(), frozenset({"ramp_s"})),
    Verb.POWER_TARGET: (frozenset(), frozenset({"power", "share", "ramp_s"})),
    Verb.SLEEP_SCHEDULE: (frozenset({"windows"}), frozenset({"ramp_s"})),
    Verb.LOCATE: (frozenset({"on"}), frozenset()),
    Verb.POOL: (frozenset({"url"}), frozenset({"worker"})),
}
LOWEST_CAP, HIGHEST_CAP = 0.5, 1.05  # of a machine's rated power
REVERSED_BY = {
    Verb.CURTAIL: "resume",
    Verb.SLEEP: "resume",
    Verb.RESUME: "curtail",
    Verb.POWER_TARGET: "power_target",
    Verb.LOCATE: "locate",
    Verb.POOL: "pool",
    Verb.SLEEP_SCHEDULE: "sleep_schedule",
}
NOT_HASHING = {MinerState.OFF: "stopped: it does not hash", MinerState.CURTAILED: "rests already"}
MUTE = {MinerState.UNKNOWN: "does not answer"}
REFUSALS: dict[Verb, dict[MinerState, str]] = {
    Verb.CURTAIL: MUTE | NOT_HASHING,
    Verb.SLEEP: MUTE | NOT_HASHING,
    Verb.POWER_TARGET: MUTE | NOT_HASHING,
}  # every other verb: MUTE


Words = Annotated[str, msgspec.Meta(max_length=500)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=7_200)]
Minute = Annotated[float, msgspec.Meta(ge=0, le=DAY_MIN, multiple_of=1)]  # 450.0 is a whole number in JSON


class Power(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A power with its unit."""

    unit: str
    value: Annotated[float, msgspec.Meta(ge=0, le=1e12)]


class Selector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which machines: exactly one of the three."""

    all: bool = False
    containers: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=10_000)] | UnsetType = UNSET
    miners: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=100_000)] | UnsetType = UNSET

    @property
    def names(self) -> list[str]:
        """The containers or machines that are named."""
        if self.containers is not UNSET:
            return self.containers
        return [] if self.miners is UNSET else self.miners


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A daily span of rest, in minutes of the UTC day; it passes midnight where it ends before it starts."""

    start_min: Minute
    end_min: Minute


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a verb needs beyond its targets."""

    power: Power | UnsetType = UNSET
    share: Annotated[float, msgspec.Meta(ge=0, le=2)] | UnsetType = UNSET
    windows: Annotated[list[Window], msgspec.Meta(max_length=48)] | UnsetType = UNSET
    ramp_s: Seconds | UnsetType = UNSET
    on: bool | UnsetType = UNSET
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] | UnsetType = UNSET
    worker: Annotated[str, msgspec.Meta(max_length=200)] | UnsetType = UNSET

    @property
    def spans(self) -> Windows:
        """The windows of a sleep schedule as numbers; none for another verb."""
        told = [] if self.windows is UNSET else self.windows
        return tuple((int(window.start_min), int(window.end_min)) for window in told)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of POST /v1/commands and /v1/commands/preview."""

    verb: Verb
    selector: Selector
    arguments: Arguments = Arguments()
    reason: Words = ""
    requested_by: Words = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A request that was understood, with its targets in the order in which they are told."""

    request: Request
    targets: NDArray[np.int64]
    skipped: Mapping[str, list[str]]  # reason -> names
    ramp_s: float
    cap: Floats  # of each target, as a share of its rated power; NaN for every verb but a power target
    delta_w: float
    delta_hs: float

    def preview(self, now: Machines, names: tuple[str, ...]) -> dict[str, Any]:
        """What would happen, told before it does."""
        verb = self.request.verb
        return {
            "verb": verb,
            "targets": self.targets.size,
            "miners": [names[index] for index in self.targets.tolist()],
            "skipped": self.left_out(),
            "change": {
                "power": {"unit": "MW", "value": round(self.delta_w / 1e6, 4)},
                "hashrate": {"unit": "PH/s", "value": round(self.delta_hs / 1e15, 3)},
            },
            "meter_power_now": {"unit": "MW", "value": round(now.meter_w / 1e6, 4)},
            "ramp_s": int(self.ramp_s),
            "reversible": verb in REVERSED_BY,
            "reversed_by": REVERSED_BY.get(verb),
        }

    def left_out(self) -> list[dict[str, Any]]:
        """The machines that it does not touch, by the reason."""
        return [{"reason": reason, "count": len(who), "names": who} for reason, who in self.skipped.items()]


REQUESTS = msgspec.json.Decoder(Request)  # made before any request is answered, each by a thread of its own


def read_request(body: bytes) -> Request:
    """The request; raises Refused: 400 for broken JSON, 422 for what is not as the API says."""
    try:
        request = REQUESTS.decode(body)
    except msgspec.ValidationError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, "the body is no proper JSON") from error
    selector = request.selector
    if sum((selector.all, selector.containers is not UNSET, selector.miners is not UNSET)) != 1:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "selector: expected exactly one of all, containers, miners")
    _check_arguments(request)
    return request


def _check_arguments(request: Request) -> None:
    """A verb takes its own arguments and no other: a curtailment with a pool's address is a mistake somewhere."""
    needed, optional = TAKES[request.verb]
    given = {name for name in Arguments.__struct_fields__ if getattr(request.arguments, name) is not UNSET}
    if missing := sorted(needed - given):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"arguments: {request.verb} needs {', '.join(missing)}")
    if other := sorted(given - needed - optional):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"arguments: {request.verb} has no {', '.join(other)}")
    if request.verb is Verb.POWER_TARGET and len(given & {"power", "share"}) != 1:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "arguments: power_target needs exactly one of power, share")


def order(request: Request, yard: Yard, now: Machines, orders: Overlay, at_s: float) -> Order:
    """The targets of a request among the machines as they are at the wall time `at_s`, and what it would change."""
    verb = request.verb
    selected, unknown = _selected(request.selector, yard)
    eligible, skipped = _eligible(verb, yard, now, orders, selected)
    if unknown:
        skipped["not in the roster"] = unknown
    targets = np.flatnonzero(eligible)
    if verb is Verb.CURTAIL:
        targets = _worst_first(targets, now, _watts(request.arguments.power))
    cap = _cap(request, yard, targets)
    usual = USUAL_RAMP_S.get(verb, 0)
    ramp_s = usual if request.arguments.ramp_s is UNSET else request.arguments.ramp_s
    if verb is Verb.SLEEP_SCHEDULE:
        delta_w, delta_hs = change_by_schedule(request.arguments.spans, yard, now, targets, orders, at_s)
    else:
        delta_w, delta_hs = change(verb, yard, now, targets, cap)
    return Order(request, targets, skipped, float(ramp_s), cap, delta_w, delta_hs)


def _selected(selector: Selector, yard: Yard) -> tuple[Flags, list[str]]:
    """Which machines are meant, and the names that nothing here bears."""
    if selector.all:
        return np.ones(yard.row.size, dtype=np.bool_), []
    wanted, of_containers = selector.names, selector.containers is not UNSET
    names = yard.containers if of_containers else yard.miner_ids
    positions = {name: index for index, name in enumerate(names)}
    known = np.array([positions[name] for name in wanted if name in positions], dtype=np.int64)
    chosen = np.zeros(len(names), dtype=np.bool_)
    chosen[known] = True
    unknown = [name for name in dict.fromkeys(wanted) if name not in positions]
    return (chosen[yard.row] if of_containers else chosen), unknown


def _eligible(
    verb: Verb, yard: Yard, now: Machines, orders: Overlay, selected: Flags
) -> tuple[Flags, dict[str, list[str]]]:
    """Which of the selected machines the verb can touch, and the others by the reason why not."""
    skipped: dict[str, list[str]] = {}
    eligible = selected.copy()

    def skip(which: Flags, reason: str) -> None:
        places = np.flatnonzero(which & eligible)
        eligible[places] = False
        if places.size:
            skipped[reason] = [yard.miner_ids[index] for index in places.tolist()]

    for state, reason in REFUSALS.get(verb, MUTE).items():
        skip(now.state == state, reason)
    if verb is Verb.RESUME:
        skip(orders.asleep, "sleeps by its schedule: clear that first")
        skip((now.state == MinerState.CURTAILED) & ~orders.resting, "rests under the host's own plan")
        skip(~orders.resting, "not curtailed")
    return eligible, skipped


def _watts(power: Power | UnsetType) -> float | None:
    if power is UNSET:
        return None
    try:
        return unit(power.unit, Dimension.POWER).canonical(power.value)
    except UnitError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"arguments.power: {error}") from error


def _cap(request: Request, yard: Yard, targets: NDArray[np.int64]) -> Floats:
    """What a power target leaves each machine, as a share of its rated power; NaN for every other verb."""
    if request.verb is not Verb.POWER_TARGET:
        return np.full(targets.size, np.nan)
    told, power_w = request.arguments.share, _watts(request.arguments.power)
    share = np.full(targets.size, 1.0 if told is UNSET else told)
    if power_w is not None:
        share = power_w / yard.rated_w[yard.row[targets]]
    cap: Floats = np.clip(share, LOWEST_CAP, HIGHEST_CAP)
    return cap


def _worst_first(targets: NDArray[np.int64], now: Machines, held_w: float | None) -> NDArray[np.int64]:
    """Worst J/TH first; with a power to hold, only as many as must rest to get the selection down to it."""
    power, hashrate = now.power_w[targets], now.hashrate_hs[targets]
    sequence = np.argsort(-power / np.maximum(hashrate, 1.0), kind="stable")
    targets, power = targets[sequence], power[sequence]
    if held_w is None:
        return targets
    left = power.sum() - np.cumsum(power * (1.0 - RESTING_POWER))
    needed = 0 if power.sum() <= held_w else int(np.searchsorted(-left, -held_w)) + 1
    return targets[:needed]
