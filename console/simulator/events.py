"""What happened at a site, as a list: planned curtailments, containers that fell silent, commands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from console.simulator.clock import Clock, iso
from console.simulator.desk import Command
from console.simulator.levels import levels, resting_share
from console.simulator.noise import Floats
from console.simulator.yard import Yard

LONGEST_S = 7 * 86_400
USUAL_S = 86_400
STEP_S = 60.0


Event = tuple[float, dict[str, Any]]  # when, and what is told


def events(
    yard: Yard, seed: int, clock: Clock, since_s: float | None, commands: Iterable[Command]
) -> list[dict[str, Any]]:
    """Everything after `since_s` (default: a day ago, at most a week), oldest first; times by the minute."""
    now_s = clock.wall()
    begin_s = max(now_s - USUAL_S if since_s is None else since_s, now_s - LONGEST_S)
    marks = np.arange(np.floor(begin_s / STEP_S), np.floor(now_s / STEP_S) + 1) * STEP_S
    found = [*_plan(yard, seed, clock, marks), *_containers(yard, seed, clock, marks), *_commands(commands, now_s)]
    return [told for at_s, told in sorted(found, key=lambda event: event[0]) if at_s > begin_s]


def _plan(yard: Yard, seed: int, clock: Clock, marks: Floats) -> Iterable[Event]:
    resting = resting_share(yard.site, seed, clock.physics(marks)) > 0
    for at, begins in zip(*_turns(resting, marks), strict=True):
        kind = "curtailment_started" if begins else "curtailment_ended"
        yield _event(kind, at, None, "planned by the host")


def _containers(yard: Yard, seed: int, clock: Clock, marks: Floats) -> Iterable[Event]:
    dark = levels(yard, seed, clock.physics(marks)).dark
    for name, row in zip(yard.containers, dark, strict=True):
        for at, begins in zip(*_turns(row, marks), strict=True):
            text = "no answer from the container" if begins else "the container answers again"
            yield _event("container_lost" if begins else "container_back", at, name, text)


def _commands(commands: Iterable[Command], now_s: float) -> Iterable[Event]:
    for command in commands:
        yield _event("command_accepted", command.accepted_s, None, f"{command.order.request.verb} {command.id}")
        if command.finished_s <= now_s:
            yield _event("command_finished", command.finished_s, None, f"{command.order.request.verb} {command.id}")


def _turns(flags: np.ndarray[Any, np.dtype[np.bool_]], marks: Floats) -> tuple[list[float], list[bool]]:
    """When a flag turned, and whether it turned on."""
    turns = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    return marks[turns].tolist(), flags[turns].tolist()


def _event(kind: str, at_s: float, container: str | None, text: str) -> Event:
    name = f"{kind}-{int(at_s)}" if container is None else f"{kind}-{container}-{int(at_s)}"
    return at_s, {"id": name, "at": iso(at_s), "kind": kind, "container": container, "text": text}
