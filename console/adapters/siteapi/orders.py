"""How an order reads on the Site API's wire and what its answers may say; pure: bytes in, frozen data out.

The wire format is `resources/siteapi/openapi.yaml`. An answer with one fault in it is refused as a whole (BadAnswer).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from console.adapters.control import Foreseen, Progress, Step, Taken
from console.adapters.decode import Strict
from console.adapters.redaction import plain
from console.adapters.siteapi.parse import Quantity
from console.domain.command import Arguments, Order, Skipped, Verb
from console.domain.errors import BadAnswer, UnitError, Unsupported
from console.domain.units import Dimension, unit

VERBS: dict[Verb, str] = {
    Verb.CURTAIL: "curtail",
    Verb.RESUME: "resume",
    Verb.POWER_TARGET: "power_target",
    Verb.REBOOT: "reboot",
    Verb.LOCATE: "locate",
    Verb.CHANGE_POOL: "pool",
    Verb.SLEEP_SCHEDULE: "sleep_schedule",
}
ALWAYS = frozenset(Verb) - {Verb.SLEEP_SCHEDULE}  # what every site that takes commands could do from the first version
STEPS = {"pending": Step.WAITING, "dispatched": Step.SENT, "confirmed": Step.DONE, "failed": Step.FAILED}
COMMANDS = "commands"  # the capability of a site that takes orders
UNEXPLAINED = "the site left it out without a reason"
MOST_WORDS = 500  # of a reason or a name on the wire


class FactsWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """GET /v1/site, as far as commands are concerned."""

    capabilities: list[str]
    verbs: list[str] | None = None
    simulated: bool = False


class LeftOutWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """Machines that an order does not touch, and why."""

    reason: str
    count: int
    names: list[str] = []


class ForeseenWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """POST /v1/commands/preview."""

    verb: str
    miners: list[str]
    skipped: list[LeftOutWire]
    change: dict[str, Quantity] = {}


class StepsWire(msgspec.Struct, frozen=True):
    """One word a machine, as indices into `words`."""

    words: list[str]
    values: list[int]


class TargetsWire(msgspec.Struct, frozen=True):
    """The machines of a command and how far each is."""

    miners: list[str]
    states: StepsWire


class ProgressWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """POST /v1/commands and GET /v1/commands/{id}."""

    command_id: str
    verb: str
    state: str
    targets: TargetsWire
    left_out: list[LeftOutWire] = []


class ProblemWire(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem document (RFC 9457)."""

    title: str = ""
    detail: str = ""


class OrderParser:
    """The decoders of one controller, used by one thread at a time; `redact` takes our secret out of a site's words."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact
        self._facts = Strict(FactsWire)
        self._foreseen = Strict(ForeseenWire)
        self._progress = Strict(ProgressWire)
        self._problem = Strict(ProblemWire)

    def facts(self, body: bytes) -> FactsWire:
        """What the site says of itself; raises BadAnswer."""
        return self._facts.decode(body)

    def foreseen(self, body: bytes, order: Order) -> Foreseen:
        """What the site says that `order` would do; raises BadAnswer, also for machines that nobody named."""
        wire = self._foreseen.decode(body)
        _check_ours(wire.verb, wire.miners, order)
        silent = _unexplained(order, wire.miners, wire.skipped)
        skipped = [_skipped(group.names, group.count, self._told(group.reason)) for group in wire.skipped]
        if silent:
            skipped.append(_skipped(silent, len(silent), UNEXPLAINED))
        return Foreseen(
            machines=tuple(wire.miners),
            skipped=tuple(skipped),
            delta_w=_change(wire.change, "power", Dimension.POWER),
            delta_hs=_change(wire.change, "hashrate", Dimension.HASHRATE),
        )

    def taken(self, body: bytes, order: Order) -> Taken:
        """What the site took of `order`; raises BadAnswer."""
        wire = self._progress.decode(body)
        check_token(wire.command_id)
        _steps(wire)
        _check_ours(wire.verb, wire.targets.miners, order)
        asked = set(order.machines)
        refused = dict.fromkeys(_unexplained(order, wire.targets.miners, wire.left_out), UNEXPLAINED)
        for group in wire.left_out:
            refused |= {name: self._told(group.reason) for name in group.names if name in asked}
        return Taken(wire.command_id, refused)

    def progress(self, body: bytes, token: str) -> Progress:
        """How far the command `token` is; raises BadAnswer."""
        wire = self._progress.decode(body)
        if wire.command_id != token:
            raise BadAnswer("the site tells the progress of another command than was asked for")
        return Progress(_steps(wire), over=wire.state != "running")

    def words(self, body: bytes) -> str:
        """A refusal in the site's own words, as one plain line; empty where it has none that can be read."""
        try:
            problem = self._problem.decode(body)
        except BadAnswer:
            return ""
        return self._told(problem.detail or problem.title)

    def _told(self, words: str) -> str:
        return plain(self._redact(words))


