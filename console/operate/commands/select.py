"""Selects: draws up the preview of a command from a fresh read, holds its targets for one desk, and journals it.

Nothing leaves here. A preview that an interlock forbids is kept all the same, so that everybody sees why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from console.domain.access import needs_second_person, set_in_motion_alone_w
from console.domain.audit import AuditRow
from console.domain.command import Command
from console.domain.command_journal import CommandRecord, Phase, recorded
from console.domain.command_preview import Drawn, draw_up
from console.domain.durations import HOUR_MS
from console.operate.commands.audit import Actor, asked_words, row
from console.operate.commands.book import CommandBook, Live
from console.operate.commands.prepare import Surveyor
from console.store.commands_face import CommandReader

ALONE_FOR_MS = HOUR_MS  # a person's commands within so long are one where a second person is asked for (T7)
MOST_LATELY = 1_000  # of the newest commands of everybody; nobody gives more in that time
MOST_REASONS = 12  # in an answer; a fleet may have a reason a site


@dataclass(frozen=True, slots=True)
class Selected:
    """What became of it: held and previewed as `live`, or `refused`, a reason a line.

    `missed` are the sites of the command of which nothing could be known.
    """

    live: Live | None = None
    refused: tuple[str, ...] = ()
    missed: frozenset[str] = frozenset()


class Selecting:
    """May be used from any thread, and takes up to ten seconds of it."""

    def __init__(self, surveyor: Surveyor, book: CommandBook, reader: CommandReader) -> None:
        self._surveyor, self._book, self._reader = surveyor, book, reader

    def select(self, command: Command, role: int, actor: Actor, *, alone: bool = False) -> Selected:
        """Preview a command whose words are in order; `alone` needs no second person. Raises StoreError."""
        known = self._known(command)
        if known is not None:
            return known
        ground = self._surveyor.survey(command)
        missed = frozenset(command.selector.sites) - {site.site.id for site in ground.sites}
        with self._book.lock:
            self._let_go_own(command, actor)
            drawn = draw_up(command, self._surveyor.with_holds(ground, command))
            if not drawn.preview.targets:
                return Selected(refused=_why_nothing(drawn), missed=missed)
            live = self._live(drawn, role, actor, alone)
            audit = [self._row(actor, drawn)]
            self._book.admit(live, audit)
        return Selected(live=live, missed=missed)

    def _known(self, command: Command) -> Selected | None:
        """The same press again is the same command; another one under its id is a mistake somewhere (C1)."""
        live = self._book.get(command.id)
        record = live.record if live else self._reader.command(command.id)
        if record is None:
            return None
        if replace(record.command, at_ms=command.at_ms) != command:
            return Selected(refused=("another command has this id already",))
        if live is None or record.phase is not Phase.PREVIEWED:
            return Selected(refused=(f"this command is {record.phase}: {record.words or 'select again'}",))
        return Selected(live=live)

    def _let_go_own(self, command: Command, actor: Actor) -> None:
        """A new selection at a desk takes the place of its owner's former one, unless somebody agreed to that one."""
        for live in self._book.lives():
            record = live.record
            own = record.command.by == command.by and live.desk == actor.desk
            shared = set(record.command.selector.sites).intersection(command.selector.sites)
            if own and shared and record.phase is Phase.PREVIEWED and record.approval is None:
                at_ms, words = self._book.wall_ms(), "another selection at the same desk took its place"
                audit = [row(actor, record.command, at_ms, "cancel", result=words)]
                self._book.move(live, (), audit, phase=Phase.CANCELLED, words=words, ended_ms=at_ms)
                self._book.forget(live)

    def _live(self, drawn: Drawn, role: int, actor: Actor, alone: bool) -> Live:
        preview, rules = drawn.preview, self._surveyor.fleet.command_rules
        lately_w = 0.0 if alone else self._lately_w(preview.command)
        second = not alone and needs_second_person(preview, rules.second_person_above_w, lately_w)
        record: CommandRecord = recorded(preview, role, second, len(drawn.batches), lately_w)
        batches = {batch.number: batch for batch in drawn.batches}
        return Live(record, preview, batches, actor.desk, heard_ms=preview.computed_ms)

    def _lately_w(self, command: Command) -> float:
        """What the same person set in motion alone: as the journal has it, and as the book has it by now."""
        records = {record.id: record for record in self._reader.commands(most=MOST_LATELY)}
        records |= {live.id: live.record for live in self._book.lives()}
        return set_in_motion_alone_w(command.by, records.values(), self._book.wall_ms() - ALONE_FOR_MS)

    def _row(self, actor: Actor, drawn: Drawn) -> AuditRow:
        preview = drawn.preview
        failed = "; ".join(f"{check.name}: {check.detail}" for check in preview.checks if not check.passed)
        result = f"forbidden by {failed}" if failed else "allowed"
        return row(
            actor, preview.command, preview.computed_ms, "preview", requested=asked_words(preview), result=result
        )


def _why_nothing(drawn: Drawn) -> tuple[str, ...]:
    """Why no machine is left to command: every reason for which one was skipped, the failed checks among them."""
    preview = drawn.preview
    skipped = [f"{left.name}: {left.reason}" + _counted(left.count) for left in preview.skipped]
    failed = [f"{check.name}: {check.detail}" for check in preview.checks if not check.passed]
    return ("there is nothing to command", *_cut([*failed, *skipped]))


def _counted(count: int) -> str:
    return f" ({count:,} machines)" if count else ""


def _cut(reasons: Sequence[str]) -> tuple[str, ...]:
    more = len(reasons) - MOST_REASONS
    return (*reasons[:MOST_REASONS], *([f"and {more} reasons more"] if more > 0 else []))
