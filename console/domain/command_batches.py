"""Cuts a command into batches: at most so many machines, a gap, and no minute steeper than the site's ramp (R39)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from console.domain.command import Command, TargetState, Verb
from console.domain.command_journal import Batch, states_of
from console.domain.command_targets import Choice
from console.domain.interlock import CommandRules, SiteLimits
from console.domain.ramp import RampLedger, steepest_w_per_min


@dataclass(frozen=True, slots=True)
class Piece:
    """Machines of one site that are asked together, `at_s` after the first; `swing_w` is what counts for the ramp."""

    site_id: str
    at_s: float
    machines: tuple[str, ...]
    delta_w: float
    swing_w: float


@dataclass(frozen=True, slots=True)
class Staging:
    """One site's pieces in order."""

    pieces: tuple[Piece, ...]

    @property
    def takes_s(self) -> float:
        """From the first to the end of the minute of the last: what a mean ramp is taken over."""
        return self.pieces[-1].at_s + 60.0 if self.pieces else 0.0

    @property
    def steepest_w_per_min(self) -> float:
        """The most that any minute holds."""
        return steepest_w_per_min([(piece.at_s, piece.swing_w) for piece in self.pieces])


def stage(
    command: Command, site_id: str, choice: Choice, names: Sequence[str], rules: CommandRules, limits: SiteLimits
) -> Staging:
    """One site's machines in pieces. A reboot takes a machine's whole power away for a while, and counts as that."""
    swing = choice.power_now_w if command.verb is Verb.REBOOT else choice.swing_w
    change = choice.power_asked_w - choice.power_now_w
    ledger, at_s, pieces = RampLedger(), 0.0, []
    for start, end in _cuts(swing.tolist(), rules.batch_machines, limits.ramp_w_per_min):
        net_w = float(np.sum(change[start:end]))
        swing_w = float(swing[start:end].sum()) if command.verb is Verb.REBOOT else abs(net_w)
        at_s = ledger.earliest_s(at_s, swing_w, limits.ramp_w_per_min)
        ledger.note(at_s, swing_w)
        machines = tuple(names[row] for row in choice.rows[start:end].tolist())
        pieces.append(Piece(site_id, at_s, machines, net_w, swing_w))
        at_s += rules.batch_gap_s
    return Staging(tuple(pieces))


def _cuts(swing_w: Sequence[float], most: int, ramp_w: float) -> Iterator[tuple[int, int]]:
    """[start, end) of each piece: no more machines than `most`, no more watts than one minute may hold."""
    start, total = 0, 0.0
    for position, swing in enumerate(swing_w):
        full = position - start >= most or total + swing > ramp_w
        if full and position > start:
            yield start, position
            start, total = position, 0.0
        total += swing
    if start < len(swing_w):
        yield start, len(swing_w)


def batches(command_id: str, stagings: Sequence[Staging]) -> tuple[Batch, ...]:
    """The pieces of all sites as batches, numbered in the order in which they leave."""
    pieces = sorted((piece for staging in stagings for piece in staging.pieces), key=lambda piece: piece.at_s)
    return tuple(
        Batch(
            number=number,
            site_id=piece.site_id,
            key=f"{command_id}.{number}",
            machines=piece.machines,
            states=states_of(TargetState.REQUESTED, len(piece.machines)),
            delta_w=piece.delta_w,
        )
        for number, piece in enumerate(pieces, start=1)
    )
