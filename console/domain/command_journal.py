"""Knows what the journal tells of a command: its phase, its batches, and how far each of its targets is.

A command is journalled before anything of it leaves; what the screen shows of it is read from here. A batch keeps
its machines' states in one byte each, because a command may have 400,000 targets.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from console.domain.command import OPEN, Command, Preview, Risk, TargetState

STATES = tuple(TargetState)  # a target's state as stored: its position here, one byte


class Phase(enum.StrEnum):
    """How far a whole command is."""

    PREVIEWED = "previewed"  # selected: its targets are held, nothing has left
    RUNNING = "running"  # batches are being sent
    PAUSED = "paused"  # by a person
    STOPPED = "stopped"  # by itself: too many failures
    READING_BACK = "reading back"  # all is sent; the frames must show it
    DONE = "done"  # every target is settled, well or not
    ABORTED = "aborted"  # by a person; what was sent is still read back
    CANCELLED = "cancelled"  # before anything left
    EXPIRED = "expired"  # the preview's time ran out before anything left


P = Phase
PHASE_FOLLOWS: dict[Phase, frozenset[Phase]] = {
    P.PREVIEWED: frozenset({P.RUNNING, P.CANCELLED, P.EXPIRED}),
    P.RUNNING: frozenset({P.PAUSED, P.STOPPED, P.READING_BACK, P.ABORTED, P.DONE}),
    P.PAUSED: frozenset({P.RUNNING, P.ABORTED}),
    P.STOPPED: frozenset({P.RUNNING, P.ABORTED}),
    P.READING_BACK: frozenset({P.DONE}),
    P.ABORTED: frozenset({P.DONE}),
    P.DONE: frozenset(),
    P.CANCELLED: frozenset(),
    P.EXPIRED: frozenset(),
}
UNDER_WAY = frozenset({P.RUNNING, P.PAUSED, P.STOPPED, P.READING_BACK, P.ABORTED})
HOLDS_TARGETS = UNDER_WAY | {P.PREVIEWED}


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Machines of one site that are asked together. `states` is one byte a machine, a position in `STATES`.

    `key` is the idempotency key; `token` is how the site calls what it took. `delta_w` is the change that the preview
    promised. `sent_ms` is None until the journal says that it is about to leave; by `due_ms` it must be read back.
    """

    number: int
    site_id: str
    key: str
    machines: tuple[str, ...]
    states: bytes
    delta_w: float
    token: str = ""
    sent_ms: int | None = None
    due_ms: int | None = None
    words: str = ""

    def counts(self) -> Mapping[TargetState, int]:
        """How many machines are in each state that occurs."""
        return {STATES[code]: count for code, count in sorted(Counter(self.states).items())}

    @property
    def settled(self) -> bool:
        """Whether no machine of it is open any more."""
        return not any(STATES[code] in OPEN for code in set(self.states))


class Approval(msgspec.Struct, frozen=True):
    """A second person's word on a preview, given with their own credential."""

    by: str
    desk: str
    at_ms: int
    agreed: bool
    note: str = ""


class CommandRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A command as the lists show it; its preview and its batches are read apart.

    `needs_second` says that nothing leaves before somebody else agreed; `lately_w` is the change of power that the same
    person had set in motion alone within the hour before. `counts` are the machines by state.
    `revert_at_ms` is when it is taken back unless confirmed; `reverted_by` the command that did so. `words` say why it
    stopped or ended as it did.
    """

    command: Command
    role: int  # of `access.Role`, at the time of asking
    phase: Phase
    risk: Risk
    machines: int
    delta_w: float
    delta_hs: float
    usd_per_h: float
    computed_ms: int
    needs_second: bool
    lately_w: float = 0.0
    approval: Approval | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
    batches: int = 0
    batches_sent: int = 0
    next_batch_ms: int | None = None
    due_ms: int | None = None
    counts: dict[TargetState, int] = {}
    revert_at_ms: int | None = None
    confirmed: bool = False
    reverted_by: str = ""
    words: str = ""

    @property
    def id(self) -> str:
        """The command's own id."""
        return self.command.id


def states_of(state: TargetState, machines: int) -> bytes:
    """`machines` targets that are all in one state."""
    return bytes([STATES.index(state)]) * machines


def total(batches: Iterable[Batch]) -> dict[TargetState, int]:
    """The machines of all batches by state."""
    found: Counter[TargetState] = Counter()
    for batch in batches:
        found.update(batch.counts())
    return {state: found[state] for state in STATES if found[state]}


def recorded(preview: Preview, role: int, needs_second: bool, batches: int, lately_w: float = 0.0) -> CommandRecord:
    """The record of a command that was just previewed."""
    return CommandRecord(
        command=preview.command,
        role=role,
        phase=Phase.PREVIEWED,
        risk=preview.risk,
        machines=preview.machines,
        delta_w=preview.delta_w,
        delta_hs=preview.delta_hs,
        usd_per_h=preview.usd_per_h,
        computed_ms=preview.computed_ms,
        needs_second=needs_second,
        lately_w=lately_w,
        batches=batches,
        counts={TargetState.REQUESTED: preview.machines} if preview.machines else {},
    )
