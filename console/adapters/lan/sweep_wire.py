"""The messages between a session and its sweeping process."""

from __future__ import annotations

import msgspec

from console.adapters.lan.sighting import Sighting
from console.domain.machine_detail import MachineDetail


class SweepRequest(msgspec.Struct, frozen=True):
    """Sweep these addresses once. `run` comes back in every answer, so that late ones are told apart."""

    run: int
    addresses: list[str]
    within_s: float
    at_once: int
    closely: bool = False  # the one address with boards, fans, pools and errors


class SweepAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """One device that answered, or the end of the run."""

    run: int
    sighting: Sighting | None = None
    detail: MachineDetail | None = None
    done: bool = False
