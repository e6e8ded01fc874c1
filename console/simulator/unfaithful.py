"""What a site with a fault makes of the orders that it takes: which machines truly obey, and which only say so."""

from __future__ import annotations

import dataclasses
from http import HTTPStatus

import numpy as np

from console.simulator.answer import Refused
from console.simulator.effects import Act, Flags, Verb
from console.simulator.faults import Fault

FAILING_SHARE = 0.07
REFUSAL = "the grid operator holds this site until further notice"


def check_willing(fault: Fault | None) -> None:
    """Raise Refused where the site takes no orders now."""
    if fault is Fault.REFUSES:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, REFUSAL)


def forgets_keys(fault: Fault | None) -> bool:
    """Whether an order that comes again is a new one."""
    return fault is Fault.ANSWERS_TWICE


def tampered(act: Act, fault: Fault | None) -> Act:
    """The act as a site with this fault carries it out; the shares are exact, so that a test can count."""
    match fault:
        case Fault.DOES_NOTHING:
            return _feigning(act, 1.0)
        case Fault.HALF:
            return _feigning(act, 0.5)
        case Fault.FAILS_7_PERCENT:
            return dataclasses.replace(act, lost=_unlucky(act, FAILING_SHARE))
        case Fault.WAKES_LOW if act.verb is Verb.RESUME:
            return dataclasses.replace(act, weak=~act.lost)
    return act


def _feigning(act: Act, share: float) -> Act:
    return dataclasses.replace(act, feigned=_unlucky(act, share), lost=np.zeros_like(act.lost))


def _unlucky(act: Act, share: float) -> Flags:
    """The given share of the targets, by lot."""
    unlucky = np.zeros(act.targets.size, dtype=np.bool_)
    unlucky[np.argsort(act.chance, kind="stable")[: round(share * act.targets.size)]] = True
    return unlucky
