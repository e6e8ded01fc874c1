"""Holds every command that is not over and moves it from phase to phase: the disk has each step before anybody hears.

Knows who holds which machines. A step that a person asked for, and above all a send, happens only once it is kept; a
fact of the world (an answer, a reading) stands even where the disk refuses it, and is kept as soon as it can be.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from console.domain.audit import AuditRow
from console.domain.command import FAILED, MOVES_POWER, OPEN, Preview, TargetState
from console.domain.command_journal import (
    HOLDS_TARGETS,
    PHASE_FOLLOWS,
    STATES,
    UNDER_WAY,
    Batch,
    CommandRecord,
    Phase,
)
from console.domain.errors import MeridianError, StoreError
from console.domain.read_back import Proved
from console.link.orders import CommandsChanged
from console.store.commands_face import CommandWriter

OPEN_CODES = frozenset(STATES.index(state) for state in OPEN)
REQUESTED_CODE = STATES.index(TargetState.REQUESTED)
SENDING = frozenset({Phase.RUNNING, Phase.PAUSED, Phase.STOPPED})  # something of it may still leave


class WrongStep(MeridianError):
    """A command cannot go from where it is to where it was told to; nothing was changed."""


@dataclass(slots=True, eq=False)
class Live:
    """A command while it is not over. `desk` holds its targets, and was heard last at `heard_ms`.

    `begun` tells that a thread sends its batches, `asks` that one asks sites for their word. `asked_before` and
    `failed_before` are where failures are counted from: a person who resumes has seen those before. By number of the
    batch: `seen_down` which machines a reboot showed off, `looked_ms` the newest measurement that was looked at.
    `retry_ms` is when its way back is tried again, `back_sites` where it still has to be (None: everywhere).
    `unkept` is what memory is ahead of the disk.
    """

    record: CommandRecord
    preview: Preview
    batches: dict[int, Batch]
    desk: str
    heard_ms: int
    begun: bool = False
    asked_before: int = 0
    failed_before: int = 0
    seen_down: dict[int, Proved] = field(default_factory=dict)
    looked_ms: dict[int, int] = field(default_factory=dict)
    asks: bool = False
    retry_ms: int = 0
    back_sites: frozenset[str] | None = None
    unkept_batches: set[int] = field(default_factory=set)
    unkept_audit: list[AuditRow] = field(default_factory=list)
    unkept: bool = False
    woken: threading.Event = field(default_factory=threading.Event)

    @property
    def id(self) -> str:
        """The command's id."""
        return self.record.id

    @property
    def unsent(self) -> list[Batch]:
        """Batches of which something was not sent yet, by number."""
        return [batch for batch in self.batches.values() if REQUESTED_CODE in batch.states]

    def many(self, states: Iterable[TargetState]) -> int:
        """How many machines are in one of these states."""
        return sum(self.record.counts.get(state, 0) for state in states)


