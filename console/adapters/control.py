"""The contract of commanding a site: what a controller must offer and how it tells what became of an order.

Implemented by adapters of the gold rung; called by `operate` alone, and `execute` from exactly one function (R33).
A controller is used by one thread at a time and has its own session and its own credential.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from console.adapters.base import Deadline, Secrets
from console.domain.command import Order, Skipped, Verb
from console.domain.site import Site


class Step(enum.StrEnum):
    """How far a site says that one machine is; only the frames prove it."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a site says that an order would do: the machines it would touch, in its order, and those it would not.

    `delta_w` and `delta_hs` are the site's own estimate, None where it gives none.
    """

    machines: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    delta_w: float | None = None
    delta_hs: float | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """An order that the site took. `token` is the site's name for it; `refused` machine -> reason it will not.

    `lost` machine -> why nobody knows whether it did it, where an adapter asks its machines one by one.
    """

    token: str
    refused: dict[str, str]
    lost: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an order is by the site's own word: machine -> step."""

    steps: dict[str, Step]
    over: bool


@runtime_checkable
class Controller(Protocol):
    """An open session that may command one site."""

    def abilities(self, deadline: Deadline) -> frozenset[Verb]:
        """What this site can be asked. Raises a SourceError."""
        ...

    def preview(self, order: Order, deadline: Deadline) -> Foreseen:
        """What the order would do; nothing happens. Raises Unsupported for a verb that the site has not."""
        ...

    def execute(self, order: Order, key: str, deadline: Deadline) -> Taken:
        """Send the order once under an idempotency key. Raises NotSent (nothing left), CommandRefused (nothing done)
        or CommandLost (may have been done); never sends twice by itself."""
        ...

    def progress(self, token: str, deadline: Deadline) -> Progress:
        """How far a taken order is. Raises Unsupported where the site does not tell."""
        ...

    def close(self) -> None:
        """Free sockets and threads; safe to call twice."""
        ...


@runtime_checkable
class Controls(Protocol):
    """An adapter that can open controllers."""

    def open_control(self, site: Site, config: Any, secrets: Secrets) -> Controller:
        """A controller for `site`, with the source's control credential. Makes no request yet."""
        ...
