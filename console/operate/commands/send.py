"""Sends one order to one site, once: the only place in the program that calls `Controller.execute` (R33).

What comes back is one of four truths. Whatever else an adapter does, the order may have been done: UNKNOWN.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from console.adapters.base import Deadline
from console.adapters.control import Controller, Taken
from console.adapters.redaction import plain
from console.domain.command import Order, TargetState
from console.domain.errors import CommandLost, CommandRefused, MeridianError, NotSent
from console.domain.site import Site
from console.operate.commands.controllers import Controllers

ANSWER_S = 15.0  # a site that takes an order answers well within this; later its answer counts as lost


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an order. `state` goes for every machine but those in `refused`, machine -> reason."""

    state: TargetState
    words: str = ""
    token: str = ""
    refused: dict[str, str] = field(default_factory=dict)


def send(controllers: Controllers, site: Site, order: Order, key: str) -> Answered:
    """Send it; never raises. The journal must already say that it leaves."""
    left = False
    try:
        with controllers.at(site) as controller:
            left = True  # from here on nobody but the adapter knows
            taken = _execute(controller, order, key)
        return Answered(TargetState.ACCEPTED, _refusals(taken), plain(taken.token), taken.refused)
    except CommandRefused as error:
        return Answered(TargetState.REFUSED, plain(str(error)))
    except NotSent as error:
        return Answered(TargetState.REFUSED, f"was not sent: {plain(str(error))}")
    except Exception as error:  # noqa: BLE001 - an adapter is foreign code; an order must not be lost with a thread
        known = isinstance(error, MeridianError)
        words = plain(str(error)) if known else f"the adapter failed ({type(error).__name__})"
        if not left:
            return Answered(TargetState.REFUSED, f"was not sent: {words}")
        lost = "" if isinstance(error, CommandLost) else "it may have been done: "
        return Answered(TargetState.UNKNOWN, lost + words)


def _execute(controller: Controller, order: Order, key: str) -> Taken:
    return controller.execute(order, key, Deadline.after(ANSWER_S))


def _refusals(taken: Taken) -> str:
    reasons = sorted({plain(reason) for reason in taken.refused.values()})
    return f"refused for {len(taken.refused):,}: {'; '.join(reasons[:3])}" if reasons else ""