class CommandBook:
    """May be used from any thread; `lock` is held by whoever must decide and move in one step."""

    def __init__(
        self,
        writer: CommandWriter,
        publish: Callable[[CommandsChanged], None],
        wall_ms: Callable[[], int],
        trouble: Callable[[BaseException], None],
    ) -> None:
        self._writer, self._publish, self.wall_ms, self._trouble = writer, publish, wall_ms, trouble
        self.lock = threading.RLock()
        self._lives: dict[str, Live] = {}

    def get(self, command_id: str) -> Live | None:
        """A command that is not over."""
        with self.lock:
            return self._lives.get(command_id)

    def lives(self) -> tuple[Live, ...]:
        """All that are not over, oldest first."""
        with self.lock:
            return tuple(self._lives.values())

    def adopt(self, live: Live) -> None:
        """Take over what the store already holds."""
        with self.lock:
            self._lives[live.id] = live

    def admit(self, live: Live, audit: Sequence[AuditRow]) -> None:
        """A new command, previewed: on the disk, then in the book. Raises StoreError, and then it does not exist."""
        with self.lock:
            self._writer.put_command(live.record, tuple(live.batches.values()), live.preview, audit)
            self._lives[live.id] = live
        self._publish(CommandsChanged(live.id))

    def forget(self, live: Live) -> None:
        """A command that is over, and from which nothing is awaited any more."""
        with self.lock:
            self._lives.pop(live.id, None)

    def move(self, live: Live, batches: Sequence[Batch] = (), audit: Sequence[AuditRow] = (), **changes: Any) -> None:
        """Change record and batches once the disk has it. Raises StoreError or WrongStep; then nothing has changed."""
        with self.lock:
            record = self._after(live, batches, changes)
            late = [live.batches[number] for number in live.unkept_batches if number not in _numbers(batches)]
            self._writer.put_command(record, (*late, *batches), None, (*live.unkept_audit, *audit))
            live.unkept, live.unkept_batches, live.unkept_audit = False, set(), []
            self._settle(live, record, batches)

    def move_anyway(
        self, live: Live, batches: Sequence[Batch] = (), audit: Sequence[AuditRow] = (), **changes: Any
    ) -> bool:
        """The same for what has happened whether or not it can be kept; whether it was kept. Raises WrongStep."""
        with self.lock:
            try:
                self.move(live, batches, audit, **changes)
            except StoreError as error:
                self._trouble(error)
                live.unkept = True
                live.unkept_batches |= _numbers(batches)
                live.unkept_audit += audit
                self._settle(live, self._after(live, batches, changes), batches)
                return False
        return True

    def keep_late(self) -> None:
        """Try again to keep what the disk refused before."""
        for live in self.lives():
            if live.unkept:
                try:
                    self.move(live)
                except StoreError:
                    return

    def _after(self, live: Live, batches: Sequence[Batch], changes: dict[str, Any]) -> CommandRecord:
        """The record with the changes; raises WrongStep where a phase may not follow another."""
        before, phase = live.record.phase, changes.get("phase", live.record.phase)
        if phase is not before and phase not in PHASE_FOLLOWS[before]:
            raise WrongStep(f"the command is {before}: it cannot become {phase}")
        if phase is Phase.RUNNING and changes.get("started_ms", live.record.started_ms) is None:
            raise WrongStep("nobody has executed this command: it cannot run")
        counts = dict(live.record.counts)
        for batch in batches:
            for state, count in live.batches[batch.number].counts().items():
                counts[state] = counts.get(state, 0) - count
            for state, count in batch.counts().items():
                counts[state] = counts.get(state, 0) + count
        counts = {state: counts[state] for state in STATES if counts.get(state)}
        return replace(live.record, counts=counts, **changes)

    def _settle(self, live: Live, record: CommandRecord, batches: Sequence[Batch]) -> None:
        live.record = record
        live.batches.update({batch.number: batch for batch in batches})
        live.woken.set()
        self._publish(CommandsChanged(live.id))

    def held(self, site_id: str, but_for: frozenset[str]) -> dict[str, frozenset[str]]:
        """Machines of a site that other commands hold, by whom in words; `but_for` are the ids that do not count."""
        found: dict[str, set[str]] = {}
        with self.lock:
            for live in self._holding(site_id, but_for):
                who = live.record.command
                idle = live.record.phase is Phase.PREVIEWED
                words = f"held by {who.by} at {who.desk}" if idle else f"a {who.verb} of {who.by} is under way"
                found.setdefault(words, set()).update(_open_machines(live, site_id))
        return {words: frozenset(machines) for words, machines in found.items() if machines}

    def others(self, site_id: str, but_for: frozenset[str]) -> str:
        """Words of another command that may still move the power of a site; empty where there is none."""
        with self.lock:
            for live in self._holding(site_id, but_for):
                record = live.record
                waits = record.phase in SENDING and any(batch.site_id == site_id for batch in live.unsent)
                if waits and record.command.verb in MOVES_POWER:
                    return f"a {record.command.verb} of {record.command.by} is {record.phase}: abort it first"
        return ""

    def _holding(self, site_id: str, but_for: frozenset[str]) -> Iterator[Live]:
        for live in self._lives.values():
            holds = live.id not in but_for and live.record.phase in HOLDS_TARGETS
            if holds and site_id in live.record.command.selector.sites:
                yield live

    def over_budget(self, live: Live, stop_at_share: float) -> str:
        """Why a running command must stop by itself; empty where it need not (T27)."""
        asked = live.record.machines - live.many((TargetState.REQUESTED, TargetState.SKIPPED)) - live.asked_before
        failed = live.many(FAILED) - live.failed_before
        if live.record.phase is not Phase.RUNNING or not live.unsent or failed <= stop_at_share * asked:
            return ""
        return f"stopped by itself: {failed:,} of {asked:,} machines failed, more than {stop_at_share:.0%}"


def _numbers(batches: Iterable[Batch]) -> set[int]:
    return {batch.number for batch in batches}


def _open_machines(live: Live, site_id: str) -> Iterator[str]:
    for batch in live.batches.values():
        if batch.site_id == site_id:
            for machine, code in zip(batch.machines, batch.states, strict=True):
                if code in OPEN_CODES:
                    yield machine


def with_states(batch: Batch, become: dict[int, TargetState], **changes: Any) -> Batch:
    """The batch with the machines at these positions in another state."""
    states = bytearray(batch.states)
    for position, state in become.items():
        states[position] = STATES.index(state)
    return replace(batch, states=bytes(states), **changes)


def all_in(batch: Batch, before: TargetState, after: TargetState, **changes: Any) -> Batch:
    """The batch with every machine that is `before` now `after`."""
    states = batch.states.replace(bytes([STATES.index(before)]), bytes([STATES.index(after)]))
    return replace(batch, states=states, **changes)


def is_over(record: CommandRecord) -> bool:
    """Whether nothing of a command moves any more by itself."""
    return record.phase not in UNDER_WAY and record.phase is not Phase.PREVIEWED
