"""A site's command desk: takes each order once, keeps the log of acts and tells how far every target has come."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import numpy as np

from console.simulator.answer import Refused
from console.simulator.clock import iso
from console.simulator.effects import Act, Overlay, Step, overlay, schedule
from console.simulator.faults import Fault
from console.simulator.noise import key_of, keys_of
from console.simulator.orders import Order, Request
from console.simulator.unfaithful import forgets_keys, tampered
from console.simulator.yard import Yard

MOST_COMMANDS = 500  # kept; a client asks for progress within minutes


@dataclass(frozen=True, slots=True)
class Command:
    """One accepted command."""

    id: str
    body_digest: bytes
    accepted_s: float
    order: Order
    act: Act

    @property
    def finished_s(self) -> float:
        """When the last target has answered or failed, wall time."""
        return float(self.act.effect_s.max()) if self.act.effect_s.size else self.accepted_s

    def progress(self, names: tuple[str, ...], at_s: float) -> dict[str, Any]:
        """How far it has come: counts, and the step of every target."""
        steps = self.act.steps(at_s)
        counts = {step.name.lower(): int((steps == step).sum()) for step in Step}
        over = at_s >= self.finished_s
        state = "running" if not over else "partly_done" if counts["failed"] else "done"
        request = self.order.request
        return {
            "command_id": self.id,
            "verb": request.verb,
            "reason": request.reason,
            "requested_by": request.requested_by,
            "state": state,
            "accepted_at": iso(self.accepted_s),
            "finished_at": iso(self.finished_s) if over else None,
            "counts": counts,
            "skipped": sum(map(len, self.order.skipped.values())),
            "left_out": self.order.left_out(),
            "targets": {
                "miners": [names[index] for index in self.act.targets.tolist()],
                "states": {"words": [step.name.lower() for step in Step], "values": steps.tolist()},
            },
        }


class Desk:
    """The commands of one site; safe to call from many threads."""

    def __init__(self, yard: Yard, seed: int) -> None:
        self._yard, self._seed = yard, seed
        self._lock = threading.Lock()
        self._by_key: dict[str, Command] = {}
        self._acts: tuple[Act, ...] = ()

    @property
    def acts(self) -> tuple[Act, ...]:
        """Everything that was ever accepted, in order."""
        return self._acts

    @property
    def first_effect_s(self) -> float:
        """The wall time before which no command had any effect; infinity without commands."""
        return min((float(act.effect_s.min()) for act in self._acts if act.effect_s.size), default=np.inf)

    def overlay(self, at_s: float) -> Overlay | None:
        """What commands have done by `at_s`; None while there are none, which is the usual and the cheap case."""
        acts = self._acts
        return overlay(acts, self._yard.row.size, at_s) if acts else None

    def accept(
        self,
        key: str,
        body: bytes,
        request: Request,
        now_s: float,
        plan: Callable[[Request], Order],
        fault: Fault | None = None,
    ) -> Command:
        """The command of an idempotency key: a new one, or the one that this key has started before.

        Raises Refused with 409 when the key was used for another body. `fault` is what is wrong with the site.
        """
        digest = hashlib.sha256(body).digest()
        with self._lock:
            known = self._by_key.get(key)
            if known is not None and forgets_keys(fault):
                key, known = f"{key} {len(self._by_key)}", None
            if known is None:
                return self._start(key, digest, plan(request), now_s, fault)
        if known.body_digest != digest:
            raise Refused(HTTPStatus.CONFLICT, "this Idempotency-Key was used for another command")
        return known

    def command(self, command_id: str) -> Command:
        """A command by its id; raises Refused with 404."""
        with self._lock:
            for command in self._by_key.values():
                if command.id == command_id:
                    return command
        raise Refused(HTTPStatus.NOT_FOUND, "no such command")

    def commands(self) -> tuple[Command, ...]:
        """All that are kept, oldest first."""
        with self._lock:
            return tuple(self._by_key.values())

    def _start(self, key: str, digest: bytes, order: Order, now_s: float, fault: Fault | None) -> Command:
        command_id = f"c{int(key_of(self._seed, self._yard.site.id, key)):016x}"
        keys = keys_of(key_of(self._seed, command_id), order.targets.size)
        request = order.request
        act = schedule(request.verb, order.targets, keys, now_s, order.ramp_s, order.cap, request.arguments.spans)
        act = tampered(act, fault)
        command = Command(command_id, digest, now_s, order, act)
        self._by_key[key] = command
        self._acts = (*self._acts, act)
        while len(self._by_key) > MOST_COMMANDS:
            del self._by_key[next(iter(self._by_key))]
        return command
