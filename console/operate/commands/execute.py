"""Operates: lets a previewed command leave, once everything that was shown still holds and whoever must has agreed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from console.domain.access import Person, may_approve
from console.domain.account import key_of
from console.domain.command import Command, Preview, Risk, TargetState, agrees, name_to_type
from console.domain.command_journal import Approval, Batch, Phase
from console.domain.command_preview import draw_again
from console.operate.commands.audit import Actor, acting, asked_words, row
from console.operate.commands.book import REQUESTED_CODE, CommandBook, Live, with_states
from console.operate.commands.prepare import Surveyor

CHANGED = "what was shown holds no more, so it starts again"
DIED = "its preview died: it is valid for 120 s"


class Executing:
    """May be used from any thread; `execute` takes up to ten seconds of it. `begin` sends what is RUNNING."""

    def __init__(self, surveyor: Surveyor, book: CommandBook, begin: Callable[[Live], None]) -> None:
        self._surveyor, self._book, self._begin = surveyor, book, begin

    def execute(self, live: Live, actor: Actor, typed: str) -> tuple[str, ...]:
        """Let it leave, or say why not. Pressed again it says the same and sends nothing (T4). Raises StoreError."""
        if live.record.started_ms is not None:
            return ()
        refused = self._why_not(live, actor, typed)
        return refused or self.leave(live, actor)

    def leave(self, live: Live, actor: Actor) -> tuple[str, ...]:
        """Read afresh, compare with what was shown, and begin; a command that changed starts again (T5, C5)."""
        ground = self._surveyor.survey(_as_shown(live.preview))
        with self._book.lock:
            record = live.record
            if record.phase is not Phase.PREVIEWED or live.preview.expired(self._book.wall_ms()):
                return (f"this command is {record.phase}: {record.words or DIED}",)
            fresh = draw_again(live.preview, self._surveyor.with_holds(ground, record.command)).preview
            if not agrees(live.preview, fresh):
                return self._start_again(live, actor, fresh)
            self._run(live, actor, fresh)
        self._begin(live)
        return ()

    def approve(self, live: Live, person: Person, desk: str, agreed: bool, note: str) -> tuple[str, ...]:
        """A second person's word, who has proved to be that person (T7). Raises StoreError."""
        with self._book.lock:
            record, at_ms = live.record, self._book.wall_ms()
            words = self._why_no_word(live, person)
            if words:
                return (words,)
            approval = Approval(by=person.name, desk=desk, at_ms=at_ms, agreed=agreed, note=note)
            action = "approve" if agreed else "disagree"
            audit = [row(acting(person, desk), record.command, at_ms, action, approver=person.name, result=note)]
            changes: dict[str, Any] = {"approval": approval}
            if not agreed:
                words = f"{person.name} disagreed" + (f": {note}" if note else "")
                changes |= {"phase": Phase.CANCELLED, "words": words, "ended_ms": at_ms}
            self._book.move(live, (), audit, **changes)
            if not agreed:
                self._book.forget(live)
        return ()

    def _why_no_word(self, live: Live, person: Person) -> str:
        record = live.record
        if record.phase is not Phase.PREVIEWED or live.preview.expired(self._book.wall_ms()):
            return f"this command is {record.phase}: {record.words or DIED}"
        if not record.needs_second:
            return "nobody else need agree to it"
        if record.approval is not None:
            return f"{record.approval.by} has agreed already"
        if not may_approve(person, live.preview):
            return "whoever asks cannot agree, and a second person needs the right to command"
        return ""

    def _why_not(self, live: Live, actor: Actor, typed: str) -> tuple[str, ...]:
        record, preview = live.record, live.preview
        if record.phase is not Phase.PREVIEWED:
            return (f"this command is {record.phase}: {record.words or 'select again'}",)
        if key_of(actor.name) != key_of(record.command.by) or actor.desk != live.desk:
            return (f"{record.command.by} at {live.desk} holds it",)
        if preview.expired(self._book.wall_ms()):
            return (DIED,)
        failed = tuple(f"{check.name}: {check.detail}" for check in preview.checks if not check.passed)
        if failed:
            return failed
        if record.risk is Risk.FLEET and typed.strip() != name_to_type(preview):
            return (f"the name that was typed is not “{name_to_type(preview)}”",)
        if record.needs_second and (record.approval is None or not record.approval.agreed):
            return ("a second person has not agreed yet",)
        return ()

    def _start_again(self, live: Live, actor: Actor, fresh: Preview) -> tuple[str, ...]:
        reasons = _differences(live.preview, fresh)
        at_ms, words = self._book.wall_ms(), f"{CHANGED}: {'; '.join(reasons)}"
        audit = [row(actor, live.record.command, at_ms, "execute", result=words)]
        self._book.move(live, (), audit, phase=Phase.EXPIRED, words=words, ended_ms=at_ms)
        self._book.forget(live)
        return (CHANGED, *reasons)

    def _run(self, live: Live, actor: Actor, fresh: Preview) -> None:
        record, at_ms = live.record, self._book.wall_ms()
        approver = record.approval.by if record.approval else ""
        audit = [
            row(actor, record.command, at_ms, "execute", approver=approver, requested=asked_words(live.preview),
                before=_power_words(fresh), result="allowed"),
        ]  # fmt: skip
        after_s = record.command.revert_after_s
        revert_at_ms = None if after_s is None else at_ms + int(after_s * 1000)
        batches = _without_those_who_left(live, fresh)
        self._book.move(
            live, batches, audit, phase=Phase.RUNNING, started_ms=at_ms, revert_at_ms=revert_at_ms, words=""
        )


def _as_shown(shown: Preview) -> Command:
    """The command over the machines that were shown."""
    command = shown.command
    machines = {target.site_id: target.machines for target in shown.targets}
    who = {target.site_id: target.who for target in shown.targets}
    selector = replace(command.selector, sites=tuple(machines), machines=machines, containers={}, who=who)
    return replace(command, selector=selector)


def _without_those_who_left(live: Live, fresh: Preview) -> Sequence[Batch]:
    """The batches in which a machine cannot be touched any more; few, or the previews would not agree."""
    still = {target.site_id: frozenset(target.machines) for target in fresh.targets}
    changed = []
    for batch in live.batches.values():
        there = still.get(batch.site_id, frozenset())
        left = {
            position: TargetState.SKIPPED
            for position, name in enumerate(batch.machines)
            if name not in there and batch.states[position] == REQUESTED_CODE
        }
        if left:
            changed.append(with_states(batch, left, words=f"{len(left):,} changed since they were shown"))
    return changed


def _differences(shown: Preview, fresh: Preview) -> tuple[str, ...]:
    failed = [f"{check.name}: {check.detail}" for check in fresh.checks if not check.passed]
    if fresh.machines != shown.machines:
        failed.append(f"{fresh.machines:,} machines, and {shown.machines:,} were shown")
    if fresh.delta_w != shown.delta_w:
        failed.append(f"{fresh.delta_w / 1e6:+.3f} MW, and {shown.delta_w / 1e6:+.3f} MW were shown")
    reasons = {f"{left.name}: {left.reason}" for left in fresh.skipped} if fresh.machines < shown.machines else set()
    return (*failed, *sorted(reasons)[:3])


def _power_words(preview: Preview) -> str:
    now_w = sum(target.power_now_w for target in preview.targets)
    return f"{now_w / 1e6:.3f} MW drawn by the targets"
