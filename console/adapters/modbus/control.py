"""Opens and closes container breakers: each coil is written once, and its own reading is what tells how far it is."""

from __future__ import annotations

import math
from collections.abc import Mapping

from console.adapters.base import Deadline
from console.adapters.control import Foreseen, Progress, Step, Taken
from console.adapters.modbus.breakers import Breaker
from console.adapters.modbus.client import Seen, look
from console.adapters.modbus.talk import talking
from console.adapters.one_by_one import Fates
from console.domain.command import Order, Skipped, Verb
from console.domain.errors import BadAnswer, CommandLost, CommandRefused, NotSent, SourceError, Unsupported

SWITCHES_ON = {Verb.CURTAIL: False, Verb.RESUME: True}
NOT_ASKED = "was not asked: what became of the breaker before it is not known"
TOKENS: dict[bool | None, str] = {True: "coils on", False: "coils off"}  # outlive the session, and a collector too
STRANGER = "is no breaker of this site"


class BreakerControl:
    """A `Controller` whose machines are breakers, by their containers' names. Used by one thread at a time.

    The protocol knows no key that would tell an order sent twice: a coil is set to a state, so that twice is once.
    """

    def __init__(self, breakers: Mapping[str, Breaker]) -> None:
        self._breakers = breakers

    def abilities(self, deadline: Deadline) -> frozenset[Verb]:
        """What a breaker can be asked: to open and to close."""
        return frozenset(SWITCHES_ON)

    def preview(self, order: Order, deadline: Deadline) -> Foreseen:
        """Which breakers would move, by their state now. Raises Unsupported for a verb that no breaker has."""
        on = _switches_on(order)
        asked = {name: self._breakers[name] for name in order.machines if name in self._breakers}
        seen = look(asked, deadline) if asked else {}
        skipped = [Skipped(name, 1, STRANGER) for name in order.machines if name not in asked]
        skipped += [Skipped(name, 1, _still(one, on)) for name, one in seen.items() if _still(one, on)]
        moving = tuple(name for name, one in seen.items() if not _still(one, on))
        return Foreseen(moving, tuple(skipped), self._change_w(moving, seen, on))

    def execute(self, order: Order, key: str, deadline: Deadline) -> Taken:
        """Write each coil once, in order. The first answer that is lost ends it: what comes after is not sent.

        Raises NotSent where nothing left, CommandRefused where no breaker took it, CommandLost where it is in doubt.
        """
        try:
            on = _switches_on(order)
        except SourceError as error:
            raise NotSent(str(error)) from None
        fates = Fates()
        for name in order.machines:
            if fates.lost:
                fates.unsent[name] = NOT_ASKED
                continue
            try:
                self._switch(name, on, deadline)
            except NotSent as error:
                fates.unsent[name] = str(error)
            except CommandRefused as error:
                fates.refused[name] = str(error)
            except CommandLost as error:
                fates.lost[name] = str(error)
        return fates.taken(TOKENS[on], order.machines)

    def progress(self, token: str, deadline: Deadline) -> Progress:
        """Which coils read as the command wants them, of all the site's. Raises BadAnswer for a token not ours."""
        if token not in TOKENS.values():
            raise BadAnswer("this command was not given to breakers")
        seen = look(self._breakers, deadline)
        steps = {name: Step.DONE if TOKENS.get(one.on) == token else Step.SENT for name, one in seen.items()}
        return Progress(steps, over=all(step is Step.DONE for step in steps.values()))

    def close(self) -> None:
        """Nothing is held between orders."""

    def _switch(self, name: str, on: bool, deadline: Deadline) -> None:
        breaker = self._breakers.get(name)
        if breaker is None:
            raise CommandRefused(STRANGER)
        try:
            with talking(breaker, deadline) as talk:
                talk.switch(breaker, on=on)
        except (NotSent, CommandRefused, CommandLost):
            raise
        except SourceError as error:  # no connection: a refusal to speak is raised before anything is said
            raise NotSent(str(error)) from None

    def _change_w(self, moving: tuple[str, ...], seen: Mapping[str, Seen], on: bool) -> float | None:
        """What the site would draw more or less; None where one of the breakers does not tell."""
        rated = [self._breakers[name].rated_power_kw for name in moving]
        parts = (
            [math.nan if kw is None else kw * 1e3 for kw in rated] if on else [-seen[name].power_w for name in moving]
        )
        total = math.fsum(parts)
        return total if math.isfinite(total) else None


def _switches_on(order: Order) -> bool:
    if order.verb not in SWITCHES_ON:
        raise Unsupported(f"a breaker has no order '{order.verb}'")
    return SWITCHES_ON[order.verb]


def _still(one: Seen, on: bool) -> str:
    """Why a breaker would not move; nothing where it would."""
    if one.trouble is not None:
        return str(one.trouble)
    return ("is closed already" if on else "is open already") if one.on is on else ""
