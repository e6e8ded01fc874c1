"""Takes a command back at its time unless somebody confirmed it: with a command of its own, on the same path (R41).

It is tried until every site was reached; a site that is stale or in a forbidden hour at that moment is said, and asked
again. What the first command was allowed, its way back is too: the preview said that it would come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from console.domain.command import Command, TargetState
from console.domain.command_journal import STATES, Phase
from console.domain.command_words import way_back
from console.domain.errors import StoreError
from console.operate.commands.audit import COLLECTOR, row, target_words
from console.operate.commands.book import SENDING, CommandBook, Live
from console.operate.commands.execute import Executing
from console.operate.commands.recover import takes_itself_back
from console.operate.commands.select import Selected, Selecting
from console.operate.commands.steer import unsent_skipped
from console.store.commands_face import CommandReader

TRY_EVERY_MS = 60_000
NOT_DONE = frozenset(STATES.index(state) for state in (TargetState.REQUESTED, TargetState.REFUSED, TargetState.SKIPPED))
NOTHING_LEFT = "nothing was left to be taken back"


class WaysBack:
    """`look` belongs to one thread and returns at once. `say` tells whoever looks at the screen."""

    def __init__(
        self,
        book: CommandBook,
        reader: CommandReader,
        selecting: Selecting,
        executing: Executing,
        say: Callable[[str], None],
        trouble: Callable[[BaseException], None],
    ) -> None:
        self._book, self._reader, self._say, self._trouble = book, reader, say, trouble
        self._selecting, self._executing = selecting, executing
        self._under_way: set[str] = set()

    def look(self, live: Live) -> None:
        """Begin the way back of a command whose time has come."""
        record, now_ms = live.record, self._book.wall_ms()
        if not takes_itself_back(record) or live.id in self._under_way:
            return
        if now_ms >= max(record.revert_at_ms or 0, live.retry_ms):
            self._under_way.add(live.id)
            threading.Thread(target=self._take_back, args=(live,), name=f"way back {live.id}", daemon=True).start()

    def _take_back(self, live: Live) -> None:
        try:
            self._abort_rest(live)
            self._attempt(live)
        except StoreError as error:
            self._later(live, f"it could not be kept: {error}")
        except Exception as error:  # noqa: BLE001 - the promise to take it back outlives a fault
            self._trouble(error)
            self._later(live, "a fault of the collector")
        finally:
            self._under_way.discard(live.id)

    def _abort_rest(self, live: Live) -> None:
        """What was not sent by then is not sent any more."""
        with self._book.lock:
            if live.record.phase in SENDING:
                words = "taken back before all of it was sent"
                audit = [row(COLLECTOR, live.record.command, self._book.wall_ms(), "abort", result=words)]
                batches = tuple(unsent_skipped(live, {}, words))
                self._book.move(live, batches, audit, phase=Phase.ABORTED, words=words, next_batch_ms=None)

    def _attempt(self, live: Live) -> None:
        machines = _machines_of(live)
        if not machines:
            self._over(live, NOTHING_LEFT)
            return
        command = way_back(live.record.command, machines, self._free_id(live), self._book.wall_ms())
        selected = self._selecting.select(command, live.record.role, COLLECTOR, alone=True)
        refused = self._leave(selected)
        if refused:
            self._later(live, "; ".join(refused))
        elif selected.missed:
            live.back_sites = selected.missed
            self._later(live, f"not yet at {', '.join(sorted(selected.missed))}")
        else:
            self._over(live, command.id if selected.live else NOTHING_LEFT)

    def _leave(self, selected: Selected) -> tuple[str, ...]:
        """Let it leave; what kept it from doing so. Sites without anything left to do are no obstacle."""
        back = selected.live
        if back is None:
            return selected.refused if selected.missed else ()
        failed = tuple(f"{check.name}: {check.detail}" for check in back.preview.checks if not check.passed)
        refused = failed or self._executing.leave(back, COLLECTOR)
        if refused and back.record.phase is Phase.PREVIEWED:
            self._cancel(back, "; ".join(refused))
        return refused

    def _cancel(self, back: Live, words: str) -> None:
        at_ms = self._book.wall_ms()
        audit = [row(COLLECTOR, back.record.command, at_ms, "cancel", result=words)]
        self._book.move(back, (), audit, phase=Phase.CANCELLED, words=words, ended_ms=at_ms)
        self._book.forget(back)

    def _over(self, live: Live, by: str) -> None:
        audit = [row(COLLECTOR, live.record.command, self._book.wall_ms(), "take back", result=by)]
        self._book.move(live, (), audit, reverted_by=by)
        self._say(f"{_name(live.record.command)} is taken back")

    def _later(self, live: Live, words: str) -> None:
        live.retry_ms = self._book.wall_ms() + TRY_EVERY_MS
        self._say(f"{_name(live.record.command)} could not be taken back, tried again in a minute: {words}")

    def _free_id(self, live: Live) -> str:
        """Ids are made from the first command's, so that the journal shows what belongs together."""
        number = 1
        while self._reader.command(f"{live.id}.back{number}") is not None:
            number += 1
        return f"{live.id}.back{number}"


def _machines_of(live: Live) -> dict[str, tuple[str, ...]]:
    """By site, every machine that may have done what it was told."""
    found: dict[str, list[str]] = {}
    for batch in live.batches.values():
        if live.back_sites is None or batch.site_id in live.back_sites:
            done = [name for name, code in zip(batch.machines, batch.states, strict=True) if code not in NOT_DONE]
            if done:
                found.setdefault(batch.site_id, []).extend(done)
    return {site_id: tuple(machines) for site_id, machines in found.items()}


def _name(command: Command) -> str:
    return f"{command.verb} of {target_words(command)} by {command.by}"