def wire_body(order: Order) -> bytes:
    """The request for an order. Raises Unsupported where its arguments cannot be told."""
    content = {
        "verb": VERBS[order.verb],
        "selector": {"miners": order.machines},
        "arguments": _arguments(order.verb, order.arguments),
        "reason": order.reason[:MOST_WORDS],
        "requested_by": order.by[:MOST_WORDS],
    }
    return msgspec.json.encode(content)


def _arguments(verb: Verb, told: Arguments) -> dict[str, Any]:
    """No power goes with a curtailment: which machines rest was settled here, and pacing them is our ramp."""
    match verb:
        case Verb.POWER_TARGET:
            return {**_held(told), "ramp_s": 0}
        case Verb.LOCATE:
            return {"on": told.led_on}
        case Verb.CHANGE_POOL:
            return {"url": told.pool_url} | ({"worker": told.pool_worker} if told.pool_worker else {})
        case Verb.SLEEP_SCHEDULE:
            return {"windows": [{"start_min": window.start_min, "end_min": window.end_min} for window in told.sleep]}
    return {"ramp_s": 0}


def _held(told: Arguments) -> dict[str, Any]:
    if (told.machine_power_w is None) == (told.machine_share is None):
        raise Unsupported("a power target needs either watts or a share of the rated power")
    if told.machine_share is not None:
        return {"share": told.machine_share}
    return {"power": {"unit": "W", "value": told.machine_power_w}}


def abilities(facts: FactsWire) -> frozenset[Verb]:
    """What a site can be asked, by its facts."""
    if COMMANDS not in facts.capabilities:
        return frozenset()
    if facts.verbs is None:
        return ALWAYS
    return frozenset(verb for verb, name in VERBS.items() if name in facts.verbs)


def check_token(token: str) -> None:
    """Refuse a command id that could lead elsewhere when its progress is asked for."""
    if not (token.isascii() and 0 < len(token) <= 64 and token.replace("-", "").isalnum()):
        raise BadAnswer("the site calls the command by a name that is none")


def _check_ours(verb: str, miners: list[str], order: Order) -> None:
    if verb != VERBS[order.verb]:
        raise BadAnswer("the site speaks of another command than it was asked for")
    named = set(miners)
    if len(named) != len(miners) or not named <= set(order.machines):
        raise BadAnswer("the site speaks of machines that were not named, or of one twice")


def _unexplained(order: Order, miners: list[str], groups: list[LeftOutWire]) -> list[str]:
    """Machines that are neither taken nor left out by name; raises BadAnswer for one that is both."""
    taken, left_out = set(miners), {name for group in groups for name in group.names}
    if taken & left_out:
        raise BadAnswer("the site both takes and leaves out the same machine")
    return [name for name in order.machines if name not in taken and name not in left_out]


def _steps(wire: ProgressWire) -> dict[str, Step]:
    words, values = wire.targets.states.words, wire.targets.states.values
    if len(values) != len(wire.targets.miners):
        raise BadAnswer(f"states holds {len(values)} values, expected {len(wire.targets.miners)}, one for each target")
    if any(not 0 <= value < len(words) for value in values) or not set(words) <= STEPS.keys():
        raise BadAnswer("states: found a step that the Site API does not have")
    if wire.state not in ("running", "done", "partly_done"):
        raise BadAnswer("state: found a word that the Site API does not have")
    return {name: STEPS[words[value]] for name, value in zip(wire.targets.miners, values, strict=True)}


def _skipped(names: list[str], count: int, reason: str) -> Skipped:
    if count < max(1, len(names)):
        raise BadAnswer("skipped: counts fewer machines than it names")
    first = plain(names[0], 60) if names else "machines of the site"
    return Skipped(first if count == 1 else f"{first} and {count - 1} more", count, reason)


def _change(change: Mapping[str, Quantity], name: str, dimension: Dimension) -> float | None:
    told = change.get(name)
    if told is None or told.value is None:
        return None
    try:
        return unit(told.unit, dimension).canonical(told.value)
    except UnitError:
        raise BadAnswer(f'change.{name}: found no unit that is known, expected one such as "MW" or "PH/s"') from None
