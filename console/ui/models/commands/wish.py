"""What somebody wants to command, before it is a command: the verb, the targets, and what a form was told. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from console.domain.command import REVERSIBLE, Arguments, Command, Selector, SleepWindow, Verb
from console.domain.command_words import problems_of
from console.domain.errors import UnitError
from console.domain.site import Fleet
from console.domain.units import Dimension, parse
from console.ui.models.commands.words import asked_words, power_words

BUTTONS = {
    Verb.CURTAIL: "Curtail…",
    Verb.RESUME: "Resume…",
    Verb.POWER_TARGET: "Power target…",
    Verb.REBOOT: "Reboot…",
    Verb.LOCATE: "Locate…",
    Verb.CHANGE_POOL: "Change pool…",
    Verb.SLEEP_SCHEDULE: "Sleep schedule…",
}
MAY_REVERT = REVERSIBLE - {Verb.RESUME, Verb.SLEEP_SCHEDULE}
MOST_REVERT_MIN = 24 * 60
SHORTEST_REASON = 3
CLOCK = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)$")


@dataclass(frozen=True, slots=True)
class CommandWish:
    """Which verb for whom, and the targets in words; `machines` as far as it is known, else 0."""

    verb: Verb
    selector: Selector
    words: str
    machines: int = 0

    @property
    def whole_sites(self) -> bool:
        """Whether whole sites are meant: only those have a power of their own."""
        return not self.selector.machines and not self.selector.containers


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in the form, as written."""

    amount: str = ""
    pool_url: str = ""
    pool_worker: str = ""
    led_on: bool = True
    sleep: str = ""
    reason: str = ""
    revert_min: str = ""
    emergency: bool = False


class Unclear(ValueError):
    """A field cannot be read; `field` says which, the text what was expected."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


def arguments_of(wish: CommandWish, written: Written) -> Arguments:
    """The verb's arguments; raises Unclear."""
    if wish.verb in (Verb.CURTAIL, Verb.RESUME):
        return Arguments(site_power_w=_power(written.amount) if written.amount.strip() else None)
    if wish.verb is Verb.POWER_TARGET:
        return _machine_target(written.amount)
    if wish.verb is Verb.LOCATE:
        return Arguments(led_on=written.led_on)
    if wish.verb is Verb.CHANGE_POOL:
        return Arguments(pool_url=written.pool_url.strip(), pool_worker=written.pool_worker.strip())
    if wish.verb is Verb.SLEEP_SCHEDULE:
        return Arguments(sleep=sleep_of(written.sleep))
    return Arguments()


def _power(text: str) -> float:
    try:
        power_w = parse(text.strip(), Dimension.POWER)
    except UnitError as error:
        raise Unclear("amount", f"Power: {error}") from error
    if not 0 <= power_w < math.inf:
        raise Unclear("amount", f'Power: found "{text}", expected 0 W or more')
    return power_w


def _machine_target(text: str) -> Arguments:
    wanted = text.strip()
    if not wanted:
        raise Unclear("amount", "Power: write watts a machine (3200 W) or a share of its rated power (80 %)")
    if not wanted.endswith("%"):
        power_w = _power(wanted)
        if not power_w:
            raise Unclear("amount", "Power: 0 W is not a target; Curtail lets machines rest")
        return Arguments(machine_power_w=power_w)
    try:
        share = float(wanted[:-1].strip()) / 100
    except ValueError as error:
        raise Unclear("amount", f'Power: found "{wanted}", expected a share such as 80 %') from error
    return Arguments(machine_share=share)


def sleep_of(text: str) -> tuple[SleepWindow, ...]:
    """`22:00-06:00, 12:00-13:00` in UTC; nothing takes the schedule away. Raises Unclear."""
    return tuple(_window(part) for part in text.replace(";", ",").split(",") if part.strip())


def _window(text: str) -> SleepWindow:
    ends = [CLOCK.match(end.strip()) for end in text.replace("–", "-").split("-")]
    if len(ends) != 2 or not all(ends):
        raise Unclear("sleep", f'Hours: found "{text.strip()}", expected such as 22:00-06:00 (UTC)')
    start, end = (int(found[1]) * 60 + int(found[2]) for found in ends if found)
    if start == end:
        raise Unclear("sleep", f'Hours: "{text.strip()}" begins and ends at the same minute')
    return SleepWindow(start, end)


def revert_of(wish: CommandWish, written: Written) -> float | None:
    """After how many seconds it is taken back by itself, or None; raises Unclear."""
    text = written.revert_min.strip()
    if not text or wish.verb not in MAY_REVERT:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_REVERT_MIN:
        raise Unclear("revert", f'Take back after: found "{text}", expected 1 to {MOST_REVERT_MIN} minutes')
    return int(text) * 60.0


def command_of(
    wish: CommandWish, written: Written, command_id: str, by: str, desk: str, at_ms: int, fleet: Fleet
) -> Command:
    """The command, its id made where the button was pressed (C1); raises Unclear, naming the field."""
    arguments = arguments_of(wish, written)
    revert = revert_of(wish, written)
    reason = " ".join(written.reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Unclear("reason", "Reason: write why, it stands in the record for good")
    command = Command(
        id=command_id,
        verb=wish.verb,
        selector=wish.selector,
        reason=reason,
        by=by,
        desk=desk,
        at_ms=at_ms,
        arguments=arguments,
        revert_after_s=revert,
        emergency=written.emergency,
    )
    problems = problems_of(command, fleet)
    if problems:
        raise Unclear("", "\n".join(problem[0].upper() + problem[1:] for problem in problems))
    return command


def understood(wish: CommandWish, written: Written) -> str:
    """How what is written so far is understood, or what is wrong with it."""
    try:
        arguments = arguments_of(wish, written)
    except Unclear as unclear:
        return str(unclear)
    if wish.verb in (Verb.CURTAIL, Verb.RESUME) and arguments.site_power_w is None:
        every = "every machine rests" if wish.verb is Verb.CURTAIL else "every resting machine runs again"
        return f"No power written: {every}"
    if arguments.site_power_w is not None:
        each = "Each site" if len(wish.selector.sites) > 1 else "The site"
        return f"{each} then draws {power_words(arguments.site_power_w)}"
    words = asked_words(Command(id="", verb=wish.verb, selector=wish.selector, reason="", by="", desk="", at_ms=0,
                                arguments=arguments))  # fmt: skip
    return words[:1].upper() + words[1:]


def sites_title(names: Sequence[str]) -> str:
    """How a choice of sites is called where nothing else names it."""
    return names[0] if len(names) == 1 else f"{len(names)} sites"
